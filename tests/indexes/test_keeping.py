"""How long an ended record is kept: KLE's durations, whose period counts, and when a case has ended."""

import datetime as dt

import pytest

from indexes.keeping import Keeping, before, case_ended
from indexes.records import CaseStatus, Period, Step
from tests.indexes.makers import case

TODAY = dt.date(2026, 11, 24)
NIGHT = dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC)  # the 2nd in Denmark


@pytest.mark.parametrize(
    ("duration", "day"),
    [
        ("P1825D", dt.date(2021, 11, 25)),
        ("P5Y", dt.date(2021, 11, 24)),
        ("P18M", dt.date(2025, 5, 24)),
        ("P1Y6M", dt.date(2025, 5, 24)),
        ("P2W", dt.date(2026, 11, 10)),
        ("P1M1D", dt.date(2026, 10, 23)),
        ("P9M", dt.date(2026, 2, 24)),
        ("P0D", None),
        ("P", None),
        ("", None),
        ("P5X", None),
        ("P1D1Y", None),
        ("P9999Y", None),
    ],
)
def test_a_duration_before_today(duration: str, day: dt.date | None) -> None:
    assert before(TODAY, duration) == day


def test_of_a_month_that_is_too_short_the_last_day_counts() -> None:
    assert before(dt.date(2026, 3, 31), "P1M") == dt.date(2026, 2, 28)
    assert before(dt.date(2028, 2, 29), "P1Y") == dt.date(2027, 2, 28)


KEEPING = Keeping(
    general=dt.date(2000, 1, 1),
    hints={"32": dt.date(2020, 1, 1), "32.30": dt.date(2022, 1, 1), "32.30.04": dt.date(2024, 1, 1)},
)


@pytest.mark.parametrize(
    ("numbers", "day"),
    [
        (["32.30.04"], dt.date(2024, 1, 1)),
        (["32.30.08"], dt.date(2022, 1, 1)),
        (["32.06.04"], dt.date(2020, 1, 1)),
        (["15.17.06"], dt.date(2000, 1, 1)),
        (["32.30.04", "32.06.04"], dt.date(2020, 1, 1)),  # the longest period
        ([], dt.date(2000, 1, 1)),
    ],
)
def test_the_number_then_its_group_then_the_general_rule(numbers: list[str], day: dt.date) -> None:
    assert KEEPING.last_day(numbers) == day
    assert KEEPING.is_over(day, numbers)
    assert not KEEPING.is_over(day + dt.timedelta(days=1), numbers)
    assert not KEEPING.is_over(None, numbers)


def closed(start: dt.datetime | None = NIGHT, end: dt.datetime | None = None) -> Step:
    return Step(status=CaseStatus.CLOSED, period=Period(start=start, end=end))


DECIDED = Step(status=CaseStatus.DECIDED, period=Period(start=NIGHT))
DECIDED_BEFORE = Step(status=CaseStatus.DECIDED, period=Period(end=NIGHT))


@pytest.mark.parametrize(
    ("progress", "day"),
    [
        ((DECIDED_BEFORE, closed()), dt.date(2026, 3, 2)),
        ((closed(NIGHT - dt.timedelta(days=9)), closed()), dt.date(2026, 3, 2)),
        ((), None),
        ((DECIDED,), None),
        ((closed(), DECIDED), None),  # opened again, or untidy: silence keeps
        ((closed(end=NIGHT + dt.timedelta(days=1)),), None),
        ((closed(start=None),), None),
    ],
)
def test_when_a_case_has_ended(progress: tuple[Step, ...], day: dt.date | None) -> None:
    assert case_ended(case(progress=progress)) == day
