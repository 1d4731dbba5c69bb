"""Where the money chart's bars stand: heights that add up, round lines, money taken back below nought."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borgerblik.overview.elements import Money
from borgerblik.overview.shapes import Month, MonthChart, MonthPart
from portal.citizen.chart import BOTTOM, LINE, MOST_STEPS, TOP, Chart, draw


def part(key: str, value: Decimal) -> MonthPart:
    return MonthPart(key=key, title=f"Ydelse {key}", amount=Money(words=f"{value} kr.", value=value))


def chart_of(*months: dict[str, Decimal]) -> Chart:
    keys = sorted({key for month in months for key in month})
    drawn = draw(
        MonthChart(
            words="",
            months=tuple(
                Month(
                    label="jan.",
                    long_label="januar 2026",
                    total=Money(words="", value=sum(month.values(), Decimal(0))),
                    parts=tuple(part(key, value) for key, value in month.items()),
                    planned=False,
                )
                for month in months
            ),
            keys=tuple(part(key, sum((m.get(key, Decimal(0)) for m in months), Decimal(0))) for key in keys),
        ),
        "da",
    )
    assert drawn is not None
    return drawn


def test_no_chart_is_drawn_of_nothing() -> None:
    assert draw(None, "da") is None


def test_lines_stand_at_round_amounts() -> None:
    chart = chart_of({"0": Decimal(14628)})
    assert [tick.words for tick in chart.ticks] == ["0 kr.", "5.000 kr.", "10.000 kr.", "15.000 kr."]
    assert chart.ticks[0].zero
    assert (chart.ticks[0].y, chart.ticks[-1].y) == (f"{BOTTOM:.1f}", f"{TOP:.1f}")


def test_the_largest_part_stands_at_the_bottom_and_first_in_the_legend() -> None:
    chart = chart_of({"0": Decimal(1216), "1": Decimal(13412)})
    assert [(key.title, key.series) for key in chart.keys] == [("Ydelse 1", 0), ("Ydelse 0", 1)]
    lower, upper = chart.bars[0].pieces
    assert (lower.series, upper.series) == (0, 1)
    assert float(upper.y) + float(upper.height) == pytest.approx(float(lower.y), abs=0.11)


def test_money_taken_back_hangs_below_nought() -> None:
    chart = chart_of({"0": Decimal(9500)}, {"0": Decimal(-1154)})
    zero = next(float(tick.y) for tick in chart.ticks if tick.zero)
    (taken,) = chart.bars[1].pieces
    assert float(taken.y) == zero
    assert zero < BOTTOM
    assert chart.bars[1].sum_words == "−1.154 kr."


def test_a_month_without_money_has_no_bar_and_no_sum() -> None:
    chart = chart_of({"0": Decimal(100)}, {})
    assert chart.bars[1].pieces == ()
    assert not chart.bars[1].sum_words
    assert [cell.words for cell in chart.table[1].cells] == [None]


def test_a_seventh_part_takes_the_first_fill_again() -> None:
    chart = chart_of({str(number): Decimal(100 - number) for number in range(7)})
    assert [key.series for key in chart.keys] == [0, 1, 2, 3, 4, 5, 0]


amounts = st.decimals(min_value=-200_000, max_value=2_000_000, places=2)


@given(st.lists(st.dictionaries(st.sampled_from("0123"), amounts, min_size=1), min_size=1, max_size=6))
def test_everything_stays_inside_and_heights_follow_amounts(months: list[dict[str, Decimal]]) -> None:
    chart = chart_of(*months)
    assert len(chart.ticks) <= 2 * MOST_STEPS + 1
    places = [float(tick.y) for tick in chart.ticks]
    assert places == sorted(places, reverse=True)
    for bar in chart.bars:
        for piece in bar.pieces:
            assert float(piece.y) >= TOP - 0.1
            assert float(piece.y) + float(piece.height) <= BOTTOM + 0.2


@given(st.lists(st.integers(1, 30_000), min_size=1, max_size=6))
def test_on_a_narrow_screen_no_sum_touches_the_one_beside_it(amounts: list[int]) -> None:
    """They are as wide as a month's room there, so two beside each other stand a line apart."""
    bars = chart_of(*({"0": Decimal(amount)} for amount in amounts)).bars
    assert all(abs(float(one.short_y) - float(other.short_y)) >= LINE - Decimal("0.1") for one, other in pairwise(bars))
    assert all(float(bar.short_y) <= float(bar.sum_y) for bar in bars)


def test_sums_that_stand_apart_stay_where_they_are() -> None:
    bars = chart_of({"0": Decimal(9000)}, {"0": Decimal(3000)}, {"0": Decimal(9000)}).bars
    assert [bar.short_y for bar in bars] == [bar.sum_y for bar in bars]
