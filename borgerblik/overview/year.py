"""A year's money on one page: what was paid of each kind in each month, and what it comes to, to the øre.

Pure; made of a finished overview. A payment belongs to the day the money is available; what is to come is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from borgerblik.overview.closer import Figures
from borgerblik.overview.elements import Money
from borgerblik.overview.shapes import Overview
from borgerblik.words import Words

ZERO = Decimal(0)


class Sums(Struct, frozen=True, kw_only=True):
    """Together, of those that are known; None where none is. The words are without kroner."""

    gross: Money | None
    taken: Money | None
    sent: Money | None
    paid: Money | None


class YearRow(Struct, frozen=True, kw_only=True):
    label: str  # "november"
    sums: Sums


class YearKind(Struct, frozen=True, kw_only=True):
    """One kind of payment from one authority."""

    title: str
    sender: str
    months: tuple[YearRow, ...]  # those in which something came, oldest first
    total: Sums


class YearView(Struct, frozen=True, kw_only=True):
    year: int
    kinds: tuple[YearKind, ...]
    months: tuple[YearRow, ...]  # of all kinds together
    total: Sums
    payments: int  # how many it is made of
    unknown: int  # of how many the index does not know every step


def year_of(shown: Overview, year: int, words: Words) -> YearView | None:
    """A year's money; None when none came in it."""
    came = [item for item in reversed(shown.money.figures()) if item.day.year == year and not item.upcoming]
    if not came:
        return None
    kinds = _grouped(((item.title, item.sender), item) for item in came)
    return YearView(
        year=year,
        kinds=tuple(
            YearKind(title=title, sender=sender, months=_months(kinds[title, sender], words), total=total)
            for title, sender in sorted(kinds)
            for total in (_sums(kinds[title, sender], words),)
        ),
        months=_months(came, words),
        total=_sums(came, words),
        payments=len(came),
        unknown=sum(not one.known for one in came),
    )


def _grouped(found: Iterable[tuple[tuple[str, str], Figures]]) -> Mapping[tuple[str, str], list[Figures]]:
    groups: dict[tuple[str, str], list[Figures]] = {}
    for key, item in found:
        groups.setdefault(key, []).append(item)
    return groups


def _months(items: Iterable[Figures], words: Words) -> tuple[YearRow, ...]:
    """A row for each month in which something came; ``items`` are of one year, oldest first."""
    months: dict[int, list[Figures]] = {}
    for item in items:
        months.setdefault(item.day.month, []).append(item)
    return tuple(
        YearRow(label=words.month_of_year(of_it[0].day), sums=_sums(of_it, words)) for of_it in months.values()
    )


def _sums(amounts: Iterable[Figures], words: Words) -> Sums:
    every = tuple(amounts)
    return Sums(
        gross=_sum((one.gross for one in every), words),
        taken=_sum((one.taken for one in every), words),
        sent=_sum((one.sent for one in every), words),
        paid=_sum((one.paid for one in every), words),
    )


def _sum(amounts: Iterator[Decimal | None], words: Words) -> Money | None:
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return None
    total = sum(known, ZERO)
    return Money(words=words.number(total), value=total)
