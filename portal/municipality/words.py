"""The console's words, from ``borgerblik/texts/console.da.toml``. Danish only: Danish staff read them.

A key that is missing is a defect and raises ``KeyError``; the suite proves that each key is used.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache

from babel.dates import format_date, format_datetime
from babel.lists import format_list

from borgerblik.words import TEXTS

FILE = TEXTS / "console.da.toml"
_LOCALE = "da_DK"


@cache
def tables() -> Mapping[str, Mapping[str, str]]:
    """All words, as templates read them: ``{{ words.page.title }}``."""
    return tomllib.loads(FILE.read_text("utf-8"))


def say(key: str, **values: object) -> str:
    """The words of "table.name", filled in."""
    table, name = key.split(".")
    return tables()[table][name].format(**values)


def left_out(authority: str) -> str:
    """What is told of an authority in which a role is limited by what is not kept here."""
    return say("limited.left_out", authority=authority)


def counted(key: str, number: int) -> str:
    return say(f"{key}_{'one' if number == 1 else 'many'}", number=number)


def day(value: dt.date) -> str:
    """A day with its year: "1. januar 2024"."""
    return format_date(value, "d. MMMM y", locale=_LOCALE)


def moment(value: dt.datetime) -> str:
    """A local instant: "24. november 2026 kl. 9.05"."""
    return format_datetime(value, "d. MMMM y 'kl.' H.mm", locale=_LOCALE)


def listed(names: Iterable[str]) -> str:
    """Names as a list in words: "A, B og C"."""
    return format_list(list(names), locale=_LOCALE)
