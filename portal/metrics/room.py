"""The machine room, told when Prometheus scrapes: what the database answers to ``questions``, and the queues.

What cannot be asked is told as such (``borgerblik_part_readable``) and leaves the rest standing: silence about a part
never looks like "all is well".
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis import RedisError

from borgerblik import syncing
from indexes import authorities, keys
from indexes.crypto import KeyRingError
from indexes.records import Source
from indexes.sync.progress import progress
from portal.metrics import queues
from portal.metrics.questions import ABOUT, AUTHORITY, QUESTIONS, Question, samples

PREFIX: Final = "borgerblik_"
PATIENCE: Final = 5  # seconds that one statement may take
LOADS, KEYS, QUEUES = "loads", "keys", "queues"
log = logging.getLogger(__name__)

Family = GaugeMetricFamily


class Room(Collector):
    """Asks everything anew for each scrape; nothing is kept between two."""

    def describe(self) -> Iterable[Family]:
        """Nothing: registering must not ask a database that may not be there yet."""
        return ()

    def collect(self) -> Iterator[Family]:
        readable = Family(f"{PREFIX}part_readable", "1 when a part of these metrics could be read.", labels=["part"])
        took = Family(f"{PREFIX}part_seconds", "Seconds that reading a part took.", labels=["part"])
        for part, families in _parts():
            began = perf_counter()
            told: list[Family] | None = None
            try:
                told = None if families is None else list(families)
            except (DatabaseError, RedisError) as error:
                log.warning("The metrics of %s cannot be read (%s).", part, type(error).__name__)
            except KeyRingError as error:
                log.error("%s", error)  # noqa: TRY400 - it says all there is to say
            readable.add_metric([part], 0 if told is None else 1)
            took.add_metric([part], perf_counter() - began)
            yield from told or ()
        yield from (readable, took, _fresh_for())


def _parts() -> Iterator[tuple[str, Iterable[Family] | None]]:
    """What is told, by part; None where it need not be asked."""
    answers = _database_answers()  # asked once: where nothing listens each attempt would wait as long as this
    for question in QUESTIONS:
        yield question.part, _answered(question) if answers else None
    yield LOADS, _loads() if answers else None
    yield KEYS, _keys() if answers else None
    yield QUEUES, _queues()


def _database_answers() -> bool:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        log.warning("The database does not answer (%s), so nothing of it is told.", type(error).__name__)
        return False
    return True


def _answered(question: Question) -> Iterator[Family]:
    """One family a gauge, of all rows; asked when the first is wanted.

    Raises:
        DatabaseError: the database does not answer, or not in time.
    """
    families = {
        name: Family(PREFIX + name, said, labels=list(question.labels)) for name, said in question.gauges.items()
    }
    for name, labels, number in samples(question, _rows(question)):
        families[name].add_metric(labels, number)
    yield from families.values()


def _rows(question: Question) -> list[tuple[object, ...]]:
    """The answer, with each authority's code in place of its CVR number."""
    with _not_for_long(), connection.cursor() as cursor:
        if "about" in question.sql:
            cursor.execute(ABOUT + question.sql, _about())
        else:
            cursor.execute(question.sql)
        rows: list[tuple[object, ...]] = cursor.fetchall()
    if AUTHORITY not in question.labels:
        return rows
    at = question.labels.index(AUTHORITY)
    return [(*row[:at], authorities.by_cvr[str(row[at])].code, *row[at + 1 :]) for row in rows]


def _about() -> dict[str, list[str]]:
    pairs = syncing.pairs(Source, syncing.on_borgerblik())
    return {
        "sources": [pair.source.value for pair in pairs],
        "cvrs": [pair.authority.cvr for pair in pairs],
    }


def _loads() -> Iterator[Family]:
    """How far each bulk reading is that is not over.

    Raises:
        DatabaseError: the database does not answer, or not in time.
    """
    labels = ["source", AUTHORITY]
    began = Family(
        f"{PREFIX}load_started_timestamp_seconds", "When a bulk reading began that is not over.", labels=labels
    )
    stopped = Family(f"{PREFIX}load_stopped", "1 while nobody goes on with it.", labels=labels)
    read = Family(f"{PREFIX}load_objects_read", "Objects that it has read.", labels=labels)
    told = Family(f"{PREFIX}load_objects", "Objects that its index has told of.", labels=labels)
    with _not_for_long():
        loads = progress()
    for load in loads:
        about = [load.source.value, authorities.by_cvr[load.authority_cvr].code]
        began.add_metric(about, load.started.timestamp())
        stopped.add_metric(about, int(load.stopped))
        read.add_metric(about, load.read)
        told.add_metric(about, load.told)
    yield from (began, stopped, read, told)


def _keys() -> Iterator[Family]:
    """Nothing but whether CPR_KEYS are the database's: with others no worker reads, and nobody signs in.

    Raises:
        DatabaseError: the database does not answer, or not in time.
        KeyRingError: they are not.
    """
    with _not_for_long():
        keys.compare()
    yield from ()


@contextmanager
def _not_for_long() -> Iterator[None]:
    """Whoever scrapes waits, and so does the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{PATIENCE}s"])
        yield


def _queues() -> Iterator[Family]:
    """Raises RedisError when the broker does not answer."""
    waiting = Family(f"{PREFIX}queue_tasks", "Tasks that wait in a queue for a worker.", labels=["queue"])
    for name, length in queues.lengths():
        waiting.add_metric([name], length)
    yield waiting
    yield Family(f"{PREFIX}tasks_taken", "Tasks that workers have taken and not finished.", value=queues.worked_on())


def _fresh_for() -> Family:
    """The operator's own limit, so that alarms keep to it."""
    said = "How old a source's last good reading may be and be called fresh (FRESH_MINUTES)."
    return Family(f"{PREFIX}fresh_seconds", said, value=settings.FRESH_MINUTES * 60)
