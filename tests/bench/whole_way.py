"""The whole way of a bulk load: asked of the mock indexes by HTTP, by Celery's workers, into the tables; by the clock.

``http`` is that against the limit of one core that walks the same bytes and copies the same rows. ``celery`` is two
processes of Celery, a portion of 2,000 a task, against two that do the same without a queue (``sync_indexes``).
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.models import Max, Min

from indexes.models import Load, Outcome, SyncRun
from tests.bench.environment import PLACE, ROOT
from tests.bench.measure import Line
from tests.bench.workers import bare_rate
from tests.ops.mock_indexes import MockIndexes

CODES: Final = ("0101", "0751", "0461", "0851", "0561", "0730", "0265", "0630")  # the largest
CITIZENS: Final = 100_000  # of all Denmark
PROCESSES: Final = 2
ROUNDS: Final = 3
PATIENCE: Final = 300  # seconds
EMPTY: Final = "TRUNCATE indexes_case, indexes_load, indexes_portion, indexes_syncrun, indexes_sourcestate CASCADE"


def whole_way_lines() -> Iterator[Line]:
    limit = bare_rate()
    with MockIndexes(log=PLACE / "mock.log", citizens=CITIZENS, seed=2033) as mock:
        environment = {**os.environ, "SDI_URL": mock.sdi_url, "SOURCE_TIMEOUT": "60"}
        _by_hand(environment)  # the mock counts each authority's cases when it is first asked
        rounds = [(_by_celery(environment), _by_hand(environment)) for _ in range(ROUNDS)]
    (cases,) = {cases for each in rounds for cases, _ in each}
    queued = [cases / took for (_, took), _ in rounds]
    plain = [cases / took for _, (_, took) in rounds]
    yield Line(
        name="http",
        ours=statistics.median(queued),
        limit=limit,
        ratio=statistics.median(queued) / limit,
        unit="cases/s by the clock, limit of one core",
        n=cases,
    )
    yield Line(
        name="celery",
        ours=statistics.median(queued),
        limit=statistics.median(plain),
        ratio=statistics.median(ours / bare for ours, bare in zip(queued, plain, strict=True)),
        unit="cases/s by the clock",
        n=cases,
    )


def _by_celery(environment: dict[str, str]) -> tuple[int, float]:
    """How many cases Celery's two processes read, and in how many seconds."""
    _empty()
    with _worker(environment):
        for code in CODES:
            current_app.send_task("borgerblik.tasks.sync_one", ["sdi", code])
        deadline = time.monotonic() + PATIENCE
        while _ended().count() < len(CODES):
            if time.monotonic() > deadline:
                raise RuntimeError("Celery's workers did not read everything in time. See .data/bench/celery.log.")
            time.sleep(0.05)
    return _told()


def _by_hand(environment: dict[str, str]) -> tuple[int, float]:
    """The same by two processes that share the plans by themselves."""
    _empty()
    command = [sys.executable, "manage.py", "sync_indexes", "--source=sdi", "--municipality", *CODES]
    with (PLACE / "sync.log").open("wb") as log:
        readers = [_start(command, environment, log) for _ in range(PROCESSES)]
        codes = [reader.wait(PATIENCE) for reader in readers]
    if any(codes):
        raise RuntimeError("sync_indexes ended in an error, so nothing was measured. See .data/bench/sync.log.")
    return _told()


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator[None]:
    queues = ",".join(sorted({settings.LOADS, *(route["queue"] for route in settings.CELERY_TASK_ROUTES.values())}))
    command = [sys.executable, "-m", "celery", "--app=portal", "worker", f"--queues={queues}", "--loglevel=INFO"]
    with (PLACE / "celery.log").open("wb") as log:
        worker = _start([*command, f"--concurrency={PROCESSES}", "--without-gossip"], environment, log)
        try:
            yield
        finally:
            os.killpg(worker.pid, signal.SIGTERM)
            worker.wait(PATIENCE)


def _start(command: Sequence[str], environment: dict[str, str], log: Any) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own programs
        command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    )


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)


def _ended() -> Any:
    return SyncRun.objects.filter(outcome=Outcome.SUCCEEDED)


def _told() -> tuple[int, float]:
    """Cases read, and seconds from the beginning of the first reading to the end of the last."""
    if _ended().count() != len(CODES) or Load.objects.exists():
        outcomes = list(SyncRun.objects.values_list("authority_cvr", "outcome"))
        raise RuntimeError(f"Not everything was read, so nothing was measured: {outcomes}")
    times = _ended().aggregate(began=Min("started"), ended=Max("ended"))
    cases = sum(counts["read"] for counts in _ended().values_list("counts", flat=True))
    return cases, (times["ended"] - times["began"]).total_seconds()
