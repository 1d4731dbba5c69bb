"""What the mock indexes hold: cases, documents, grants, payments and plans, ready to be written.

Instants and days are strings, already as the wire writes them, so that the impossible ones can be held as well.
Amounts are whole øre. Nothing here decides anything; see ``writing``.
"""

from dataclasses import dataclass

from indexes.mock.dice import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A municipality or Udbetaling Danmark as the owner of an object."""

    cvr: str
    name: str
    uuid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    name: str
    uuid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A fagsystem."""

    name: str
    uuid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    cpr: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseworker:
    name: str
    initials: str
    uuid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One Fremdrift with its Virkning; an end of None is unbounded."""

    code: str
    start: str
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    uuid: str
    number: str
    title: str | None
    secret_title: str | None = None  # TitelAlternativTekst: ``title`` is then the public one
    kind: str  # the index's word, e.g. "Brev, indgaaende"
    day: str
    start: str
    registered: str
    sensitivity: str | None
    hidden: bool = False  # Visning undtaget for borger
    owner: Authority
    system: System | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    uuid: str
    number: str
    kle: str | None
    kle_title: str | None
    facet: str
    title: str | None
    secret_title: str | None = None  # TitelAlternativTekst: ``title`` is then the public one
    status_text: str | None = None
    sensitivity: str | None
    lifecycle: str = "Importeret"
    registered: str
    created: str
    start: str
    owner: Authority
    unit: Unit | None
    caseworker: Caseworker | None = None
    system: System | None
    primary: Party | None
    secondary: tuple[Party, ...] = ()
    hidden: bool = False  # Visning undtaget for borger
    outcome: str | None = None  # a key of ``roles.OUTCOMES``
    states: tuple[State, ...]
    documents: tuple[Document, ...] = ()
    related: tuple[str, ...] = ()
    earlier: str | None = None  # an outdated registration's instant, sent after the current one

    @property
    def kles(self) -> tuple[str, ...]:
        return (self.kle,) if self.kle else ()

    @property
    def cpr(self) -> str | None:
        return self.primary.cpr if self.primary else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """An OekonomiskEffektueringsplan: what will be paid."""

    start: str
    end: str | None
    frequency: str
    in_advance: bool
    day: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """A BevilgetYdelse. ``id`` is the fagsystem's ydelsesart code (HTF, LY, …) where it has one."""

    id: str
    name: str
    kle: str
    kle_title: str
    start: str
    end: str | None
    repayable: bool = False
    plans: tuple[Instalment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    uuid: str
    number: str
    registered: str
    lifecycle: str = "Importeret"
    sensitivity: str | None
    start: str  # xs:string on the wire: may be an impossible date
    start_instant: str
    end: str | None
    owner: Authority
    unit: Unit | None
    system: System | None
    recipient: Party
    case_uuid: str | None
    benefits: tuple[Benefit, ...]

    @property
    def kles(self) -> tuple[str, ...]:
        return tuple(benefit.kle for benefit in self.benefits)

    @property
    def cpr(self) -> str:
        return self.recipient.cpr


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    kle: str
    amount: int
    start: str
    end: str
    grant_uuid: str
    benefit_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """An OekonomiskEffektuering, from gross to paid; ``paid`` is None until NemKonto has sent its receipt."""

    uuid: str
    number: str
    registered: str
    start: str
    end: str
    available: str
    gross: int
    after_tax: int
    sent: int
    paid: int | None
    sent_text: str | None = None
    paid_text: str | None = None
    owner: Authority
    unit: Unit | None
    system: System | None
    recipient: Party
    lines: tuple[Line, ...]

    @property
    def kles(self) -> tuple[str, ...]:
        return tuple(line.kle for line in self.lines)

    @property
    def cpr(self) -> str:
        return self.recipient.cpr


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    id: str
    title: str
    description: str | None = None
    kind: str
    field: str
    kle: str | None = None
    unit: str | None = None
    start: str
    end: str | None = None
    state: str
    amount: str | None = None
    payer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubGoal:
    id: str
    text: str
    state: str
    interventions: tuple[Intervention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    id: str
    text: str
    who: str
    who_name: str | None = None
    due: str | None = None
    done: bool = False
    done_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    id: str
    start: str
    end: str
    place: str
    topic: str
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyMember:
    role: str
    given_name: str
    birth_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    reference: str | None
    state: str
    given: str | None = None
    withdrawn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    uuid: str
    registered: str
    lifecycle: str = "Importeret"
    owner: Authority
    unit: str
    phone: str
    cpr: str
    created: str
    changed: str
    goal: str
    sub_goals: tuple[SubGoal, ...]
    agreements: tuple[Agreement, ...]
    meetings: tuple[Meeting, ...]
    family: tuple[FamilyMember, ...] = ()
    consent: Consent
    employment_case: str | None
    other_cases: tuple[str, ...] = ()

    @property
    def kles(self) -> tuple[str, ...]:
        return (PLAN_KLE,)


PLAN_KLE = "15.17.30"  # Helhedsorienteret plan - beskæftigelsesindsats mv.

Thing = Case | Grant | Payment | Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Everything the indexes hold about one person."""

    cases: tuple[Case, ...] = ()
    grants: tuple[Grant, ...] = ()
    payments: tuple[Payment, ...] = ()
    plans: tuple[Plan, ...] = ()

    def of(self, kind: Kind) -> tuple[Thing, ...]:
        """The objects of one kind; documents are inside their cases and no kind of their own here."""
        by_kind: dict[Kind, tuple[Thing, ...]] = {
            Kind.CASE: self.cases,
            Kind.GRANT: self.grants,
            Kind.PAYMENT: self.payments,
            Kind.PLAN: self.plans,
        }
        return by_kind[kind]
