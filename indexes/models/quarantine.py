"""Messages that could not be used."""

from django.db import models
from django.db.models import Index, UniqueConstraint

from indexes.models.citizens import Citizen
from indexes.models.promises import one_of
from indexes.records import RefusalReason, Source


class Quarantined(models.Model):
    """A message that could not be used, sealed. The same bytes again only count up.

    An operator wants to know how many lie here, by source and reason: each is a record that a citizen does not see.
    """

    source = models.CharField(max_length=4)
    authority_cvr = models.CharField(max_length=8, blank=True)  # whose reading it came in; empty: one citizen's
    kind = models.CharField(max_length=10)
    uuid = models.UUIDField(null=True)
    citizen = models.ForeignKey(Citizen, null=True, on_delete=models.CASCADE, related_name="+")  # where it can be told
    reason = models.CharField(max_length=30)
    what = models.TextField()  # a field's name, never its content
    sample = models.TextField(default="", db_default="")  # its masked shape, for one of those alike in a batch
    sealed = models.BinaryField()
    key_id = models.TextField()
    digest = models.BinaryField()  # keyed fingerprint of source and message
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    times = models.IntegerField(default=1)

    class Meta:
        indexes = [Index(name="quarantine_by_authority", fields=["source", "authority_cvr"])]
        constraints = [
            UniqueConstraint(name="one_quarantine_row_per_message", fields=["digest"]),
            one_of("quarantine_source_known", "source", Source),
            one_of("quarantine_reason_known", "reason", RefusalReason),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.reason}"
