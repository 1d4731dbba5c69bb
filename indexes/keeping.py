"""How long an ended record is kept: until its KLE number's own period is over, else the general one. Plain Python.

One rule at two places: the store does not take in what is over (``store.batch``), and ``purge`` removes each night what
has become so. If either forgot it, a record that an index still sends would be deleted and come back every night.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from indexes.records import Case, CaseStatus

PREFIX_LENGTHS: Final = (8, 5, 2)  # the number itself, its group, its main group
COPENHAGEN: Final = ZoneInfo("Europe/Copenhagen")
_DURATION = re.compile(r"P(?=[0-9])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", re.ASCII)
MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """The last day on which a record may have ended and be over by now: in general, and by KLE prefix."""

    general: date
    hints: Mapping[str, date] = field(default_factory=dict)

    def last_day(self, numbers: Iterable[str]) -> date:
        """For a record of these KLE numbers. Of several the longest period counts: the record is kept whole."""
        return min(map(self._of_number, numbers), default=self.general)

    def is_over(self, ended: date | None, numbers: Iterable[str]) -> bool:
        """Whether a record that ended then is to be gone. One that has not ended, or not visibly, is not."""
        return ended is not None and ended <= self.last_day(numbers)

    def _of_number(self, number: str) -> date:
        prefixes = (number[:length] for length in PREFIX_LENGTHS)
        return next((self.hints[prefix] for prefix in prefixes if prefix in self.hints), self.general)


def before(today: date, duration: str) -> date | None:
    """The day that lies an ISO 8601 duration (P1825D, P5Y) before today; None when it is no length of days or more.

    Of a month that is too short, the last day: nothing is deleted a day early for it.
    """
    found = _DURATION.fullmatch(duration)
    if found is None or not any(map(int, filter(None, found.groups()))):
        return None  # nothing, or nought: "never" and "at once" are not told apart by the editions
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    months_ago = today.year * MONTHS + today.month - 1 - years * MONTHS - months
    if months_ago < MONTHS:
        return None  # before our reckoning
    first = date(months_ago // MONTHS, months_ago % MONTHS + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    day = min(today.day, (following - timedelta(days=1)).day)
    return first.replace(day=day) - timedelta(weeks=weeks, days=days)


def case_ended(case: Case) -> date | None:
    """The day a case was closed; None while it is open, was opened again, or its history does not tell."""
    ended: date | None = None
    for step in case.progress:
        if step.period.end is None:
            if step.status is not CaseStatus.CLOSED or step.period.start is None:
                return None
            day = step.period.start.astimezone(COPENHAGEN).date()
            ended = day if ended is None else max(ended, day)
    return ended
