"""A lock that somebody else holds is waited for so long and no longer: anybody with a role's password may take one."""

import re
from collections.abc import Iterator
from threading import Event as Flag

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from borgerblik import tasks
from indexes.events.consumer import Broker, EventConsumer
from indexes.events.decode import Terms
from indexes.identity import citizen_id_for, find_citizen
from indexes.locked import LockedError
from indexes.mock.events import publish
from indexes.models import Case, Outcome, SourceState, SyncRun
from indexes.reading import read_citizen
from indexes.records import Source
from indexes.store import save
from indexes.store.locks import READING_ALL, WRITING
from indexes.store.tables import CASE
from indexes.sync import sync_citizen
from tests.events.makers import MAX_BYTES, TERMS, a_case, minutes, told
from tests.indexes.fakes import Clock, FakeIndex
from tests.indexes.makers import METTE, NOW, RANDERS, WANTED, case, grant, parsed
from tests.indexes.readings import held, readings
from tests.roles import WEB, Session, connect_as

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def thief() -> Iterator[Session]:
    with connect_as(WEB) as session:
        yield session


@pytest.fixture
def impatient() -> Iterator[None]:
    """As the worker, but for the time."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
        yield
        cursor.execute("RESET lock_timeout")


def keep_from_writing(thief: Session) -> int:
    """Take what a batch of cases waits for. Gives the number of the session that holds it."""
    thief.execute("SELECT pg_advisory_lock(%s, %s)", [WRITING + CASE.number, int(RANDERS)])
    return thief.info.backend_pid


def test_every_connection_has_the_limit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int / 1000.0 FROM pg_settings WHERE name = 'lock_timeout'")
        assert cursor.fetchone() == (settings.CONFIG.lock_timeout,)


@pytest.mark.usefixtures("impatient")
def test_a_reading_that_is_kept_from_writing_fails_and_says_what_to_do(thief: Session) -> None:
    sync = readings(Clock())
    sync(parsed(case(), case("old")))
    pid = keep_from_writing(thief)
    result = sync(parsed(case("new")))
    assert result.trouble is not None
    assert result.trouble.code == "locked"
    assert len(held()) == 2
    state = SourceState.objects.get()
    assert (state.error, state.message) == ("locked", result.trouble.message)
    assert SyncRun.objects.latest("started").outcome == Outcome.FAILED
    asked = re.search("SELECT .*? USING \\(pid\\)", result.trouble.message)
    assert asked is not None
    with connect_as() as owner:
        assert (pid, WEB.value) in [row[:2] for row in owner.execute(asked[0].encode()).fetchall()]
    with connect_as(WEB) as of_the_same_role:
        of_the_same_role.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert sync(parsed(case("new"))).trouble is None
    assert SourceState.objects.get(source=Source.SDI).error == ""


@pytest.mark.usefixtures("impatient")
def test_a_reading_that_is_kept_from_its_conclusion_fails_and_keeps_what_it_read() -> None:
    sync = readings(Clock())
    sync(parsed(case(), case("old")))
    with connect_as() as owner:
        owner.execute("BEGIN")
        owner.execute("LOCK TABLE indexes_defectcount")
        result = sync(parsed(case("new")))
    assert result.trouble is not None
    assert result.trouble.code == "locked"
    assert len(held()) == 3
    with connect_as() as owner:
        owner.execute("SELECT pg_advisory_lock(%s, %s)", [READING_ALL[Source.SDI], int(RANDERS)])
        with pytest.raises(OperationalError, match="LOCK_TIMEOUT"):
            sync(parsed(case("new")))
    assert sync(parsed(case("new"))).trouble is None


@pytest.mark.usefixtures("impatient")
def test_what_waited_for_a_lock_has_changed_nothing(thief: Session) -> None:
    keep_from_writing(thief)
    with pytest.raises(OperationalError, match="LOCK_TIMEOUT"), transaction.atomic():
        save(parsed(case()), wanted=WANTED, now=NOW)
    assert find_citizen(METTE) is None
    thief.execute("SELECT pg_advisory_unlock_all()")
    save(parsed(case()), wanted=WANTED, now=NOW)
    assert len(read_citizen(find_citizen(METTE)).cases) == 1


@pytest.mark.usefixtures("impatient")
def test_a_refresh_that_is_kept_from_writing_cases_keeps_what_the_other_indexes_say(thief: Session) -> None:
    keep_from_writing(thief)
    mette = citizen_id_for(METTE)
    readers = [FakeIndex(items=parsed(case())), FakeIndex(source=Source.YI, items=parsed(grant()))]
    refresh = sync_citizen(mette, readers, wanted=WANTED, clock=Clock())
    assert refresh.failed == {Source.SDI: "locked"}
    held_of = read_citizen(mette)
    assert (len(held_of.cases), len(held_of.grants)) == (0, 1)
    assert set(held_of.answered) == {Source.YI}


def test_events_that_are_kept_from_the_tables_wait_and_the_log_says_what_to_do(
    thief: Session, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    queue, stopping, asked = Broker(url=redis_url, queue="locked", max_bytes=MAX_BYTES), Flag(), []

    def terms() -> Terms:
        asked.append(1)
        if len(asked) == 2:
            thief.execute("SELECT pg_advisory_unlock_all()")
            stopping.set()
        return TERMS

    publish(queue.url, queue.queue, [told(a_case())])
    keep_from_writing(thief)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")  # until the consumer connects anew
    with caplog.at_level("WARNING"):
        EventConsumer(lambda: queue, terms, clock=lambda: minutes(1), stopping=stopping).run()
    first, then = caplog.messages
    assert first.endswith(str(LockedError()))
    assert then == "Events are taken again."
    assert Case.objects.count() == 1


def test_a_task_that_is_kept_waiting_says_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    tasks.sync_failing.on_failure(LockedError(), "id", (), {}, None)
    assert caplog.messages[0].endswith(str(LockedError()))
