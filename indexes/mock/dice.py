"""Chance that gives the same answer every time, and UUIDs that say where they came from.

``random.Random`` costs more to seed than a whole citizen costs to make; a SplitMix64 generator (Steele, Lea and Flood
2014) costs nothing to seed, so every citizen, course and payment can have its own.
"""

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def _mix(number: int) -> int:
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    number = (number ^ (number >> 27)) * 0x94D049BB133111EB & _MASK
    return number ^ (number >> 31)


class Dice:
    """A stream of numbers decided by the numbers it is made from."""

    __slots__ = ("_state",)

    def __init__(self, *seeds: int) -> None:
        state = 0
        for seed in seeds:
            state = _mix((state ^ seed) + _GOLDEN & _MASK)
        self._state = state

    def number(self, below: int) -> int:
        """A whole number from 0 up to, not including, ``below``."""
        state = self._state = self._state + _GOLDEN & _MASK
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 & _MASK  # ``_mix``, written out: this is where time goes
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB & _MASK
        return (state ^ (state >> 31)) * below >> 64

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + self.number(high - low + 1)

    def chance(self, share: float) -> bool:
        """True in ``share`` (0 to 1) of the rolls."""
        return self.number(1_000_000) < share * 1_000_000

    def pick(self, things: Sequence[T]) -> T:
        return things[self.number(len(things))]


class Kind(IntEnum):
    """What an object is. The number stands in its UUID."""

    CASE = 1
    DOCUMENT = 2
    GRANT = 3
    PAYMENT = 4
    PLAN = 5
    OTHER = 6


def object_uuid(seed: int, kind: Kind, person: int, ordinal: int) -> str:
    """The UUID of a person's object number ``ordinal`` (below 65,536); ``person`` is below 2**48.

    It can be read back by ``read_uuid``, so an object is found again without any table of all of Denmark's objects.
    """
    check = _mix(_mixed_seed(seed) ^ _mix((person << 20 | ordinal << 4 | kind) & _MASK))
    parts = (check >> 32, ordinal, kind, check >> 12 & 0xFF, check & 0xFFF, person)
    return "%08x-%04x-4%x%02x-8%03x-%012x" % parts  # noqa: UP031  half the time of an f-string with six formats


@lru_cache(maxsize=8)
def _mixed_seed(seed: int) -> int:
    return _mix(seed + _GOLDEN & _MASK)


def read_uuid(text: str) -> tuple[Kind, int] | None:
    """Which kind of object and whose a UUID says it is, or None if it is none of ours.

    Only a claim: the caller makes that person's objects and looks for the whole UUID among them.
    """
    parts = text.lower().split("-")
    try:
        return Kind(int(parts[2][1], 16)), int(parts[4], 16)
    except (IndexError, ValueError):
        return None
