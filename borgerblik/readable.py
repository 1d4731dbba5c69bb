"""Everything held of a citizen as a document to read: headings, paragraphs and tables of finished words. Pure.

It lays out the same frozen overview as the pages. What the pages do not show is told by its topic, its owner and its
date; all of its fields are in the copy for machines.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from borgerblik.overview.elements import Contact, When
from borgerblik.overview.powers import PowerView
from borgerblik.overview.shapes import AccessLogView, CaseView, ObjectionView, Overview, PlanView
from borgerblik.release import Given, Records
from borgerblik.words import Words, filled
from borgerblik.your_data import DataRow

Say = Callable[..., str]
DASH: Final = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """``page`` is a sentence with ``{page}`` and ``{pages}`` to fill in.

    ``unshown`` is said where a ``{sign}`` stands for what cannot be shown. ``danish`` is what registers say in Danish,
    wherever it stands in a table of a document in another language.
    """

    title: str
    language: str
    direction: str
    page: str
    unshown: str
    danish: tuple[str, ...] = ()
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a KLE number and a CVR number are called, in the reader's language."""

    topic: Callable[[str], str]
    authority: Callable[[str], str]


def document(  # noqa: PLR0913 - the parts of it, each by name
    overview: Overview,
    records: Records,
    log: AccessLogView,
    reports: Sequence[ObjectionView],
    powers: Iterable[PowerView],
    *,
    rows: Iterable[DataRow],
    names: Names,
    words: Words,
) -> Document:
    """The whole document."""
    say = _say(words)
    return Document(
        title=say("title"),
        language=words.of.tag,
        direction=words.of.direction,
        page=words.texts["copy/page"],
        unshown=words.texts["copy/unshown"],
        danish=() if words.of.is_danish else tuple(dict.fromkeys(_of_registers(overview, (*log.objections, *reports)))),
        paragraphs=(
            say("made", when=overview.generated.words, name=overview.name),
            *notes(overview.authority, words),
            say("machine"),
        ),
        sections=(
            _section(say, "cases", _head(say, "what", "state", "who", "opened"), _cases(overview)),
            _section(say, "grants", _head(say, "what", "period", "amount", "who"), _grants(overview)),
            _section(say, "payments", _head(say, "when", "what", "amount", "state", "who"), _payments(overview)),
            _section(say, "plan", _head(say, "what", "state", "when"), _plan(overview.plan.plan)),
            _closed(say, records, names),
            _log(say, log),
            _section(say, "objections", _head(say, "what", "why", "state"), _told(log.objections)),
            _section(say, "reports", _head(say, "what", "why", "state"), _told(reports)),
            _section(say, "powers", _head(say, "who", "state", "what"), _powers(powers)),
            _section(say, "data", _head(say, "what", "kind", "origin", "kept"), _data(rows)),
        ),
    )


def notes(authority: Contact, words: Words) -> tuple[str, ...]:
    """What is not in the copy, and whom to ask: the same to everybody."""
    say = _say(words)
    ask = say("call", name=authority.name, phone=authority.phone) if authority.phone else authority.name
    return say("law", authority=ask), say("others"), say("number")


def _say(words: Words) -> Say:
    def say(key: str, **values: object) -> str:
        return filled(words.texts[f"copy/{key}"], values, direction=words.of.direction)

    return say


def _head(say: Say, *keys: str) -> tuple[str, ...]:
    return tuple(say(f"head/{key}") for key in keys)


def _section(say: Say, key: str, head: Sequence[str], rows: Iterable[Sequence[str]], *more: str) -> Section:
    filled = tuple(tuple(row) for row in rows)
    return Section(
        title=say(key),
        paragraphs=more if filled else (*more, say("nothing")),
        table=Table(head=tuple(head), rows=filled) if filled else None,
    )


def _of_registers(overview: Overview, told: Iterable[ObjectionView]) -> Iterator[str]:
    """What registers and authorities say in Danish, in whatever language the rest is."""
    yield from (case.register_title.text for case in _all_cases(overview) if case.register_title)
    yield from overview.money.own_names()
    if plan := overview.plan.plan:
        yield plan.goal.text
        for goal in plan.goals:
            yield goal.text.text
            yield from (intervention.title.text for intervention in goal.interventions)
        yield from (agreement.text.text for agreement in plan.agreements)
        for meeting in plan.meetings:
            yield from (text for text in (meeting.topic and meeting.topic.text, meeting.place) if text)
    yield from (one.answer for one in told if one.answer)


def _all_cases(overview: Overview) -> Iterator[CaseView]:
    return chain(overview.cases.open, overview.cases.closed)


def _at(when: When | None) -> str:
    return when.words if when else DASH


def _cases(overview: Overview) -> Iterator[tuple[str, ...]]:
    for case in _all_cases(overview):
        yield case.title, case.status.words, case.sender, _at(case.opened)


def _grants(overview: Overview) -> Iterator[tuple[str, ...]]:
    for grant in overview.money.grants:
        yield grant.title, grant.period, grant.amount_words or DASH, grant.sender


def _payments(overview: Overview) -> Iterator[tuple[str, ...]]:
    for payment in (*overview.money.coming, *overview.money.payments):
        yield payment.when.words, payment.title, payment.amount.words, payment.status.words, payment.sender


def _plan(plan: PlanView | None) -> Iterator[tuple[str, ...]]:
    """The goal, the sub-goals with their interventions, the agreements and the meetings."""
    if plan is None:
        return
    yield plan.goal.text, DASH, plan.words
    for goal in plan.goals:
        yield goal.text.text, goal.status.words, DASH
        for intervention in goal.interventions:
            yield intervention.title.text, intervention.status.words, intervention.period
    for agreement in plan.agreements:
        yield f"{agreement.who}: {agreement.text.text}", agreement.status.words, _at(agreement.due)
    for meeting in plan.meetings:
        topic = meeting.topic.text if meeting.topic else meeting.title
        yield topic, meeting.place or DASH, f"{meeting.when.words} {meeting.time_words}"


def _closed(say: Say, records: Records, names: Names) -> Section:
    found = [
        *_hidden(say("record/case"), records.cases, names, "opened"),
        *_hidden(say("record/grant"), records.grants, names, "start"),
        *_hidden(say("record/payment"), records.payments, names, "available"),
        *_hidden(say("record/plan"), records.plans, names, "made"),
    ]
    return _section(say, "closed", _head(say, "kind", "what", "who", "when"), found, say("closed_why"))


def _hidden(kind: str, records: Iterable[Given], names: Names, date: str) -> Iterator[tuple[str, ...]]:
    for record in records:
        if not record["shown"]:
            parts = record.get("benefits") or record.get("lines") or [record]
            topics = dict.fromkeys(names.topic(part["kle"]) for part in parts)
            yield kind, ", ".join(topics), names.authority(record["owner_cvr"]), str(record[date] or DASH)


def _log(say: Say, log: AccessLogView) -> Section:
    rows = ((entry.when.words, entry.who, entry.what, entry.why) for entry in log.entries)
    return _section(say, "log", _head(say, "when", "who", "what", "why"), rows, log.words)


def _told(told: Iterable[ObjectionView]) -> Iterator[tuple[str, ...]]:
    """What the citizen has said is wrong, and what came of it."""
    for one in told:
        yield one.about, f"{one.reason} {one.words}".strip(), f"{one.status} {one.answer}".strip()


def _powers(powers: Iterable[PowerView]) -> Iterator[tuple[str, ...]]:
    """Whom they let see their pages, and whose they may see."""
    for one in powers:
        yield one.name, one.words, ", ".join(one.areas)


def _data(rows: Iterable[DataRow]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        yield row.what, row.kind, ", ".join(row.origins), row.kept
