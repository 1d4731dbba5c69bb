"""Events while whole authorities are read: an index that lags behind its own events takes nothing away."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from indexes import purge
from indexes.identity import citizen_id_for, citizens_for
from indexes.models import Case, Citizen, Fate
from indexes.store import locks
from indexes.store.tables import CASE
from indexes.sync import sync_authority
from tests.events.consuming import until
from tests.events.makers import a_case, instant, minutes, take, told
from tests.indexes.fakes import Clock, FakeIndex
from tests.indexes.makers import NOW, RANDERS, case, parsed, refused
from tests.indexes.readings import AUTHORITY, TERMS

pytestmark = pytest.mark.django_db


def read(at: dt.datetime) -> None:
    """The index knows one other case."""
    pages = [parsed(case("other"))]
    assert sync_authority(FakeIndex(pages=pages), AUTHORITY, TERMS, clock=lambda: at).trouble is None


def test_what_an_event_brought_just_before_a_reading_waits_for_the_next() -> None:
    new = told(a_case(registered=instant(minutes(-1))), made=minutes(-1))
    take(new, now=NOW)
    read(minutes(1))
    assert Case.objects.count() == 2, "the index may not have heard of it when it was asked"
    read(minutes(62))
    assert Case.objects.count() == 1
    take(new, now=minutes(70))
    assert Case.objects.count() == 1, "sent again it does not come back: the reading knows better"


def test_what_was_registered_long_ago_goes_at_once_however_late_it_came() -> None:
    take(told(a_case(registered=instant(minutes(-500))), made=minutes(-500)), now=NOW)
    read(minutes(1))
    assert Case.objects.count() == 1


def an_event() -> None:
    assert take(told(a_case()), now=NOW) == {Fate.APPLIED: 1}


def a_reading_of_what_cannot_be_used() -> None:
    pages = [[refused(days=1, cpr=a_case().cpr)]]
    assert sync_authority(FakeIndex(pages=pages), AUTHORITY, TERMS, confirmed=True, clock=Clock()).trouble is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", [an_event, a_reading_of_what_cannot_be_used])
def test_two_that_meet_the_same_new_citizen_do_not_wait_for_each_other(other: Callable[[], None]) -> None:
    went_well = threading.Event()

    def run() -> None:
        try:
            other()
            went_well.set()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic(), connection.cursor() as cursor:
        citizens_for([a_case().cpr or ""])  # a reading has met her, and goes on to write her cases
        thread.start()
        until(lambda: waiting() == 1)
        locks.wait_to_write(cursor, CASE, [RANDERS])
    thread.join(30)
    assert went_well.is_set()


@pytest.mark.django_db(transaction=True)
def test_who_is_written_of_is_not_purged_meanwhile() -> None:
    citizen = citizen_id_for(a_case().cpr or "")
    Citizen.objects.update(made=NOW - dt.timedelta(days=3))

    def purged() -> int:
        try:
            return purge.people(NOW, []).some()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            assert take(told(a_case())) == {Fate.APPLIED: 1}
            assert beside.submit(purged).result(30) == 0
        assert beside.submit(purged).result(30) == 0
        assert Case.objects.get().citizen_id == citizen
        Case.objects.all().delete()
        assert beside.submit(purged).result(30) == 1


def waiting() -> int:
    """How many sessions wait for a lock of another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])
