"""The frozen Overview: everything a page, a PDF, a calendar or a REST answer shows, in finished words.

Nothing here is computed and nothing here is a model: renderers only lay it out. Where a machine needs the value too,
it stands beside the words (``When.iso``, ``Money.value``). Words are in the overview's language; register data (a case
title, a document title, a citizen's own goal) keeps its own and is typed ``RegisterText`` so that it can be marked.
"""

from typing import Literal

from msgspec import Struct

from borgerblik.overview.closer import Figures, GrantCloser, MonthChange
from borgerblik.overview.elements import Badge, Contact, Icon, Link, Money, Notice, RegisterText, State, Tone, When
from borgerblik.overview.listed import ForSome, Later, Listed


class SourceStatus(Struct, frozen=True, kw_only=True):
    """One index for one authority. ``words`` is a whole sentence; ``reason`` is a code for machines when not fresh."""

    source: str  # sdi, yi, plan
    authority: str  # kommune code "0730", or "UDK"
    authority_name: str
    state: State
    words: str
    as_of: When | None
    reason: str | None = None


class AreaStatus(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why something of one area is, or is not, on the page. ``rules``: a sentence for each that hides some of it."""

    key: str
    title: str
    state: State  # FRESH: shown · OFF: not opened
    words: str
    etape: int
    authority_name: str
    rules: tuple[str, ...] = ()
    undecided: bool = False  # nobody has decided yet whether it is to be shown


class KeyFigure(Struct, frozen=True, kw_only=True):
    value: str  # "2 ting"
    words: str  # "skal du gøre"
    href: str
    icon: Icon
    tone: Tone


class Attention(Struct, frozen=True, kw_only=True):
    """Something that matters now: a deadline, a meeting, news, a change in money."""

    kind: Literal["deadline", "meeting", "news", "money", "notice"]
    icon: Icon
    title: str
    when: When | None
    when_words: str | None  # "Senest fredag den 27. november – om 3 dage."
    text: str
    you_do: str | None
    we_do: str | None
    action: Link | None


class ProgressStep(Struct, frozen=True, kw_only=True):
    title: str  # "Vi samler oplysninger"
    words: str | None  # a date, or what happens there
    when: When | None
    state: Literal["done", "now", "later"]
    code: str


class DocumentView(Struct, frozen=True, kw_only=True):
    title: RegisterText
    kind: str  # "Brev fra kommunen"
    when: When | None


class CaseInShort(Struct, frozen=True, kw_only=True):
    """A case as a row of a list."""

    uuid: str
    href: str  # /sager/<uuid>/
    area: str
    area_title: str
    icon: Icon
    kle: str
    title: str
    register_title: RegisterText | None  # the case's own title when the municipality shows it
    lead: str  # what this case is, in a sentence or two
    status: Badge
    you_do: str | None
    sender: str  # "Randers Kommune"
    changed: When | None
    is_open: bool


class CaseView(CaseInShort, frozen=True, kw_only=True):
    """A case, complete enough for its card and for its own page."""

    number: str | None
    meaning: str  # what the status means
    next: str | None  # what happens next
    steps: tuple[ProgressStep, ...]
    outcome: Badge | None  # what was decided
    contact: Contact
    opened: When | None
    documents: tuple[DocumentView, ...]
    documents_words: str  # where to find them, or why none are listed
    grants: tuple[str, ...]  # uuids of GrantView
    payments: tuple[str, ...]  # uuids of PaymentView, newest first, at most 12
    related: tuple[Link, ...]


class CaseSection(Struct, frozen=True, kw_only=True):
    state: State
    complete: bool  # what is listed is known to be all there is
    notices: tuple[Notice, ...]
    words: str  # "Du har 3 sager i gang og 1 afsluttet." or the true "nothing"
    open: Listed[CaseView, CaseInShort]  # newest change first
    closed: Listed[CaseView, CaseInShort]
    decided: tuple[CaseView, ...]  # those among them that have been decided lately


class LadderStep(Struct, frozen=True, kw_only=True):
    """One step from gross to paid; ``words`` explains the difference from the step before."""

    label: str
    amount: Money
    words: str | None
    changed: bool  # differs from the step before for another reason than tax


class PaymentLineView(Struct, frozen=True, kw_only=True):
    title: str
    period: str | None
    amount: Money
    kle: str


class PaymentInShort(Struct, frozen=True, kw_only=True):
    """A payment as a row of a list."""

    uuid: str
    title: str  # "Sygedagpenge"
    when: When
    sender: str  # "Randers Kommune"
    period: str | None  # "november 2026"
    amount: Money  # what reaches the account: paid, else sent, else after tax
    status: Badge  # på vej · udbetalt · ændret · tilbageført
    explanation: tuple[str, ...]  # a sentence for every difference, correction and reversal
    upcoming: bool


class PaymentView(PaymentInShort, frozen=True, kw_only=True):
    """A payment with every step from gross to paid, and what it is made of."""

    ladder: tuple[LadderStep, ...]
    lines: tuple[PaymentLineView, ...]
    contact: Contact


class NextPayment(Struct, frozen=True, kw_only=True):
    total: Money  # of the next day on which money comes
    when: When
    words: str


class MonthPart(Struct, frozen=True, kw_only=True):
    key: str
    title: str
    amount: Money
    planned: bool = False  # not paid yet, or not known to be


class Month(Struct, frozen=True, kw_only=True):
    label: str  # "jun"
    long_label: str  # "juni 2026"
    total: Money
    parts: tuple[MonthPart, ...]
    planned: bool  # some of it is not paid yet, or not known to be


class MonthChart(Struct, frozen=True, kw_only=True):
    words: str  # "Du har fået mellem 14.180 og 14.628 kr. om måneden."
    months: tuple[Month, ...]  # at most six, oldest first
    keys: tuple[MonthPart, ...]  # one of each part, for the legend (amount: the sum)


class GrantView(Struct, frozen=True, kw_only=True):
    uuid: str
    title: str
    period: str  # "fra 2. juni 2026, indtil videre"
    amount: Money | None
    amount_words: str | None  # "18.628,00 kr. før skat hver måned"
    sender: str
    active: bool  # runs today
    ended: bool  # no more comes of it: its period is over, or it was paid once and has been
    ends_soon: str | None  # "Slutter om 12 dage"
    repay: str | None  # that it is a loan, and must be paid back
    case_href: str | None


class MoneySection(Struct, frozen=True, kw_only=True):
    state: State
    complete: bool  # what is listed is known to be all there is
    notices: tuple[Notice, ...]
    words: str
    next: NextPayment | None  # None: no money is known to come
    coming: Listed[PaymentView, PaymentInShort]  # soonest first, also those of which nothing reaches the account
    chart: MonthChart | None
    payments: Listed[PaymentView, PaymentInShort]  # past ones, newest first
    grants: tuple[GrantView, ...]
    # What only the pages show:
    figures: Later[tuple[Figures, ...]]  # of every payment, the newest day first
    figures_of: ForSome[Figures]  # of some payments, by uuid
    years: Later[tuple[int, ...]]  # in which money came, the newest first
    change: Later[MonthChange | None]  # the newest of the changes
    changes: Later[tuple[MonthChange, ...]]  # why a month's money is not that of the month before, newest first
    closer: Later[dict[str, GrantCloser]]  # of every grant, by its uuid
    own_names: Later[tuple[str, ...]]  # a register's own words within the titles, Danish in whatever language


class InterventionView(Struct, frozen=True, kw_only=True):
    id: str
    title: RegisterText
    unit: str | None
    period: str  # "1. september til 31. december 2026"
    detail: str | None
    status: Badge
    x: float  # percent of the plan's width
    width: float


class SubGoalView(Struct, frozen=True, kw_only=True):
    id: str
    number: int
    text: RegisterText
    status: Badge
    interventions: tuple[InterventionView, ...]


class AxisMonth(Struct, frozen=True, kw_only=True):
    label: str  # "aug."
    year: str | None  # only on the first month of a year on the axis
    x: float  # percent where the month begins


class MeetingView(Struct, frozen=True, kw_only=True):
    id: str
    title: str
    when: When
    time_words: str  # "kl. 10.00–11.00"
    short: str  # "2. dec."
    place: str | None
    topic: RegisterText | None
    held: bool
    x: float


class AgreementView(Struct, frozen=True, kw_only=True):
    id: str
    text: RegisterText
    who: str  # "Dig", "Din rådgiver"
    yours: bool
    due: When | None
    status: Badge  # senest … · klaret · overskredet


class PlanView(Struct, frozen=True, kw_only=True):
    uuid: str
    goal: RegisterText
    words: str  # "Aftalt med dig den 17. august 2026. Sidst ændret den 9. november."
    reached: int
    goals: tuple[SubGoalView, ...]
    axis: tuple[AxisMonth, ...]
    today_x: float
    today_label: str  # "I dag 24. nov."
    meetings: tuple[MeetingView, ...]
    next_meeting: MeetingView | None
    agreements: tuple[AgreementView, ...]
    family: str | None
    contact: Contact


class PlanSection(Struct, frozen=True, kw_only=True):
    state: State
    complete: bool  # the plan is shown, or it is known that there is none
    notices: tuple[Notice, ...]
    words: str
    plan: PlanView | None


class AccessView(Struct, frozen=True, kw_only=True):
    """One time somebody read the data, or a day of the citizen's own visits: never the data, never a person's name."""

    number: int  # of the entry, or of the newest one; for its address
    when: When
    who: str
    what: str
    why: str
    yours: bool  # the citizen was it themselves
    times: str | None  # "3 gange": as often within the minute, or the day
    receipt: str | None  # of the citizen's objection to it


class ObjectionView(Struct, frozen=True, kw_only=True):
    """What the citizen has found wrong with an entry of the log or an item, and how that stands."""

    receipt: str  # "483 920 175 664"
    about: str
    reason: str
    words: str  # the citizen's own
    status: str  # what happens next and when, or when it was answered
    answer: str  # the municipality's own words; empty: none yet
    part: RegisterText | None = None  # of a plan: what in it


class AccessLogView(Struct, frozen=True, kw_only=True):
    words: str  # since when the list is complete
    elsewhere: str  # what is not in it
    nothing: str | None  # that nobody has looked, when it is known
    left_out: str | None  # that there are older entries than are shown
    authority: Contact  # the citizen's own municipality: whom to ask
    entries: tuple[AccessView, ...]  # newest first
    objections: tuple[ObjectionView, ...]  # newest first


class AccessPage(Struct, frozen=True, kw_only=True):
    """Some entries of the log, each by itself; newest first."""

    words: str  # since when the log is complete
    elsewhere: str  # what is not in it
    left_out: str | None  # that the reader's own entries are not in it
    items: tuple[AccessView, ...]
    next: int | None  # the number before which the next page begins; None: this is the last


class EntryView(Struct, frozen=True, kw_only=True):
    """One entry, on its own page."""

    entry: AccessView
    authority: Contact
    reasons: tuple[tuple[str, str], ...]  # what can be wrong with it: code and words
    objection: ObjectionView | None


class LookedSection(Struct, frozen=True, kw_only=True):
    """What others than the citizen have seen, for the front page."""

    words: str  # how often since when, in a sentence
    entries: tuple[AccessView, ...]  # the newest few


class NewsView(Struct, frozen=True, kw_only=True):
    """Something that has happened since the last visit."""

    title: str  # "Sygedagpenge"
    register_title: RegisterText | None  # a case's own title, when the municipality shows it
    words: str  # "Sagen er ændret. Nu: Du får hjælpen."
    href: str


class SinceLastVisit(Struct, frozen=True, kw_only=True):
    """What is new since the citizen was last here."""

    words: str  # when that was
    news: tuple[NewsView, ...]
    nothing: str | None  # that nothing new is seen, and whether that is all there is


class Overview(Struct, frozen=True, kw_only=True):
    language: str  # a code of ``data/languages.toml``
    generated: When
    name: str
    greeting: str  # "Godmorgen, Mette"
    lead: str
    freshness: str  # "Hentet i dag kl. 7.45 fra Randers Kommune og Udbetaling Danmark."
    authority: Contact  # the citizen's own municipality
    key_figures: tuple[KeyFigure, ...]
    attention: tuple[Attention, ...]
    cases: CaseSection
    money: MoneySection
    plan: PlanSection
    sources: tuple[SourceStatus, ...]
    areas: tuple[AreaStatus, ...]
    looked: LookedSection | None  # None: it is not the citizen who reads
    since: SinceLastVisit | None  # None: the citizen has not been here before, or it is not they who read
