"""Celery's tasks. Messages hold a source, an authority's code or a citizen's id: never a CPR number."""

import logging
from collections.abc import Iterable
from contextlib import ExitStack
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from borgerblik import cleaning, syncing
from borgerblik.cleaning import BusyError
from borgerblik.seals.logs import ACCESS, SETTINGS, Log
from borgerblik.seals.sealing import seal
from borgerblik.wanted import wanted
from indexes import authorities
from indexes.locked import LockedError
from indexes.models import Load, SyncRun
from indexes.records import Source
from indexes.sync import claim_refresh, open_source, sync_citizen
from indexes.sync.ledger import trouble_of

log = logging.getLogger(__name__)


@shared_task
def sync_all() -> None:
    """One task for each index of each authority on Borgerblik, but for what has just failed."""
    _read(syncing.due())


@shared_task
def sync_failing() -> None:
    """Try again what failed, the sooner the fewer times it did: what is well again is on the pages within minutes.

    A plan on which too few work, since a worker or the broker died, is gone on with.
    """
    _read(syncing.failing())
    for load_id, hands in syncing.to_go_on_with():
        for _ in range(hands):
            read_portion.delay(load_id)


def _read(pairs: Iterable[syncing.Pair]) -> None:
    for pair in pairs:
        sync_one.delay(pair.source.value, pair.authority.code)


@shared_task
def sync_one(source: str, code: str) -> None:
    """Read one index for one authority: make the plan, or go on with the one that is there."""
    load = syncing.begin(syncing.Pair(source=Source(source), authority=authorities.by_code[code]))
    read_portion.delay(load.pk)


@shared_task
def read_portion(load_id: int) -> None:
    """Read one portion of a plan, and call for a successor: as many go on side by side as ``spread`` has begun."""
    with syncing.worker(grown=spread, ended=tell) as worker:
        if not worker.read_portion([load_id]):
            worker.settle([load_id])
            return
    if syncing.has_more(load_id):
        read_portion.delay(load_id)


def tell(run: SyncRun) -> None:
    """A line for the operator about a reading that is over."""
    code = authorities.by_cvr[run.authority_cvr].code
    if trouble := trouble_of(run):
        log.warning("%s of %s was not read in full (%s): %s", run.source, code, trouble.code, trouble.message)
    else:
        log.info("%s of %s was read: %s", run.source, code, run.counts)


def spread(load_id: int, portions: int) -> None:
    """Let others read the new portions of a plan, as many at once as its source may be asked."""
    for _ in range(min(portions, syncing.free_hands(Load.objects.get(pk=load_id)))):
        read_portion.delay(load_id)


@shared_task
def clean(cleaning_id: str) -> None:
    """Do one piece of cleaning that somebody has asked for, or what is left of it."""
    try:
        done = cleaning.carry_out(UUID(cleaning_id))
    except (BusyError, LockedError) as error:
        log.warning("Cleaning %s waits: %s", cleaning_id, error)
        return
    if done is not None:
        log.info("Cleaning %s (%s) has ended: %s", cleaning_id, done.work, done.counts)


@shared_task
def clean_what_waits() -> None:
    """Whatever has been asked for and has not ended: the broker was down, or a worker was cut off."""
    for waits in cleaning.waiting():
        clean.delay(str(waits))


@shared_task
def seal_access_log() -> None:
    """Seal what has been read since the last seal."""
    _seal(ACCESS)


@shared_task
def seal_settings_history() -> None:
    """Seal what has been decided since the last seal."""
    _seal(SETTINGS)


def _seal(of: Log) -> None:
    for block in seal(of, now=timezone.now()):
        log.info("%s of the %s was sealed over %d entries.", block, of.called, block.entries)


@shared_task
def refresh_citizen(citizen_id: str) -> None:
    """Ask the indexes about one citizen, at most once a minute, so that the next page is fresh."""
    citizen = UUID(citizen_id)
    if not claim_refresh(citizen, now=timezone.now()):
        return
    with ExitStack() as opened:
        readers = [opened.enter_context(open_source(source)) for source in Source]
        refresh = sync_citizen(citizen, readers, wanted=wanted())
    log.info("Citizen %s was refreshed: %s, failed: %s", citizen, refresh.counts.as_json(), dict(refresh.failed))
