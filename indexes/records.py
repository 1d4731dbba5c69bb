"""The frozen records that the parsers make and everything after them reads.

Wire words stop at ``parse/``: nothing is named as in the XML, except terms that have no English (kle, cvr). A record
holds facts, never decisions: those come when it is read; it is frozen, and the garbage collector passes it over.

All instants are timezone-aware. A ``Period`` includes its start and excludes its end (anvisning for Sag: "Fra" is
inclusive, "Til" exclusive); ``None`` means unbounded. Amounts are ``Decimal`` in Danish kroner and may be negative.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct


class Source(StrEnum):
    """The three indexes we read."""

    SDI = "sdi"  # Sags- og Dokumentindeks
    YI = "yi"  # Ydelsesindeks
    PLAN = "plan"  # the plan index (HOI)


SOURCES: Final = tuple(Source)  # going through the enumeration itself is slow


class Sensitivity(StrEnum):
    """The index's four levels (Foelsomhed), and UNKNOWN for a missing or foreign word."""

    ORDINARY = "ordinary"
    CONFIDENTIAL = "confidential"
    SENSITIVE = "sensitive"
    VIP = "vip"
    UNKNOWN = "unknown"


class CaseStatus(StrEnum):
    """The four states a case can have in the index (FremdriftStatusKode)."""

    RECEIVED = "received"  # Opstaaet
    INFORMED = "informed"  # Oplyst
    DECIDED = "decided"  # Afgjort
    CLOSED = "closed"  # Afsluttet


class Outcome(StrEnum):
    """How a case was decided (Afgoerelsesklasse)."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    ANNULLED = "annulled"


class Period(Struct, frozen=True, kw_only=True, gc=False):
    start: datetime | None = None
    end: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether ``at`` lies in the period: start inclusive, end exclusive."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


class Step(Struct, frozen=True, kw_only=True, gc=False):
    """One entry of a case's progress; history may have gaps, overlaps and several current states."""

    status: CaseStatus
    period: Period


class Document(Struct, frozen=True, kw_only=True, gc=False):
    """A document of a case, by its public title; ``hidden`` is Visningsklasse on the document itself.

    A hidden document carries no title.
    """

    uuid: UUID
    title: str | None
    kind: str | None  # incoming_letter, outgoing_letter, invoice, note, report, agenda, plan, other
    date: date | None
    hidden: bool = False


class Case(Struct, frozen=True, kw_only=True, gc=False):
    """A Sag as one primary party may see it.

    ``hidden`` is Visningsklasse "Visning undtaget for borger": such a case carries no title, number, status text, unit,
    outcome, documents or relations, so that nothing of it can leak further in.
    ``holds`` is the period around the reading in which the party, the class and the hiding stay as given here.
    """

    uuid: UUID
    registered: datetime
    holds: Period
    owner_cvr: str
    cpr: str  # primary party, ten digits
    kle: str  # NN.NN.NN
    facet: str | None = None
    fagsystem: str | None = None
    sensitivity: Sensitivity
    hidden: bool
    opened: date | None = None
    title: str | None = None  # the public title
    number: str | None = None
    status_text: str | None = None  # free words of the fagsystem; never shown unworded
    unit: str | None = None
    outcome: Outcome | None = None
    progress: tuple[Step, ...] = ()
    documents: tuple[Document, ...] = ()
    related: tuple[UUID, ...] = ()


class PaymentPlan(Struct, frozen=True, kw_only=True, gc=False):
    """How a granted benefit will be paid (OekonomiskEffektueringsplan): what *will* happen."""

    start: date | None
    end: date | None
    frequency: str | None
    in_advance: bool | None
    day: str | None  # free words, e.g. "Sidste bankdag i måneden"
    amount: Decimal | None


class Benefit(Struct, frozen=True, kw_only=True, gc=False):
    """One BevilgetYdelse of a grant; ``id`` is unique in the grant."""

    id: str
    name: str | None
    kle: str
    start: date | None
    end: date | None  # last day, inclusive
    repayable: bool = False
    plans: tuple[PaymentPlan, ...] = ()


class Grant(Struct, frozen=True, kw_only=True, gc=False):
    """A Bevilling: what the citizen has been granted."""

    uuid: UUID
    registered: datetime
    holds: Period
    owner_cvr: str
    cpr: str  # Bevillingsmodtager
    case_uuid: UUID | None = None
    sensitivity: Sensitivity
    fagsystem: str | None = None
    unit: str | None = None
    start: date | None = None
    end: date | None = None
    benefits: tuple[Benefit, ...] = ()


class PaymentLine(Struct, frozen=True, kw_only=True, gc=False):
    """One benefit's part of a payment, before tax."""

    kle: str
    amount: Decimal
    start: date | None
    end: date | None
    grant_uuid: UUID | None
    benefit_id: str | None


class Payment(Struct, frozen=True, kw_only=True, gc=False):
    """An OekonomiskEffektuering: what *has happened*, from gross to paid.

    ``paid`` is None while no receipt has come. ``sent_text``/``paid_text`` explain a difference between two steps.
    """

    uuid: UUID
    registered: datetime
    holds: Period
    owner_cvr: str
    cpr: str  # Effektueringsmodtager
    fagsystem: str | None = None
    paying_unit: str | None = None
    start: date | None = None
    end: date | None = None
    available: date  # Dispositionsdato: the day the money is there
    gross: Decimal
    after_tax: Decimal | None
    sent: Decimal | None
    paid: Decimal | None
    sent_text: str | None = None
    paid_text: str | None = None
    lines: tuple[PaymentLine, ...] = ()


class GoalState(StrEnum):
    PLANNED = "planned"
    ONGOING = "ongoing"
    REACHED = "reached"
    GIVEN_UP = "given_up"


class InterventionState(StrEnum):
    PLANNED = "planned"
    ONGOING = "ongoing"
    ENDED = "ended"
    STOPPED = "stopped"


class Doer(StrEnum):
    CITIZEN = "citizen"
    ADVISER = "adviser"
    MENTOR = "mentor"
    OTHER = "other"


class ConsentState(StrEnum):
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"


class Intervention(Struct, frozen=True, kw_only=True, gc=False):
    id: str
    title: str
    description: str | None
    kind: str  # indsats, aktivitet, tilbud
    field: str  # beskaeftigelse, sundhed, social, boern_familie, oekonomi, uddannelse, bolig
    kle: str | None
    unit: str | None
    start: date | None
    end: date | None  # last day, inclusive
    state: InterventionState
    amount: str | None  # e.g. "10 samtaler"
    payer: str | None


class SubGoal(Struct, frozen=True, kw_only=True, gc=False):
    id: str
    text: str
    state: GoalState
    interventions: tuple[Intervention, ...] = ()


class Agreement(Struct, frozen=True, kw_only=True, gc=False):
    id: str
    text: str
    who: Doer
    who_name: str | None  # a role or a unit, never a person's name
    due: date | None
    done: bool
    done_on: date | None = None


class Meeting(Struct, frozen=True, kw_only=True, gc=False):
    id: str
    start: datetime
    end: datetime | None
    place: str | None
    topic: str | None
    held: bool


class FamilyMember(Struct, frozen=True, kw_only=True, gc=False):
    role: str  # barn, partner, foraelder
    given_name: str
    birth_year: int | None


class Consent(Struct, frozen=True, kw_only=True, gc=False):
    reference: UUID | None
    state: ConsentState
    given: date | None
    withdrawn: date | None


class Plan(Struct, frozen=True, kw_only=True, gc=False):
    """The one holistic plan of a citizen (HOI). Without a given consent it carries the consent and nothing else."""

    uuid: UUID
    registered: datetime
    holds: Period
    owner_cvr: str
    cpr: str
    kle: str  # 15.17.30, the topic of the holistic plan
    unit: str | None = None
    phone: str | None = None
    made: date | None = None
    changed: date | None = None
    goal: str | None = None
    sub_goals: tuple[SubGoal, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    family: tuple[FamilyMember, ...] = ()
    consent: Consent
    case_uuids: tuple[UUID, ...] = ()


Record = Case | Grant | Payment | Plan


class RefusalReason(StrEnum):
    """Why a message cannot be used; each has a sentence for the operator in ``data/refusals.toml``."""

    WRONG_SHAPE = "wrong_shape"  # not the answer we asked for
    NO_UUID = "no_uuid"
    NO_REGISTRATION_TIME = "no_registration_time"
    BAD_DECIDING_FIELD = "bad_deciding_field"  # a field that decides who may see it cannot be read
    NO_OWNER = "no_owner"
    NO_KLE = "no_kle"
    AMBIGUOUS_KLE = "ambiguous_kle"
    AMBIGUOUS_PARTY = "ambiguous_party"
    BAD_AMOUNT = "bad_amount"
    BAD_DATE = "bad_date"  # a date without which the record has no meaning
    NO_LINES = "no_lines"
    NOT_STORED = "not_stored"  # it could be read, and the database will not take it


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A message that cannot be used. It goes to quarantine; what it names is no longer shown, unless newer is held.

    ``what`` is safe to log: a field's name, never its content. ``raw`` is the message's bytes. ``registered`` None: its
    time cannot be read, so it may be the newest. ``cpr`` is whom it is about, None if that cannot be read, or if
    something hides it or may: they are not to be told that there is nothing.
    """

    kind: str  # case, grant, payment, plan, answer
    uuid: UUID | None
    reason: RefusalReason
    what: str
    raw: bytes = field(repr=False)
    registered: datetime | None = None
    cpr: str | None = field(default=None, repr=False)


class WithdrawalReason(StrEnum):
    """Why a well-formed object must not be held for anyone."""

    DELETED = "deleted"  # lifecycle Slettet
    PASSIVE = "passive"  # lifecycle Passiveret
    NO_PRIMARY_PARTY = "no_primary_party"  # now, or at all
    NOT_A_PERSON = "not_a_person"  # the party is a company, or known by something other than a CPR number


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A well-formed object that nobody may see now: a row we hold of it is removed."""

    kind: str  # case, grant, payment, plan
    uuid: UUID
    registered: datetime
    reason: WithdrawalReason


class Defect(StrEnum):
    """What was wrong in a record that could still be used: counted per fagsystem for the municipality."""

    NO_TITLE = "no_title"
    CPR_IN_TEXT = "cpr_in_text"
    INITIALS_IN_TEXT = "initials_in_text"
    BAD_OPTIONAL_DATE = "bad_optional_date"
    SEVERAL_CURRENT_STATES = "several_current_states"
    GAP_IN_PROGRESS = "gap_in_progress"
    NO_PROGRESS = "no_progress"
    UNKNOWN_STEP = "unknown_step"  # a state of progress that no rule knows
    NO_DOCUMENT = "no_document"  # a journal entry leads to a document that did not come, or to none
    NO_SENSITIVITY = "no_sensitivity"
    NO_FAGSYSTEM = "no_fagsystem"
    NO_UNIT = "no_unit"
    UNEXPLAINED_DIFFERENCE = "unexplained_difference"  # two steps of a payment differ without a text


class Parsed(Struct, frozen=True, kw_only=True, gc=False):
    """A usable record, with what was wrong in it."""

    record: Record
    defects: tuple[Defect, ...] = ()
    fingerprint: bytes | None = None  # of what it was read from, if the same would be read from it at any later time


class Known(Struct, frozen=True, kw_only=True, gc=False):
    """A record that an index sends just as it was when it was stored: what is held of it stands, with its defects."""

    kind: str
    uuid: UUID
    registered: datetime
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    fagsystem: str | None
    defects: tuple[Defect, ...] = ()
    besides: bytes = b""  # the fingerprint of what else it was read from: only if that is the same too, it is known


Item = Parsed | Known | Withdrawn | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One page of an index's answer. ``total`` is what the index says there is in all, by kind."""

    items: tuple[Item, ...]
    total: dict[str, int]
    seconds: float | None = field(default=None, compare=False)  # that the index was waited for, if they were counted
