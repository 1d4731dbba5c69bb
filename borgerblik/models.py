"""What the authorities have decided, and the KLE edition in use. No citizen's data stands in these tables."""

from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models.functions import Now
from django.db.models.lookups import Exact

from borgerblik.overview import access
from borgerblik.overview.reports import REASONS, ItemKind
from borgerblik.overview.usual import FEWEST_CASES
from borgerblik.seals.ids import IdsField, parts_of, size_of
from borgerblik.seals.tree import Sealed
from indexes.models import CVR_SHAPE, Citizen


class Block(models.Model):
    """A seal over some rows of a table, chained to the seal before (``seals``). No personal data.

    Which rows is said by their ids, so that nobody who writes waits for a seal: what is still being written while a
    block is made has a lower id than others in it, and stands in a later block.
    """

    number = models.IntegerField(primary_key=True)  # from 1, without gaps
    ids = IdsField()
    root = models.BinaryField()  # Merkle tree hash (RFC 9162, section 2.1.1)
    previous = models.BinaryField()  # the seal of the block before; 32 zero bytes for the first
    seal = models.BinaryField()  # SHA-256 of all of the above and below
    sealed = models.DateTimeField()

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"block {self.number}"

    @property
    def entries(self) -> int:
        return size_of(self.ids)

    def told(self) -> Sealed:
        """What the seal has to vouch for."""
        return Sealed(
            number=self.number,
            parts=parts_of(self.ids),
            root=bytes(self.root),
            previous=bytes(self.previous),
            at=self.sealed,
        )


def _reaches(name: str) -> models.Index:
    return models.Index(models.Func("ids", function="upper", output_field=models.BigIntegerField()), name=name)


def _holds_something(name: str) -> models.CheckConstraint:
    empty = models.Func("ids", function="isempty", output_field=models.BooleanField())
    return models.CheckConstraint(name=name, condition=~models.Q(empty))


def _is_alone(name: str) -> ExclusionConstraint:
    return ExclusionConstraint(name=name, expressions=[("ids", RangeOperators.OVERLAPS)])


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


class AuthoritySettings(models.Model):
    """One authority (a municipality or Udbetaling Danmark) on Borgerblik: since when, and which etaper are on."""

    code = models.CharField(primary_key=True, max_length=4)
    since = models.DateField(null=True)
    etaper = ArrayField(models.SmallIntegerField(), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(name="authority_code_known_shape", condition=models.Q(code__regex=r"^(\d{4}|UDK)$")),
            models.CheckConstraint(
                name="etaper_are_of_the_stage_plan",
                condition=models.Q(etaper__contained_by=[1, 2, 3, 4]),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class AreaSetting(models.Model):
    """One authority's decision about one area of the stage plan (``data/areas.toml``)."""

    authority = models.ForeignKey(AuthoritySettings, on_delete=models.CASCADE, related_name="areas")
    area = models.CharField(max_length=40)
    shown = models.BooleanField(default=False)
    from_date = models.DateField(null=True, blank=True)
    active_regardless = models.BooleanField(default=False)
    title = models.CharField(max_length=4, default="kle")
    fagsystemer = ArrayField(models.CharField(max_length=100), null=True, blank=True)
    document_titles = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_setting_per_authority_and_area", fields=["authority", "area"]),
            models.CheckConstraint(
                name="area_key_shape",  # the areas themselves are data (areas.toml) and may change between releases
                condition=models.Q(area__regex=r"^[a-z]+(_[a-z]+)*$"),
            ),
            models.CheckConstraint(name="area_title_is_kle_or_case", condition=models.Q(title__in=["kle", "case"])),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.area}"


class PolicyVersion(models.Model):
    """What all decisions of all authorities are called as they stand now: another name after each change, one row.

    Triggers of the two tables above write it (``sql/decisions.sql``), in the transaction that changes them. Whoever has
    read the decisions under a name need not read them again while it stands.
    """

    id = models.SmallIntegerField(primary_key=True)
    version = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_policy_version", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.version)


class SettingChange(models.Model):
    """Who changed what, when; one row for each saved change.

    No role that the services use may change or remove a row, or say when it was written, and a seal (``seals``) tells
    if somebody else did.
    """

    authority = models.ForeignKey(AuthoritySettings, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(db_default=Now(), db_index=True)
    staff_key = models.CharField(max_length=64)
    what = models.CharField(max_length=60)  # "etape 3", "area social"
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.what}"


class AccessGrant(models.Model):
    """Leave to read one citizen's rows, for whoever holds the token; only its hash is kept (docs/adr/0010).

    Made and resolved by functions of the database: no role that the services use may look in here.
    """

    token_hash = models.BinaryField(primary_key=True)  # SHA-256 of the token
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="+")
    actor = models.TextField()  # who reads: "citizen", or a consumer's id
    organisation = models.TextField()
    system = models.TextField()
    purpose = models.TextField()  # in plain words, for the citizen
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

    Written by the statement that reads (``sql/access_log.sql``). No role that the services use may change or remove a
    row, and a seal (``seals``) tells if somebody else did. ``citizen`` is an id and no reference: the log outlives the
    rows. Null: nobody is known by the number that was asked for.
    """

    at = models.DateTimeField(db_default=Now())
    citizen = models.UUIDField(null=True)
    actor = models.TextField()  # "citizen", a consumer's id, or "employee" and their key
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


class AccessBlock(Block):
    """A seal over some entries of the access log."""

    class Meta:
        indexes = [_reaches("block_reaches")]
        constraints = [_holds_something("block_holds_something"), _is_alone("no_entry_is_in_two_blocks")]


class SettingBlock(Block):
    """A seal over some changes of settings."""

    class Meta:
        indexes = [_reaches("setting_block_reaches")]
        constraints = [_holds_something("setting_block_holds_something"), _is_alone("no_change_is_in_two_blocks")]


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


class KleEdition(models.Model):
    """A loaded edition of KLE; the newest published one is in use."""

    published = models.DateField(unique=True)
    loaded = models.DateTimeField()

    def __str__(self) -> str:
        return self.published.isoformat()


class KleTopic(models.Model):
    """A number of an edition: main group NN, group NN.NN or topic NN.NN.NN, with its official title."""

    edition = models.ForeignKey(KleEdition, on_delete=models.CASCADE, related_name="topics")
    number = models.CharField(max_length=8)
    title = models.CharField(max_length=400)
    ends = models.SmallIntegerField(null=True)  # "[udgår 2026]"
    deletion = models.CharField(max_length=12, blank=True)  # ISO 8601 duration: KLE's own retention hint

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_topic_per_edition_and_number", fields=["edition", "number"]),
            models.CheckConstraint(
                name="kle_number_shape",
                condition=models.Q(number__regex=r"^\d{2}(\.\d{2}(\.\d{2})?)?$"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class UsualTime(models.Model):
    """How long cases of one topic take at one authority: from the day they begin until they are decided.

    Of those decided in one year, the quartiles in days. Counted by ``usual_times`` from the cases of many people, and
    never kept of few: nobody can be found in it, and the pages may read all of it.
    """

    owner_cvr = models.CharField(max_length=8)
    kle = models.CharField(max_length=8)
    year = models.SmallIntegerField()
    cases = models.IntegerField()
    low = models.IntegerField()  # a quarter of the cases took this many days or fewer
    high = models.IntegerField()  # a quarter took this many or more

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_usual_time_per_topic_and_year", fields=["owner_cvr", "kle", "year"]),
            models.CheckConstraint(name="usual_time_is_of_many", condition=models.Q(cases__gte=FEWEST_CASES)),
            models.CheckConstraint(
                name="usual_time_is_in_order", condition=models.Q(low__gte=0, high__gte=models.F("low"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_cvr} {self.kle} {self.year}"
