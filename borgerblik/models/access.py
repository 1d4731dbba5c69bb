"""Leave to read a citizen's data, and the log of every time it was read."""

from django.db import models
from django.db.models.functions import Now
from django.db.models.lookups import Exact

from indexes.models import Citizen


class AccessGrant(models.Model):
    """Leave to read one citizen's rows, for whoever holds the token; only its hash is kept (docs/adr/0010).

    Made and resolved by functions of the database: no role that the services use may look in here.
    """

    token_hash = models.BinaryField(primary_key=True)  # SHA-256 of the token
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="+")
    actor = models.TextField()  # who reads: "citizen", or a consumer's id
    organisation = models.TextField()
    system = models.TextField()
    purpose = models.TextField()  # a key of texts/overview: access/why, or a consumer's own sentence
    made = models.DateTimeField()
    expires = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_token_is_hashed",
                condition=Exact(
                    models.Func(models.F("token_hash"), function="octet_length", output_field=models.IntegerField()), 32
                ),
            ),
            models.CheckConstraint(name="grant_ends_after_it_begins", condition=models.Q(expires__gt=models.F("made"))),
        ]

    def __str__(self) -> str:
        return f"grant of {self.organisation} until {self.expires:%Y-%m-%d %H:%M}"


class AccessEntry(models.Model):
    """One read of a citizen's data: when, who, from which system, what kind of data and why; never the data.

    Written by the statement that reads (``sql/guard.sql``). No role that the services use may change or remove a
    row, and a seal (``seals``) tells if somebody else did. ``citizen`` is an id and no reference: the log outlives the
    rows. Null: nobody is known by the number that was asked for.
    """

    at = models.DateTimeField(db_default=Now())
    citizen = models.UUIDField(null=True)
    actor = models.TextField()  # "citizen", a consumer's id, "employee" and their key, "helper" and their power's id
    organisation = models.TextField(blank=True)
    system = models.TextField()
    what = models.TextField()  # the kind of data
    purpose = models.TextField()

    class Meta:
        indexes = [
            models.Index(name="entries_newest_first", fields=["citizen", "-at"]),
            # a citizen's own visits are most of the log, and the front page tells of the others
            models.Index(
                name="entries_by_others", fields=["citizen", "-at", "-id"], condition=~models.Q(actor="citizen")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="entry_says_who_what_and_why",
                condition=~models.Q(actor="") & ~models.Q(system="") & ~models.Q(what="") & ~models.Q(purpose=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.what}"
