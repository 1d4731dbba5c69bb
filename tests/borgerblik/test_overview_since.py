"""What is new since the citizen was last here."""

import datetime as dt
from typing import Any

import pytest

from borgerblik.overview.access import Looked
from borgerblik.overview.elements import State
from borgerblik.overview.shapes import SinceLastVisit
from tests.borgerblik.makers import NOW, TODAY, case, grant, payment, plan, uuid
from tests.borgerblik.overviews import overview, readings

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LAST = NOW - 3 * DAY


def since(*, last: dt.datetime | None = LAST, times: int = 0, **given: Any) -> SinceLastVisit | None:
    looked = Looked(since=NOW - 90 * DAY, times=times, newest=(), last_visit=last, times_since=times)
    return overview(looked=looked, **given).since


def news(**given: Any) -> list[tuple[str, str]]:
    found = since(**given)
    assert found is not None
    return [(one.title, one.words) for one in found.news]


def test_whoever_has_not_been_here_is_told_nothing_of_it() -> None:
    assert since(last=None) is None
    assert overview(looked=None).since is None


def test_a_case_that_was_told_of_since_is_new() -> None:
    assert news(cases=[case(registered=LAST + HOUR)]) == [
        ("Sygedagpenge", "Sagen er ændret. Nu: Vi samler oplysninger.")
    ]
    assert news(cases=[case(registered=LAST - HOUR)]) == []
    assert news(cases=[case(registered=LAST + HOUR, hidden=True)]) == []


def test_of_many_cases_the_first_are_named_and_that_there_are_more() -> None:
    many = [case(uuid=uuid(f"case {number}"), registered=LAST + HOUR) for number in range(5)]
    titles = [title for title, _ in news(cases=many)]
    assert titles == ["Sygedagpenge"] * 3 + ["Flere sager"]
    assert news(cases=many[:3]) == news(cases=many)[:3]


@pytest.mark.parametrize(
    ("day", "told", "is_new"),
    [
        (TODAY, LAST - HOUR, True),
        (LAST.date(), LAST + HOUR, True),  # on the day of the visit, after it
        (LAST.date(), LAST - HOUR, False),
        (LAST.date() - DAY, LAST + HOUR, False),
        (TODAY + DAY, LAST + HOUR, False),  # it has not come
    ],
)
def test_money_that_has_come_since_is_new(day: dt.date, told: dt.datetime, *, is_new: bool) -> None:
    found = news(grants=[grant()], payments=[payment(available=day, registered=told)])
    assert [title for title, _ in found] == ["Sygedagpenge"] * is_new


def test_money_that_has_not_been_confirmed_is_not_said_to_have_come() -> None:
    assert news(grants=[grant()], payments=[payment(available=TODAY, paid=None)]) == []


def test_the_plan_and_that_others_have_looked_is_new() -> None:
    found = news(plans=[plan(registered=LAST + HOUR)], times=2)
    assert found == [
        ("Din plan", "Planen er ændret."),
        ("Hvem har set dine oplysninger", "Andre har set dem siden da."),
    ]


def test_nothing_new_is_said_as_far_as_it_is_known() -> None:
    known, partly = since(), since(reads=readings(yi=State.STALE))
    assert known is not None
    assert known.nothing == "Der er ikke sket noget nyt siden da."
    assert partly is not None
    assert partly.nothing == "Vi ser ikke noget nyt siden da. Der kan være mere, end vi kan se."
    assert "lørdag" in known.words or "21. november" in known.words
