"""Days and instants: relative days from the data files, bank days, and dates as the wire writes them.

Everything hangs on one day, ``today``, that the program is started with.
"""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
COMING_WITHIN = 35  # days: a payment further away has not been sent yet and exists only as the grant's plan
HISTORY_MONTHS = 24  # how far back payments go
WEEKEND = (5, 6)  # Saturday and Sunday, as Python counts weekdays
GREAT_PRAYER_DAY_ABOLISHED = 2024

_MONTH_DAY = re.compile(r"M(?P<months>[+-]\d+)\.(?P<day>\d\d|last)")
_DAY = re.compile(r"D(?P<days>[+-]\d+)(?P<weekday>w?)")


class Payday(StrEnum):
    """On which days a benefit is paid."""

    LAST_BANK_DAY = "last_bank_day"  # kommune benefits, for the month that ends
    FIRST_BANK_DAY = "first_bank_day"  # Udbetaling Danmark, for the month that begins
    QUARTERLY = "quarterly"  # the 20th of January, April, July and October, for the quarter that begins
    ONCE = "once"


def first_of_month(day: date, months: int = 0) -> date:
    """The first of the month that lies ``months`` after the month of ``day``."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def bank_day(day: date, step: int) -> date:
    """``day``, or the nearest Danish bank day forwards (``step`` 1) or backwards (-1)."""
    while day.weekday() in WEEKEND or day in bank_holidays(day.year):
        day += timedelta(days=step)
    return day


@lru_cache
def bank_holidays(year: int) -> frozenset[date]:
    """The days of a year, besides weekends, on which Danish banks are closed and nothing is paid (Finans Danmark)."""
    from_easter = [-3, -2, 1, 39, 40, 50]  # Maundy Thursday to Easter Monday, Ascension and the day after, Whit Monday
    if year < GREAT_PRAYER_DAY_ABOLISHED:
        from_easter.append(26)
    fixed = [(1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31)]
    easter = easter_sunday(year)
    return frozenset(
        [*(date(year, month, day) for month, day in fixed), *(easter + timedelta(days=days) for days in from_easter)]
    )


def easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar, by the rule of Meeus, Jones and Butcher."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    moon = (19 * golden + century - leap_centuries - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    leaps, odd = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * leaps - moon - odd) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def paydays(rule: Payday, today: date) -> tuple[tuple[date, date, date], ...]:
    """(payday, first and last day of the period it pays for), oldest first, up to and with the coming payment.

    Empty for ``ONCE``, which has no days of its own.
    """
    if rule is Payday.ONCE:
        return ()
    found = []
    for offset in range(-HISTORY_MONTHS, 3):
        month = first_of_month(today, offset)
        if rule is Payday.QUARTERLY:
            if month.month % 3 != 1:
                continue
            payday, end = bank_day(month.replace(day=20), -1), last_of_month(first_of_month(month, 2))
        elif rule is Payday.FIRST_BANK_DAY:
            payday, end = bank_day(month, 1), last_of_month(month)
        else:
            payday, end = bank_day(last_of_month(month), -1), last_of_month(month)
        found.append((payday, month, end))
        if payday > today:
            break
    if (found[-1][0] - today).days > COMING_WITHIN:
        found.pop()
    return tuple(found)


def day_of(expression: int | str | date, today: date) -> date:
    """A day written relative to today, as the data files do.

    A number is days from today. ``D+9w`` is nine days from today, moved on to a bank day. ``M-2.01`` is the first of
    the month two months ago, ``M+1.last`` the last of the next month; a date is itself. Raises ValueError on anything
    else.
    """
    if isinstance(expression, date):
        return expression
    if isinstance(expression, int):
        return today + timedelta(days=expression)
    if found := _DAY.fullmatch(expression):
        day = today + timedelta(days=int(found["days"]))
        return bank_day(day, 1) if found["weekday"] else day
    if found := _MONTH_DAY.fullmatch(expression):
        month = first_of_month(today, int(found["months"]))
        return last_of_month(month) if found["day"] == "last" else month.replace(day=int(found["day"]))
    raise ValueError(f"{expression!r} is not a relative day. Write a number of days, D+9w, M-2.01 or M+1.last.")


@lru_cache(maxsize=32_768)
def instant(day: date, clock: str = "00:00:00") -> str:
    """``day`` at ``clock`` (Danish time) as xs:dateTime with its offset, e.g. 2026-07-01T00:00:00+02:00."""
    offset = datetime(day.year, day.month, day.day, 12, tzinfo=COPENHAGEN).strftime("%z")
    return f"{day.isoformat()}T{clock}{offset[:3]}:{offset[3:]}"


def birth_date(*, age: int, birthday_in: int, today: date) -> date:
    """When someone was born who is ``age`` today and has the next birthday in ``birthday_in`` days (1 to 365)."""
    birthday = today + timedelta(days=birthday_in)
    year = birthday.year - age - 1
    if (birthday.month, birthday.day) == (2, 29):
        birthday -= timedelta(days=1)
    return birthday.replace(year=year)
