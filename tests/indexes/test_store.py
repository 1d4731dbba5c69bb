"""Batches into the tables: the newest wins, nobody's record stays with somebody else, and every number is exact."""

import traceback
from dataclasses import astuple
from typing import Any

import pytest
from django.db import connection
from msgspec.structs import replace
from psycopg.sql import SQL, Identifier

from indexes.identity import citizen_id_for, find_citizen
from indexes.models import Case
from indexes.reading import Holdings, read_citizen
from indexes.records import Defect, Item, Parsed, Record, Sensitivity
from indexes.store import Counts, NotStoredError, Taken, save
from indexes.store.tables import TABLES
from tests.indexes.makers import (
    AMINA,
    BO,
    DAY,
    METTE,
    NOW,
    WANTED,
    case,
    days_ago,
    full_case,
    full_grant,
    full_payment,
    full_plan,
    grant,
    line,
    parsed,
    payment,
    plan,
    refused,
    uuid,
    withdrawn,
)

pytestmark = pytest.mark.django_db


def stored(*items: Item, days_later: int = 0) -> Counts:
    return save(items, wanted=WANTED, now=NOW + days_later * DAY)


def numbers(counts: Counts) -> dict[str, Any]:
    """What is not nought."""
    return {name: value for name, value in counts.as_json().items() if value}


def held_of(cpr: str) -> Holdings:
    return read_citizen(find_citizen(cpr))


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every kind, the time of storing left out."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            columns = SQL(", ").join(Identifier(name) for name in table.columns if name != "stored_at")
            select = SQL("SELECT {columns} FROM {table} ORDER BY uuid, citizen_id")
            cursor.execute(select.format(columns=columns, table=Identifier(table.name)))
            found[table.kind] = cursor.fetchall()
        return found


def test_what_is_read_is_what_was_stored() -> None:
    records = (full_case(), full_grant(), full_payment(), full_plan())
    assert numbers(stored(*parsed(*records))) == {"read": 4, "new": 4}
    held = held_of(METTE)
    unnamed = tuple(replace(record, cpr="") for record in records)
    assert (*held.cases, *held.grants, *held.payments, *held.plans) == unnamed


def test_records_that_say_little_come_back_as_they_were() -> None:
    records = (case(title=None, opened=None, facet=None, fagsystem=None), grant(), payment(after_tax=None), plan())
    stored(*parsed(*records))
    held = held_of(METTE)
    assert (*held.cases, *held.grants, *held.payments, *held.plans) == tuple(replace(r, cpr="") for r in records)


def test_twice_is_as_once() -> None:
    items = parsed(full_case(), full_grant(), full_payment(), full_plan(), case("second", cpr=BO))
    stored(*items)
    before = everything()
    assert numbers(stored(*items, days_later=1)) == {"read": 5, "unchanged": 5}
    assert everything() == before
    assert not Case.objects.exclude(stored_at=NOW).exists(), "an unchanged row is not written again"


def test_an_older_registration_changes_nothing() -> None:
    stored(*parsed(case(title="Ny")))
    assert numbers(stored(*parsed(case(title="Gammel", registered=days_ago(20))))) == {"read": 1, "older": 1}
    assert held_of(METTE).cases[0].title == "Ny"


def test_the_same_registration_read_differently_is_a_change() -> None:
    stored(*parsed(case()))
    again = case(holds=replace(case().holds, end=NOW + DAY))
    assert numbers(stored(*parsed(again))) == {"read": 1, "changed": 1}
    assert held_of(METTE).cases[0].holds.end == NOW + DAY


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_a_record_twice_in_a_batch_the_newest_is_kept(*, newest_first: bool) -> None:
    items = parsed(case(title="Ny"), case(title="Gammel", registered=days_ago(20)))
    assert numbers(stored(*(items if newest_first else items[::-1]))) == {"read": 2, "new": 1, "older": 1}
    assert held_of(METTE).cases[0].title == "Ny"


def test_of_two_with_the_same_registration_the_last_is_kept() -> None:
    stored(*parsed(case(title="Først"), case(title="Sidst")))
    assert held_of(METTE).cases[0].title == "Sidst"


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (case(hidden=True, title=None), case()),
        (case(hidden=True, title=None, sensitivity=Sensitivity.ORDINARY), case(sensitivity=Sensitivity.VIP)),
        (case(sensitivity=Sensitivity.VIP), case(sensitivity=Sensitivity.ORDINARY)),
        (case(sensitivity=Sensitivity.UNKNOWN), case(sensitivity=Sensitivity.VIP)),
        (grant(sensitivity=Sensitivity.VIP), grant(sensitivity=Sensitivity.CONFIDENTIAL)),
        (plan(), full_plan()),
    ],
    ids=["hidden", "hidden before sensitive", "VIP", "unknown level", "grant", "plan without consent"],
)
@pytest.mark.parametrize("less_first", [True, False])
@pytest.mark.parametrize("apart", [True, False], ids=["on two pages", "on one page"])
def test_of_two_with_the_same_registration_the_one_that_shows_less_is_kept(
    less: Record, more: Record, *, less_first: bool, apart: bool
) -> None:
    first, second = parsed(*((less, more) if less_first else (more, less)))
    if apart:
        taken: Taken = {}
        save([first], wanted=WANTED, now=NOW, taken=taken)
        save([second], wanted=WANTED, now=NOW, taken=taken)
    else:
        stored(first, second)
    held = held_of(METTE)
    assert (*held.cases, *held.grants, *held.plans) == (replace(less, cpr=""),)


@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_of_two_with_the_same_registration_a_withdrawal_counts(*, withdrawn_first: bool) -> None:
    items: list[Item] = [withdrawn(days=10), *parsed(case())]
    counts = stored(*(items if withdrawn_first else items[::-1]))
    assert numbers(counts) == {"read": 2, "older": 1, "withdrawn": {"deleted": 1}}
    assert held_of(METTE).cases == ()


def test_a_case_that_changes_party_leaves_the_former() -> None:
    stored(*parsed(case()))
    moved = case(cpr=BO, registered=days_ago(1))
    assert numbers(stored(*parsed(moved))) == {"read": 1, "changed": 1}
    assert held_of(METTE).cases == ()
    assert [found.uuid for found in held_of(BO).cases] == [uuid("case")]


def test_an_older_party_does_not_come_back() -> None:
    stored(*parsed(case(cpr=BO, registered=days_ago(1))))
    assert numbers(stored(*parsed(case(cpr=METTE)))) == {"read": 1, "older": 1}
    assert held_of(METTE).cases == ()
    assert len(held_of(BO).cases) == 1


def test_the_party_read_last_has_a_case_registered_once() -> None:
    stored(*parsed(case(cpr=METTE)))
    assert numbers(stored(*parsed(case(cpr=BO)))) == {"read": 1, "changed": 1}
    assert held_of(METTE).cases == ()
    assert len(held_of(BO).cases) == 1


def test_two_parties_in_one_batch_leave_one() -> None:
    stored(*parsed(case(cpr=METTE), case(cpr=BO, registered=days_ago(1)), case(cpr=AMINA, registered=days_ago(5))))
    assert Case.objects.count() == 1
    assert len(held_of(BO).cases) == 1


def test_a_withdrawn_record_goes() -> None:
    stored(*parsed(case(), case("another")))
    assert numbers(stored(withdrawn())) == {"read": 1, "withdrawn": {"deleted": 1}, "removed": 1}
    assert [found.uuid for found in held_of(METTE).cases] == [uuid("another")]


def test_a_withdrawal_older_than_what_we_hold_changes_nothing() -> None:
    stored(*parsed(case()))
    assert numbers(stored(withdrawn(days=20))) == {"read": 1, "withdrawn": {"deleted": 1}}
    assert len(held_of(METTE).cases) == 1


@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_withdrawn_and_older_in_one_batch_is_withdrawn(*, withdrawn_first: bool) -> None:
    items: list[Item] = [withdrawn(), *parsed(case())]
    counts = stored(*(items if withdrawn_first else items[::-1]))
    assert numbers(counts) == {"read": 2, "older": 1, "withdrawn": {"deleted": 1}}
    assert held_of(METTE).cases == ()


def test_what_is_refused_without_an_age_is_no_longer_shown() -> None:
    stored(*parsed(case(registered=NOW)))
    assert numbers(stored(refused(), *parsed(case()))) == {
        "read": 2,
        "older": 1,
        "refused": {"no_kle": 1},
        "removed": 1,
    }
    assert held_of(METTE).cases == ()


def test_a_refused_version_gives_way_to_a_newer_one() -> None:
    stored(*parsed(case(registered=days_ago(1))))
    outdated = refused(days=2)
    assert numbers(stored(outdated)) == {"read": 1, "refused": {"no_kle": 1}}
    together = stored(*parsed(case(registered=days_ago(1))), outdated)
    assert numbers(together) == {"read": 2, "unchanged": 1, "refused": {"no_kle": 1}}
    assert len(held_of(METTE).cases) == 1


@pytest.mark.parametrize("days", [0.5, 1])
def test_a_refused_version_that_is_as_new_takes_the_record_away(days: float) -> None:
    stored(*parsed(case(registered=days_ago(1))))
    assert stored(refused(days=days), *parsed(case(registered=days_ago(1)))).removed == 1
    assert held_of(METTE).cases == ()


def test_a_refused_message_that_names_nothing_removes_nothing() -> None:
    stored(*parsed(case()))
    assert numbers(stored(refused(None))) == {"read": 1, "refused": {"no_kle": 1}}
    assert len(held_of(METTE).cases) == 1


def test_a_withdrawal_of_another_kind_with_the_same_uuid_changes_nothing() -> None:
    stored(*parsed(case("same")))
    stored(withdrawn("same", kind="grant"))
    assert len(held_of(METTE).cases) == 1


@pytest.mark.parametrize(
    "newer", [withdrawn(), refused(), refused(days=1), *parsed(case(kle="81.02.04", registered=days_ago(1)))]
)
def test_what_the_page_before_took_away_does_not_come_back(newer: Item) -> None:
    stored(*parsed(case()))
    taken: Taken = {}
    save([newer], wanted=WANTED, now=NOW, taken=taken)
    save(parsed(case("other")), wanted=WANTED, now=NOW, taken=taken)
    counts = save(parsed(case()), wanted=WANTED, now=NOW, taken=taken)
    assert numbers(counts) == {"read": 1, "older": 1}
    assert [found.uuid for found in held_of(METTE).cases] == [uuid("other")]


def test_what_is_newer_than_a_withdrawal_comes_back_in_the_same_reading() -> None:
    taken: Taken = {}
    save([withdrawn()], wanted=WANTED, now=NOW, taken=taken)
    save(parsed(case(registered=NOW)), wanted=WANTED, now=NOW, taken=taken)
    assert len(held_of(METTE).cases) == 1


def test_a_case_exempt_from_view_is_kept_whatever_its_kle_number() -> None:
    stored(*parsed(case(hidden=True, title=None, kle="81.02.04")))
    assert [held.hidden for held in held_of(METTE).cases] == [True], "or its grants would be shown"


@pytest.mark.parametrize("unusable", [withdrawn(), refused(), refused(days=1)])
def test_a_case_exempt_from_view_stays_when_its_message_cannot_be_used(unusable: Item) -> None:
    stored(*parsed(case(hidden=True, title=None), case("open")))
    assert stored(unusable).removed == 0
    assert {held.uuid: held.hidden for held in held_of(METTE).cases} == {uuid("case"): True, uuid("open"): False}


def test_a_case_no_longer_exempt_from_view_goes_when_its_kle_number_is_unwanted() -> None:
    stored(*parsed(case(hidden=True, title=None)))
    assert stored(*parsed(case(kle="81.02.04", registered=days_ago(1)))).removed == 1
    assert held_of(METTE).cases == ()


def test_an_unwanted_kle_number_is_only_counted() -> None:
    assert numbers(stored(*parsed(case(kle="81.02.04")))) == {"read": 1, "unwanted": {"81.02": 1}}
    assert find_citizen(METTE) is None, "nor is there a reason to know the citizen"


def test_a_case_that_gets_an_unwanted_kle_number_goes() -> None:
    stored(*parsed(case()))
    moved = case(kle="81.02.04", registered=days_ago(1))
    assert numbers(stored(*parsed(moved))) == {"read": 1, "unwanted": {"81.02": 1}, "removed": 1}
    assert held_of(METTE).cases == ()


def test_a_payment_is_kept_whole_for_one_wanted_line() -> None:
    mixed = payment(lines=(line(kle="25.45.04"), line(kle="32.06.04")))
    unwanted = payment("unwanted", lines=(line(kle="25.45.04"),))
    assert numbers(stored(*parsed(mixed, unwanted))) == {"read": 2, "new": 1, "unwanted": {"25.45": 1}}
    assert [one.kle for one in held_of(METTE).payments[0].lines] == ["25.45.04", "32.06.04"]


def test_a_grant_without_benefits_is_not_kept() -> None:
    assert numbers(stored(*parsed(grant(benefits=())))) == {"read": 1, "unwanted": {"": 1}}


def test_defects_are_counted_by_fagsystem() -> None:
    flawed = Parsed(record=case(title=None), defects=(Defect.NO_TITLE, Defect.NO_UNIT))
    counts = stored(flawed, *parsed(case("fine", fagsystem=None)))
    assert counts.records == {"KSD": 1, "": 1}
    assert counts.defects == {("KSD", Defect.NO_TITLE): 1, ("KSD", Defect.NO_UNIT): 1}


def test_an_empty_batch_is_nothing() -> None:
    assert numbers(stored()) == {}


def test_another_citizens_rows_do_not_come_along() -> None:
    stored(*parsed(case(), case("bo's", cpr=BO), full_grant(), full_payment(), full_plan()))
    held = held_of(BO)
    assert [found.uuid for found in held.cases] == [uuid("bo's")]
    assert (held.grants, held.payments, held.plans) == ((), (), ())


def test_erasing_a_citizen_takes_all_their_rows() -> None:
    stored(*parsed(full_case(), full_grant(), full_payment(), full_plan()))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Case.objects.get().citizen.delete()
    assert astuple(read_citizen(citizen_id_for(METTE)))[:4] == ((), (), (), ())


def test_a_record_that_the_database_will_not_take_is_not_quoted() -> None:
    secret = "Rosenvang"
    with pytest.raises(NotStoredError, match="hidden_case_carries_nothing") as caught:
        stored(*parsed(case("leaky", hidden=True, title=secret)))
    assert secret not in "".join(traceback.format_exception(caught.value))


def test_an_answer_that_is_refused_as_a_whole_removes_nothing() -> None:
    stored(*parsed(case()))
    assert numbers(stored(refused(kind="answer"))) == {"read": 1, "refused": {"no_kle": 1}}
    assert len(held_of(METTE).cases) == 1
