"""The neighbours of the demo people: enough of them, unlike anybody else, and only where they are asked for."""

from datetime import date

import pytest

from indexes.mock.__main__ import arguments_of, build
from indexes.mock.demo.neighbours import load_neighbours
from indexes.mock.demo.people import load_people
from indexes.mock.synthetic.cpr import citizen_of
from indexes.mock.tables import load_tables

DAYS = ("2026-11-24", "2027-01-01", "2027-02-28", "2028-02-29", "2027-07-01")
MANY = 20


@pytest.mark.parametrize("day", DAYS)
def test_on_every_day_there_are_many_decided_this_year_or_last(day: str) -> None:
    today = date.fromisoformat(day)
    found: dict[tuple[str, int], set[str]] = {}
    for person in load_neighbours(load_tables(3), today):
        for case in person.holdings.cases:
            received, decided = (state.start[:10] for state in case.states)
            assert received <= decided < day
            found.setdefault((case.kle or "", int(decided[:4])), set()).add(person.cpr)
    for kle in {kle for kle, _ in found}:
        assert max(len(found.get((kle, year), ())) for year in (today.year, today.year - 1)) >= MANY


def test_no_number_is_anybody_elses() -> None:
    tables, today = load_tables(3), date(2026, 11, 24)
    numbers = [person.cpr for person in load_neighbours(tables, today)]
    assert len(set(numbers)) == len(numbers)
    assert {len(number) for number in numbers} == {10}
    assert not set(numbers) & {person.cpr for person in load_people(tables, today)}
    assert {citizen_of(number) for number in numbers} == {None}


def test_nobody_signs_in_as_a_neighbour() -> None:
    built = build(arguments_of(["--citizens=0", "--neighbours"]))
    assert len(built.people["citizens"]) == 10
