"""Virkning: when a fact of an object is in effect. Start inclusive, end exclusive (anvisning for Sag, Virkning).

An object's facts have their own periods. We read it as it stands at one instant, and say how long that reading holds.
"""

from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

from lxml.etree import _Element

from indexes.parse import tags
from indexes.parse.problems import Unusable, undecidable
from indexes.parse.values import FIRST_YEAR, LAST_YEAR, instant
from indexes.records import Period

# Both ends of time for us. A Virkning from year 1 or to year 9999 means "unbounded" and is moved to these.
BEGINNING: Final = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
END: Final = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)

Span = tuple[datetime, datetime]
"""Start (inclusive) and end (exclusive). Never None: comparing is what is done most."""

ALWAYS: Final[Span] = (BEGINNING, END)

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)


def span_of(effect: _Element | None, what: str) -> Span:
    """The period of a Virkning; a missing one, a missing end and GraenseIndikator are unbounded.

    Raises:
        Unusable: BAD_DECIDING_FIELD, naming ``what``, if an end cannot be read.
    """
    if effect is None:
        return ALWAYS
    start, end = BEGINNING, END
    for limit in effect:
        tag = limit.tag
        if tag == tags.FROM:
            start = _limit(limit, BEGINNING, what)
        elif tag == tags.UNTIL:
            end = _limit(limit, END, what)
    return start, end


def span_or_none(effect: _Element | None) -> Span | None:
    """As ``span_of`` for facts that decide nothing: None if an end cannot be read."""
    try:
        return span_of(effect, "")
    except Unusable:
        return None


def _limit(limit: _Element, unbounded: datetime, what: str) -> datetime:
    if len(limit) == 1:
        given = limit[0]
        text = (given.text or "").strip()
        if given.tag == tags.TIMESTAMP and (moment := instant(text)):
            return _within_reach(moment)
        if given.tag == tags.NO_LIMIT and text in {"true", "1"}:
            return unbounded
    raise undecidable(f"{what}/Virkning")


def _within_reach(moment: datetime) -> datetime:
    if moment.year < FIRST_YEAR:
        return BEGINNING
    return moment if moment.year <= LAST_YEAR else END


def in_effect(facts: Iterable[tuple[Span, T]], at: datetime) -> list[T]:
    """The facts in effect at ``at``, the one that started last at the end."""
    current = [(span[0], fact) for span, fact in facts if span[0] <= at < span[1]]
    current.sort(key=_start)
    return [fact for _, fact in current]


def _start(fact: tuple[datetime, object]) -> datetime:
    return fact[0]


def latest(facts: Iterable[tuple[Span, T]], at: datetime) -> T | None:
    """The fact in effect at ``at``; of several the one that started last."""
    current = in_effect(facts, at)
    return current[-1] if current else None


def stable(facts: Sequence[tuple[Span, H]], at: datetime) -> Span:
    """The longest period around ``at`` in which the same set of values is in effect as at ``at``."""
    if len(facts) == 1 and facts[0][0][0] <= at < facts[0][0][1]:
        return facts[0][0]  # nearly every object: one fact, in effect
    now = {fact for (start, end), fact in facts if start <= at < end}
    limits = {limit for span, _ in facts for limit in span}
    first, last = ALWAYS
    for limit in sorted(limit for limit in limits if limit > at):
        if {fact for (start, end), fact in facts if start <= limit < end} != now:
            last = limit
            break
    for limit in sorted((limit for limit in limits if limit <= at), reverse=True):
        # What was in effect in the last moment before the limit.
        if {fact for (start, end), fact in facts if start < limit <= end} != now:
            first = limit
            break
    return first, last


def common(spans: Iterable[Span]) -> Period:
    """The intersection of spans that all lie around one instant."""
    starts, ends = zip(ALWAYS, *spans, strict=True)
    return period((max(starts), min(ends)))


def period(span: Span) -> Period:
    start, end = span
    return Period(start=None if start == BEGINNING else start, end=None if end == END else end)
