"""Cleaning: what could not be used and may be tried again, fagsystemer that are no longer used, and the receipts.

For those who administer a whole authority: a message in quarantine belongs to no area. Nobody here reads a citizen's
row or a message: what is shown are numbers, and the shape of a message.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from borgerblik import cleaning, settings_store
from borgerblik.models import Cleaning, Work
from borgerblik.settings_store import UndecidedError
from borgerblik.tasks import clean
from indexes import authorities, quarantine, removals
from indexes.authorities import Authority
from indexes.leaving import Consequence, Fagsystem
from indexes.mending import Which
from indexes.quarantine import Group
from portal.models import StaffUser
from portal.municipality.access import Administrator, administrators_only
from portal.municipality.forms import MessagesForm, RetireForm
from portal.municipality.views import page_of
from portal.municipality.words import counted, day, moment, say

log = logging.getLogger(__name__)
KINDS: Final = ("case", "grant", "payment", "plan")
RECEIPTS: Final = 20  # the newest
REMOVALS: Final = 30  # days, today included
# Of the connection to the broker: a page does not wait for it. What is not queued is found by the clock.
AT_ONCE: Final = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Messages in which the same is wrong, in finished words; ``sent`` is what the form sends of them."""

    id: str
    title: str
    number: str
    field: str
    source: str
    first: str
    last: str
    sample: str
    sent: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A fagsystem of which something is held."""

    name: str
    kinds: tuple[tuple[str, str], ...]  # word, how many
    newest: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One piece of cleaning in finished words."""

    id: UUID
    title: str
    at: str
    who: str
    counts: tuple[str, ...]
    ended: bool


@require_safe
@administrators_only
def index(request: HttpRequest, me: Administrator) -> HttpResponse:
    """What could not be used, which fagsystemer there are, what has gone, and the receipts."""
    mine = [authority for authority, reach in me.reaches.items() if reach.whole]
    if not mine:
        raise Http404
    authority = me.whole_authority(request.GET.get("kommune") or mine[0].code)
    retired = settings_store.retired(authority.code)
    gone = {one.fagsystem for one in retired}
    page = page_of(
        me,
        authority,
        mine=mine,
        intro=say("cleaning.intro", authority=authority.name),
        groups=[_kept(number, group) for number, group in enumerate(quarantine.groups(authority_cvr=authority.cvr))],
        used=[_used(authority, one) for one in cleaning.fagsystems(authority.code) if one.name not in gone],
        retired=[(one.fagsystem, say("cleaning.since", day=day(one.since))) for one in retired if one.since],
        receipts=_receipts(Cleaning.objects.filter(authority_code=authority.code).order_by("-asked")[:RECEIPTS]),
        gone=_gone(authority),
        page="cleaning",
    )
    return render(request, "municipality/cleaning.html", page)


@require_POST
@administrators_only
def try_again(request: HttpRequest, me: Administrator, code: str) -> HttpResponse:
    """Have all messages of one group read once more."""
    authority, form = me.whole_authority(code), MessagesForm(request.POST)
    if not form.is_valid():
        raise Http404
    which = Which(authority_cvr=authority.cvr, **form.which())
    if not any(which.holds(group) for group in quarantine.groups(authority_cvr=authority.cvr)):
        messages.info(request, say("cleaning.nothing_to_try"))  # a colleague, or the last reading, was quicker
        return _back(authority, "kvitteringer")
    _begin(cleaning.ask_to_try_again(code, which, staff_key=me.staff.key))
    messages.success(request, say("cleaning.asked_to_try"))
    return _back(authority, "kvitteringer")


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def fagsystem(request: HttpRequest, me: Administrator, code: str) -> HttpResponse:
    """What goes with a fagsystem; and, once its name is typed, that it goes."""
    authority = me.whole_authority(code)
    name = request.GET.get("navn", "")
    if name not in {one.name for one in cleaning.fagsystems(code)}:
        raise Http404
    form = RetireForm(request.POST if request.method == "POST" else None, name=name)
    if form.is_bound and form.is_valid():
        try:
            _begin(cleaning.ask_to_retire(code, name, staff_key=me.staff.key))
        except UndecidedError:
            messages.error(request, say("cleaning.undecided"))
        else:
            messages.success(request, say("cleaning.asked_to_retire", name=name))
        return _back(authority, "kvitteringer")
    found = cleaning.consequence(code, name)
    page = page_of(
        me,
        authority,
        form=form,
        title=say("cleaning.retire_title", name=name),
        intro=say("cleaning.retire_intro", authority=authority.name, name=name),
        told=_told(found),
        years=_years(found),
        label=say("cleaning.type_name", name=name),
        page="cleaning",
    )
    return render(request, "municipality/fagsystem.html", page, status=400 if form.errors else 200)


@require_POST
@administrators_only
def use_again(request: HttpRequest, me: Administrator, code: str) -> HttpResponse:
    """Take in again what a fagsystem brings; the next reading does."""
    authority, name = me.whole_authority(code), request.POST.get("navn", "")
    known = name in {one.fagsystem for one in settings_store.retired(code)}
    if known and settings_store.retire(code, name, since=None, staff_key=me.staff.key):
        messages.success(request, say("cleaning.used_again", name=name))
    else:
        messages.info(request, say("cleaning.not_retired"))
    return _back(authority, "fagsystemer")


@require_safe
@administrators_only
def receipt(request: HttpRequest, me: Administrator, code: str, receipt: UUID) -> HttpResponse:  # noqa: ARG001 - a view
    """A receipt as a text for the file."""
    me.whole_authority(code)
    found = Cleaning.objects.filter(pk=receipt, authority_code=code, ended__isnull=False).first()
    if found is None:
        raise Http404
    answer = HttpResponse(_text(found), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="kvittering-{found.pk}.txt"'
    return answer


def _begin(asked: Cleaning) -> None:
    """Have a worker do it. While the broker is down nobody waits for it: the clock finds what has not ended."""
    try:
        broker = clean.app.connection_for_write(transport_options=AT_ONCE)
        with broker, broker.Producer() as producer:
            clean.apply_async((str(asked.pk),), producer=producer, retry=False)
    except OperationalError as error:
        log.warning(
            "The broker cannot be reached (%s), so cleaning %s waits. See REDIS_URL.", type(error).__name__, asked.pk
        )


def _back(authority: Authority, anchor: str) -> HttpResponse:
    return redirect(f"{reverse('console_cleaning')}?{urlencode({'kommune': authority.code})}#{anchor}")


def _kept(number: int, group: Group) -> Kept:
    return Kept(
        id=f"gruppe-{number}",
        title=say("cleaning.group", kind=_kind(group.kind), reason=say(f"quality.refused_{group.reason}")),
        number=counted("cleaning.messages", group.messages),
        field=group.what,
        source=say(f"quality.source_{group.source}"),
        first=day(timezone.localdate(group.first)),
        last=day(timezone.localdate(group.last)),
        sample=group.sample,
        sent={"source": group.source, "kind": group.kind, "reason": group.reason, "what": group.what},
    )


def _kind(kind: str) -> str:
    return say(f"quality.kind_{kind}") if kind in KINDS else say("cleaning.kind_other")


def _used(authority: Authority, one: Fagsystem) -> Used:
    return Used(
        name=one.name,
        kinds=tuple((say(f"cleaning.kinds_{kind}"), _number(one.kinds.get(kind, 0))) for kind in KINDS[:3]),
        newest=day(timezone.localdate(one.newest)),
        address=f"{reverse('console_fagsystem', args=[authority.code])}?{urlencode({'navn': one.name})}",
    )


def _told(found: Consequence) -> list[tuple[str, str]]:
    """What goes, and what that does: what it is, and how many."""
    kinds = found.kinds or {}
    told = [
        (say(f"cleaning.kinds_{kind}"), say("cleaning.of_which", number=_number(of.rows), active=_number(of.active)))
        for kind, of in sorted(kinds.items())
    ]
    told += [
        (say(f"cleaning.{name}"), _number(number))
        for name, number in (
            ("citizens", found.citizens),
            ("nothing_left", found.left_with_nothing),
            ("leaning_grants", found.leaning_grants),
            ("leaning_payments", found.leaning_payments),
            ("hidden", found.hidden),
        )
        if number or name == "citizens"
    ]
    return told


def _years(found: Consequence) -> list[tuple[str, str]]:
    years: dict[int | None, int] = {}
    for year, _, rows in found.years or ():
        years[year] = years.get(year, 0) + rows
    known = sorted(year for year in years if year is not None)
    told = [(str(year), _number(years[year])) for year in known]
    return [*told, (say("cleaning.no_year"), _number(years[None]))] if None in years else told


def _receipts(found: Iterable[Cleaning]) -> list[Receipt]:
    rows = list(found)
    names = dict(StaffUser.objects.filter(key__in={row.asked_by for row in rows}).values_list("key", "name"))
    return [
        Receipt(
            id=row.pk,
            title=_work(row),
            at=moment(timezone.localtime(row.ended or row.asked)),
            who=say("changes.operator")
            if row.asked_by == cleaning.OPERATOR
            else names.get(row.asked_by, say("changes.unknown_staff")),
            counts=tuple(
                say("cleaning.count", what=say(f"cleaning.count_{name}"), number=_number(number))
                for name, number in row.counts.items()
            ),
            ended=row.ended is not None,
        )
        for row in rows
    ]


def _text(row: Cleaning) -> str:
    """A receipt as a text for the file, with the line that its digest is of."""
    (told,) = _receipts([row])
    lines = [
        say("cleaning.receipt_title"),
        say("cleaning.receipt_of", authority=authorities.by_code[row.authority_code].name),
        told.title,
        say("cleaning.receipt_asked", at=moment(timezone.localtime(row.asked)), who=told.who),
        say("cleaning.receipt_ended", at=told.at),
        *told.counts,
        cleaning.facts(row),
        say("cleaning.receipt_digest", digest=f"sha256:{bytes(row.digest or b'').hex()}"),
    ]
    return "".join(f"{line}\n" for line in lines)


def _work(row: Cleaning) -> str:
    match Work(row.work):
        case Work.RETIRE:
            return say("cleaning.work_retire", name=row.about["fagsystem"])
        case Work.LEAVE:
            return say("cleaning.work_leave")
        case Work.TRY_AGAIN:
            kind, reason = row.about.get("kind", ""), row.about.get("reason")
            of = say("cleaning.group", kind=_kind(kind), reason=say(f"quality.refused_{reason}")) if reason else ""
            return say("cleaning.work_try_again", of=of)


def _gone(authority: Authority) -> list[tuple[str, str, str]]:
    """Why rows have gone lately, of what kind, and how many."""
    first = timezone.localdate() - timedelta(days=REMOVALS - 1)
    sums: Counter[tuple[str, str]] = Counter()
    for one in removals.since(first, authority_cvr=authority.cvr):
        sums[one.cause, one.kind] += one.rows
    return [
        (say(f"cleaning.cause_{cause}"), say(f"cleaning.kinds_{kind}"), _number(rows))
        for (cause, kind), rows in sorted(sums.items())
    ]


def _number(number: int) -> str:
    """As it is written in Danish: 12.345."""
    return f"{number:,}".replace(",", ".")
