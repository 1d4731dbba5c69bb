"""Virkning: when a fact of an object is in effect. Start inclusive, end exclusive (anvisning for Sag, Virkning).

An object's facts have their own periods. We read it as it stands at one instant, and say how long that reading holds.
"""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, TypeVar

from lxml.etree import _Element

from indexes.parse import tags
from indexes.parse.problems import Unusable, undecidable
from indexes.parse.values import BEGINNING, END, FLAGS, instant
from indexes.records import Period

Span = tuple[datetime, datetime]
"""Start (inclusive) and end (exclusive). Never None: comparing is what is done most."""

ALWAYS: Final[Span] = (BEGINNING, END)

_EFFECT: Final = frozenset({tags.FROM, tags.UNTIL, tags.EFFECT_ACTOR, tags.EFFECT_ACTOR_TYPE, tags.NOTE})

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)


def span_of(effect: _Element | None, what: str) -> Span:
    """The period of a Virkning; a missing one, a missing end and GraenseIndikator are unbounded.

    One that ends as it begins was deleted so (anvendelsesmønster AM-02). One that ends before it begins is a mistake
    nobody can tell the meaning of: a hiding must not be overlooked because of it.

    Raises:
        Unusable: BAD_DECIDING_FIELD, naming ``what``, if an end cannot be read, the ends are in the wrong order, or
            something unknown stands there.
    """
    if effect is None:
        return ALWAYS
    parts = {child.tag: child for child in effect}
    if len(parts) != len(effect) or not parts.keys() <= _EFFECT:
        raise undecidable(f"{what}/Virkning")
    start, end = _limit(parts.get(tags.FROM), BEGINNING, what), _limit(parts.get(tags.UNTIL), END, what)
    if start > end:
        raise undecidable(f"{what}/Virkning")
    return start, end


def certain(span: Span | None, what: str) -> Span:
    """A period that decides.

    Raises:
        Unusable: BAD_DECIDING_FIELD, naming ``what``, if it could not be read.
    """
    if span is None:
        raise undecidable(f"{what}/Virkning")
    return span


def span_or_none(effect: _Element | None) -> Span | None:
    """As ``span_of``, but None where that raises: the caller says what an unreadable period means."""
    try:
        return span_of(effect, "")
    except Unusable:
        return None


def _limit(limit: _Element | None, unbounded: datetime, what: str) -> datetime:
    if limit is None:
        return unbounded
    if len(limit) == 1:
        given = limit[0]
        text, tag = given.text, given.tag
        if tag == tags.TIMESTAMP and text and (moment := instant(text.strip())):
            return moment
        if tag == tags.NO_LIMIT and text and FLAGS.get(text.strip()):
            return unbounded
    raise undecidable(f"{what}/Virkning")


def may_cover(span: Span | None, at: datetime) -> bool:
    """Whether a fact is in effect, or its period cannot be read: for what must not be overlooked."""
    return span is None or span[0] <= at < span[1]


def readable(facts: Iterable[tuple[Span | None, T]]) -> list[tuple[Span, T]]:
    """The facts whose periods can be read."""
    return [(span, fact) for span, fact in facts if span is not None]


def in_effect(facts: Sequence[tuple[Span, T]], at: datetime) -> list[T]:
    """The facts in effect at ``at``, the one that started last at the end."""
    if len(facts) == 1:  # nearly always: worth its own line
        (start, end), fact = facts[0]
        return [fact] if start <= at < end else []
    current = [(span, fact) for span, fact in facts if span[0] <= at < span[1]]
    current.sort(key=_start)
    return [fact for _, fact in current]


def _start(dated: tuple[Span, object]) -> datetime:
    return dated[0][0]


def latest(facts: Sequence[tuple[Span, T]], at: datetime) -> T | None:
    """The fact in effect at ``at``; of several the one that started last."""
    current = in_effect(facts, at)
    return current[-1] if current else None


def stable(facts: Sequence[tuple[Span, H]], at: datetime) -> Span:
    """The longest period around ``at`` in which the same set of values is in effect as at ``at``."""
    if not facts:
        return ALWAYS
    if len(facts) == 1 and facts[0][0][0] <= at < facts[0][0][1]:
        return facts[0][0]
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
    start, end = ALWAYS
    before = ALWAYS
    for span in spans:
        if span is not before:  # most are read from the same text
            start, end = max(start, span[0]), min(end, span[1])
            before = span
    return period((start, end))


@lru_cache(maxsize=8192)  # those of an authority's cases begin on the same days
def period(span: Span) -> Period:
    start, end = span
    return Period(start=None if start == BEGINNING else start, end=None if end == END else end)
