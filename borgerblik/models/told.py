"""What citizens have said is wrong, and what they were answered."""

from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db import models

from borgerblik.overview import access
from borgerblik.overview.reports import REASONS, ItemKind
from indexes.models import CVR_SHAPE


def _twelve_digits(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=models.Q(receipt__regex=r"^\d{12}$"))


def _answer_is_whole(name: str) -> models.CheckConstraint:
    """An answer says when it was given and by whom, and without one neither is said."""
    none = models.Q(answer="", answered=None, answered_by="")
    whole = ~models.Q(answer="") & models.Q(answered__isnull=False) & ~models.Q(answered_by="")
    return models.CheckConstraint(name=name, condition=none | whole)


class Told(models.Model):
    """What a citizen has said is wrong (``receipts``), and what was answered: the part that is the same of anything.

    Personal: whose it is (an id, which the console's role cannot read) and the words of both.
    """

    receipt = models.CharField(max_length=12, unique=True)  # digits, told in groups: for the telephone
    citizen = models.UUIDField()
    reason = models.CharField(max_length=20)  # chosen from a list
    words = models.TextField(blank=True)  # the citizen's own; CPR numbers masked
    made = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)  # the employee's key

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


class AccessObjection(Told):
    """What a citizen finds wrong with one entry of the access log, and what their municipality answered.

    What is copied from the entry is copied so that the municipality sees that and not the log. It is kept as long as
    the entry. The reason is a key of texts/overview: access/reason.
    """

    entry = models.BigIntegerField(unique=True)  # an id and no reference: insert-only rows are not locked
    municipality = models.CharField(max_length=4)  # where the citizen lived when it was made
    at = models.DateTimeField()  # this and below: of the entry
    yours = models.BooleanField()  # by the citizen's own sign-in
    organisation = models.TextField(blank=True)
    what = models.TextField()
    purpose = models.TextField()

    class Meta:
        indexes = [
            models.Index(name="objections_of_a_citizen", fields=["citizen", "-made"]),
            models.Index(name="objections_to_answer", fields=["municipality", "made"]),
        ]
        constraints = [
            _twelve_digits("receipt_is_twelve_digits"),
            models.CheckConstraint(
                name="objection_to_a_municipality", condition=models.Q(municipality__regex=r"^\d{4}$")
            ),
            models.CheckConstraint(
                name="objection_reason_known",
                condition=models.Q(yours=True, reason__in=access.OWN_REASONS)
                | models.Q(yours=False, reason__in=access.REASONS),
            ),
            _answer_is_whole("answer_says_when_and_by_whom"),
        ]


class ItemReport(Told):
    """What a citizen says is wrong with a case, a payment, a grant or a plan of theirs, and what its owner answered.

    What the owner needs to find it is copied from the record as it stood. The reason is a key of texts/report. One of
    the same thing at a time: when it is answered, it can be told of again.
    """

    kind = models.CharField(max_length=10)  # overview.reports.ItemKind
    item = models.UUIDField()  # the record's uuid in its index
    part = models.TextField(blank=True)  # of a plan: what in it, by its id there (overview.reports.part_key)
    part_title = models.TextField(blank=True)  # and what it said
    owner_cvr = models.CharField(max_length=8)
    kle = ArrayField(models.CharField(max_length=8))
    fagsystem = models.TextField(blank=True)
    number = models.TextField(blank=True)  # a case's own number
    day = models.DateField(null=True)  # when a case was opened, a payment comes, a grant begins
    taken = models.DateTimeField(null=True)  # when somebody began to look at it
    taken_by = models.CharField(max_length=64, blank=True)  # the employee's key

    class Meta:
        indexes = [
            models.Index(name="reports_of_a_citizen", fields=["citizen", "-made"]),
            models.Index(name="reports_to_an_authority", fields=["owner_cvr", "made"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_report_of_an_item",
                fields=["citizen", "kind", "item", "part"],
                condition=models.Q(answered=None),
            ),
            _twelve_digits("report_receipt_is_twelve_digits"),
            models.CheckConstraint(
                name="report_kind_known", condition=models.Q(kind__in=[kind.value for kind in ItemKind])
            ),
            models.CheckConstraint(name="report_owner_is_cvr", condition=models.Q(owner_cvr__regex=CVR_SHAPE)),
            models.CheckConstraint(
                name="report_reason_known",
                condition=reduce(or_, (models.Q(kind=kind.value, reason__in=known) for kind, known in REASONS.items())),
            ),
            models.CheckConstraint(
                name="report_says_who_looks_at_it",
                condition=models.Q(taken=None, taken_by="") | models.Q(taken__isnull=False) & ~models.Q(taken_by=""),
            ),
            _answer_is_whole("report_answer_says_when_and_by_whom"),
        ]
