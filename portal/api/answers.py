"""What the calls answer: the same finished words as the pages, in another order.

The OpenAPI document is made from these shapes (``schema.py``), so it cannot drift. The pages' own parts (greeting, key
figures that link to places on the page) are left out.
"""

from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeVar

from msgspec import Struct

from borgerblik.openness import AreaOpenness
from borgerblik.overview.elements import Contact, Notice, State, When
from borgerblik.overview.listed import Item, Listed
from borgerblik.overview.shapes import (
    AccessPage,
    AccessView,
    AreaStatus,
    Attention,
    CaseInShort,
    CaseSection,
    CaseView,
    GrantView,
    MoneySection,
    MonthChart,
    NextPayment,
    Overview,
    PaymentInShort,
    PaymentView,
    PlanSection,
    SourceStatus,
)
from portal.api.paging import Place, Window, cursor_of, page_of
from portal.models import LOG

View = TypeVar("View")

CASES_IN_SUMMARY: Final = 12
COMING_IN_SUMMARY: Final = 12
PAYMENTS_IN_SUMMARY: Final = 6  # half a year of months, as in the chart


class Meta(Struct, frozen=True, kw_only=True):
    """How complete and how fresh the answer is. Read this before you call an empty list "nothing"."""

    generated: When
    language: str
    freshness: str
    sources: tuple[SourceStatus, ...]
    areas: tuple[AreaStatus, ...]


class Citizen(Struct, frozen=True, kw_only=True):
    """Who it is about, without a CPR number. ``authority`` is the citizen's own municipality.

    ``name`` is empty to a system: the indexes hold none, and the system knows whom it asks about.
    """

    name: str
    lead: str
    authority: Contact


class CasesInShort(Struct, frozen=True, kw_only=True):
    """The cases that something happened in last, in short. All of them, with their steps: the calls for cases.

    ``open_total`` and ``closed_total`` count all; at most twelve are listed, open ones first.
    """

    state: State
    complete: bool
    notices: tuple[Notice, ...]
    words: str
    open: tuple[CaseInShort, ...]
    open_total: int
    closed: tuple[CaseInShort, ...]
    closed_total: int


class MoneyInShort(Struct, frozen=True, kw_only=True):
    """What comes next, the newest payments in short, and the last six months.

    All payments, with their steps from gross to paid: the calls for payments. ``coming`` lists at most twelve, soonest
    first, ``payments`` at most six, newest first; their totals count all. The months in ``chart`` are made of all
    payments. ``grants`` are those that have not ended; ``grants_total`` counts the ended ones too.
    """

    state: State
    complete: bool
    notices: tuple[Notice, ...]
    words: str
    next: NextPayment | None
    coming: tuple[PaymentInShort, ...]
    coming_total: int
    chart: MonthChart | None
    payments: tuple[PaymentInShort, ...]
    payments_total: int
    grants: tuple[GrantView, ...]
    grants_total: int


class Summary(Struct, frozen=True, kw_only=True):
    """One citizen's overview in short. Amounts are strings with two decimals, in Danish kroner."""

    meta: Meta
    citizen: Citizen
    attention: tuple[Attention, ...]
    cases: CasesInShort
    money: MoneyInShort
    plan: PlanSection


class CasePage(Struct, frozen=True, kw_only=True):
    """Cases, open ones first and the newest change first within each. ``next`` is the cursor of the next page."""

    meta: Meta
    state: State
    complete: bool
    notices: tuple[Notice, ...]
    words: str
    items: tuple[CaseView, ...]
    next: str | None


class PaymentPage(Struct, frozen=True, kw_only=True):
    """Payments, the latest day first, those to come among them. ``grants`` are all there are, on every page."""

    meta: Meta
    state: State
    complete: bool
    notices: tuple[Notice, ...]
    words: str
    items: tuple[PaymentView, ...]
    next: str | None
    grants: tuple[GrantView, ...]


class Plan(Struct, frozen=True, kw_only=True):
    """The holistic plan, or in words why there is none to see."""

    meta: Meta
    plan: PlanSection


class AccessLogPage(Struct, frozen=True, kw_only=True):
    """Who has read the data, entry by entry, newest first. ``left_out``: that your own are not in it."""

    words: str
    elsewhere: str
    left_out: str | None
    items: tuple[AccessView, ...]
    next: str | None


class AreaPage(Struct, frozen=True, kw_only=True):
    """What each authority shows. ``next`` is the cursor of the next page."""

    items: tuple[AreaOpenness, ...]
    next: str | None


class Usage(Struct, frozen=True, kw_only=True):
    """One time somebody read the data. ``receiverCode`` is a CVR number; empty when the organisation has none here."""

    logtime: str
    action: str
    receiverCode: str  # noqa: N815 - the protocol's name
    receiverName: str  # noqa: N815
    receiverSystem: str  # noqa: N815


class FindUsageResponse(Struct, frozen=True, kw_only=True):
    """``totalUsages`` counts all in the period, whatever the limit."""

    totalUsages: int  # noqa: N815 - the protocol's name
    usages: tuple[Usage, ...]


class UsagePeriodResponse(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From when there are entries. Without ``periodEnd``: until now. Without ``periodStart``: nothing has been read."""

    periodStart: str | None = None  # noqa: N815 - the protocol's name


class HeartbeatResponse(Struct, frozen=True, kw_only=True):
    status: Literal["OK", "FAIL"]
    message: str


Answer = Summary | CasePage | PaymentPage | Plan


def _meta(overview: Overview) -> Meta:
    return Meta(
        generated=overview.generated,
        language=overview.language,
        freshness=overview.freshness,
        sources=overview.sources,
        areas=overview.areas,
    )


def summary_of(overview: Overview, _window: Window) -> Summary:
    return Summary(
        meta=_meta(overview),
        citizen=Citizen(name=overview.name, lead=overview.lead, authority=overview.authority),
        attention=overview.attention,
        cases=_cases_in_short(overview.cases),
        money=_money_in_short(overview.money),
        plan=overview.plan,
    )


def _cases_in_short(section: CaseSection) -> CasesInShort:
    newest = section.open[:CASES_IN_SUMMARY]
    return CasesInShort(
        state=section.state,
        complete=section.complete,
        notices=section.notices,
        words=section.words,
        open=newest.in_short(),
        open_total=len(section.open),
        closed=section.closed[: CASES_IN_SUMMARY - len(newest)].in_short(),
        closed_total=len(section.closed),
    )


def _money_in_short(section: MoneySection) -> MoneyInShort:
    return MoneyInShort(
        state=section.state,
        complete=section.complete,
        notices=section.notices,
        words=section.words,
        next=section.next,
        coming=section.coming[:COMING_IN_SUMMARY].in_short(),
        coming_total=len(section.coming),
        chart=section.chart,
        payments=section.payments[:PAYMENTS_IN_SUMMARY].in_short(),
        payments_total=len(section.payments),
        grants=tuple(grant for grant in section.grants if not grant.ended),
        grants_total=len(section.grants),
    )


def page(listed: Listed[View, object], window: Window, *, of: str) -> tuple[tuple[View, ...], str | None]:
    """A page of a list, of which nothing else is put into words; and the cursor of the next one."""
    items, following = page_of(listed.items, window, of=of, place=_place_of)
    return tuple(item.view for item in items), following


def _place_of(item: Item[object, object]) -> Place:
    return item.place


def cases_of(overview: Overview, window: Window) -> CasePage:
    section = overview.cases
    items, following = page(section.open + section.closed, window, of="cases")
    return CasePage(
        meta=_meta(overview),
        state=section.state,
        complete=section.complete,
        notices=section.notices,
        words=section.words,
        items=items,
        next=following,
    )


def payments_of(overview: Overview, window: Window) -> PaymentPage:
    section = overview.money
    items, following = page(section.coming + section.payments, window, of="payments")
    return PaymentPage(
        meta=_meta(overview),
        state=section.state,
        complete=section.complete,
        notices=section.notices,
        words=section.words,
        items=items,
        next=following,
        grants=section.grants,
    )


def plan_of(overview: Overview, _window: Window) -> Plan:
    return Plan(meta=_meta(overview), plan=overview.plan)


def access_log_of(page: AccessPage) -> AccessLogPage:
    return AccessLogPage(
        words=page.words,
        elsewhere=page.elsewhere,
        left_out=page.left_out,
        items=page.items,
        next=None if page.next is None else cursor_of((str(page.next),), of=LOG),
    )


class Make(Protocol):
    """How a call's answer is made of an overview."""

    def __call__(self, overview: Overview, window: Window, /) -> Answer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One kind of data that a citizen reads of themselves and a consumer of one citizen.

    ``name`` is its scope and the end of the citizen's address, ``plural`` of a consumer's; ``what`` stands in the log.
    """

    name: str
    what: str
    plural: str
    title: str
    description: str
    shape: type[Answer]
    make: Make
    paged: bool


READS = (
    Read(
        name="summary",
        what="overview",
        plural="summaries",
        title="overview",
        description="Cases, money and plan together: the same words, amounts and states as the citizen's own page. At "
        f"most {CASES_IN_SUMMARY} cases and the {PAYMENTS_IN_SUMMARY} newest payments are listed, and at most "
        f"{COMING_IN_SUMMARY} that come, with how many there are of each; the calls for cases and payments give all, a "
        "page at a time.",
        shape=Summary,
        make=summary_of,
        paged=False,
    ),
    Read(
        name="cases",
        what="cases",
        plural="cases",
        title="cases",
        description="Open cases first, the newest change first within each; a page at a time.",
        shape=CasePage,
        make=cases_of,
        paged=True,
    ),
    Read(
        name="payments",
        what="payments",
        plural="payments",
        title="payments and grants",
        description="Payments, the latest day first and those to come among them, a page at a time; and all grants.",
        shape=PaymentPage,
        make=payments_of,
        paged=True,
    ),
    Read(
        name="plan",
        what="plan",
        plural="plans",
        title="holistic plan",
        description="The plan with its goals, interventions, meetings and agreements, while the consent to it stands.",
        shape=Plan,
        make=plan_of,
        paged=False,
    ),
)


OUT: Final = (
    Summary,
    CasePage,
    PaymentPage,
    Plan,
    AccessLogPage,
    AreaPage,
    FindUsageResponse,
    UsagePeriodResponse,
    HeartbeatResponse,
)
