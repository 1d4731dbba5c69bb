"""The whole of an authority: what comes is kept, what is gone goes, and a failure never looks like an empty answer."""

import threading

import pytest
from django.db import connections, transaction
from pytest_django import Settings

from indexes import authorities
from indexes.errors import BadAnswer, Flaw, Overloaded
from indexes.identity import find_citizen
from indexes.models import DefectCount, Outcome, Quarantined, SyncRun
from indexes.reading import read_citizen
from indexes.records import Defect, Parsed, Source
from indexes.store import save
from indexes.sync import sync_authority
from tests.indexes.fakes import Clock, FakeIndex
from tests.indexes.makers import (
    BO,
    LOLLAND,
    METTE,
    NOW,
    RANDERS,
    WANTED,
    case,
    days_ago,
    grant,
    parsed,
    payment,
    refused,
    uuid,
    withdrawn,
)
from tests.indexes.readings import AUTHORITY, TERMS, Sync, cases, held, readings, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sync(clock: Clock) -> Sync:
    return readings(clock)


def held_by(cpr: str) -> int:
    return len(read_citizen(find_citizen(cpr)).cases)


def test_a_complete_reading_is_written_down(sync: Sync) -> None:
    result = sync(parsed(case()), parsed(case("second", cpr=BO)))
    assert result.trouble is None
    run = SyncRun.objects.get()
    assert run.outcome == Outcome.SUCCEEDED
    assert (run.counts["read"], run.counts["new"]) == (2, 2)
    assert run.ended is not None
    assert run.started < run.ended
    assert (state().rows, state().failed_since, state().error, state().message) == (2, None, "", "")
    assert state().last_success == run.started, "what is held is as of the beginning of the reading"


def test_what_a_complete_reading_lacks_is_removed(sync: Sync) -> None:
    sync(parsed(case(), case("gone")))
    result = sync(parsed(case()))
    assert (result.counts.removed, result.counts.unchanged) == (1, 1)
    assert held() == {uuid("case")}
    assert state().rows == 1


def test_a_case_exempt_from_view_stays_while_the_index_has_it(sync: Sync) -> None:
    sync(parsed(case(hidden=True, title=None), case("another")))
    assert sync([refused(days=1), *parsed(case("another"))]).counts.removed == 0
    assert held() == {uuid("case"), uuid("another")}, "it cannot be read, but it is there"
    assert sync(parsed(case("another"))).counts.removed == 1
    assert held() == {uuid("another")}


def test_other_authorities_and_other_indexes_keep_their_rows(sync: Sync, clock: Clock) -> None:
    lolland = FakeIndex(pages=[parsed(case("lolland", owner_cvr=LOLLAND))])
    sync_authority(lolland, authorities.by_cvr[LOLLAND], TERMS, clock=clock)
    sync_authority(FakeIndex(source=Source.YI, pages=[parsed(grant(), payment())]), AUTHORITY, TERMS, clock=clock)
    sync(parsed(case(), case("gone")))
    sync(parsed(case()))
    assert held() == {uuid("case"), uuid("lolland")}
    mette = read_citizen(find_citizen(METTE))
    assert (len(mette.grants), len(mette.payments)) == (1, 1)


def test_a_record_of_another_authority_is_left_to_its_own_reading(sync: Sync) -> None:
    result = sync(parsed(case(), case("moved", owner_cvr=LOLLAND)))
    assert (result.counts.read, result.counts.elsewhere) == (1, 1)
    assert held() == {uuid("case")}


def test_a_row_that_came_while_the_reading_went_on_stays(sync: Sync, clock: Clock) -> None:
    sync(parsed(case()))
    clock.tomorrow()

    def somebody_signs_in(_objects: int) -> None:
        save(parsed(case("fresh")), wanted=WANTED, now=clock())

    reader = FakeIndex(pages=[parsed(case())])
    sync_authority(reader, AUTHORITY, TERMS, clock=clock, progress=somebody_signs_in)
    assert held() == {uuid("case"), uuid("fresh")}


@pytest.mark.parametrize("fails_after", [0, 1, 2])
def test_a_failure_on_the_way_removes_nothing_and_says_so(settings: Settings, sync: Sync, fails_after: int) -> None:
    settings.SOURCE_PORTION_SIZE = 2
    sync(parsed(case(), case("old")))
    success = state().last_success
    result = sync(parsed(case("new")), parsed(case("newer")), fails_after=fails_after)
    assert result.trouble is not None
    assert result.trouble.code == "unreachable"
    assert held() == {uuid("case"), uuid("old"), uuid("new"), uuid("newer")} - {
        uuid(name) for name in ("new", "newer")[fails_after:]
    }
    assert (state().last_success, state().error, state().rows) == (success, "unreachable", 2)
    assert "connection" in state().message
    assert SyncRun.objects.latest("started").outcome == Outcome.FAILED


def test_a_failure_keeps_the_time_it_began_until_a_success(sync: Sync) -> None:
    sync(parsed(case()), fails_after=0, error=Overloaded(503, None))
    first = state()
    assert first.last_success is None
    sync(parsed(case()), fails_after=0, error=BadAnswer(Flaw.NOT_XML))
    assert (state().failed_since, state().error) == (first.failed_since, "bad_answer")
    assert state().last_attempt > first.last_attempt
    sync(parsed(case()))
    assert (state().failed_since, state().error, state().message) == (None, "", "")


def test_what_was_withdrawn_pages_ago_does_not_come_back(sync: Sync) -> None:
    outdated = case(registered=days_ago(20))
    sync(parsed(outdated))
    sync([withdrawn()], parsed(case("other")), parsed(outdated))
    assert held() == {uuid("other")}


def test_withdrawn_on_one_page_and_outdated_on_the_next_is_withdrawn(sync: Sync) -> None:
    sync(parsed(case(), case("other")))
    result = sync([withdrawn(), *parsed(case("other"))], parsed(case()))
    assert (result.counts.removed, result.counts.older) == (1, 1)
    assert held() == {uuid("other")}


def test_a_reading_that_was_interrupted_and_run_again_ends_as_if_it_had_not_been(
    settings: Settings, sync: Sync
) -> None:
    settings.SOURCE_PORTION_SIZE = 2
    pages = [parsed(case(title="Ny", registered=days_ago(1))), parsed(case("second"))]
    sync(parsed(case(), case("gone")))
    with pytest.raises(KeyboardInterrupt):
        sync(*pages, fails_after=1, error=KeyboardInterrupt())
    assert SyncRun.objects.latest("started").outcome == Outcome.INTERRUPTED
    assert (state().failed_since, state().rows) == (None, 2), "an interruption says nothing about the source"
    sync(*pages)
    assert held() == {uuid("case"), uuid("second")}
    assert read_citizen(find_citizen(METTE)).cases[0].title == "Ny"


def test_a_run_that_was_killed_is_marked_by_the_next(sync: Sync) -> None:
    killed = SyncRun.objects.create(source="sdi", authority_cvr=RANDERS, started=NOW, outcome=Outcome.RUNNING)
    sync(parsed(case()))
    killed.refresh_from_db()
    assert killed.outcome == Outcome.INTERRUPTED
    assert killed.ended is not None


def test_the_quality_of_the_data_is_that_of_the_last_complete_reading(sync: Sync) -> None:
    flawed = Parsed(record=case(title=None), defects=(Defect.NO_TITLE,))
    sync([flawed, *parsed(case("fine"))])
    row = DefectCount.objects.get()
    assert (row.fagsystem, row.defect, row.count, row.records) == ("KSD", "no_title", 1, 2)
    sync([flawed], fails_after=1)
    assert DefectCount.objects.count() == 1
    sync(parsed(case(), case("fine")))
    assert not DefectCount.objects.exists()


def test_quarantine_is_of_the_last_complete_reading_too(sync: Sync) -> None:
    result = sync([refused(None), *parsed(case())])
    assert (result.quarantined, Quarantined.objects.get().authority_cvr) == (1, RANDERS)
    assert sync([refused(None), *parsed(case())]).quarantined == 1
    assert Quarantined.objects.get().times == 2
    assert sync(parsed(case())).quarantined == 0


def test_progress_is_told_after_each_page(clock: Clock) -> None:
    told: list[int] = []
    reader = FakeIndex(pages=[parsed(*cases(2)), parsed(case("third"))])
    sync_authority(reader, AUTHORITY, TERMS, clock=clock, progress=told.append)
    assert told == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_two_batches_that_bring_a_case_under_two_parties_leave_one() -> None:
    """The second waits for the first: neither would see the other's row, and both would stay."""

    def write() -> None:
        try:
            save(parsed(case(cpr=BO)), wanted=WANTED, now=NOW)
        finally:
            connections.close_all()

    thread = threading.Thread(target=write)
    with transaction.atomic():
        save(parsed(case(cpr=METTE)), wanted=WANTED, now=NOW)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)
    assert held_by(METTE) == 0
    assert held_by(BO) == 1


@pytest.mark.django_db(transaction=True)
def test_a_record_that_the_database_will_not_take_is_put_aside_and_the_rest_goes_through(sync: Sync) -> None:
    leaky = case("leaky", hidden=True)
    result = sync(parsed(case("a"), case("b")), parsed(case("c"), leaky, case("d")), parsed(case("e")))
    assert result.trouble is None
    assert held() == {uuid(name) for name in "abcde"}
    row = Quarantined.objects.get()
    assert (row.uuid, row.reason, row.what) == (uuid("leaky"), "not_stored", "hidden_case_carries_nothing")
    assert (result.counts.read, result.counts.new, result.counts.refused) == (6, 5, {"not_stored": 1})
