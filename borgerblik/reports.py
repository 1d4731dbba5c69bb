"""A citizen says that something they see is wrong; the authority it is from looks at it and answers.

The citizen does it under the leave that opens their rows: an item of somebody else is one that is not there. What the
console may read by itself tells of a report, and not of the citizen: not whose it is, what they wrote, nor which record
it is about. These come by ``opened``, which writes into the citizen's access log who has read them.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.db import connections, router, transaction
from django.db.models import QuerySet

from borgerblik import contacts, kle_edition, receipts, words
from borgerblik.access_log import NOBODY, open_citizen
from borgerblik.grants import Leave
from borgerblik.languages import DANISH
from borgerblik.local_time import local
from borgerblik.models import ItemReport
from borgerblik.overview.elements import Contact
from borgerblik.overview.reports import ItemKind, PartKind, Report, part_key, report_view
from borgerblik.overview.shapes import ObjectionView
from borgerblik.rights import REPORT_TOLD
from borgerblik.words import Words
from indexes import authorities
from indexes.models import Case, Grant, Held, Payment, Plan

_HELD: Final[Mapping[ItemKind, Callable[[], QuerySet[Any]]]] = {
    ItemKind.CASE: Case.objects.all,
    ItemKind.PAYMENT: Payment.objects.all,
    ItemKind.GRANT: Grant.objects.all,
    ItemKind.PLAN: Plan.objects.all,
}
_OPEN: Final = "SELECT item, part, part_title, number, day, words FROM read_report(%s, %s, %s, %s)"


class UnknownItemError(LookupError):
    """The citizen has no such item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a citizen says of an item: a reason that its page offers (``overview.reports``), and words of their own."""

    kind: ItemKind
    item: UUID
    reason: str
    words: str
    part: str = ""  # of a plan: ``part_key``


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """Who answers for an item, and what the citizen has said of it, newest first. ``waits``: that is not answered."""

    authority: Contact
    reports: tuple[ObjectionView, ...]
    waits: bool


def page_of(leave: Leave, kind: ItemKind, item: UUID, *, language: str, now: dt.datetime) -> ItemPage:
    """What the page about an item of the citizen's tells besides the item.

    Raises:
        NoGrantError: the leave opens nobody.
        UnknownItemError: there is no such item, or it is somebody else's: the two look the same.
    """
    with transaction.atomic():
        citizen, held = _held(leave, kind, item)
        made = list(ItemReport.objects.filter(citizen=citizen, kind=kind, item=item).order_by("-made"))
    return ItemPage(
        authority=_contact(held.owner_cvr),
        reports=views_of(made, language=language, now=now),
        waits=bool(made) and made[0].answered is None,
    )


def make(leave: Leave, said: Said, *, now: dt.datetime) -> ItemReport:
    """Tell the authority that an item is wrong. While one of the same item waits for its answer, that is what it gives.

    Raises:
        NoGrantError: the leave opens nobody.
        UnknownItemError: there is no such item of theirs, or no such part of it.
        receipts.TooManyError: they have made as many since this time yesterday as one may.
    """
    with transaction.atomic():
        citizen, held = _held(leave, said.kind, said.item)
        receipts.one_at_a_time(citizen)
        theirs = ItemReport.objects.filter(citizen=citizen)
        waiting = theirs.filter(kind=said.kind, item=said.item, part=said.part, answered=None).first()
        if waiting is None:
            receipts.expect_room(theirs, now)
        return waiting or _made(citizen, held, said, now)


def _made(citizen: UUID, held: Held, said: Said, now: dt.datetime) -> ItemReport:
    return ItemReport.objects.create(
        citizen=citizen,
        kind=said.kind,
        item=said.item,
        part=said.part,
        receipt=receipts.new_receipt(),
        owner_cvr=held.owner_cvr,
        reason=said.reason,
        words=receipts.safe(said.words),
        made=now,
        **_copied(held, said.part),
    )


def _copied(held: Held, part: str) -> dict[str, object]:
    """What the authority needs to find the record, as it stands.

    Raises:
        UnknownItemError: it has no such part.
    """
    if part and not isinstance(held, Plan):
        raise UnknownItemError(part)
    match held:
        case Case():
            number = held.facts.get("number") or ""
            return {"kle": [held.kle], "fagsystem": held.fagsystem or "", "number": number, "day": held.opened}
        case Payment():
            return {"kle": held.kle, "fagsystem": held.fagsystem or "", "day": held.available}
        case Grant():
            return {"kle": held.kle, "fagsystem": held.fagsystem or "", "day": held.starts}
        case Plan():
            return {"kle": [held.kle], "part_title": _part_title(held, part) if part else ""}
    raise TypeError(type(held))


def _part_title(plan: Plan, part: str) -> str:
    """What a part of a plan says.

    Raises:
        UnknownItemError: the plan has no such part.
    """
    goals, day = plan.facts.get("sub_goals", ()), words.load(DANISH).day
    told: dict[str, str] = {part_key(PartKind.GOAL, goal["id"]): goal["text"] for goal in goals}
    for effort in chain.from_iterable(goal.get("interventions", ()) for goal in goals):
        told[part_key(PartKind.EFFORT, effort["id"])] = effort["title"]
    for agreement in plan.facts.get("agreements", ()):
        told[part_key(PartKind.AGREEMENT, agreement["id"])] = agreement["text"]
    for meeting in plan.facts.get("meetings", ()):
        begins = local(dt.datetime.fromisoformat(meeting["start"])).date()
        told[part_key(PartKind.MEETING, meeting["id"])] = day(begins, today=dt.date.min)
    if part not in told:
        raise UnknownItemError(part)
    return told[part]


def _held(leave: Leave, kind: ItemKind, item: UUID) -> tuple[UUID, Held]:
    """Whose it is and the record, in a transaction that opens the citizen's rows."""
    citizen = open_citizen(leave, what="reports")
    found = _HELD[kind]().filter(citizen_id=citizen, uuid=item).first() if citizen else None
    if citizen is None or found is None:
        raise UnknownItemError(item)
    return citizen, found


def of_citizen(leave: Leave, *, language: str, now: dt.datetime) -> tuple[ObjectionView, ...]:
    """Everything the citizen has said is wrong with an item, newest first, and what came of it.

    Raises:
        NoGrantError: the leave opens nobody.
    """
    with transaction.atomic():
        citizen = open_citizen(leave, what="reports")
        made = list(ItemReport.objects.filter(citizen=citizen or NOBODY).order_by("-made"))
    return views_of(made, language=language, now=now)


def views_of(made: Sequence[ItemReport], *, language: str, now: dt.datetime) -> tuple[ObjectionView, ...]:
    """Reports in finished words, for the citizen."""
    told = words.load(language)
    return tuple(report_view(_report(one, told), told, local(now).date()) for one in made)


def _report(made: ItemReport, told: Words) -> Report:
    kle = kle_edition.current()
    return Report(
        receipt=made.receipt,
        kind=ItemKind(made.kind),
        topics=tuple(dict.fromkeys(kle.title(number, told) or number for number in made.kle)),
        part=made.part_title,
        day=made.day,
        reason=made.reason,
        words=made.words,
        authority=_contact(made.owner_cvr).name,
        made=local(made.made),
        taken=local(made.taken) if made.taken else None,
        answer=made.answer,
        answered=local(made.answered) if made.answered else None,
    )


def _contact(owner_cvr: str) -> Contact:
    owner = authorities.by_cvr[owner_cvr]
    return contacts.of(owner.code, owner.name)


def for_authority(cvr: str) -> Sequence[ItemReport]:
    """What citizens have found wrong in an authority's data: unanswered first, the oldest of those first."""
    return receipts.in_order(ItemReport.objects.filter(owner_cvr=cvr).only(*REPORT_TOLD))


def one_of_authority(cvr: str, receipt: str) -> ItemReport | None:
    """One of them, as far as it can be told without the citizen knowing of it."""
    return ItemReport.objects.filter(owner_cvr=cvr, receipt=receipt).only(*REPORT_TOLD).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What of a report tells of the citizen: the record it is about, and what they wrote."""

    item: UUID
    part: str
    part_title: str
    number: str
    day: dt.date | None
    words: str


def opened(cvr: str, receipt: str, *, staff_key: str) -> Opened | None:
    """What tells of the citizen in a report to this authority. That it was read stands in the citizen's access log.

    None: there is no such report.
    """
    with connections[router.db_for_write(ItemReport)].cursor() as cursor:
        cursor.execute(_OPEN, [receipt, cvr, staff_key, authorities.by_cvr[cvr].name])
        item, part, part_title, number, day, wrote = cursor.fetchone()
    if item is None:
        return None
    return Opened(item=item, part=part, part_title=part_title, number=number, day=day, words=wrote)


def take(cvr: str, receipt: str, *, staff_key: str, now: dt.datetime) -> bool:
    """Say that somebody looks at it; the citizen is told. False when somebody does, or has answered."""
    free = ItemReport.objects.filter(owner_cvr=cvr, receipt=receipt, taken=None, answered=None)
    return bool(free.update(taken=now, taken_by=staff_key))


def answer(cvr: str, receipt: str, *, words: str, staff_key: str, now: dt.datetime) -> bool:
    """Answer a report to this authority, once: the citizen has read it. False when there is none to answer."""
    theirs = ItemReport.objects.filter(owner_cvr=cvr, receipt=receipt)
    return receipts.answer(theirs, words=words, staff_key=staff_key, now=now)
