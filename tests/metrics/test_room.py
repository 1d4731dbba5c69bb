"""The machine room's metrics: asked of a real database and a real broker, as the role that asks in production."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from celery import current_app
from django.core.signals import request_started
from django.db import close_old_connections
from django.utils import timezone
from prometheus_client import CollectorRegistry
from pytest_django import Settings

from borgerblik import syncing, tasks
from borgerblik.models import AuthoritySettings, Done
from borgerblik.models.cleaning import Cleaning, Work
from borgerblik.syncing import Pair
from indexes.authorities import by_code
from indexes.identity import citizen_id_for
from indexes.models import EventCount, Outcome, Quarantined, Removal, SourcePace, SourceState, SyncRun
from indexes.models.removals import Cause
from indexes.records import Source
from portal.metrics.questions import QUESTIONS
from portal.metrics.room import PREFIX, Room
from portal.metrics.wsgi import application
from tests.api.conftest import no_database
from tests.borgerblik import log_makers
from tests.indexes.makers import METTE
from tests.roles import SYNC, asked_as

pytestmark = pytest.mark.django_db
RANDERS = by_code["0730"].cvr
TOKEN = "thirty-two characters or more, of tests"
NOW = timezone.now()
Told = dict[str, dict[tuple[str, ...], float]]


@pytest.fixture(autouse=True)
def _randers_is_on_borgerblik() -> None:
    AuthoritySettings.objects.update_or_create(code="0730", defaults={"since": dt.date(2020, 1, 1)})


def told() -> Told:
    """Name without prefix -> values of its labels, by their names' order -> number."""
    registry, found = CollectorRegistry(), dict[str, dict[tuple[str, ...], float]]()
    registry.register(Room())
    with asked_as(lambda: SYNC):
        families = list(registry.collect())
    for family in families:
        for sample in family.samples:
            labels = tuple(value for _, value in sorted(sample.labels.items()))
            found.setdefault(sample.name.removeprefix(PREFIX), {})[labels] = sample.value
    return found


def state(**values: Any) -> None:
    SourceState.objects.create(source="sdi", authority_cvr=RANDERS, last_attempt=NOW, **values)


def run(outcome: Outcome, **values: Any) -> None:
    SyncRun.objects.create(source="sdi", authority_cvr=RANDERS, started=NOW, outcome=outcome, **values)


def test_the_role_of_the_worker_may_ask_everything() -> None:
    readable = told()["part_readable"]
    assert {part for (part,), can in readable.items() if can} >= {question.part for question in QUESTIONS}


def test_other_keys_than_the_databases_ring(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.CPR_KEYS = "1:sixteen-characters-at-least"
    citizen_id_for(METTE)
    assert told()["part_readable"]["keys",] == 1
    settings.CPR_KEYS = "1:another-sixteen-characters"
    assert told()["part_readable"]["keys",] == 0
    assert "put the right secret back" in caplog.text


def test_a_source_says_how_it_stands_for_each_authority() -> None:
    state(last_success=NOW, failed_since=NOW, error="timeout", rows=7)
    found = told()
    assert found["source_last_success_timestamp_seconds"]["0730", "sdi"] == pytest.approx(NOW.timestamp())
    assert found["source_failing"]["0730", "sdi"] == 1
    assert found["source_failed_since_timestamp_seconds"]["0730", "sdi"] == pytest.approx(NOW.timestamp())
    assert found["source_rows"]["0730", "sdi"] == 7
    assert found["sources_failing"] == {("timeout", "sdi"): 1}


def test_a_source_that_was_never_read_was_read_in_1970() -> None:
    found = told()
    assert found["source_last_success_timestamp_seconds"]["0730", "yi"] == 0
    assert ("0730", "yi") not in found.get("source_failed_since_timestamp_seconds", {})


def test_an_index_says_how_fast_it_is_asked_and_whether_at_all() -> None:
    soon = timezone.now() + dt.timedelta(minutes=5)  # counted from now: the module may have been read long ago
    state(failed_since=NOW, error="timeout", failures=2, try_after=soon)
    SourcePace.objects.create(source="sdi", share=0.25, usual=1.5, paused_until=soon, slowed_at=NOW)
    found = told()
    assert found["source_pace"] == {("sdi",): 0.25}
    assert found["source_paused"] == {("sdi",): 1}
    assert found["source_slowed_timestamp_seconds"]["sdi",] == pytest.approx(NOW.timestamp())
    assert found["source_page_seconds"] == {("sdi",): 1.5}
    assert found["source_left_alone"] == {("sdi",): 1}


def test_an_authority_that_has_left_rings_no_alarm() -> None:
    state(failed_since=NOW, error="timeout")
    AuthoritySettings.objects.filter(code="0730").delete()
    found = told()
    assert not [labels for labels in found.get("source_failing", {}) if "0730" in labels]
    assert "sources_failing" not in found


def test_runs_are_told_by_outcome_and_by_what_they_brought() -> None:
    counts = {"read": 10, "new": 4, "refused": {"no_owner": 2, "too_deep": 1}, "withdrawn": {}}
    run(Outcome.SUCCEEDED, ended=NOW + dt.timedelta(seconds=90), counts=counts)
    found = told()
    assert found["runs_last_day"]["succeeded", "sdi"] == 1
    assert found["run_seconds"]["0730", "sdi"] == 90
    items = {what: number for (_, what), number in found["run_items"].items()}
    assert items == {"read": 10, "new": 4, "refused": 3, "withdrawn": 0}


def test_a_run_that_goes_on_says_since_when() -> None:
    run(Outcome.RUNNING)
    found = told()
    assert found["run_running_since_timestamp_seconds"]["0730", "sdi"] == pytest.approx(NOW.timestamp())
    assert "run_seconds" not in found


def test_quarantine_is_counted_by_reason() -> None:
    common: dict[str, Any] = {"source": "sdi", "kind": "case", "reason": "no_owner", "what": "owner", "key_id": "1"}
    times: dict[str, Any] = {"first_seen": NOW, "last_seen": NOW, "sealed": b""}
    Quarantined.objects.create(**common, **times, digest=b"1", times=3)
    Quarantined.objects.create(**common, **times, digest=b"2", times=1)
    found = told()
    assert found["quarantined"] == {("no_owner", "sdi"): 2}
    assert found["quarantined_times"] == {("no_owner", "sdi"): 4}


def test_what_was_taken_away_lately_is_counted_by_why() -> None:
    common = {"authority_cvr": RANDERS, "kind": "case", "cause": Cause.ABSENT}
    for slot, hours in enumerate([1, 2, 30]):
        Removal.objects.create(**common, slot=slot, rows=5, hour=NOW - dt.timedelta(hours=hours))
    assert told()["removals_last_day"] == {("absent", "case"): 10}


def test_events_are_counted_by_fate_and_by_how_long_they_took() -> None:
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    common: dict[str, Any] = {"hour": hour, "source": "sdi", "authority_cvr": RANDERS}
    for slot, (fate, within, again) in enumerate([("applied", 2.0, 0), ("applied", 10.0, 1), ("unchanged", None, 3)]):
        EventCount.objects.create(**common, slot=slot, fate=fate, within=within, events=4, again=again)
    found = told()
    assert found["events_lately"] == {("applied", "sdi"): 8, ("unchanged", "sdi"): 4}
    assert found["events_again_lately"] == {("applied", "sdi"): 1, ("unchanged", "sdi"): 3}
    assert found["events_newest_timestamp_seconds"] == {("sdi",): hour.timestamp()}
    assert found["events_within_lately"] == {("2",): 4, ("10",): 8, ("more",): 12}


def test_an_index_whose_events_ended_long_ago_says_when_and_one_that_has_none_says_nothing() -> None:
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    for days in (8, 300):
        EventCount.objects.create(
            hour=hour - dt.timedelta(days=days), source="yi", fate="applied", slot=1, events=1, again=0
        )
    found = told()
    assert found["events_newest_timestamp_seconds"] == {("yi",): (hour - dt.timedelta(days=8)).timestamp()}
    assert "events_lately" not in found


def test_what_the_clock_calls_for_says_when_it_was_last_done() -> None:
    Done.objects.update_or_create(task="purge_expired", defaults={"at": NOW})
    with asked_as(lambda: SYNC):
        tasks.seal_settings_history()
    found = told()["done_timestamp_seconds"]
    assert found == {
        ("purge_expired",): NOW.timestamp(),
        ("seal_settings_history",): pytest.approx(time.time(), abs=60),
    }


def test_cleaning_that_has_not_ended_is_counted_since_when() -> None:
    Cleaning.objects.create(id=uuid4(), work=Work.RETIRE, authority_code="0730", asked_by="operator", asked=NOW)
    found = told()
    assert found["cleanings_waiting"] == {("retire",): 1}
    assert found["cleaning_oldest_timestamp_seconds"]["retire",] == pytest.approx(NOW.timestamp())


def test_a_bulk_reading_that_is_not_over_says_how_far_it_is() -> None:
    syncing.begin(Pair(source=Source.SDI, authority=by_code["0730"]))
    found = told()
    assert found["load_started_timestamp_seconds"]["0730", "sdi"] >= NOW.timestamp()
    assert found["load_stopped"] == {("0730", "sdi"): 0}
    assert found["load_objects_read"] == {("0730", "sdi"): 0}


def test_what_no_seal_covers_is_counted_with_its_age() -> None:
    log_makers.sealed(3)
    oldest, _ = log_makers.write(2, at=NOW)
    found = told()
    assert found["unsealed_entries"]["access",] == 2
    assert found["oldest_unsealed_timestamp_seconds"]["access",] == pytest.approx(oldest.at.timestamp())


def test_tables_and_connections_are_told() -> None:
    found = told()
    assert found["table_bytes"]["indexes_case",] > 0
    assert sum(found["database_connections"].values()) >= 1
    assert found["database_connections_max"][()] > 10


def test_each_queue_says_what_waits_in_it(redis_url: str, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = redis_url
    with current_app.connection_for_write(redis_url) as broker:
        queues = {name: broker.SimpleQueue(name) for name in ("citizens", "loads", "upkeep")}
        for queue in queues.values():
            queue.clear()  # of what other tests have left to nobody
        queues["upkeep"].put("a task")
        found = told()
        queues["upkeep"].clear()
        for queue in queues.values():
            queue.close()
    assert found["queue_tasks"] == {("citizens",): 0, ("loads",): 0, ("upkeep",): 1}
    assert found["part_readable"]["queues",] == 1


def test_a_broker_that_is_gone_is_told_and_leaves_the_rest(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    found = told()
    assert found["part_readable"]["queues",] == 0
    assert "queue_tasks" not in found
    assert found["part_readable"]["states",] == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_is_told_once_and_leaves_the_rest(
    redis_url: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CELERY_BROKER_URL = redis_url
    registry = CollectorRegistry()
    registry.register(Room())
    with no_database():
        readable = {
            sample.labels["part"]: sample.value
            for family in registry.collect()
            for sample in family.samples
            if sample.name == f"{PREFIX}part_readable"
        }
    assert {part for part, can in readable.items() if can} == {"queues"}
    assert readable.keys() >= {question.part for question in QUESTIONS}
    assert len(caplog.records) == 1


@pytest.fixture
def ask(settings: Settings) -> Iterator[Callable[..., tuple[str, bytes]]]:
    settings.METRICS_TOKEN = TOKEN
    request_started.disconnect(close_old_connections)  # as Django's test client: the connection is the test's

    def answer(path: str, **sent: str) -> tuple[str, bytes]:
        statuses: list[str] = []
        body = application({"PATH_INFO": path, **sent}, lambda status, _headers: statuses.append(status))  # type: ignore[arg-type]  # nobody writes by hand
        return statuses[0], b"".join(body)

    yield answer
    request_started.connect(close_old_connections)


def test_only_the_token_opens_it(ask: Callable[..., tuple[str, bytes]]) -> None:
    assert ask("/metrics") == ("401 Unauthorized", b"")
    assert ask("/metrics", HTTP_AUTHORIZATION="Bearer x") == ("401 Unauthorized", b"")
    assert ask("/admin") == ("404 Not Found", b"")
    assert ask("/healthz") == ("200 OK", b"ok\n")
    status, body = ask("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    assert status == "200 OK"
    assert b'borgerblik_part_readable{part="states"} 1.0' in body
