"""What came, and is on its way, month by month: the chart of the money page, its table and its sentence."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Protocol

from borgerblik.local_time import months_after
from borgerblik.overview.material import Material
from borgerblik.overview.shapes import Month, MonthChart, MonthPart
from borgerblik.overview.sources import Standing

ZERO = Decimal(0)
MONTHS_IN_CHART = 6


class Amount(Protocol):
    """Money that reaches the account on a day, or is to."""

    @property
    def day(self) -> dt.date: ...

    @property
    def title(self) -> str: ...

    @property
    def amount(self) -> Decimal: ...

    @property
    def arrived(self) -> bool: ...


def month_chart(material: Material, shown: Iterable[Amount], how: Standing) -> MonthChart | None:
    """What came, and is on its way, in each of the last six months; None when nothing did."""
    first = material.today.replace(day=1)
    starts = [months_after(first, -back) for back in range(MONTHS_IN_CHART - 1, -1, -1)]
    sums: dict[dt.date, dict[tuple[str, bool], Decimal]] = {start: {} for start in starts}
    complete = how.complete
    for payment in shown:
        if payment.day >= starts[0] and (start := payment.day.replace(day=1)) in sums:
            part = (payment.title, not payment.arrived)
            sums[start][part] = sums[start].get(part, ZERO) + payment.amount
            complete = complete and (payment.arrived or payment.day >= material.today)
    titles = sorted({title for parts in sums.values() for title, _ in parts})
    if not titles:
        return None
    months = tuple(_month(material, start, parts, titles) for start, parts in sums.items())
    return MonthChart(
        words=_chart_words(material, months, complete=complete), months=months, keys=_keys(material, titles, months)
    )


def _month(material: Material, start: dt.date, parts: Mapping[tuple[str, bool], Decimal], titles: list[str]) -> Month:
    """One month: what has been paid of each title, then what is on its way."""
    words = material.words
    return Month(
        label=words.short_month(start),
        long_label=words.month(start),
        total=words.amount(sum(parts.values(), ZERO)),
        parts=tuple(
            _part(material, titles, title, parts[title, planned], planned=planned)
            for planned in (False, True)
            for title in titles
            if (title, planned) in parts
        ),
        planned=any(planned for _, planned in parts),
    )


def _part(material: Material, titles: list[str], title: str, amount: Decimal, *, planned: bool = False) -> MonthPart:
    return MonthPart(key=str(titles.index(title)), title=title, amount=material.words.amount(amount), planned=planned)


def _keys(material: Material, titles: list[str], months: tuple[Month, ...]) -> tuple[MonthPart, ...]:
    amounts = {t: sum((p.amount.value for m in months for p in m.parts if p.title == t), ZERO) for t in titles}
    return tuple(_part(material, titles, title, amounts[title]) for title in titles)


def _chart_words(material: Material, months: tuple[Month, ...], *, complete: bool) -> str:
    """How much came; where not all can be seen or is known to have come, only what is shown is spoken of."""
    words = material.words
    got = [month.total for month in months if month.parts and not month.planned]
    if not got:
        return words("money/chart/none_yet" if complete else "money/chart/none_seen")
    low, high = min(got, key=lambda m: m.value), max(got, key=lambda m: m.value)
    seen = "" if complete else "_seen"
    if low.value == high.value:
        return words(f"money/chart/same{seen}", amount=low.words)
    return words(f"money/chart/between{seen}", low=low.words, high=high.words)
