"""What an authority no longer uses, and every piece of cleaning that somebody has asked for, with what came of it."""

from enum import StrEnum

from django.db import models
from django.db.models.functions import Now

from borgerblik.models.decisions import AuthoritySettings


class RetiredFagsystem(models.Model):
    """A fagsystem that an authority no longer uses since a day: nothing of it is taken in. Null: it is used again."""

    authority = models.ForeignKey(AuthoritySettings, on_delete=models.PROTECT, related_name="retired")
    fagsystem = models.CharField(max_length=200)
    since = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_retirement_per_fagsystem", fields=["authority", "fagsystem"]),
            models.CheckConstraint(name="retired_fagsystem_has_a_name", condition=~models.Q(fagsystem="")),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.fagsystem}"


class Work(StrEnum):
    RETIRE = "retire"  # all of one fagsystem goes
    LEAVE = "leave"  # all that an authority owns goes: it has left Borgerblik
    TRY_AGAIN = "try_again"  # messages in quarantine are read once more


class Cleaning(models.Model):
    """One piece of cleaning: who asked for it and when, and once it has ended, its receipt.

    An operator wants to know how many have not ended, and since when: a worker begins them anew until they have.
    """

    id = models.UUIDField(primary_key=True)
    work = models.CharField(max_length=10)
    authority_code = models.CharField(max_length=4)  # empty: messages, whoever's they are
    about = models.JSONField(default=dict)  # the fagsystem; or which messages
    asked_by = models.CharField(max_length=64)  # an employee's key; "operator": by hand
    asked = models.DateTimeField(db_default=Now())
    ended = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # rows by kind; of messages, what became of them
    position = models.BigIntegerField(default=0)  # of messages: how far it has come
    digest = models.BinaryField(null=True)  # SHA-256 of what the receipt says (``cleaning.facts``)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_cleaning_of_the_same_at_a_time",
                fields=["work", "authority_code", "about"],
                condition=models.Q(ended=None),
            ),
            models.CheckConstraint(
                name="cleaning_work_known", condition=models.Q(work__in=[one.value for one in Work])
            ),
            models.CheckConstraint(
                name="cleaning_that_ended_has_a_receipt",
                condition=models.Q(ended=None, digest=None) | models.Q(ended__isnull=False, digest__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority_code} {self.work} {self.asked:%Y-%m-%d %H:%M}"
