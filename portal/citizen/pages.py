"""What each citizen page shows, picked out of the finished overview. Pure: no request, no database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from borgerblik import links
from borgerblik.overview.access import grouped
from borgerblik.overview.elements import Contact, State
from borgerblik.overview.explained import Look, explained
from borgerblik.overview.reports import ItemView
from borgerblik.overview.shapes import (
    AccessLogView,
    AreaStatus,
    CaseSection,
    CaseView,
    EntryView,
    MoneySection,
    ObjectionView,
    Overview,
    PlanSection,
)
from borgerblik.overview.sources import fetched, read_on
from borgerblik.overview.year import year_of
from borgerblik.powers import Powers
from borgerblik.receipts import LONGEST
from borgerblik.reports import ItemPage
from borgerblik.words import load
from indexes.records import Source
from portal.citizen import finding, listing, timeline
from portal.citizen.money import GrantCard, PaymentCard, grant_cards, payment_cards, summary

CASES_ON_OVERVIEW = 6
SEEN_AT_A_GLANCE = 5  # cases among which nobody needs a search
FOUND_BY_EYE = 15  # cases among which few need one: it waits to be opened
PAYMENTS_ON_CASE = 3  # in sight; the older ones wait to be opened
WELL = frozenset({State.FRESH, State.EMPTY})  # of a source: it has answered, and nothing is known to be kept back

Page = dict[str, object]


def overview(shown: Overview) -> Page:
    """The front page: a little of everything."""
    return {
        "overview": shown,
        "cases": shown.cases.open[:CASES_ON_OVERVIEW],
        **summary(shown),
        "change": shown.money.change(),
        "timeline": timeline.for_page(shown.plan.plan, load(shown.language).of.direction),
        "well": all(source.state in WELL for source in shown.sources),
    }


def _fetched(shown: Overview, source: Source, section: CaseSection | MoneySection | PlanSection) -> str | None:
    """How new a section is, and from whom; None where what it says of itself says it, or where it is closed."""
    return fetched(shown.sources, source, load(shown.language)) if section.state in WELL else None


def cases(shown: Overview, query: Mapping[str, str]) -> Page:
    """All cases, or those that the query asks for (``finding``); ``side`` asks for a page of them."""
    asked = finding.asked_for(query)
    found = finding.find(shown.cases, asked)
    page = listing.page_of(found.cases, query.get("side", ""))
    total = len(shown.cases.open) + len(shown.cases.closed)
    return {
        "overview": shown,
        "fetched": _fetched(shown, Source.SDI, shown.cases),
        "asked": asked,
        "found": found,
        "page": page,
        "open": tuple(case for case in page.items if case.is_open),
        "closed": tuple(case for case in page.items if not case.is_open),
        "every_year": asked.query(aar=""),
        "searched": bool(asked.narrows()),
        "query": f"{asked.query()}&" if asked.narrows() else "",
        "any": bool(total),
        "long": total > SEEN_AT_A_GLANCE,
        "folded": not asked.narrows() and total <= FOUND_BY_EYE,
    }


def case(shown: Overview, uuid: str, look: Look) -> Page | None:
    """One case with the money that hangs on it; None when it is not among this citizen's shown cases.

    ``look`` tells how long cases take (``usual_times.of``).
    """
    told = explained(shown.cases, uuid, look)
    if told is None:
        return None
    payments = _payments_of(shown, told.case)
    return {
        "overview": shown,
        "told": told,
        "case": told.case,
        "fetched": fetched(shown.sources, Source.SDI, load(shown.language), name=told.case.sender),
        "links": links.of(told.case.kle, shown.language),
        "post": links.post(),
        "grants": _grants_of(shown, told.case),
        "payments": payments[:PAYMENTS_ON_CASE],
        "older": payments[PAYMENTS_ON_CASE:],
    }


def _grants_of(shown: Overview, case: CaseView) -> tuple[GrantCard, ...]:
    return grant_cards(shown, (grant for grant in shown.money.grants if grant.uuid in case.grants))


def _payments_of(shown: Overview, case: CaseView) -> tuple[PaymentCard, ...]:
    """Newest first, the coming ones among them."""
    every = (shown.money.coming + shown.money.payments).chosen(case.payments)
    known = {payment.uuid: payment for payment in every}
    return payment_cards(shown, (known[uuid] for uuid in case.payments if uuid in known))


def money(shown: Overview, asked: Mapping[str, str]) -> Page:
    """Everything about money; ``side`` asks for a page of the past payments."""
    page = listing.page_of(shown.money.payments, asked.get("side", ""))
    grants = grant_cards(shown, shown.money.grants)
    return {
        "overview": shown,
        **summary(shown),
        "fetched": _fetched(shown, Source.YI, shown.money),
        "changes": shown.money.changes(),
        "coming": payment_cards(shown, shown.money.coming),
        "page": page,
        "payments": payment_cards(shown, page.items),
        "query": "",
        "lasting": tuple(grant for grant in grants if not grant.view.ended),
        "ended": tuple(grant for grant in grants if grant.view.ended),
        "years": shown.money.years(),
    }


def year(shown: Overview, wanted: int) -> Page | None:
    """A year's money; None when none came in it."""
    found = year_of(shown, wanted, load(shown.language))
    return (
        None
        if found is None
        else {"overview": shown, "year": found, "fetched": _fetched(shown, Source.YI, shown.money)}
    )


def plan(shown: Overview) -> Page:
    """The plan with its time axis, and what has been agreed: by the citizen, and by everybody else."""
    agreements = shown.plan.plan.agreements if shown.plan.plan else ()
    return {
        "overview": shown,
        "fetched": _fetched(shown, Source.PLAN, shown.plan),
        "timeline": timeline.for_page(shown.plan.plan, load(shown.language).of.direction),
        "mine": tuple(agreement for agreement in agreements if agreement.yours),
        "theirs": tuple(agreement for agreement in agreements if not agreement.yours),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBy:
    """What one authority shows, what it has not opened, and what nobody has decided about."""

    name: str
    shown: tuple[AreaStatus, ...]
    closed: tuple[AreaStatus, ...]
    undecided: tuple[AreaStatus, ...]


def areas(shown: Overview) -> Page:
    """Every area of every authority concerned."""
    return {
        "overview": shown,
        "authorities": tuple(
            _shown_by(name, [area for area in shown.areas if area.authority_name == name])
            for name in dict.fromkeys(area.authority_name for area in shown.areas)
        ),
    }


def _shown_by(name: str, areas: Sequence[AreaStatus]) -> ShownBy:
    off = [area for area in areas if area.state is State.OFF]
    return ShownBy(
        name=name,
        shown=tuple(area for area in areas if area.state is not State.OFF),
        closed=tuple(area for area in off if not area.undecided),
        undecided=tuple(area for area in off if area.undecided),
    )


def access_log(log: AccessLogView, asked: Mapping[str, str], *, others: bool) -> Page:
    """Who has looked; ``side`` asks for a page of the entries, ``others`` leaves out the citizen's own."""
    # the frame of every page names the sender as ``overview.authority``
    return {
        "overview": log,
        "log": log,
        "others": others,
        "page": listing.page_of(log.entries, asked.get("side", "")),
        "query": "vis=andre&" if others else "",
    }


def objection(shown: EntryView, form: object, *, too_many: bool) -> Page:
    """One entry, and the form that says what is wrong with it or what came of that."""
    return {"overview": shown, "shown": shown, **_form(shown.reasons, form, too_many=too_many)}


def report(  # noqa: PLR0913 - each by name
    shown: Overview, item: ItemView, told: ItemPage, form: object, *, part: str, too_many: bool
) -> Page:
    """One item, what the citizen has said of it, and the form that says what is wrong, unless all of it waits.

    ``part`` is what in a plan is chosen.
    """
    return {
        "overview": shown,
        "item": item,
        "told": [replace(one, about=item.about) for one in told.reports],  # as this page calls it
        "waits": told.waits,
        "asks": bool(item.parts) or not told.waits,
        "part": part,
        "contact": item.contact if item.contact and item.contact.phone else told.authority,
        **_form(item.reasons, form, too_many=too_many),
    }


def reports(told: Sequence[ObjectionView]) -> Page:
    """Everything the citizen has said is wrong with an item."""
    return {"told": told}


def helpers(found: Powers, contact: Contact, made: Mapping[str, str] | None) -> Page:
    """Powers of attorney of both sides, those that are over by themselves; and the code of one that was just given.

    ``made`` is the id and the code of that one; it is shown until the code has been used or can be no more.
    """
    waiting = {power.id: power for power in found.given if power.live and not power.holds}
    new = waiting.get(made["id"]) if made else None
    return {
        "given": tuple(power for power in found.given if power.live),
        "held": tuple(power for power in found.held if power.live),
        "ended": tuple(power for power in found.given + found.held if not power.live),
        "new": new,
        "code": grouped(made["code"]) if made and new else "",
        "contact": contact,
    }


def areas_to_give(shown: Overview) -> tuple[tuple[str, str], ...]:
    """The areas in which something can be seen, by key and name, each once."""
    return tuple({area.key: area.title for area in shown.areas if area.state is not State.OFF}.items())


def _form(reasons: Sequence[tuple[str, str]], form: object, *, too_many: bool) -> Page:
    """What the parts of the form are given (``parts/reason_form.html``)."""
    return {"form": form, "reasons": reasons, "too_many": too_many, "longest": LONGEST}


def fridge(shown: Overview) -> Page | None:
    """The sheet for the fridge; None when there is no plan to see."""
    found = shown.plan.plan
    if found is None:
        return None
    words = load(shown.language)
    left = tuple(agreement for agreement in found.agreements if agreement.status.code != "done")
    return {
        "overview": shown,
        "as_of": read_on(shown.sources, Source.PLAN, shown.generated, words),
        "timeline": timeline.for_sheet(found, words.of.direction),
        "mine": tuple(agreement for agreement in left if agreement.yours),
        "theirs": tuple(agreement for agreement in left if not agreement.yours),
    }
