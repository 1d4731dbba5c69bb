"""The parts that everything else rests on: CPR numbers, UUIDs, days, the spread over the country, the data files."""

from datetime import date, timedelta

import pytest

from indexes.mock.answers import Source
from indexes.mock.days import Payday, bank_day, birth_date, day_of, easter_sunday, instant, paydays
from indexes.mock.denmark import matches
from indexes.mock.dice import Dice, Kind, object_uuid, read_uuid
from indexes.mock.reading.search import Criteria
from indexes.mock.server import Indexes
from indexes.mock.synthetic.cpr import CAPACITY, citizen_of, cpr_of
from indexes.mock.synthetic.population import SyntheticPopulation, spread
from indexes.mock.synthetic.rates import load_rates
from indexes.mock.tables import DEMO_MUNICIPALITIES, load_tables, read_toml
from tests.mock import asking
from tests.mock.indexes import TODAY, ask, total

LOTS = 20_000


def test_cpr_numbers_go_back_to_their_citizens() -> None:
    citizens = [*range(LOTS), *range(CAPACITY - LOTS, CAPACITY)]
    numbers = [cpr_of(citizen) for citizen in citizens]
    assert len(set(numbers)) == len(citizens)
    assert [citizen_of(number) for number in numbers] == citizens


def test_cpr_numbers_are_impossible_dates() -> None:
    for citizen in range(LOTS):
        number = cpr_of(citizen)
        assert len(number) == 10
        assert 61 <= int(number[:2]) <= 91
        assert 13 <= int(number[2:4]) <= 32
        assert int(number[6:]) < 9000


def test_demo_cpr_numbers_are_impossible_dates_and_no_synthetic_citizens(mock: Indexes) -> None:
    for person in mock.people["citizens"]:
        assert 61 <= int(person["cpr"][:2]) <= 91
        assert 13 <= int(person["cpr"][2:4]) <= 24
        assert citizen_of(person["cpr"]) is None


@pytest.mark.parametrize("number", ["0013280000", "6101700000", "6113280000", "9233000000", "6113109000"])
def test_other_numbers_are_nobodys(number: str) -> None:
    citizen = citizen_of(number)
    assert citizen is None or cpr_of(citizen) == number


def test_uuids_can_be_read_back() -> None:
    made = {
        object_uuid(7, kind, person, ordinal): (kind, person)
        for kind in Kind
        for person in (0, 1, 4711, 0xD00000000007)
        for ordinal in (0, 1, 63, 65_535)
    }
    assert len(made) == len(Kind) * 16
    assert all(read_uuid(uuid) == claim for uuid, claim in made.items())
    assert read_uuid("no-uuid") is None


def test_dice_are_fair_enough_and_the_same_every_time() -> None:
    rolls = [Dice(1, number).number(10) for number in range(LOTS)]
    assert all(abs(rolls.count(side) / LOTS - 0.1) < 0.01 for side in range(10))
    assert [Dice(1, number).number(10) for number in range(LOTS)] == rolls


@pytest.mark.parametrize(
    ("expression", "day"),
    [
        (-175, "2026-06-02"),
        ("D+9w", "2026-12-03"),
        ("D+11w", "2026-12-07"),  # a Saturday, moved on
        ("M-2.01", "2026-09-01"),
        ("M+1.last", "2026-12-31"),
        ("M+3.last", "2027-02-28"),
        (date(2014, 3, 10), "2014-03-10"),
    ],
)
def test_relative_days(expression: int | str | date, day: str) -> None:
    assert day_of(expression, TODAY).isoformat() == day


@pytest.mark.parametrize("expression", ["", "D9", "M+1", "yesterday"])
def test_no_relative_day(expression: str) -> None:
    with pytest.raises(ValueError, match="is not a relative day"):
        day_of(expression, TODAY)


def test_instants_are_danish_time() -> None:
    assert instant(date(2026, 7, 1)) == "2026-07-01T00:00:00+02:00"
    assert instant(date(2026, 1, 1), "09:12:00") == "2026-01-01T09:12:00+01:00"


def test_birth_dates_in_leap_years() -> None:
    assert birth_date(age=17, birthday_in=1, today=date(2028, 2, 28)) == date(2010, 2, 28)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1961, 4, 2),
        (2000, 4, 23),
        (2019, 4, 21),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2027, 3, 28),
        (2038, 4, 25),
    ],
)
def test_easter_moves(year: int, month: int, day: int) -> None:
    assert easter_sunday(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        ("2025-01-01", "2024-12-30", "2025-01-02"),
        ("2025-04-20", "2025-04-16", "2025-04-22"),  # Easter: closed from Thursday to Monday
        ("2025-05-16", "2025-05-16", "2025-05-16"),  # no longer Great Prayer Day
        ("2023-05-05", "2023-05-04", "2023-05-08"),  # still Great Prayer Day
        ("2025-05-30", "2025-05-28", "2025-06-02"),  # the day after Ascension
        ("2026-06-05", "2026-06-04", "2026-06-08"),  # Constitution Day
        ("2026-12-31", "2026-12-30", "2027-01-04"),
        ("2026-12-24", "2026-12-23", "2026-12-28"),
    ],
)
def test_banks_are_closed_on_holidays(day: str, before: str, after: str) -> None:
    asked = date.fromisoformat(day)
    assert bank_day(asked, -1) == date.fromisoformat(before)
    assert bank_day(asked, 1) == date.fromisoformat(after)


@pytest.mark.parametrize("rule", [Payday.LAST_BANK_DAY, Payday.FIRST_BANK_DAY, Payday.QUARTERLY])
def test_paydays_on_every_day_of_a_year(rule: Payday) -> None:
    for offset in range(366):
        today = TODAY + timedelta(days=offset)
        found = paydays(rule, today)
        days = [payday for payday, _, _ in found]
        assert days == sorted(set(days))
        assert all(bank_day(day, 1) == day for day in days)
        assert sum(day > today for day in days) <= 1  # only the coming one
        assert (days[-1] - today).days <= 35
        assert all(start <= end for _, start, end in found)
    assert paydays(Payday.ONCE, TODAY) == ()


@pytest.mark.parametrize("citizens", [0, 1, 299, 300, 5000, 100_000])
@pytest.mark.parametrize("municipalities", [3, 10, 98])
def test_citizens_are_spread_over_the_country(citizens: int, municipalities: int) -> None:
    places = tuple(load_tables(municipalities).municipalities.values())
    counts = spread(citizens, places)
    assert len(places) == municipalities
    assert sum(counts) == citizens
    assert min(counts) >= 0
    if citizens >= 300:
        assert all(
            count >= 40 for place, count in zip(places, counts, strict=True) if place.code in DEMO_MUNICIPALITIES
        )


def test_outlines_count_what_is_made() -> None:
    tables = load_tables()
    population = SyntheticPopulation(tables=tables, rates=load_rates(), today=TODAY, citizens=2000, seed=3)
    for number in range(0, 2000, 7):
        for kind in (Kind.CASE, Kind.GRANT, Kind.PAYMENT, Kind.PLAN):
            things = population.things(kind, number)
            owners = {thing.owner.cvr for thing in things} | {tables.udk.cvr}
            for cvr in owners:
                for kle in ("", "32", "15.17"):
                    made = [
                        thing
                        for thing in things
                        if thing.owner.cvr == cvr and (not kle or any(each.startswith(kle) for each in thing.kles))
                    ]
                    assert population.count(kind, number, cvr, kle) == len(made)


def test_nothing_is_made_that_another_owner_or_topic_throws_away() -> None:
    tables = load_tables()
    population = SyntheticPopulation(tables=tables, rates=load_rates(), today=TODAY, citizens=2000, seed=3)
    randers = tables.municipalities["0730"].authority.cvr
    for cvr, kle in ((randers, ""), (tables.udk.cvr, ""), (tables.udk.cvr, "32.0")):
        for number in population.owned_by(cvr)[:100]:
            for kind in (Kind.CASE, Kind.GRANT, Kind.PAYMENT):
                wanted = Criteria(cvr=cvr, kle=kle)
                everything = population.things(kind, number)
                assert population.things(kind, number, cvr, kle) == [
                    thing for thing in everything if matches(thing, wanted)
                ]


def test_a_synthetic_citizen_is_found_by_cpr_number(mock: Indexes) -> None:
    for citizen in range(0, 600, 50):
        cpr = cpr_of(citizen)
        answer = ask(mock.answerer, Source.SDI, asking.sdi(cpr=cpr))
        assert total(answer, "sager") == mock.answerer.denmark.search(Kind.CASE, Criteria(cpr=cpr)).total
        assert cpr.encode() in mock.answerer.answer(Source.SDI, asking.sdi(cpr=cpr)) or total(answer, "sager") == 0


def test_the_data_files_fit_together() -> None:
    tables = load_tables()
    courses = read_toml("courses.toml")
    assert len(tables.municipalities) == 98
    assert len({each.authority.cvr for each in tables.municipalities.values()}) == 98
    for course in courses["course"].values():
        assert course["kle"] in tables.kle
        assert course["system"] in {*tables.systems, "esdh", "jobcenter"}
        assert "benefit" not in course or course["benefit"]["pay"] in tables.pay
    used = {course for life in courses["life"] for course in life["courses"]}
    assert used == set(courses["course"])
    for each in tables.municipalities.values():
        assert {each.esdh_system, each.jobcenter_system} <= set(tables.systems)
    assert set(tables.units["udk"]) <= set(tables.systems)
