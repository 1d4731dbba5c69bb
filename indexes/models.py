"""The tables of what the indexes hold, and of how reading them went.

No behaviour: rows are written by ``store`` and read by ``reading``, in SQL.

Every key of a citizen's row begins with the citizen, so that rows can be distributed by person. Columns are what is
searched, counted or compared in the database; the rest of a record is in ``facts``. ``declared`` says of each field
whether it is personal; a test fails on a field that is missing there.
"""

from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from indexes.records import Defect, RefusalReason, Sensitivity, Source

CVR_SHAPE = r"^[0-9]{8}$"
KLE_SHAPE = r"^[0-9]{2}[.][0-9]{2}[.][0-9]{2}$"

# What a case exempt from view, or a plan without consent, may not carry: the parser leaves it out, the database agrees.
CASE_SECRETS = ["title", "number", "status_text", "unit", "outcome", "documents", "related"]
PLAN_SECRETS = ["goal", "sub_goals", "agreements", "meetings", "family", "case_uuids"]


def _one_of(name: str, field: str, values: type[StrEnum]) -> CheckConstraint:
    return CheckConstraint(name=name, condition=Q(**{f"{field}__in": [value.value for value in values]}))


def _shape(name: str, field: str, pattern: str) -> CheckConstraint:
    return CheckConstraint(name=name, condition=Q(**{f"{field}__regex": pattern}))


class Citizen(models.Model):
    """A person. Everything else knows them by ``id``; the CPR number stands here once, sealed (``identity``)."""

    id = models.UUIDField(primary_key=True)
    cpr_hmac = models.BinaryField()
    cpr_sealed = models.BinaryField()
    key_id = models.TextField()
    made = models.DateTimeField(db_default=Now())
    refreshed_at = models.DateTimeField(null=True)  # when a refresh of their rows was last begun
    answered = models.JSONField(default=dict)  # source -> when that index last answered for them alone

    class Meta:
        constraints = [
            UniqueConstraint(name="one_citizen_per_cpr", fields=["cpr_hmac"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Held(models.Model):
    """What every record of a citizen has. ``holds_from`` includes, ``holds_until`` excludes, null is unbounded."""

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, db_index=False, related_name="+")
    uuid = models.UUIDField()
    registered = models.DateTimeField()
    holds_from = models.DateTimeField(null=True)
    holds_until = models.DateTimeField(null=True)
    owner_cvr = models.CharField(max_length=8)
    facts = models.JSONField()
    digest = models.BinaryField()  # of all the above but citizen, uuid and registered; blake2b, 16 bytes
    stored_at = models.DateTimeField()  # when the row last changed here

    class Meta:
        abstract = True
        indexes = [
            Index(name="%(class)s_by_uuid", fields=["uuid"]),
            Index(name="%(class)s_by_owner", fields=["owner_cvr"]),
        ]
        constraints = [
            _shape("%(class)s_owner_is_cvr", "owner_cvr", CVR_SHAPE),
            CheckConstraint(
                name="%(class)s_holds_in_order",
                condition=Q(holds_from__isnull=True) | Q(holds_until__isnull=True) | Q(holds_from__lt=F("holds_until")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.uuid}"


class Case(Held):
    pk = models.CompositePrimaryKey("citizen_id", "uuid")
    kle = models.CharField(max_length=8)
    facet = models.CharField(max_length=3, null=True)  # noqa: DJ001 - null is "not said", in every column of these tables
    fagsystem = models.TextField(null=True)  # noqa: DJ001 - see facet
    sensitivity = models.CharField(max_length=12)
    hidden = models.BooleanField()
    opened = models.DateField(null=True)
    ended = models.DateField(null=True)  # closed, and not opened again (``keeping.case_ended``)

    class Meta(Held.Meta):
        constraints = [
            *Held.Meta.constraints,
            _shape("case_kle_shape", "kle", KLE_SHAPE),
            _one_of("case_sensitivity_known", "sensitivity", Sensitivity),
            CheckConstraint(
                name="hidden_case_carries_nothing",
                condition=Q(hidden=False) | ~Q(facts__has_any_keys=CASE_SECRETS),
            ),
        ]


class Grant(Held):
    pk = models.CompositePrimaryKey("citizen_id", "uuid")
    kle = ArrayField(models.CharField(max_length=8))  # of its benefits, each once
    case_uuid = models.UUIDField(null=True)
    fagsystem = models.TextField(null=True)  # noqa: DJ001 - see Case.facet
    sensitivity = models.CharField(max_length=12)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)  # last day, inclusive

    class Meta(Held.Meta):
        constraints = [
            *Held.Meta.constraints,
            _one_of("grant_sensitivity_known", "sensitivity", Sensitivity),
        ]


class Payment(Held):
    pk = models.CompositePrimaryKey("citizen_id", "uuid")
    kle = ArrayField(models.CharField(max_length=8))  # of its lines, each once
    fagsystem = models.TextField(null=True)  # noqa: DJ001 - see Case.facet
    available = models.DateField()

    class Meta(Held.Meta):
        indexes = [
            *Held.Meta.indexes,
            Index(name="payment_newest_first", fields=["citizen", "-available"]),
        ]


class Plan(Held):
    pk = models.CompositePrimaryKey("citizen_id", "uuid")
    kle = models.CharField(max_length=8)

    class Meta(Held.Meta):
        constraints = [
            *Held.Meta.constraints,
            _shape("plan_kle_shape", "kle", KLE_SHAPE),
            CheckConstraint(
                name="plan_without_consent_carries_nothing",
                condition=Q(facts__has_key="consent")
                & (Q(facts__consent__state="given") | ~Q(facts__has_any_keys=PLAN_SECRETS)),
            ),
        ]


class SourceState(models.Model):
    """How one index stands for one authority. ``last_success`` is of a complete reading and stays when one fails."""

    source = models.CharField(max_length=4)
    authority_cvr = models.CharField(max_length=8)
    last_attempt = models.DateTimeField()
    last_success = models.DateTimeField(null=True)
    failed_since = models.DateTimeField(null=True)
    error = models.CharField(max_length=30, blank=True)  # a code of ``errors`` or ``sync``, empty when all is well
    message = models.TextField(blank=True)  # the same as a sentence for the operator
    rows = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            UniqueConstraint(name="one_state_per_authority_and_source", fields=["authority_cvr", "source"]),
            _one_of("state_source_known", "source", Source),
            _shape("state_authority_is_cvr", "authority_cvr", CVR_SHAPE),
            CheckConstraint(
                name="failing_has_a_code_and_a_time",
                condition=Q(failed_since__isnull=True, error="") | (Q(failed_since__isnull=False) & ~Q(error="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.authority_cvr}"


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
            _one_of("run_source_known", "source", Source),
            _one_of("run_outcome_known", "outcome", Outcome),
            CheckConstraint(name="run_ended_unless_running", condition=Q(outcome="running") ^ Q(ended__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.authority_cvr} {self.started:%Y-%m-%d %H:%M} {self.outcome}"


class Quarantined(models.Model):
    """A message that could not be used, sealed. The same bytes again only count up."""

    source = models.CharField(max_length=4)
    authority_cvr = models.CharField(max_length=8, blank=True)  # whose reading it came in; empty: one citizen's
    kind = models.CharField(max_length=10)
    uuid = models.UUIDField(null=True)
    citizen = models.ForeignKey(Citizen, null=True, on_delete=models.CASCADE, related_name="+")  # where it can be told
    reason = models.CharField(max_length=30)
    what = models.TextField()  # a field's name, never its content
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
            _one_of("quarantine_source_known", "source", Source),
            _one_of("quarantine_reason_known", "reason", RefusalReason),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.reason}"


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
            _one_of("defect_source_known", "source", Source),
            _one_of("defect_known", "defect", Defect),
            CheckConstraint(name="defects_within_records", condition=Q(count__gt=0, count__lte=F("records"))),
        ]

    def __str__(self) -> str:
        return f"{self.authority_cvr} {self.fagsystem} {self.defect}"
