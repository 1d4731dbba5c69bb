"""One batch of items into the tables, in one transaction. Doing it twice equals doing it once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.types.json import Jsonb

from indexes.identity import citizens_for
from indexes.records import Item, Parsed, Record, Refused, Withdrawn
from indexes.store import locks, statements
from indexes.store.counts import Counts
from indexes.store.tables import BY_TYPE, TABLES, Table, Values
from indexes.store.wanted import Wanted

Key = tuple[str, UUID]
FOREVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Share:
    """What of a batch concerns one table: records to hold, and rows to remove (null: whatever their registration)."""

    records: list[Record] = field(default_factory=list)
    gone: dict[UUID, datetime | None] = field(default_factory=dict)


class NotStoredError(Exception):
    """A batch that the database would not take. Nothing of it is stored.

    PostgreSQL's own words quote the row, and rows are people: only the promise's name is passed on.
    """

    code = "not_stored"

    def __init__(self, promise: str) -> None:
        super().__init__(
            f"A page was not stored because a record in it breaks what the database promises ({promise}): what "
            "was held stays. The parser should have refused that record; report it as an error in Borgerblik."
        )


def save(items: Iterable[Item], *, wanted: Wanted, now: datetime, after: Iterable[Item] = ()) -> Counts:
    """Write a batch; answers exact counts.

    The newest registration of a record wins, whatever order they come in; of two with the same the last one.

    A withdrawn record, or one whose KLE number is not wanted, is removed unless we hold a newer registration. A refused
    one is always removed: its registration cannot be trusted, so neither can the row be known to be newer.

    ``after`` is the batch before this one in the same reading. Two versions of a record are neighbours in an index's
    answer, so they may fall on either side of a page's edge: what the newer one took away must not come back.

    Raises:
        NotStoredError: a record breaks a promise of the database.
    """
    counts = Counts()
    shares = _sort(list(items), _registrations(after), wanted, counts)
    try:
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            _write(cursor, shares, counts, now)
    except (IntegrityError, DataError) as error:
        raise NotStoredError(_promise(error)) from None
    return counts


def _promise(error: DatabaseError) -> str:
    """The name of the constraint that an error is about, else what kind of error it is."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or type(error).__name__


def _write(cursor: CursorWrapper, shares: Mapping[str, _Share], counts: Counts, now: datetime) -> None:
    citizens = citizens_for(record.cpr for share in shares.values() for record in share.records)
    for table in TABLES:
        share = shares[table.kind]
        if share.gone:
            cursor.execute(statements.remove(table), [list(share.gone), list(share.gone.values())])
            counts.removed += cursor.rowcount
        if share.records:
            rows = [(citizens[record.cpr], now, *table.row(record)) for record in share.records]
            locks.wait_to_write(cursor, table, {record.owner_cvr for record in share.records})
            _merge(cursor, table, rows, counts)


def _sort(items: Sequence[Item], floor: Mapping[Key, datetime], wanted: Wanted, counts: Counts) -> Mapping[str, _Share]:
    """Each table's share of the batch; counts everything that does not depend on what we hold."""
    counts.read = len(items)
    shares = {table.kind: _Share() for table in TABLES}
    for item in items:
        counts.kinds[kind_of(item)] += 1
        if isinstance(item, Refused):
            counts.refused[item.reason.value] += 1
            counts.unreadable[item.kind] += 1
            if item.uuid is not None:
                shares[item.kind].gone[item.uuid] = None
    newest = _newest(items, {**floor, **_registrations(item for item in items if isinstance(item, Refused))})
    counts.older = len(items) - counts.refused.total() - len(newest)
    for (kind, uuid), item in newest.items():
        share = shares[kind]
        if isinstance(item, Withdrawn):
            counts.withdrawn[item.reason.value] += 1
            share.gone[uuid] = item.registered
        elif wanted.wants(kind, numbers := BY_TYPE[type(item.record)].kle(item.record)):
            share.records.append(item.record)
            _count_quality(item, counts)
        else:
            counts.unwanted[numbers[0][:5] if numbers else ""] += 1
            share.gone[uuid] = item.record.registered
    return shares


def _newest(items: Iterable[Item], floor: Mapping[Key, datetime]) -> dict[Key, Parsed | Withdrawn]:
    """The newest item of each record, of the same registration the last; none that is older than ``floor``."""
    newest: dict[Key, Parsed | Withdrawn] = {}
    registrations = dict(floor)
    for item in items:
        if isinstance(item, Refused):
            continue
        kind, uuid, registered = identity(item)
        if registrations.get((kind, uuid), registered) <= registered:
            registrations[kind, uuid] = registered
            newest[kind, uuid] = item
    return newest


def _registrations(items: Iterable[Item]) -> dict[Key, datetime]:
    """When each record was last registered; what was refused counts as newer than anything."""
    found: dict[Key, datetime] = {}
    for item in items:
        if isinstance(item, Refused):
            if item.uuid is not None:
                found[item.kind, item.uuid] = FOREVER
            continue
        kind, uuid, registered = identity(item)
        found[kind, uuid] = max(registered, found.get((kind, uuid), registered))
    return found


def kind_of(item: Item) -> str:
    return BY_TYPE[type(item.record)].kind if isinstance(item, Parsed) else item.kind


def identity(item: Parsed | Withdrawn) -> tuple[str, UUID, datetime]:
    """An item's kind, uuid and time of registration."""
    about = item.record if isinstance(item, Parsed) else item
    return kind_of(item), about.uuid, about.registered


def _count_quality(item: Parsed, counts: Counts) -> None:
    fagsystem = getattr(item.record, "fagsystem", None) or ""  # a plan has none
    counts.records[fagsystem] += 1
    for defect in set(item.defects):
        counts.defects[fagsystem, defect] += 1


def _as_it_is(facts: bytes) -> bytes:
    return facts


def _merge(cursor: CursorWrapper, table: Table, rows: Sequence[Values], counts: Counts) -> None:
    """Rows with one uuid each: COPY to a temporary table, then one statement."""
    facts_at = list(table.columns).index("facts")
    cursor.execute(statements.make_incoming(table))
    with cursor.copy(statements.copy_incoming(table)) as copy:
        copy.set_types(list(table.columns.values()))
        for row in rows:
            copy.write_row((*row[:facts_at], Jsonb(row[facts_at], dumps=_as_it_is), *row[facts_at + 1 :]))
    cursor.execute(statements.merge(table))
    met = dict(cursor.fetchall())
    cursor.execute(statements.drop_incoming(table))  # the transaction may be another's and go on
    counts.new += met.get("new", 0)
    counts.changed += met.get("changed", 0)
    counts.unchanged += met.get("unchanged", 0)
    counts.older += met.get("older", 0)
