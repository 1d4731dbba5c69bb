"""A sync that is stopped or killed in the middle, and run again, ends as if it had not been disturbed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from indexes.identity import cpr_of
from indexes.models import Case, Citizen, Load, Outcome, SyncRun
from tests.ops.mock_indexes import MockIndexes

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
ONE_INDEX = ["--source=sdi", "--municipality=0730"]
PATIENCE = 30.0  # seconds


def sync() -> set[tuple[str, object, bytes]]:
    call_command("sync_indexes", *ONE_INDEX, skip_checks=True)
    return {(cpr_of(row.citizen_id), row.uuid, bytes(row.digest)) for row in Case.objects.all()}


def environment(mock_indexes: MockIndexes) -> dict[str, str]:
    """That of a process of its own on the tests' database: reads ten cases at a time, so that there is a middle."""
    server = urlsplit(os.environ["DATABASE_URL"])
    return {
        **os.environ,
        "DATABASE_URL": server._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "SDI_URL": mock_indexes.sdi_url,
        "SOURCE_PAGE_SIZE": "5",
        "SOURCE_PORTION_SIZE": "10",
    }


@pytest.mark.parametrize(
    ("how", "workers", "expected"),
    [
        (signal.SIGINT, 1, (130, Outcome.INTERRUPTED)),
        (signal.SIGINT, 2, (130, Outcome.INTERRUPTED)),
        (signal.SIGKILL, 1, (-signal.SIGKILL, Outcome.RUNNING)),
    ],
)
def test_a_sync_that_is_ended_in_the_middle(
    settings: Settings, mock_indexes: MockIndexes, how: signal.Signals, workers: int, expected: tuple[int, Outcome]
) -> None:
    settings.SDI_URL = mock_indexes.sdi_url
    undisturbed = sync()
    Citizen.objects.all().delete()
    SyncRun.objects.all().delete()
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "sync_indexes", *ONE_INDEX, f"--workers={workers}", "--skip-checks"],
        cwd=ROOT,
        env=environment(mock_indexes),
    ) as process:
        deadline = time.monotonic() + PATIENCE
        while not Case.objects.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(how)
        process.wait(PATIENCE)
    assert 0 < Case.objects.count() < len(undisturbed)
    assert (process.returncode, SyncRun.objects.get().outcome) == expected
    assert sync() == undisturbed
    # Whoever is killed between two portions leaves nothing by which one could tell: the next goes on with the same run.
    ended = {Outcome.INTERRUPTED, Outcome.SUCCEEDED} if how == signal.SIGKILL else {Outcome.INTERRUPTED}
    assert SyncRun.objects.earliest("started").outcome in ended
    assert not Load.objects.exists()
    assert sum(run.counts["new"] for run in SyncRun.objects.all()) == len(undisturbed)


def test_several_at_once_of_which_some_are_killed_end_as_one_undisturbed(
    settings: Settings, mock_indexes: MockIndexes
) -> None:
    """Each is another program on the same plan. Whoever is killed leaves a portion that another takes again."""
    settings.SDI_URL = mock_indexes.sdi_url
    undisturbed = sync()
    read = SyncRun.objects.get().counts["read"]
    Citizen.objects.all().delete()
    SyncRun.objects.all().delete()
    with ExitStack() as stack:
        programs = [stack.enter_context(start(mock_indexes)) for _ in range(3)]
        for number, program in enumerate(programs[:2], start=1):
            until(partial(lambda enough: Case.objects.count() > enough, 60 * number))
            program.kill()
        for program in programs:
            program.wait(PATIENCE)
    assert [program.returncode for program in programs] == [-signal.SIGKILL, -signal.SIGKILL, 0]
    assert {(cpr_of(row.citizen_id), row.uuid, bytes(row.digest)) for row in Case.objects.all()} == undisturbed
    assert not Load.objects.exists()
    runs = list(SyncRun.objects.order_by("started"))
    assert runs[-1].outcome == Outcome.SUCCEEDED
    assert sum(run.counts["new"] for run in runs) == len(undisturbed)
    assert sum(run.counts["read"] for run in runs) == read


def start(mock_indexes: MockIndexes) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "sync_indexes", *ONE_INDEX, "--skip-checks"],
        cwd=ROOT,
        env=environment(mock_indexes),
    )


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < deadline:
        time.sleep(0.005)
