"""Time as a clock in Denmark shows it."""

import datetime as dt
from calendar import monthrange
from typing import Final
from zoneinfo import ZoneInfo

COPENHAGEN: Final = ZoneInfo("Europe/Copenhagen")


def local(at: dt.datetime) -> dt.datetime:
    return at.astimezone(COPENHAGEN)


def midnight_after(day: dt.date) -> dt.datetime:
    """When a day is over."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), COPENHAGEN)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or earlier when negative; the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, monthrange(year, month)[1]))
