"""How long cases of a kind take, as it is counted (``borgerblik.usual_times``). Plain data."""

from dataclasses import dataclass
from typing import Final

FEWEST_CASES: Final = 20  # of as many people; of fewer nothing is counted, kept or told


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualTime:
    """Of one topic's cases that were decided in a year: ``low`` days are enough for a quarter, ``high`` for three."""

    year: int
    cases: int
    low: int
    high: int
