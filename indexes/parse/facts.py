"""What is left of an object once its elements are read: dated facts and relations, as plain values.

The readers of cases, grants and payments decide by these alone. They are made in two ways that must agree: element by
element (``elements``), and for objects of ordinary shape from rows (``rows``).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from indexes.parse.effect import Span, in_effect, readable

T = TypeVar("T")

Parts = Mapping[str, str | None]
"""Texts by the tag (Clark name) they stood under, stripped; None for an element that stands there without."""

Fact = tuple[Span | None, Parts]
"""An attribute, or a state, and when it is in effect: None if that cannot be read."""


class Relation(NamedTuple):
    """A relation to something.

    ``reference`` is the UUID or URN it points at, as it stands; empty if it is missing or cannot be read. ``type`` is
    the UUID of the type of what it points at, in lower case. ``parts`` holds its own texts, those of the extension and
    of the one inner element that its ``RelationKind`` names included.
    """

    reference: str
    type: str | None
    parts: Parts


DatedRelation = tuple[Span | None, Relation]
"""A relation and when it is in effect: None if that cannot be read."""

Relations = Mapping[str, Sequence[DatedRelation]]
"""The relations of an object that we use, under our names for their roles."""


def urn_of(relation: Relation) -> str | None:
    """The URN a relation points at, None if it points at nothing or by a UUID."""
    return relation.reference if relation.reference.lower().startswith("urn:") else None


def current(relations: Relations, name: str, at: datetime) -> list[Relation]:
    """The relations ``name`` that are in effect, the one that started last at the end. For what decides nothing."""
    found = relations.get(name)
    if not found:
        return []
    if len(found) == 1:  # nearly always: worth its own line
        span, relation = found[0]
        return [relation] if span and span[0] <= at < span[1] else []
    return in_effect(readable(found), at)


def current_unit(relations: Relations, name: str, at: datetime, user_type: str) -> Relation | None:
    """The one that started last of the relations ``name`` in effect; None if there is none but persons at work."""
    units = [relation for relation in current(relations, name, at) if relation.type != user_type]
    return units[-1] if units else None


def the_one(values: Iterable[T | None]) -> T | None:
    """The one value among ``values``; None if there is none, or several that differ."""
    different = {value for value in values if value is not None}
    return different.pop() if len(different) == 1 else None
