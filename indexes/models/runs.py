"""How reading went: how each index stands for each authority, each bulk reading, and what was wrong in it.

No citizen is in these tables: their keys begin with the source and the authority, and they are small.
"""

from enum import StrEnum

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from indexes.models.promises import CVR_SHAPE, one_of, shape
from indexes.records import Defect, Source


class SourceState(models.Model):
    """How one index stands for one authority. ``last_success`` is of a complete reading and stays when one fails.

    After several failures it is left alone for longer and longer: until ``try_after`` (``sync.breaker``).
    """

    source = models.CharField(max_length=4)
    authority_cvr = models.CharField(max_length=8)
    last_attempt = models.DateTimeField()
    last_success = models.DateTimeField(null=True)
    failed_since = models.DateTimeField(null=True)
    error = models.CharField(max_length=30, blank=True)  # a code of ``errors`` or ``sync``, empty when all is well
    message = models.TextField(blank=True)  # the same as a sentence for the operator
    rows = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0, db_default=0)  # in a row
    try_after = models.DateTimeField(null=True)  # it is not read of our own accord before; null: whenever it is time
    # kind -> rows that the messages of readings given up since the last complete one have taken away: an ill index must
    # not take a little at each try
    taken = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints = [
            UniqueConstraint(name="one_state_per_authority_and_source", fields=["authority_cvr", "source"]),
            one_of("state_source_known", "source", Source),
            shape("state_authority_is_cvr", "authority_cvr", CVR_SHAPE),
            CheckConstraint(
                name="failing_has_a_code_and_a_time",
                condition=Q(failed_since__isnull=True, error="") | (Q(failed_since__isnull=False) & ~Q(error="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.authority_cvr}"


class SourcePace(models.Model):
    """How fast an index is asked by all bulk readings together, and whether it is asked at all.

    Of operators' concern: ``share`` (1 is what the settings allow, less is slower of its own accord) and
    ``paused_until``, which has gone by when all is well.
    """

    source = models.CharField(max_length=4, primary_key=True)
    share = models.FloatField(default=1.0)
    usual = models.FloatField(null=True)  # seconds that a full page takes
    failures = models.IntegerField(default=0)  # calls of bulk readings that failed in a row
    citizens_failures = models.IntegerField(default=0, db_default=0)  # and of those who signed in
    error = models.CharField(max_length=30, blank=True)  # the code of the last one
    next_call = models.DateTimeField(null=True)  # no call begins before
    slowed_at = models.DateTimeField(null=True)  # when ``share`` was last lowered
    paused_until = models.DateTimeField(null=True)  # it has asked for that, or failed too often

    class Meta:
        constraints = [
            one_of("pace_source_known", "source", Source),
            CheckConstraint(name="pace_is_a_share", condition=Q(share__gt=0, share__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.share:.0%}"


class Outcome(StrEnum):
    """How a bulk reading ended."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED_FOR_REMOVALS = "stopped_for_removals"  # what would be removed was too much to believe
    INTERRUPTED = "interrupted"


class SyncRun(models.Model):
    """One bulk reading of one index for one authority, and what came of it."""

    source = models.CharField(max_length=4)
    authority_cvr = models.CharField(max_length=8)
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20)
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [Index(name="runs_newest_first", fields=["source", "authority_cvr", "-started"])]
        constraints = [
            one_of("run_source_known", "source", Source),
            one_of("run_outcome_known", "outcome", Outcome),
            CheckConstraint(name="run_ended_unless_running", condition=Q(outcome="running") ^ Q(ended__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.authority_cvr} {self.started:%Y-%m-%d %H:%M} {self.outcome}"


class DefectCount(models.Model):
    """Data quality, for the municipality: how many of a fagsystem's usable records had this wrong.

    Made anew by each complete reading of an index for an authority.
    """

    source = models.CharField(max_length=4)
    authority_cvr = models.CharField(max_length=8)
    fagsystem = models.TextField(blank=True)  # empty: the records did not say
    defect = models.CharField(max_length=30)
    count = models.IntegerField()
    records = models.IntegerField()  # usable records of the fagsystem in that reading
    counted = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(
                name="one_count_per_fagsystem_and_defect",
                fields=["authority_cvr", "source", "fagsystem", "defect"],
            ),
            one_of("defect_source_known", "source", Source),
            one_of("defect_known", "defect", Defect),
            CheckConstraint(name="defects_within_records", condition=Q(count__gt=0, count__lte=F("records"))),
        ]

    def __str__(self) -> str:
        return f"{self.authority_cvr} {self.fagsystem} {self.defect}"
