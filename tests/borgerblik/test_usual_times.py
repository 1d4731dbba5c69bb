"""How long cases take: counted by the role that reads the indexes, of many people or not at all."""

import datetime as dt
from collections.abc import Iterable
from statistics import quantiles
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from psycopg.errors import InsufficientPrivilege

from borgerblik import models, usual_times
from borgerblik.overview.usual import FEWEST_CASES, UsualTime
from indexes.records import Case, CaseStatus, Outcome, Period, Sensitivity, Step
from indexes.store import save
from tests.indexes.makers import NOW, RANDERS, UDK, WANTED, case, parsed, uuid
from tests.roles import SYNC, WEB, asked_as, connect_as

pytestmark = pytest.mark.django_db

CPH = ZoneInfo("Europe/Copenhagen")
TODAY = dt.date(2026, 11, 24)
KLE = "32.30.04"


def decided(number: int, days: int, *, on: dt.date = TODAY, person: int | None = None, **changes: Any) -> Case:
    """A case that took so many days until it was decided on a day, each of somebody else unless it is said whose."""
    at = dt.datetime(on.year, on.month, on.day, 9, tzinfo=CPH)
    began = at - dt.timedelta(days=days)
    steps = (
        Step(status=CaseStatus.RECEIVED, period=Period(start=began, end=at)),
        Step(status=CaseStatus.DECIDED, period=Period(start=at)),
    )
    values: dict[str, Any] = {
        "uuid": uuid(f"case {on} {number}"),
        "cpr": f"61{number if person is None else person:08}",
        "kle": KLE,
        "opened": began.date(),
        "progress": steps,
        "outcome": Outcome.GRANTED,
    }
    return case(**{**values, **changes})


def counted(*cases: Case) -> tuple[UsualTime, ...]:
    """What is told of the topic once these have been read and counted."""
    save(parsed(*cases), wanted=WANTED, now=NOW)
    with asked_as(lambda: SYNC):
        usual_times.count(RANDERS, today=TODAY)
    with asked_as(lambda: WEB):
        return usual_times.of(RANDERS, KLE)


def many(days: Iterable[int], **changes: Any) -> list[Case]:
    return [decided(number, length, **changes) for number, length in enumerate(days)]


def test_the_quartiles_of_many_are_counted_and_the_pages_may_read_them() -> None:
    assert counted(*many(range(10, 50))) == (UsualTime(year=2026, cases=40, low=20, high=39),)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 900), min_size=FEWEST_CASES, max_size=40))
def test_it_is_what_the_textbook_says(days: list[int]) -> None:
    models.UsualTime.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM indexes_case")
    (usual,) = counted(*many(days))
    low, _, high = quantiles(days, n=4, method="inclusive")
    assert abs(usual.low - low) <= 0.5
    assert abs(usual.high - high) <= 0.5


def test_of_few_nothing_is_kept() -> None:
    assert counted(*many(range(FEWEST_CASES - 1))) == ()
    assert not models.UsualTime.objects.exists()


def test_many_cases_of_few_people_are_few() -> None:
    cases = [decided(number, 10, person=number % (FEWEST_CASES - 1)) for number in range(3 * FEWEST_CASES)]
    assert counted(*cases) == ()


def test_somebody_with_many_cases_weighs_no_more_than_anybody_else() -> None:
    """Else the quartiles would be that one person's, and their neighbour could read them."""
    others = many([10] * FEWEST_CASES)
    theirs = [decided(100 + number, 700, person=999) for number in range(9 * FEWEST_CASES)]
    assert counted(*others, *theirs) == (UsualTime(year=2026, cases=FEWEST_CASES + 1, low=10, high=10),)


def test_of_each_person_the_case_that_was_decided_last_is_counted() -> None:
    earlier = many([700] * FEWEST_CASES, on=dt.date(2026, 3, 1))
    assert counted(*earlier, *many([10] * FEWEST_CASES)) == (UsualTime(year=2026, cases=20, low=10, high=10),)


def test_what_has_become_few_goes() -> None:
    cases = many(range(FEWEST_CASES))
    assert counted(*cases)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM indexes_case WHERE uuid = %s", [cases[0].uuid])
    assert counted() == ()


def test_years_stand_apart_and_only_this_and_the_last_are_counted() -> None:
    """Of years before, some cases have been deleted: those that ended early first."""
    days = range(FEWEST_CASES)
    years = [case for year in (2024, 2025, 2026) for case in many(days, on=dt.date(year, 6, 1))]
    assert [(usual.year, usual.cases) for usual in counted(*years)] == [(2026, 20), (2025, 20)]


def test_a_case_that_has_ended_counts_as_one_that_goes_on() -> None:
    def ended(case: Case, days: int) -> Case:
        at = dt.datetime(2026, 11, 24, 9, tzinfo=CPH) + dt.timedelta(days=days)
        last = replace(case.progress[-1], period=Period(start=case.progress[-1].period.start, end=at))
        closed = Step(status=CaseStatus.CLOSED, period=Period(start=at))
        return replace(case, progress=(*case.progress[:-1], last, closed))

    cases = many(range(FEWEST_CASES), on=dt.date(2025, 6, 1))
    halves = [ended(case, -number) if number % 2 else case for number, case in enumerate(cases)]
    assert counted(*halves) == counted(*cases) == (UsualTime(year=2025, cases=20, low=5, high=14),)


def test_a_day_is_a_day_in_denmark() -> None:
    """Half past midnight on the first of January is still the last of December in UTC."""
    cases = [
        decided(
            number,
            0,
            opened=dt.date(2025, 12, 31),
            progress=(
                Step(status=CaseStatus.DECIDED, period=Period(start=dt.datetime(2026, 1, 1, 0, 30, tzinfo=CPH))),
            ),
        )
        for number in range(FEWEST_CASES)
    ]
    assert counted(*cases) == (UsualTime(year=2026, cases=20, low=1, high=1),)


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": Outcome.ANNULLED},
        {"progress": (Step(status=CaseStatus.RECEIVED, period=Period(start=NOW)),)},
        {"progress": ()},
        {"opened": TODAY + dt.timedelta(days=5)},
        {"hidden": True, "title": None, "outcome": None},
        {"sensitivity": Sensitivity.VIP},
        {"sensitivity": Sensitivity.UNKNOWN},
        {"kle": "32.24.04"},
        {"owner_cvr": UDK},
    ],
    ids=[
        "withdrawn",
        "not decided",
        "untold",
        "begun after it was decided",
        "hidden",
        "vip",
        "of unknown sensitivity",
        "another topic",
        "another's",
    ],
)
def test_what_is_not_counted(changes: dict[str, Any]) -> None:
    assert counted(*many(range(FEWEST_CASES), **changes)) == ()
    assert len(counted(*many(range(FEWEST_CASES), on=dt.date(2026, 6, 1)))) == 1


def test_a_case_without_a_day_of_beginning_began_with_its_first_step() -> None:
    assert counted(*many([30] * FEWEST_CASES, opened=None)) == (UsualTime(year=2026, cases=20, low=30, high=30),)


def test_counting_one_authority_leaves_the_others_as_they_are() -> None:
    models.UsualTime.objects.create(owner_cvr=UDK, kle=KLE, year=2026, cases=20, low=1, high=2)
    counted()
    assert usual_times.of(UDK, KLE) == (UsualTime(year=2026, cases=20, low=1, high=2),)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("usual_time_is_of_many", {"cases": 19, "low": 1, "high": 2}),
        ("usual_time_is_in_order", {"cases": 20, "low": 3, "high": 2}),
        ("usual_time_is_in_order", {"cases": 20, "low": -1, "high": 2}),
    ],
)
def test_the_database_keeps_nothing_of_few(name: str, values: dict[str, int]) -> None:
    with pytest.raises(IntegrityError, match=name):
        models.UsualTime.objects.create(owner_cvr=UDK, kle=KLE, year=2026, **values)


@pytest.mark.django_db(transaction=True)
def test_the_pages_cannot_write_it() -> None:
    with connect_as(WEB) as web, pytest.raises(InsufficientPrivilege):
        web.execute("DELETE FROM borgerblik_usualtime")
