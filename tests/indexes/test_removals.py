"""Where rows have gone: each one that is taken away is counted, with whose it was, its kind and why."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command

from borgerblik.retention import works
from indexes.models import Cause, Payment, Removal
from indexes.store import save
from tests.indexes.fakes import Clock
from tests.indexes.makers import BO, DAY, LOLLAND, NOW, RANDERS, WANTED, case, grant, parsed, payment, withdrawn
from tests.indexes.readings import readings

pytestmark = pytest.mark.django_db


def counted() -> dict[tuple[str, str, str], int]:
    return {(one.authority_cvr, one.kind, one.cause): one.rows for one in Removal.objects.all()}


def test_a_reading_tells_what_its_messages_took_and_what_it_no_longer_brought() -> None:
    sync = readings(Clock())
    kept = parsed(*[case(f"kept {number}") for number in range(60)])
    sync(parsed(case("withdrawn"), case("absent"), case("unwanted")) + kept)
    sync([withdrawn("withdrawn"), *parsed(case("unwanted", kle="99.00.00")), *kept])
    assert counted() == {(RANDERS, "case", "message"): 2, (RANDERS, "case", "absent"): 1}


def test_who_moves_to_another_citizen_is_not_gone() -> None:
    save(parsed(case()), wanted=WANTED, now=NOW)
    save(parsed(case(cpr=BO, registered=NOW)), wanted=WANTED, now=NOW)
    assert counted() == {}


def test_the_same_again_takes_nothing_and_adds_up_within_an_hour() -> None:
    for name in ("a", "b"):
        save(parsed(payment(name)), wanted=WANTED, now=NOW)
        for _ in range(2):
            save([withdrawn(name, kind="payment")], wanted=WANTED, now=NOW, cause=Cause.EVENT, owner_cvr=RANDERS)
    assert counted() == {(RANDERS, "payment", "event"): 2}
    assert not Payment.objects.exists()


def test_the_night_counts_what_is_over_and_what_has_left(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.KEEP_ENDED_DAYS = 365
    old = dt.date(2019, 1, 1)
    save(parsed(payment(available=old), grant(end=old, owner_cvr=LOLLAND)), wanted=WANTED, now=NOW - 400 * DAY)
    for work in works(NOW):
        work.some(100)
    assert counted() == {(RANDERS, "payment", "over"): 1, (LOLLAND, "grant", "over"): 1}
    call_command("removals", "--municipality", "0730")
    told = capsys.readouterr().out
    assert "Randers Kommune: 1 payment, it ended longer ago than it is kept" in told
    assert told.splitlines()[-1].startswith("1 rows were taken away since ")
