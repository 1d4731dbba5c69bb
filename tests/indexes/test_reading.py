"""What one citizen's reading brings besides their records: how the indexes stand, for whom it concerns."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from indexes import quarantine
from indexes.identity import citizen_id_for, find_citizen
from indexes.models import Citizen, SourceState
from indexes.reading import Holdings, read_citizen
from indexes.records import Source
from indexes.states import NEVER_READ, TOO_OLD, Kind, SourceStateRow, Standing, state_of
from indexes.store import save
from tests.indexes.makers import (
    BO,
    DAY,
    LOLLAND,
    METTE,
    NOW,
    RANDERS,
    UDK,
    WANTED,
    case,
    parsed,
    payment,
    refused,
    uuid,
)

HOUR = dt.timedelta(hours=1)


def source_state(source: Source = Source.SDI, cvr: str = RANDERS, **changes: Any) -> SourceState:
    return SourceState.objects.create(
        source=source, authority_cvr=cvr, **{"last_attempt": NOW, "last_success": NOW, **changes}
    )


@pytest.mark.django_db
def test_all_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    citizen = citizen_id_for(METTE)
    with django_assert_num_queries(1):
        read_citizen(citizen, authorities=[RANDERS, UDK])


@pytest.mark.django_db
def test_of_somebody_we_never_met_we_hold_nothing_but_how_the_sources_stand() -> None:
    source_state()
    for citizen in (None, uuid4()):
        held = read_citizen(citizen, authorities=[RANDERS])
        assert (held.cases, held.grants, held.payments, held.plans, held.answered) == ((), (), (), (), {})
        assert [state.authority_cvr for state in held.states] == [RANDERS]


@pytest.mark.django_db
def test_the_states_are_those_of_the_authorities_asked_for_and_of_who_owns_a_row() -> None:
    for cvr in (RANDERS, LOLLAND, UDK, "29189757"):
        source_state(cvr=cvr)
    source_state(Source.YI, LOLLAND, failed_since=NOW, error="timeout", message="It took too long.")
    save(parsed(payment(owner_cvr=LOLLAND)), wanted=WANTED, now=NOW)
    held = read_citizen(find_citizen(METTE), authorities=[RANDERS])
    assert {(state.source, state.authority_cvr) for state in held.states} == {
        (Source.SDI, RANDERS),
        (Source.SDI, LOLLAND),
        (Source.YI, LOLLAND),
    }
    assert next(state for state in held.states if state.source is Source.YI) == SourceStateRow(
        source=Source.YI,
        authority_cvr=LOLLAND,
        last_attempt=NOW,
        last_success=NOW,
        failed_since=NOW,
        error="timeout",
    )


@pytest.mark.django_db
def test_records_come_newest_first() -> None:
    days = [dt.date(2026, 10, day) for day in (5, 30, 12)]
    records = [payment(f"{day}", available=day) for day in days]
    save(parsed(*records, case("a", opened=None), case("b", opened=days[0])), wanted=WANTED, now=NOW)
    held = read_citizen(find_citizen(METTE))
    assert [found.available for found in held.payments] == sorted(days, reverse=True)
    assert [found.uuid for found in held.cases] == [uuid("b"), uuid("a")]


@pytest.mark.django_db
def test_the_records_do_not_say_who_they_are_about() -> None:
    save(parsed(case(), case("bo's", cpr=BO)), wanted=WANTED, now=NOW)
    held = read_citizen(find_citizen(METTE))
    assert METTE not in repr(held)


def held_of_mette() -> Holdings:
    return read_citizen(find_citizen(METTE))


@pytest.mark.django_db
def test_what_could_not_be_used_is_told_of_whom_it_is_about() -> None:
    citizen = citizen_id_for(METTE)
    quarantine.keep([refused(cpr=METTE)], source=Source.YI, authority_cvr=RANDERS, now=NOW)
    quarantine.keep([refused("nobody's", raw=b"1")], source=Source.SDI, authority_cvr=RANDERS, now=NOW)
    assert held_of_mette().unusable == {Source.YI}
    assert read_citizen(citizen_id_for(BO)).unusable == frozenset()
    Citizen.objects.filter(id=citizen).update(answered={"yi": (NOW + HOUR).isoformat()})
    assert held_of_mette().unusable == frozenset(), "the index has since given a good answer about her"


@pytest.mark.django_db
def test_an_outdated_version_that_could_not_be_used_is_no_gap() -> None:
    save(parsed(case()), wanted=WANTED, now=NOW)
    quarantine.keep([refused(cpr=METTE, days=20)], source=Source.SDI, authority_cvr=RANDERS, now=NOW)
    assert held_of_mette().unusable == frozenset()


@pytest.mark.django_db
def test_what_could_not_be_used_is_a_citizens_before_we_hold_anything_of_them() -> None:
    quarantine.keep([refused(cpr=METTE)], source=Source.SDI, authority_cvr=RANDERS, now=NOW)
    assert held_of_mette().unusable == {Source.SDI}


def standing(row: SourceStateRow | None, **given: Any) -> Standing:
    return state_of(Source.SDI, RANDERS, states=[row] if row else [], now=NOW, fresh_minutes=24 * 60, **given)


def row(**changes: Any) -> SourceStateRow:
    values: dict[str, Any] = {
        "source": Source.SDI,
        "authority_cvr": RANDERS,
        "last_attempt": NOW - HOUR,
        "last_success": NOW - HOUR,
        "failed_since": None,
        "error": "",
    }
    return SourceStateRow(**{**values, **changes})


FAILING = {"failed_since": NOW - HOUR, "error": "timeout", "last_attempt": NOW - HOUR}


@pytest.mark.parametrize(
    ("state", "answered", "expected"),
    [
        (row(), None, Standing(kind=Kind.FRESH, as_of=NOW - HOUR, reason=None)),
        (row(last_success=NOW - DAY), None, Standing(kind=Kind.FRESH, as_of=NOW - DAY, reason=None)),
        (row(last_success=NOW - 2 * DAY), None, Standing(kind=Kind.STALE, as_of=NOW - 2 * DAY, reason=TOO_OLD)),
        (row(last_success=NOW - 2 * DAY), NOW, Standing(kind=Kind.FRESH, as_of=NOW, reason=None)),
        (row(), NOW - DAY, Standing(kind=Kind.FRESH, as_of=NOW - HOUR, reason=None)),
        (
            row(last_success=NOW - 2 * HOUR, **FAILING),
            None,
            Standing(kind=Kind.STALE, as_of=NOW - 2 * HOUR, reason="timeout"),
        ),
        (row(last_success=NOW - 2 * HOUR, **FAILING), NOW, Standing(kind=Kind.FRESH, as_of=NOW, reason=None)),
        (row(last_success=None, **FAILING), NOW, Standing(kind=Kind.FAILED, as_of=None, reason="timeout")),
        (row(last_success=None), None, Standing(kind=Kind.FAILED, as_of=None, reason=NEVER_READ)),
        (row(authority_cvr=LOLLAND), None, Standing(kind=Kind.FAILED, as_of=None, reason=NEVER_READ)),
        (None, NOW, Standing(kind=Kind.FAILED, as_of=None, reason=NEVER_READ)),
    ],
)
def test_how_a_source_stands(state: SourceStateRow | None, answered: dt.datetime | None, expected: Standing) -> None:
    assert standing(state, answered={Source.SDI: answered} if answered else {}) == expected
    if answered is None:
        assert standing(state) == expected


def test_holdings_are_frozen() -> None:
    held = Holdings(cases=(), grants=(), payments=(), plans=(), states=(), answered={}, unusable=frozenset())
    with pytest.raises(AttributeError):
        held.cases = ()  # type: ignore[misc]  # that is what is tried
