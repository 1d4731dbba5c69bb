"""What the indexes hold of citizens, a row a record: cases, grants, payments and plans.

Every key begins with the citizen, so that rows can be distributed by person. Columns are what is searched, counted or
compared in the database; the rest of a record is in ``facts``.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q

from indexes.models.citizens import Citizen
from indexes.models.promises import CVR_SHAPE, KLE_SHAPE, one_of, shape
from indexes.records import Sensitivity

# What a case exempt from view, or a plan without consent, may not carry: the parser leaves it out, the database agrees.
CASE_SECRETS = ["title", "number", "status_text", "unit", "outcome", "documents", "related"]
PLAN_SECRETS = ["goal", "sub_goals", "agreements", "meetings", "family", "case_uuids"]


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
    # Of the bytes it was read from, keyed (``store.known``); null: it is to be read again whenever it comes.
    fingerprint = models.BinaryField(null=True)
    defects = ArrayField(models.CharField(max_length=30), null=True)  # what was wrong in them

    class Meta:
        abstract = True
        indexes = [
            Index(name="%(class)s_by_uuid", fields=["uuid"]),
            Index(name="%(class)s_by_owner", fields=["owner_cvr"]),
        ]
        constraints = [
            shape("%(class)s_owner_is_cvr", "owner_cvr", CVR_SHAPE),
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
            shape("case_kle_shape", "kle", KLE_SHAPE),
            one_of("case_sensitivity_known", "sensitivity", Sensitivity),
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
            one_of("grant_sensitivity_known", "sensitivity", Sensitivity),
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
            shape("plan_kle_shape", "kle", KLE_SHAPE),
            CheckConstraint(
                name="plan_without_consent_carries_nothing",
                condition=Q(facts__has_key="consent")
                & (Q(facts__consent__state="given") | ~Q(facts__has_any_keys=PLAN_SECRETS)),
            ),
        ]
