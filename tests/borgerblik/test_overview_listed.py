"""Long lists of an overview: in order, and put into words as far as they are looked at."""

import datetime as dt

import pytest

from borgerblik.overview import cases as wording_cases
from borgerblik.overview import money as wording_money
from borgerblik.overview.shapes import Overview
from indexes.records import CaseStatus
from tests.borgerblik.makers import BEFORE, TODAY, case, grant, payment, uuid
from tests.borgerblik.overviews import overview


def long() -> Overview:
    """Forty cases, every other one closed, and forty payments, a week apart; the first four are to come."""
    days = [dt.timedelta(days=day) for day in range(40)]
    weeks = [TODAY + dt.timedelta(weeks=3 - number) for number in range(40)]
    return overview(
        cases=[
            case(
                uuid=uuid(f"case {number}"),
                registered=BEFORE - far,
                status=CaseStatus.CLOSED if number % 2 else CaseStatus.INFORMED,
            )
            for number, far in enumerate(days)
        ],
        grants=[grant()],
        payments=[
            payment(uuid=uuid(f"payment {number}"), available=day, **({"paid": None} if day >= TODAY else {}))
            for number, day in enumerate(weeks)
        ],
    )


def test_only_what_is_looked_at_is_put_into_words(monkeypatch: pytest.MonkeyPatch) -> None:
    worded: list[str] = []

    def counted(name: str, make: object) -> object:
        def counting(item: object) -> object:
            worded.append(name)
            return make(item)  # type: ignore[operator]

        return counting

    monkeypatch.setattr(wording_cases, "_case_view", counted("case", wording_cases._case_view))
    monkeypatch.setattr(wording_money, "_payment_view", counted("payment", wording_money._payment_view))
    page = long()
    worded.clear()  # what needs attention has been looked for
    assert (len(page.cases.open), len(page.cases.closed)) == (20, 20)
    assert (len(page.money.coming), len(page.money.payments)) == (4, 36)
    assert worded == []
    first, second = page.cases.open[:2]
    assert worded == ["case", "case"]
    assert page.cases.open[0] is first
    assert page.cases.open[1] is second
    assert worded == ["case", "case"], "nothing is put into words twice"


def test_a_chart_and_the_next_payment_are_of_all_whatever_is_looked_at() -> None:
    page = long()
    assert page.money.chart is not None
    assert len([month for month in page.money.chart.months if month.parts]) == 6
    assert page.money.next is not None
    assert page.money.next.when == page.money.coming[0].when


def test_each_stands_at_its_place() -> None:
    page = long()
    for listed in (page.cases.open, page.cases.closed, page.money.payments, page.money.coming[::-1]):
        places = [item.place for item in listed.items]
        assert places == sorted(places, reverse=True)
    together = page.cases.open + page.cases.closed
    assert [item.place for item in together.items] == sorted((i.place for i in together.items), reverse=True)


def test_some_are_chosen_by_their_uuid() -> None:
    page = long()
    wanted = {str(uuid("payment 7")), str(uuid("payment 2")), str(uuid("nothing"))}
    chosen = (page.money.coming + page.money.payments).chosen(wanted)
    assert [view.uuid for view in chosen] == [str(uuid("payment 2")), str(uuid("payment 7"))]


def test_lists_are_equal_when_their_words_are() -> None:
    assert long().cases.open == long().cases.open
    assert long().cases.open != long().cases.closed
    assert long() == long()
