"""Foelsomhed: how sensitive an object is. Of several levels the strictest counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from indexes.parse.effect import Span, may_cover, stable
from indexes.parse.facts import Parts
from indexes.records import Defect, Sensitivity

_LEVELS = {
    "IKKE_FORTROLIGE_DATA": Sensitivity.ORDINARY,
    "FORTROLIGE_PERSONOPLYSNINGER": Sensitivity.CONFIDENTIAL,
    "FOELSOMME_PERSONOPLYSNINGER": Sensitivity.SENSITIVE,
    "VIP_SAGER": Sensitivity.VIP,
}
# Strictest last: what cannot be read may be anything.
_STRICTNESS = {level: number for number, level in enumerate(Sensitivity)}

UNTOLD: Final = frozenset({Sensitivity.VIP, Sensitivity.UNKNOWN})
"""Nobody is told of an object of these levels: the highest, and what may be the highest."""


def sensitivity(given: str | None) -> Sensitivity:
    """The level of a Foelsomhed; UNKNOWN for a missing or foreign word."""
    return _LEVELS.get(given or "", Sensitivity.UNKNOWN)


def strictest_sensitivity(
    properties: Sequence[tuple[Span | None, Parts]], tag: str, at: datetime, defects: set[Defect]
) -> Sensitivity:
    """The strictest level in effect among ``properties``; a span of None is a period that could not be read.

    A level that cannot be read, or whose period cannot, is UNKNOWN, stricter than all. Adds NO_SENSITIVITY then.
    """
    levels = {
        sensitivity(parts.get(tag)) if span else Sensitivity.UNKNOWN
        for span, parts in properties
        if tag in parts and may_cover(span, at)
    }
    strictest = max(levels, key=_STRICTNESS.__getitem__, default=Sensitivity.UNKNOWN)
    if strictest is Sensitivity.UNKNOWN:
        defects.add(Defect.NO_SENSITIVITY)
    return strictest


def level_span(properties: Sequence[tuple[Span | None, Parts]], tag: str, at: datetime) -> Span:
    """The period around ``at`` in which the levels stay as they are: it decides who may see the object."""
    return stable([(span, sensitivity(parts.get(tag))) for span, parts in properties if span and tag in parts], at)
