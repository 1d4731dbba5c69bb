"""Celery's tasks. Messages hold a source, an authority's code or a citizen's id: never a CPR number."""

import logging
from collections.abc import Iterable
from contextlib import ExitStack, closing
from typing import Final
from uuid import UUID

from celery import Task, current_app, shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from kombu.exceptions import ChannelError

from borgerblik import cleaning, done, syncing
from borgerblik.cleaning import BusyError
from borgerblik.seals.logs import ACCESS, SETTINGS, Log
from borgerblik.seals.sealing import seal
from borgerblik.wanted import wanted
from indexes import authorities
from indexes.locked import LockedError
from indexes.models import SyncRun
from indexes.records import Source
from indexes.sync import claim_refresh, open_source, sync_citizen
from indexes.sync.citizen import SELDOM
from indexes.sync.ledger import trouble_of

log = logging.getLogger(__name__)

AWAY: Final = (OperationalError, InterfaceError)
# Each message of the clock is over when the next comes (``CELERY_BEAT_SCHEDULE``), and so is what it calls for, or an
# hour without workers would be done sixty times after it. Those of each minute have longer, for a queue that is full.
SOON: Final = 600  # seconds


class CalledAgain(Task[..., None]):
    """What the clock calls for again and again, so that a database that is away is no error of the program."""

    throws = AWAY

    def on_failure(self, exc: Exception, *_: object, **__: object) -> None:
        if isinstance(exc, LockedError):
            log.warning("%s is not done now, and is called for again. %s", type(self).__name__, exc)
        elif isinstance(exc, AWAY):
            log.warning(
                "The database is away or too busy (%s), so %s is not done now: nothing is lost, and it is called for "
                "again.",
                type(exc).__name__,
                type(self).__name__,
            )


class EachMinute(CalledAgain):
    """What the clock calls for each minute. When it was last done is kept: nothing else tells of one that stands."""

    def __call__(self, *args: object, **kwargs: object) -> None:
        super().__call__(*args, **kwargs)
        done.note(self.name.rpartition(".")[2])


class CalledSeldom(CalledAgain):
    """What the clock calls for once an hour or a night, and would otherwise be lost for as long.

    A database that is away is waited for: half an hour, at most a minute at a time. Whose process is killed is sent
    again after three minutes, and not at once: if it was killed for what it does, it is not killed without end.
    """

    autoretry_for = AWAY
    retry_backoff = True
    retry_backoff_max = 60  # seconds
    max_retries = 60
    retry_on_worker_lost = True


@shared_task(base=CalledSeldom)
def sync_all() -> None:
    """One task for each index of each authority on Borgerblik, but for what has just failed."""
    _read(syncing.due(), within=settings.SYNC_MINUTES * 60)


@shared_task(base=EachMinute)
def sync_failing() -> None:
    """Try again what failed, the sooner the fewer times it did: what is well again is on the pages within minutes.

    Where nobody is called any more to plans that are open, since a worker or the broker died, others are.
    """
    _read(syncing.failing(), within=SOON)
    spread()


def _called() -> int:
    """How many tasks wait in the queue of loads; Redis and Valkey know no queue that is empty."""
    with current_app.connection_for_read() as broker, closing(broker.SimpleQueue(settings.LOADS)) as queue:
        try:
            return int(queue.qsize())
        except ChannelError:  # that there is no such queue; whatever else the broker refuses is an error
            return 0


def _read(pairs: Iterable[syncing.Pair], *, within: float) -> None:
    for pair in pairs:
        sync_one.apply_async((pair.source.value, pair.authority.code), expires=within)


@shared_task(base=CalledSeldom)
def sync_one(source: str, code: str) -> None:
    """Read one index for one authority: make the plan, or go on with the one that is there."""
    syncing.begin(syncing.Pair(source=Source(source), authority=authorities.by_code[code]))
    read_portion.delay()


@shared_task(base=CalledAgain)
def read_portion() -> None:
    """Read one portion of any plan, and call for a successor: so many go on side by side as were called."""
    with syncing.worker(grown=lambda _load, _portions: spread(), ended=tell) as worker:
        if worker.read_portion():
            read_portion.delay()
        elif (seconds := worker.settle()) is not None:
            read_portion.apply_async(countdown=seconds)


def tell(run: SyncRun) -> None:
    """A line for the operator about a reading that is over."""
    code = authorities.by_cvr[run.authority_cvr].code
    if trouble := trouble_of(run):
        log.warning("%s of %s was not read in full (%s): %s", run.source, code, trouble.code, trouble.message)
    else:
        log.info("%s of %s was read: %s", run.source, code, run.counts)


def spread() -> None:
    """Call for as many as may read at once, but for those who have been called and have not come yet."""
    for _ in range(syncing.free_hands() - _called()):
        read_portion.delay()


@shared_task(base=CalledAgain)
def clean(cleaning_id: str) -> None:
    """Do one piece of cleaning that somebody has asked for, or what is left of it."""
    try:
        ended = cleaning.carry_out(UUID(cleaning_id))
    except (BusyError, LockedError) as error:
        log.warning("Cleaning %s waits: %s", cleaning_id, error)
        return  # it stands as asked for, and ``clean_what_waits`` calls for it again
    if ended is not None:
        log.info("Cleaning %s (%s) has ended: %s", cleaning_id, ended.work, ended.counts)


@shared_task(base=EachMinute)
def clean_what_waits() -> None:
    """Whatever has been asked for and has not ended: the broker was down, or a worker was cut off."""
    for waits in cleaning.waiting():
        clean.apply_async((str(waits),), expires=SOON)


@shared_task(base=EachMinute)
def seal_access_log() -> None:
    """Seal what has been read since the last seal."""
    _seal(ACCESS)


@shared_task(base=EachMinute)
def seal_settings_history() -> None:
    """Seal what has been decided since the last seal."""
    _seal(SETTINGS)


def _seal(of: Log) -> None:
    for block in seal(of, now=timezone.now()):
        log.info("%s of the %s was sealed over %d entries.", block, of.called, block.entries)


@shared_task(expires=SELDOM.total_seconds())
def refresh_citizen(citizen_id: str) -> None:
    """Ask the indexes about one citizen, at most once a minute, so that the next page is fresh.

    Not after a minute: they have read their page, and those who have just signed in would wait for it.
    """
    citizen = UUID(citizen_id)
    if not claim_refresh(citizen, now=timezone.now()):
        return
    with ExitStack() as opened:
        readers = [opened.enter_context(open_source(source)) for source in Source]
        refresh = sync_citizen(citizen, readers, wanted=wanted())
    log.info("Citizen %s was refreshed: %s, failed: %s", citizen, refresh.counts.as_json(), dict(refresh.failed))
