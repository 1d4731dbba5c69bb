"""One citizen from all indexes into our tables, for the page they open next. Bounded in time.

What is no longer there stays until the reading of the whole authority: one person's answer is too little to remove
rows for being absent. What an index says of a record it does bring (changed, withdrawn, unreadable) holds at once.
Nothing here touches the state of a source, which speaks of whole authorities; nor is a sign-in kept from an index by
it, since one question covers all authorities: only ``pace`` says that an index is left alone.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson
from django.db import connection, transaction

from indexes import authorities, quarantine
from indexes.errors import UNFORESEEN, NotAsked, SourceError, Timeout, where
from indexes.identity import cpr_of
from indexes.locked import LockedError
from indexes.records import Answer, Item, Parsed, Refused, Source
from indexes.sources import Clock, IndexSource
from indexes.store import Counts, NotStoredError, Wanted, save
from indexes.sync import pace
from indexes.sync.authority import utc_now
from indexes.sync.doubt import OUR_FAULT

log = logging.getLogger(__name__)

SELDOM: Final = timedelta(minutes=1)

_CLAIM = """
UPDATE indexes_citizen SET refreshed_at = %s WHERE id = %s AND (refreshed_at IS NULL OR refreshed_at <= %s)
"""

_ANSWERED = "UPDATE indexes_citizen SET answered = answered || %s::jsonb WHERE id = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """What came of asking: counts of what was saved, and the code of what went wrong by source, empty if nothing."""

    counts: Counts
    failed: Mapping[Source, str]


def claim_refresh(citizen_id: UUID, *, now: datetime) -> bool:
    """Whether it is time to ask the indexes about a citizen, and nobody else does: at most once a minute."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now, citizen_id, now - SELDOM])
        return bool(cursor.rowcount)


def sync_citizen(
    citizen_id: UUID,
    readers: Iterable[IndexSource],
    *,
    wanted: Wanted,
    within: float = 5.0,
    clock: Clock = utc_now,
) -> Refresh:
    """Ask every index about one citizen, at the same time, and save what has come after ``within`` seconds.

    They are not asked at a bulk reading's pace, and stand in no line with it; but one that is left alone is left alone.

    Raises:
        identity.UnknownCitizenError: no citizen has this id.
    """
    cpr = cpr_of(citizen_id)
    asked = clock()
    left_alone = pace.paused()
    answers, failed = _ask([reader for reader in readers if reader.source not in left_alone], cpr, within)
    codes = dict.fromkeys(left_alone, NotAsked.code)
    for source in answers:
        pace.note_for_citizen(source, None)
    for source, failure in failed.items():
        codes[source] = _code(source, failure)
        if isinstance(failure, SourceError):
            pace.note_for_citizen(source, failure)
    counts = Counts()
    answered: list[Source] = []
    for source, answer in answers.items():
        items = [item for item in answer.items if _is_about(item, cpr)]
        try:
            ours = [item for item in items if not _has_left(item, wanted)]
            counts.add(_save(ours, source=source, wanted=wanted, now=clock(), since=asked))
        except (NotStoredError, LockedError, *UNFORESEEN) as error:
            codes[source] = _code(source, error)
            continue
        if _is_usable(items):
            answered.append(source)
    _note_answers(citizen_id, answered, asked)
    return Refresh(counts=counts, failed=codes)


def _ask(
    readers: Iterable[IndexSource], cpr: str, within: float
) -> tuple[dict[Source, Answer], dict[Source, Exception]]:
    """The answers that came in time, and why the others did not. Threads only talk HTTP; none touches the database.

    A fault of ours with one index keeps nothing of the others, who will not be asked again for a minute.
    """
    pool = ThreadPoolExecutor(max_workers=len(Source), thread_name_prefix="ask")
    asked = {reader.source: pool.submit(reader.of_citizen, cpr) for reader in readers}
    wait(asked.values(), timeout=within)
    answers: dict[Source, Answer] = {}
    failed: dict[Source, Exception] = {}
    for source, future in asked.items():
        if not future.done():
            failed[source] = Timeout(within)
            continue
        try:
            answers[source] = future.result()
        except (SourceError, *UNFORESEEN) as error:
            failed[source] = error
    pool.shutdown(wait=False, cancel_futures=True)  # who is late ends by the client's own time limit
    return answers, failed


def _code(source: Source, error: Exception) -> str:
    if isinstance(error, SourceError | NotStoredError | LockedError):
        return error.code
    log.error(
        "What %s said of a citizen met something that Borgerblik was not made for (%s): nothing of it is kept, the "
        "other indexes' answers are; tell whoever maintains Borgerblik what stands in brackets.",
        source,
        where(error),
    )
    return OUR_FAULT


def _is_about(item: Item, cpr: str) -> bool:
    """Whether a record is the citizen's own and an authority's that we know; what else comes was not asked for."""
    return not isinstance(item, Parsed) or (item.record.cpr == cpr and item.record.owner_cvr in authorities.by_cvr)


def _has_left(item: Item, wanted: Wanted) -> bool:
    """Whether a record is of an authority that is on Borgerblik no more: nobody would take it away again."""
    return isinstance(item, Parsed) and item.record.owner_cvr in wanted.left


def _is_usable(items: Sequence[Item]) -> bool:
    """Whether what an index said about the citizen makes what we hold of it fresh.

    An answer without a record of theirs says nothing, since the index may be in trouble; and one with something that
    could not be used is not all that the index has.
    """
    return any(isinstance(item, Parsed) for item in items) and not any(isinstance(item, Refused) for item in items)


def _save(items: Sequence[Item], *, source: Source, wanted: Wanted, now: datetime, since: datetime) -> Counts:
    refused = [item for item in items if isinstance(item, Refused)]
    with transaction.atomic():
        quarantine.meet(refused)
        counts = save(items, wanted=wanted, now=now, since=since)
        quarantine.keep(refused, source=source, authority_cvr="", now=now)
    return counts


def _note_answers(citizen_id: UUID, sources: Iterable[Source], asked: datetime) -> None:
    answered = {source.value: asked for source in sources}
    if answered:
        with connection.cursor() as cursor:
            cursor.execute(_ANSWERED, [orjson.dumps(answered).decode(), citizen_id])
