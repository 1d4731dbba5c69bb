"""Long lists of an overview: in order, and put into words as far as they are looked at."""

import datetime as dt

from borgerblik.overview.listed import Item, Listed
from borgerblik.overview.shapes import Overview
from indexes.records import CaseStatus
from portal.api.answers import page, summary_of
from portal.api.paging import Window
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


class Counted(Item[str, str]):
    """An item that counts how often it is put into words."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.times = number, 0

    @property
    def place(self) -> tuple[str, ...]:
        return (self.uuid,)

    @property
    def uuid(self) -> str:
        return f"{self.number:03d}"

    def worded(self) -> str:
        self.times += 1
        return f"number {self.number}"

    def in_short(self) -> str:
        return f"{self.number}"


def test_only_what_is_looked_at_is_put_into_words_and_that_once() -> None:
    items = [Counted(number) for number in range(100)]
    listed = Listed(items)
    assert len(listed) == 100
    assert list(listed[10:12]) == list((listed + Listed()).chosen({"010", "011"})) == ["number 10", "number 11"]
    assert {item.number: item.times for item in items if item.times} == {10: 1, 11: 1}


def test_a_page_of_a_list_is_all_that_is_put_into_words() -> None:
    items = [Counted(number) for number in range(100)]
    found, following = page(Listed(items), Window(limit=3, after=("050",)), of="numbers")
    assert found == ("number 49", "number 48", "number 47")
    assert following is not None
    assert [item.number for item in items if item.times] == [47, 48, 49]


def test_an_overview_puts_nothing_into_words_that_needs_no_attention() -> None:
    sections = long()
    assert (len(sections.cases.open), len(sections.cases.closed)) == (20, 20)
    assert (len(sections.money.coming), len(sections.money.payments)) == (4, 36)
    assert not [item for item in (*sections.cases.open.items, *sections.cases.closed.items) if item._view]
    lately = [item._view is not None for item in sections.money.payments.items]
    assert lately == sorted(lately, reverse=True)
    assert sum(lately) < 10, "the payments of the last weeks may need attention, older ones do not"


def test_a_chart_and_the_next_payment_are_of_all_whatever_is_looked_at() -> None:
    shown = long()
    assert shown.money.chart is not None
    assert len([month for month in shown.money.chart.months if month.parts]) == 6
    assert shown.money.next is not None
    assert shown.money.next.when == shown.money.coming[0].when


def test_what_only_pages_show_is_made_when_a_page_asks_and_once() -> None:
    shown = long()
    later = (shown.money.figures, shown.money.changes, shown.money.closer)
    summary_of(shown, Window(limit=3, after=None))
    assert len({hash(one) for one in later}) == 1
    assert not [one for one in later if "_made" in vars(one)]
    assert shown.money.changes() is shown.money.changes()
    assert shown.money.changes == long().money.changes


def test_figures_are_made_of_the_payments_that_are_looked_at() -> None:
    shown = long()
    every = {one.uuid: one for one in shown.money.figures()}
    looked = {item.uuid for item in shown.money.payments.items[3:6]}
    assert shown.money.figures_of(looked) == {uuid: every[uuid] for uuid in looked}
    assert shown.money.figures_of == long().money.figures_of
    assert shown.money.figures_of != long().money.figures
    assert hash(shown.money.figures_of) == hash(long().money.figures_of)


def test_each_stands_at_its_place() -> None:
    shown = long()
    for listed in (shown.cases.open, shown.cases.closed, shown.money.payments, shown.money.coming[::-1]):
        places = [item.place for item in listed.items]
        assert places == sorted(places, reverse=True)
    together = shown.cases.open + shown.cases.closed
    assert [item.place for item in together.items] == sorted((i.place for i in together.items), reverse=True)


def test_some_are_chosen_by_their_uuid() -> None:
    shown = long()
    wanted = {str(uuid("payment 7")), str(uuid("payment 2")), str(uuid("nothing"))}
    chosen = (shown.money.coming + shown.money.payments).chosen(wanted)
    assert [view.uuid for view in chosen] == [str(uuid("payment 2")), str(uuid("payment 7"))]


def test_lists_are_equal_when_their_words_are() -> None:
    assert long().cases.open == long().cases.open
    assert long().cases.open != long().cases.closed
    assert long() == long()
