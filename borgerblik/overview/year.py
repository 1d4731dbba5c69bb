"""A year's money on one page: what was paid of each kind in each month, and what it comes to, to the øre.

Pure; made of a finished overview. A payment belongs to the day the money is available; what is to come is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from msgspec import Struct

from borgerblik.overview.money import PaymentItem
from borgerblik.overview.shapes import Money, Overview
from borgerblik.words import ORE, Words

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The steps of one payment, to the øre; None where the index does not know."""

    gross: Decimal
    after_tax: Decimal | None
    sent: Decimal | None
    paid: Decimal | None

    @property
    def taken(self) -> Decimal | None:
        """What went to tax and ATP."""
        return None if self.after_tax is None else self.gross - self.after_tax

    @property
    def known(self) -> bool:
        return None not in {self.after_tax, self.sent, self.paid}


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


def every_payment(shown: Overview) -> tuple[PaymentItem, ...]:
    """All payments the citizen sees, the newest day first, none of them put into words."""
    # the lists of money are made of these alone (``money_section``)
    return cast("tuple[PaymentItem, ...]", (shown.money.coming[::-1] + shown.money.payments).items)


def figures(item: PaymentItem) -> Figures:
    payment = item.payment
    return Figures(
        gross=payment.gross.quantize(ORE),
        after_tax=_to_the_ore(payment.after_tax),
        sent=_to_the_ore(payment.sent),
        paid=_to_the_ore(payment.paid),
    )


def _to_the_ore(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(ORE)


def years(shown: Overview) -> tuple[int, ...]:
    """The years in which money came, the newest first."""
    return tuple(dict.fromkeys(item.day.year for item in every_payment(shown) if not item.upcoming))


def year_of(shown: Overview, year: int, words: Words) -> YearView | None:
    """A year's money; None when none came in it."""
    came = [item for item in reversed(every_payment(shown)) if item.day.year == year and not item.upcoming]
    if not came:
        return None
    kinds = _grouped((_kind(item), item) for item in came)
    known = [figures(item) for item in came]
    return YearView(
        year=year,
        kinds=tuple(
            YearKind(title=title, sender=sender, months=_months(kinds[title, sender], words), total=total)
            for title, sender in sorted(kinds)
            for total in (_sums(map(figures, kinds[title, sender]), words),)
        ),
        months=_months(came, words),
        total=_sums(known, words),
        payments=len(came),
        unknown=sum(not one.known for one in known),
    )


def _kind(item: PaymentItem) -> tuple[str, str]:
    return item.title, item.material.authority(item.payment.owner_cvr).name


def _grouped(found: Iterable[tuple[tuple[str, str], PaymentItem]]) -> Mapping[tuple[str, str], list[PaymentItem]]:
    groups: dict[tuple[str, str], list[PaymentItem]] = {}
    for key, item in found:
        groups.setdefault(key, []).append(item)
    return groups


def _months(items: Iterable[PaymentItem], words: Words) -> tuple[YearRow, ...]:
    """A row for each month in which something came; ``items`` are of one year, oldest first."""
    months: dict[int, list[PaymentItem]] = {}
    for item in items:
        months.setdefault(item.day.month, []).append(item)
    return tuple(
        YearRow(label=words.month_of_year(of_it[0].day), sums=_sums(map(figures, of_it), words))
        for of_it in months.values()
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
