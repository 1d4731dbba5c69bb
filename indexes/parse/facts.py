"""What is left of an object once its elements are read: dated facts and relations, as plain values.

The readers of cases, grants and payments decide by these alone. They are made in two ways that must agree: element by
element (``elements``), and for objects of ordinary shape from rows (``rows``).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from indexes.parse.effect import Span, in_effect

T = TypeVar("T")

Parts = Mapping[str, str]
"""Texts by the tag (Clark name) they stood under, stripped; an empty one for an element that stands there without."""


class Fact(NamedTuple):
    """An attribute, or a state. ``span`` is when it is in effect, None if that cannot be read."""

    span: Span | None
    parts: Parts


class Relation(NamedTuple):
    """A relation to something. ``span`` is when it is in effect, None if that cannot be read.

    ``reference`` is the UUID or URN it points at, as it stands; empty if it is missing or cannot be read. ``type`` is
    the UUID of the type of what it points at, in lower case. ``parts`` holds its own texts, those of the extension and
    of the one inner element that its ``RelationKind`` names included.
    """

    span: Span | None
    reference: str
    type: str | None
    parts: Parts


Relations = Mapping[str, Sequence[Relation]]
"""The relations of an object that we use, under our names for their roles."""


def text(parts: Parts, tag: str) -> str | None:
    """The text under ``tag``; None if it is missing or empty."""
    return parts.get(tag) or None


def urn_of(relation: Relation) -> str | None:
    """The URN a relation points at, None if it points at nothing or by a UUID."""
    return relation.reference if relation.reference.lower().startswith("urn:") else None


def dated(relations: Iterable[Relation]) -> list[tuple[Span, Relation]]:
    """Relations that decide nothing, with their periods; one whose Virkning cannot be read is left out."""
    return [(relation.span, relation) for relation in relations if relation.span is not None]


def current(relations: Relations, name: str, at: datetime) -> list[Relation]:
    """The relations ``name`` that are in effect, the one that started last at the end. For what decides nothing."""
    found = relations.get(name)
    if not found:
        return []
    if len(found) == 1:  # nearly always: worth its own line
        span = found[0].span
        return [found[0]] if span and span[0] <= at < span[1] else []
    return in_effect(dated(found), at)


def current_unit(relations: Relations, name: str, at: datetime, user_type: str) -> Relation | None:
    """The one that started last of the relations ``name`` in effect; None if there is none but persons at work."""
    units = [relation for relation in current(relations, name, at) if relation.type != user_type]
    return units[-1] if units else None


def the_one(values: Iterable[T | None]) -> T | None:
    """The one value among ``values``; None if there is none, or several that differ."""
    different = {value for value in values if value is not None}
    return different.pop() if len(different) == 1 else None
