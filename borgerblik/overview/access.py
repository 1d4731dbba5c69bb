"""The access log in words: when, who, what they saw and why; and what the citizen finds wrong with it. Pure."""

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby

from msgspec.structs import replace

from borgerblik.local_time import months_after
from borgerblik.overview.elements import Contact, When
from borgerblik.overview.shapes import AccessLogView, AccessPage, AccessView, EntryView, LookedSection, ObjectionView
from borgerblik.words import Words

CITIZEN = "citizen"  # the actor of an entry by the citizen themselves
OWN_REASONS = ("not_me", "other")  # what can be wrong with the citizen's own visit
REASONS = ("unknown", "no_reason", "other")  # and with anybody else's
PURPOSES = ("da", "en")  # what a consumer's own words for its purpose are registered in, a line each
STANDARD_PURPOSES = ("asked", "casework", "guidance", "control")  # what a consumer can ask for, in every language


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the log. ``at`` is local time; ``what`` and ``purpose`` are codes.

    A consumer's purpose is one of ``STANDARD_PURPOSES``, or the sentence it is registered with: in each of
    ``PURPOSES``, a line each.
    """

    number: int
    at: dt.datetime
    actor: str
    organisation: str
    what: str
    purpose: str

    @property
    def yours(self) -> bool:
        return self.actor == CITIZEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What a citizen has found wrong with an entry; times are local. ``answered`` None: not yet."""

    entry: Entry
    receipt: str
    reason: str
    words: str
    made: dt.datetime
    answer: str = ""
    answered: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What others than the citizen have read: how often since the log began, local time, and the newest few times.

    ``last_visit`` is when the citizen was last here before this visit, and ``times_since`` how often others have read
    since. ``report`` and ``objection`` are when something that the citizen has said is wrong was last answered: of
    their data, and of the log. None: never.
    """

    since: dt.datetime
    times: int
    newest: Sequence[Entry]
    last_visit: dt.datetime | None = None
    times_since: int = 0
    report: dt.datetime | None = None
    objection: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What was read of a citizen's log, newest first.

    ``since`` is when the first entry of all was written, local time; None: nothing has ever been read. ``others``:
    without the citizen's own visits. ``whole``: there is nothing older.
    """

    entries: Sequence[Entry]
    objections: Sequence[Objection] = ()
    since: dt.datetime | None
    others: bool = False
    whole: bool = True


def access_log_view(log: Log, *, authority: Contact, words: Words, today: dt.date) -> AccessLogView:
    """The log as a list; the citizen's own visits of a day are one line, and anybody's same again within the minute."""
    begun = words.day(log.since.date(), today=today) if log.since else None
    receipts = {objection.entry.number: objection.receipt for objection in log.objections}
    groups = [list(group) for _, group in groupby(log.entries, key=_same)]
    nothing = words("access/nobody" if log.others else "access/never") if not log.entries else None
    return AccessLogView(
        words=words("access/since", day=begun) if begun else "",
        elsewhere=words("access/elsewhere"),
        nothing=nothing,
        left_out=None if log.whole else words("access/left_out", number=len(log.entries)),
        authority=authority,
        entries=tuple(_line(group, receipts, words, today) for group in groups),
        objections=tuple(objection_view(objection, words, today) for objection in log.objections),
    )


def access_page(log: Log, *, partly: bool, following: int | None, words: Words, today: dt.date) -> AccessPage:
    """The log entry by entry; ``partly``: without those of whoever reads it."""
    begun = words.day(log.since.date(), today=today) if log.since else None
    return AccessPage(
        words=words("access/since", day=begun) if begun else "",
        elsewhere=words("access/elsewhere"),
        left_out=words("access/without_own") if partly else None,
        items=tuple(_entry(entry, words, today) for entry in log.entries),
        next=following,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry for another system: what was read and why, in a sentence."""

    at: dt.datetime
    actor: str
    organisation: str
    action: str


def told(entry: Entry, words: Words) -> Told:
    seen = _entry(entry, words, entry.at.date())
    return Told(
        at=entry.at, actor=entry.actor, organisation=seen.who, action=f"{seen.what}: {words.in_a_sentence(seen.why)}"
    )


def entry_view(
    entry: Entry, objection: Objection | None, *, authority: Contact, words: Words, today: dt.date
) -> EntryView:
    """One entry, and what can be wrong with it."""
    return EntryView(
        entry=_entry(entry, words, today),
        authority=authority,
        reasons=tuple(
            (reason, words(f"access/reason/{reason}")) for reason in (OWN_REASONS if entry.yours else REASONS)
        ),
        objection=objection_view(objection, words, today) if objection else None,
    )


def looked_view(looked: Looked, words: Words, today: dt.date) -> LookedSection:
    """The log on the front page. The log is complete since it began, so that nobody has looked is known, too.

    The same again within the minute is not told again; how many times it was is not known of the newest few alone.
    """
    newest = (next(group) for _, group in groupby(looked.newest, key=_same))
    return LookedSection(
        words=words.counted("looked", looked.times, day=words.day(looked.since.date(), today=today)),
        entries=tuple(_entry(entry, words, today) for entry in newest),
    )


def objection_view(objection: Objection, words: Words, today: dt.date) -> ObjectionView:
    entry = _entry(objection.entry, words, today)
    due = words.day(answer_due(objection.made.date()), today=today)
    answered = words.day(objection.answered.date(), today=today) if objection.answered else None
    return ObjectionView(
        receipt=grouped(objection.receipt),
        about=words("access/about", who=entry.who, what=words.in_a_sentence(entry.what), when=entry.when.words),
        reason=words(f"access/reason/{objection.reason}"),
        words=objection.words,
        status=words("access/answered", day=answered) if answered else words("access/waiting", day=due),
        answer=objection.answer,
    )


def answer_due(made: dt.date) -> dt.date:
    """The last day for an answer: within one month (GDPR article 12(3))."""
    return months_after(made, 1)


def grouped(receipt: str) -> str:
    """A receipt's digits in threes, as one says them on the telephone."""
    return " ".join(receipt[place : place + 3] for place in range(0, len(receipt), 3))


def _same(entry: Entry) -> Hashable:
    """What entries that are told in one line have in common."""
    if entry.yours:
        return entry.at.date()
    minute = entry.at.replace(second=0, microsecond=0)
    return minute, entry.organisation, entry.what, entry.purpose


def _line(group: list[Entry], receipts: dict[int, str], words: Words, today: dt.date) -> AccessView:
    newest = _entry(group[0], words, today)
    whats = list(dict.fromkeys(_what(entry, words) for entry in group))
    found = next((receipts[entry.number] for entry in group if entry.number in receipts), None)
    return replace(
        newest,
        when=_day(group[0].at, words, today) if newest.yours and len(group) > 1 else newest.when,
        what=words.listed([whats[0], *map(words.in_a_sentence, whats[1:])]),
        times=words.counted("access/times", len(group)) if len(group) > 1 else None,
        receipt=grouped(found) if found else None,
    )


def _day(at: dt.datetime, words: Words, today: dt.date) -> When:
    near = (today - at.date()).days in {0, 1}
    day = words.in_days(at.date(), today=today) if near else words.day(at.date(), today=today)
    return When(words=day, iso=at.date().isoformat())


def _entry(entry: Entry, words: Words, today: dt.date) -> AccessView:
    return AccessView(
        number=entry.number,
        when=words.moment(entry.at, today=today),
        who=words("access/you") if entry.yours else entry.organisation or words("access/unknown"),
        what=_what(entry, words),
        why=words.find(f"overview/access/why/{entry.purpose}") or _said(entry.purpose, words),
        yours=entry.yours,
        times=None,
        receipt=None,
    )


def _what(entry: Entry, words: Words) -> str:
    return words.find(f"overview/access/what/{entry.what}") or entry.what


def _said(purpose: str, words: Words) -> str:
    """A consumer's sentence in a language, else in Danish, which is told; one of only one line is said as it is."""
    lines = dict(zip(PURPOSES, purpose.splitlines(), strict=False))
    if len(lines) <= 1:
        return purpose
    return lines.get(words.of.tag) or words("access/in_danish", why=lines["da"])
