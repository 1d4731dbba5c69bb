"""Celery's own workers on a plan, killed again and again: what they leave behind, the clock lets others go on with."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.conf import settings as of_django
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from borgerblik import tasks
from borgerblik.models import AuthoritySettings
from indexes.identity import cpr_of
from indexes.models import Case, Citizen, Load, Outcome, SourceState, SyncRun
from tests.indexes.makers import NOW
from tests.ops.mock_indexes import MockIndexes

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds
KILLS = 4


def held() -> set[tuple[str, object, bytes]]:
    return {(cpr_of(row.citizen_id), row.uuid, bytes(row.digest)) for row in Case.objects.all()}


@contextmanager
def worker(environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker of bulk loads with two processes, in a group of its own."""
    command = ["-m", "celery", "--app=portal", "worker", "--queues=loads", "--concurrency=2", "--loglevel=WARNING"]
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, *command, "--without-gossip", "--without-mingle"],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def _empty_queue(redis_url: str) -> Iterator[None]:
    with current_app.connection_for_read(redis_url) as broker:
        queue = broker.SimpleQueue(of_django.LOADS)
        queue.clear()
        yield
        queue.clear()
        queue.close()


@pytest.mark.usefixtures("_empty_queue")
def test_workers_that_are_killed_again_and_again_lose_nothing_and_count_nothing_twice(
    settings: Settings, mock_indexes: MockIndexes, redis_url: str
) -> None:
    settings.SDI_URL = mock_indexes.sdi_url
    call_command("sync_indexes", "--source=sdi", "--municipality=0730", skip_checks=True)
    undisturbed, read = held(), SyncRun.objects.get().counts["read"]
    for rows in (Citizen, SyncRun, SourceState):
        rows.objects.all().delete()
    AuthoritySettings.objects.create(code="0730", since=NOW.date())
    server = urlsplit(os.environ["DATABASE_URL"])
    environment = {
        **os.environ,
        "DATABASE_URL": server._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "REDIS_URL": redis_url,
        "SDI_URL": mock_indexes.sdi_url,
        "SOURCE_PAGE_SIZE": "10",
        "SOURCE_PORTION_SIZE": "20",
    }
    tasks.sync_one.delay("sdi", "0730")
    killed = 0
    deadline = time.monotonic() + PATIENCE
    while (Load.objects.exists() or not Case.objects.exists()) and time.monotonic() < deadline:
        with worker(environment) as process:
            before = Case.objects.count()
            while process.poll() is None and time.monotonic() < deadline:
                if not Load.objects.exists() and Case.objects.exists():
                    break
                if killed < KILLS and Case.objects.count() > before + 20:
                    os.killpg(process.pid, signal.SIGKILL)
                    killed += 1
                time.sleep(0.01)
        tasks.sync_failing()  # as the clock does each minute
    assert held() == undisturbed
    assert killed == KILLS
    assert SourceState.objects.get().error == ""
    runs = list(SyncRun.objects.order_by("started"))
    assert runs[-1].outcome == Outcome.SUCCEEDED
    assert sum(run.counts["new"] for run in runs) == len(undisturbed)
    assert sum(run.counts["read"] for run in runs) == read
