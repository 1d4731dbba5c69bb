"""A batch of events into the tables, in one transaction. Doing it twice, or in another order, equals doing it once.

The newest registration wins, as in a reading, and what was taken away is remembered (``store.tombstones``): duplicates,
replays and events out of order change nothing. Nothing here talks to a broker.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from indexes import quarantine
from indexes.errors import UNFORESEEN
from indexes.events import tally
from indexes.events.decode import Event, Terms, Thing, not_stored, unexpected
from indexes.events.payload import HeldDocuments, Roles
from indexes.events.tally import Told
from indexes.identity import citizens_for
from indexes.models import Cause, Fate, SourceState
from indexes.parse.values import BEGINNING
from indexes.records import Case, Document, Item, Parsed, Period, Record, Refused, Source, Withdrawn
from indexes.sources import Clock
from indexes.store import NotStoredError, Wanted, locks, save
from indexes.store.sort import identity, takes_in
from indexes.store.tables import CASE, TABLES
from indexes.store.tombstones import SETTLED

log = logging.getLogger(__name__)

_DOCUMENTS: Final = """
SELECT uuid, (facts -> 'documents')::text, holds_from, holds_until FROM indexes_case
WHERE uuid = ANY (%s::uuid[]) AND facts ? 'documents' AND coalesce(holds_until > %s, true)
"""
_CHANGED: Final = SQL("SELECT uuid FROM {table} WHERE uuid = ANY (%s::uuid[]) AND stored_at = %s")

Fates = Counter[Fate]


def apply(events: Sequence[Event], *, terms: Terms, clock: Clock) -> Fates:
    """Write what the events say, and count what becomes of each. All is committed when this returns.

    An event that the database will not take, or that we fail on by a fault of ours, goes to quarantine, and the others
    through.

    Raises:
        OperationalError: the database is away, or somebody holds a lock for too long. Nothing is committed.
    """
    try:
        return _apply(events, terms, clock)
    except (NotStoredError, *UNFORESEEN) as error:
        if len(events) == 1:
            return _keep(events[0], error, terms, clock)
        middle = len(events) // 2
        first = apply(events[:middle], terms=terms, clock=clock)
        return first + apply(events[middle:], terms=terms, clock=clock)


def _keep(event: Event, error: Exception, terms: Terms, clock: Clock) -> Fates:
    """Into quarantine, its objects; if we fail on them there, too, the message as it came."""
    try:
        return _apply([not_stored(event, _why(error))], terms, clock)
    except (NotStoredError, *UNFORESEEN):
        return _apply([unexpected(event.message)], terms, clock)


def _why(error: Exception) -> str:
    if isinstance(error, NotStoredError):
        return error.promise
    told = type(error).__name__  # and no more: its own words may be the message's
    log.error("An event could be read and not applied, by a fault of ours (%s): it is in quarantine.", told)
    return f"unforeseen {told}"


def _apply(events: Sequence[Event], terms: Terms, clock: Clock) -> Fates:
    now = clock()
    with transaction.atomic():
        news = _without_what_readings_know(events)
        things = [thing for event in news for thing in event.things]
        owners = {owner for event in news for thing in event.things if (owner := thing.owner_cvr or event.owner_cvr)}
        # First people, then locks, as ``save`` does: else we and a reading that met somebody would wait for each other.
        citizens_for(_people(things, terms.wanted))
        items = _with_documents(things, owners, terms.roles, now)
        save(items, wanted=terms.wanted, now=now, owner_cvr=owners, cause=Cause.EVENT)
        _keep_unusable(news, now)
        told = _told(news, now)
        tally.note(told, clock())
    return Counter(event.fate for event in told)


def _all_records(things: Iterable[Thing]) -> list[Record]:
    return [thing.item.record for thing in things if isinstance(thing.item, Parsed)]


def _people(things: Sequence[Thing], wanted: Wanted) -> list[str]:
    """Whom the batch writes of: whose records are held, and whose messages go to quarantine."""
    kept = [record.cpr for record in filter(takes_in(wanted), _all_records(things))]
    return kept + [thing.item.cpr for thing in things if isinstance(thing.item, Refused) and thing.item.cpr]


def _without_what_readings_know(events: Sequence[Event]) -> list[Event]:
    """Without what was told before a complete reading began, clocks and a lagging index allowed for.

    That reading knows better: it may have found the object gone, or there again, and nobody need say so once more.
    """
    states = SourceState.objects.filter(last_success__isnull=False).values_list(
        "source", "authority_cvr", "last_success"
    )
    read = {(source, cvr): last for source, cvr, last in states}
    return [
        replace(event, things=tuple(thing for thing in event.things if not _is_known(event, thing, read)))
        for event in events
    ]


def _is_known(event: Event, thing: Thing, read: Mapping[tuple[str, str], datetime | None]) -> bool:
    last = read.get((thing.source.value, thing.owner_cvr or event.owner_cvr))
    return last is not None and event.made is not None and last > event.made + SETTLED


def _with_documents(things: Sequence[Thing], owners: Collection[str], roles: Roles, now: datetime) -> list[Item]:
    """The items, cases with those documents that we hold of them: a message brings none."""
    open_cases = [record.uuid for record in _all_records(things) if isinstance(record, Case) and not record.hidden]
    held = _documents(open_cases, owners, now) if open_cases else {}
    return [
        thing.object.read(at=now, roles=roles, held=documents)
        if thing.object and (documents := held.get(thing.uuid)) and isinstance(thing.item, Parsed)
        else thing.item
        for thing in things
    ]


def _documents(uuids: Sequence[UUID], owners: Collection[str], now: datetime) -> dict[UUID | None, HeldDocuments]:
    with connection.cursor() as cursor:
        locks.wait_to_write(cursor, CASE, owners)  # so that nobody brings other documents before we commit
        cursor.execute(_DOCUMENTS, [list(uuids), now])
        return {
            uuid: HeldDocuments(
                documents=msgspec.json.decode(told, type=tuple[Document, ...]), period=Period(start=start, end=end)
            )
            for uuid, told, start, end in cursor.fetchall()
        }


def _keep_unusable(events: Sequence[Event], now: datetime) -> None:
    unusable: defaultdict[tuple[Source, str], list[Refused]] = defaultdict(list)
    for event in events:
        for thing in event.things:
            if isinstance(thing.item, Refused):
                unusable[thing.source, event.owner_cvr].append(thing.item)
    for (source, owner), refused in sorted(unusable.items()):
        quarantine.keep(refused, source=source, authority_cvr=owner, now=now)


def _told(events: Sequence[Event], now: datetime) -> list[Told]:
    """What became of each event. Of several about one record the newest is the one that changed it."""
    changed = _changed(events, now)
    newest = {identity(item)[:2]: at for at, event in _by_age(events) for item in _records(event)}
    applied = {at for record, at in newest.items() if record in changed}
    return [
        Told(
            id=event.id,
            source=event.source.value if event.source else "",
            owner_cvr=event.owner_cvr,
            fate=event.fate or _fate(event, applied=at in applied),
            made=event.made,
        )
        for at, event in enumerate(events)
    ]


def _fate(event: Event, *, applied: bool) -> Fate:
    if any(isinstance(thing.item, Refused) for thing in event.things):
        return Fate.QUARANTINED
    if any(isinstance(thing.item, Withdrawn) for thing in event.things):
        return Fate.REMOVED
    return Fate.APPLIED if applied else Fate.UNCHANGED


def _records(event: Event) -> list[Parsed]:
    return [thing.item for thing in event.things if isinstance(thing.item, Parsed)]


def _by_age(events: Sequence[Event]) -> list[tuple[int, Event]]:
    """The events with their places, the newest last."""

    def registered(placed: tuple[int, Event]) -> datetime:
        return max((identity(item)[2] for item in _records(placed[1])), default=BEGINNING)

    return sorted(enumerate(events), key=registered)


def _changed(events: Sequence[Event], now: datetime) -> set[tuple[str, UUID]]:
    """Which records this very batch has written, by kind and uuid."""
    asked: defaultdict[str, list[UUID]] = defaultdict(list)
    for event in events:
        for item in _records(event):
            kind, uuid, _ = identity(item)
            asked[kind].append(uuid)
    found: set[tuple[str, UUID]] = set()
    with connection.cursor() as cursor:
        for table in TABLES:
            if table.kind in asked:
                cursor.execute(_CHANGED.format(table=Identifier(table.name)), [asked[table.kind], now])
                found.update((table.kind, uuid) for (uuid,) in cursor.fetchall())
    return found
