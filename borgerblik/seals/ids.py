"""Which entries a block covers: a set of ids, held as ranges."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from psycopg.types.multirange import Int8Multirange, Multirange
from psycopg.types.range import Int8Range

Ids = Multirange[int]

if TYPE_CHECKING:
    _Field = models.Field[Ids, Ids]
else:  # Django's own class takes no parameters
    _Field = models.Field


class IdsField(_Field):
    """PostgreSQL's ``int8multirange``: ranges in order, from an id to before another; no two touch."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django passes it; PostgreSQL is the only database
        return "int8multirange"


def ids_of(numbers: Iterable[int]) -> Ids:
    """The set of these ids, which come in order."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        first = ranges.pop()[0] if ranges and ranges[-1][1] == number else number
        ranges.append((first, number + 1))
    return Int8Multirange([Int8Range(first, end) for first, end in ranges])


def parts_of(ids: Ids) -> list[tuple[int, int]]:
    """From which id to before which, range by range."""
    return [(part.lower or 0, part.upper or 0) for part in ids]


def size_of(ids: Ids) -> int:
    return sum(end - first for first, end in parts_of(ids))
