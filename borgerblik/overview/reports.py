"""What a citizen can say is wrong with something they see, and in words how that stands. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from msgspec import Struct

from borgerblik.overview.access import answer_due, grouped
from borgerblik.overview.elements import Contact, RegisterText
from borgerblik.overview.shapes import CaseView, GrantView, ObjectionView, Overview, PaymentView, PlanView
from borgerblik.words import Words, filled


class ItemKind(StrEnum):
    """What has an identity on a citizen's pages."""

    CASE = "case"
    PAYMENT = "payment"
    GRANT = "grant"
    PLAN = "plan"


class PartKind(StrEnum):
    """What a plan is made of."""

    GOAL = "goal"
    EFFORT = "effort"
    AGREEMENT = "agreement"
    MEETING = "meeting"


# What can be wrong, in the order of the form. Each is a key of texts/report: reason/<kind>.
REASONS: Final[Mapping[ItemKind, tuple[str, ...]]] = {
    ItemKind.CASE: ("not_mine", "status", "ended", "not_ended", "facts", "missing", "other"),
    ItemKind.PAYMENT: ("amount", "not_received", "day", "not_mine", "other"),
    ItemKind.GRANT: ("amount", "period", "ended", "not_mine", "other"),
    ItemKind.PLAN: ("goal", "effort", "agreement", "meeting", "shared", "missing", "other"),
}


class PartGroup(Struct, frozen=True, kw_only=True):
    """Parts of a plan of one sort: each with what it is known by and what it says."""

    title: str
    parts: tuple[tuple[str, RegisterText], ...]


class ItemView(Struct, frozen=True, kw_only=True):
    """Something a citizen sees, as the page about what is wrong with it tells of it."""

    kind: ItemKind
    uuid: str
    about: str  # "Sagen om sygedagpenge"
    sender: str
    detail: str  # how it stands: a status, an amount, a period
    href: str  # where it is shown
    contact: Contact | None  # a unit's own; None: ask the authority
    reasons: tuple[tuple[str, str], ...]  # code and words
    parts: tuple["PartGroup", ...] = ()  # of a plan: what in it can be meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a citizen has said is wrong; times are local. ``topics`` are what its KLE numbers are called.

    ``part`` is what in a plan it is about, as the plan said it; ``authority`` is who owns the item and answers.
    ``taken`` and ``answered`` are None while that has not happened.
    """

    receipt: str
    kind: ItemKind
    topics: tuple[str, ...]
    part: str
    day: dt.date | None
    reason: str
    words: str
    authority: str
    made: dt.datetime
    taken: dt.datetime | None
    answer: str
    answered: dt.datetime | None


def item_in(shown: Overview, kind: ItemKind, uuid: str, words: Words) -> ItemView | None:
    """The item as the citizen sees it; None when they see none of that kind with that uuid."""
    match kind:
        case ItemKind.CASE:
            return _first(_case(case, words) for case in (shown.cases.open + shown.cases.closed).chosen({uuid}))
        case ItemKind.PAYMENT:
            every = shown.money.coming + shown.money.payments
            return _first(_payment(payment, words) for payment in every.chosen({uuid}))
        case ItemKind.GRANT:
            return _first(_grant(grant, words) for grant in shown.money.grants if grant.uuid == uuid)
        case ItemKind.PLAN:
            plan = shown.plan.plan
            return _plan(plan, shown, words) if plan and plan.uuid == uuid else None


def report_view(report: Report, words: Words, today: dt.date) -> ObjectionView:
    """What was said, what happens next and by when, or what was answered."""
    day = words.day(report.day, today=today) if report.day else None
    return ObjectionView(
        receipt=grouped(report.receipt),
        about=_about(report.kind, words, words.listed(list(report.topics)), day),
        reason=_say(words, f"reason/{report.kind}/{report.reason}"),
        words=report.words,
        status=_status(report, words, today),
        answer=report.answer,
        part=RegisterText(text=report.part) if report.part else None,
    )


def _status(report: Report, words: Words, today: dt.date) -> str:
    if report.answered:
        return _say(words, "answered", name=report.authority, day=words.day(report.answered.date(), today=today))
    due = answer_due(report.made.date())
    stands = "late" if due < today else "taken" if report.taken else "waiting"
    return _say(words, stands, name=report.authority, day=words.day(due, today=today))


def _say(words: Words, key: str, **values: object) -> str:
    return filled(words.texts[f"report/{key}"], values, direction=words.of.direction)


def _first(found: Iterator[ItemView]) -> ItemView | None:
    return next(found, None)


def _about(kind: ItemKind, words: Words, what: str, day: str | None) -> str:
    """What it is, with its day where that tells it from others of its kind."""
    dated = kind is ItemKind.PAYMENT and day is not None
    return _say(words, f"about/{kind}", what=words.in_a_sentence(what), **({"day": day} if dated else {}))


def _reasons(kind: ItemKind, words: Words, *, but: str = "") -> tuple[tuple[str, str], ...]:
    return tuple((code, _say(words, f"reason/{kind}/{code}")) for code in REASONS[kind] if code != but)


def _case(case: CaseView, words: Words) -> ItemView:
    return ItemView(
        kind=ItemKind.CASE,
        uuid=case.uuid,
        about=_about(ItemKind.CASE, words, case.title, None),
        sender=case.sender,
        detail=case.status.words,
        href=case.href,
        contact=case.contact,
        reasons=_reasons(ItemKind.CASE, words, but="not_ended" if case.is_open else "ended"),
    )


def _payment(payment: PaymentView, words: Words) -> ItemView:
    return ItemView(
        kind=ItemKind.PAYMENT,
        uuid=payment.uuid,
        about=_about(ItemKind.PAYMENT, words, payment.title, payment.when.words),
        sender=payment.sender,
        detail=payment.amount.words,
        href=f"/penge/#p-{payment.uuid}",
        contact=payment.contact,
        reasons=_reasons(ItemKind.PAYMENT, words, but="not_received" if payment.upcoming else ""),
    )


def _grant(grant: GrantView, words: Words) -> ItemView:
    return ItemView(
        kind=ItemKind.GRANT,
        uuid=grant.uuid,
        about=_about(ItemKind.GRANT, words, grant.title, None),
        sender=grant.sender,
        detail=grant.period,
        href="/penge/",
        contact=None,
        reasons=_reasons(ItemKind.GRANT, words, but="ended" if grant.ended else ""),
    )


def _plan(plan: PlanView, shown: Overview, words: Words) -> ItemView:
    return ItemView(
        kind=ItemKind.PLAN,
        uuid=plan.uuid,
        about=_about(ItemKind.PLAN, words, "", None),
        sender=shown.authority.name,
        detail=plan.words,
        href="/plan/",
        contact=plan.contact,
        reasons=_reasons(ItemKind.PLAN, words),
        parts=tuple(group for group in _parts(plan, words) if group.parts),
    )


def _parts(plan: PlanView, words: Words) -> Iterator[PartGroup]:
    efforts = (effort for goal in plan.goals for effort in goal.interventions)
    told: Mapping[PartKind, Iterable[tuple[str, RegisterText]]] = {
        PartKind.GOAL: ((goal.id, goal.text) for goal in plan.goals),
        PartKind.EFFORT: ((effort.id, effort.title) for effort in efforts),
        PartKind.AGREEMENT: ((agreement.id, agreement.text) for agreement in plan.agreements),
        PartKind.MEETING: (
            (meeting.id, RegisterText(text=meeting.when.words, lang=words.of.tag)) for meeting in plan.meetings
        ),
    }
    for kind, parts in told.items():
        known = tuple((part_key(kind, id_), text) for id_, text in parts)
        yield PartGroup(title=_say(words, f"part/{kind}"), parts=known)


def part_key(kind: PartKind, id_: str) -> str:
    """What a part of a plan is known by: sorts of parts may have ids in common."""
    return f"{kind}/{id_}"
