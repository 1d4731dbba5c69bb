"""The quality of an authority's data: what citizens say is wrong with what they see, and what was found at the door.

A role that is limited to areas sees reports about those. What a citizen wrote is on the page of each report; whoever
opens it is written into the citizen's access log.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from borgerblik import areas, kle_edition, quality, reports, settings_store
from borgerblik.areas import Kind
from borgerblik.models import ItemReport
from borgerblik.overview.access import grouped
from borgerblik.overview.reports import ItemKind
from borgerblik.quality import SourceQuality
from borgerblik.receipts import LONGEST
from borgerblik.words import load as load_words
from indexes.authorities import Authority
from indexes.records import Source
from portal.municipality.access import Administrator, administrators_only
from portal.municipality.answering import AnswerForm, Due, answered_words, due_of
from portal.municipality.views import limited, page_of
from portal.municipality.words import counted, day, listed, moment, say

ON_A_PAGE = 50
NEW, TAKEN, ANSWERED = STATES = ("new", "taken", "answered")
KIND_OF: Mapping[ItemKind, Kind] = {
    ItemKind.CASE: Kind.CASE,
    ItemKind.PAYMENT: Kind.BENEFIT,
    ItemKind.GRANT: Kind.BENEFIT,
    ItemKind.PLAN: Kind.PLAN,
}
SOURCE_OF: Mapping[ItemKind, Source] = {
    ItemKind.CASE: Source.SDI,
    ItemKind.PAYMENT: Source.YI,
    ItemKind.GRANT: Source.YI,
    ItemKind.PLAN: Source.PLAN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report in finished words, without what tells of the citizen. ``keys`` are what the list can be narrowed by."""

    number: str
    receipt: str
    kind: str
    area: str
    topic: str
    fagsystem: str
    reason: str
    made: str
    due: Due
    state: str
    state_words: str
    answer: str
    answered: str
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to narrow the list: a name in the address, and what can be chosen."""

    name: str
    label: str
    every: str
    options: tuple[tuple[str, str, bool], ...]  # key, words, whether it is chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one index's last reading found, in finished words."""

    key: str
    title: str
    read: str
    reading: str
    nothing: str
    defects: tuple[tuple[str, str, str], ...]  # what, of which fagsystem, how many
    refused: tuple[tuple[str, str], ...]  # why, how many


@require_safe
@administrators_only
def index(request: HttpRequest, me: Administrator) -> HttpResponse:
    """All reports to one authority, narrowed as asked, those to be answered first; and the defects at the door."""
    authority = me.authority(request.GET.get("kommune"))
    told = [_told(one, authority) for one in _within(me, authority, reports.for_authority(authority.cvr))]
    choices = _choices(told, request.GET)
    fitting = [one for one in told if all(_fits(one, choice) for choice in choices)]
    shown = Paginator(fitting, ON_A_PAGE).get_page(request.GET.get("side"))
    page = page_of(
        me,
        authority,
        told=shown,
        position=say("changes.page", number=shown.number, total=shown.paginator.num_pages),
        asked=_asked(authority, choices),
        any=bool(told),
        open_words=counted("quality.open", sum(one.state != ANSWERED for one in told)),
        choices=choices,
        found=[_found(one) for one in quality.of_authority(authority)] if me.reaches[authority].whole else (),
        intro=say("quality.intro", authority=authority.name),
        limited=limited(me, authority, "quality"),
        page="quality",
    )
    return render(request, "municipality/quality.html", page)


@require_safe
@administrators_only
def report(request: HttpRequest, me: Administrator, code: str, receipt: str) -> HttpResponse:
    """One report with what the citizen wrote. That it was opened stands in the citizen's access log."""
    authority = me.authority(code)
    one = _one(me, authority, receipt)
    opened = reports.opened(authority.cvr, receipt, staff_key=me.staff.key)
    if opened is None:
        raise Http404
    page = page_of(
        me,
        authority,
        one=_told(one, authority),
        opened=opened,
        opened_day=day(opened.day) if opened.day else "",
        longest=LONGEST,
        page="quality",
    )
    return render(request, "municipality/report.html", page)


@require_POST
@administrators_only
def take(request: HttpRequest, me: Administrator, code: str, receipt: str) -> HttpResponse:
    """Tell the citizen that somebody looks at it."""
    authority = me.authority(code)
    _one(me, authority, receipt)
    if reports.take(authority.cvr, receipt, staff_key=me.staff.key, now=timezone.now()):
        messages.success(request, say("quality.taken_now"))
    else:
        messages.info(request, say("quality.taken_before"))
    return redirect("console_report", code, receipt)


@require_POST
@administrators_only
def answer(request: HttpRequest, me: Administrator, code: str, receipt: str) -> HttpResponse:
    """Answer one report, once."""
    authority, form = me.authority(code), AnswerForm(request.POST)
    _one(me, authority, receipt)
    if not form.is_valid():
        messages.error(request, say("objection.answer_missing"))
        return redirect("console_report", code, receipt)
    told, words = grouped(receipt), form.cleaned_data["words"]
    if reports.answer(authority.cvr, receipt, words=words, staff_key=me.staff.key, now=timezone.now()):
        messages.success(request, say("objection.sent", receipt=told))
    else:
        messages.error(request, say("objection.gone", receipt=told))
    return redirect(f"{reverse('console_quality')}?kommune={authority.code}")


def _within(me: Administrator, authority: Authority, found: Iterable[ItemReport]) -> list[ItemReport]:
    """Those that lie within the administrator's role."""
    return [one for one in found if me.reaches[authority].holds(one.kle)]


def _one(me: Administrator, authority: Authority, receipt: str) -> ItemReport:
    """A report to the authority within the administrator's role.

    Raises:
        Http404: there is none.
    """
    found = reports.one_of_authority(authority.cvr, receipt)
    if found is None or not _within(me, authority, [found]):
        raise Http404
    return found


def _told(one: ItemReport, authority: Authority) -> Told:
    words, kind = load_words("da"), ItemKind(one.kind)
    kle, owner = kle_edition.current(), settings_store.owner_of(authority.code)
    found = [areas.load().of(number, KIND_OF[kind], owner) for number in one.kle]
    area = next((area for area in found if area is not None), None)
    state = ANSWERED if one.answered else TAKEN if one.taken else NEW
    return Told(
        number=one.receipt,
        receipt=say("objection.receipt", receipt=grouped(one.receipt)),
        kind=say(f"quality.kind_{kind}"),
        area=words.area(area.key) if area else say("quality.no_area"),
        topic=listed(f"{kle.title(number, words) or number} ({number})" for number in one.kle),
        fagsystem=one.fagsystem or say("quality.no_fagsystem"),
        reason=words.texts[f"report/reason/{kind}/{one.reason}"],
        made=moment(timezone.localtime(one.made)),
        due=due_of(one, timezone.localdate()),
        state=state,
        state_words=say(f"quality.state_{state}"),
        answer=one.answer,
        answered=answered_words(one),
        keys={"kilde": SOURCE_OF[kind], "slags": kind, "omraade": area.key if area else "", "tilstand": state},
    )


def _choices(told: Iterable[Told], asked: Mapping[str, str]) -> tuple[Choice, ...]:
    """How the list can be narrowed, and how many each choice shows; of areas those that there is something about."""
    told = list(told)
    found = {one.keys["omraade"]: one.area for one in told if one.keys["omraade"]}
    options: dict[str, Mapping[Any, str]] = {
        "tilstand": {state: say(f"quality.state_{state}") for state in STATES},
        "kilde": {source: say(f"quality.source_{source}") for source in Source},
        "slags": {kind: say(f"quality.kind_{kind}") for kind in ItemKind},
        "omraade": dict(sorted(found.items(), key=lambda pair: pair[1])),
    }
    return tuple(
        Choice(
            name=name,
            label=say(f"quality.choose_{name}"),
            every=say(f"quality.every_{name}"),
            options=tuple(
                (str(key), f"{title} ({_number(told, name, key)})", key == asked.get(name))
                for key, title in known.items()
            ),
        )
        for name, known in options.items()
    )


def _asked(authority: Authority, choices: Iterable[Choice]) -> str:
    """The list as it is narrowed now, as the beginning of an address's query."""
    chosen = {choice.name: key for choice in choices for key, _, chosen in choice.options if chosen}
    return urlencode({"kommune": authority.code, **chosen})


def _number(told: Iterable[Told], name: str, key: str) -> int:
    """How many of the reports one choice would show."""
    return sum(one.keys[name] == key for one in told)


def _fits(one: Told, choice: Choice) -> bool:
    """Whether a report is what has been chosen; where nothing is, all are."""
    chosen = next((key for key, _, chosen in choice.options if chosen), None)
    return chosen is None or one.keys[choice.name] == chosen


def _reading(read: SourceQuality) -> str:
    """How far the next reading is, if one has begun."""
    if read.reading is None:
        return ""
    if read.reading.stopped:
        return say("quality.reading_stopped")
    return say("quality.reading", read=read.reading.read, told=read.reading.told)


def _found(read: SourceQuality) -> Found:
    clean = read.read is not None and not read.defects and not read.refused
    return Found(
        key=read.source,
        title=say(f"quality.source_{read.source}"),
        read=say("quality.read", moment=moment(timezone.localtime(read.read))) if read.read else say("quality.unread"),
        reading=_reading(read),
        nothing=say("quality.clean") if clean else "",
        defects=tuple(
            (
                say(f"quality.defect_{one.defect}"),
                one.fagsystem or say("quality.no_fagsystem"),
                say("quality.of", count=one.count, records=one.records),
            )
            for one in read.defects
        ),
        refused=tuple((say(f"quality.refused_{reason}"), str(number)) for reason, number in read.refused.items()),
    )
