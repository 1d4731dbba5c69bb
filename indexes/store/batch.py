"""One batch of items into the tables, in one transaction. Doing it twice equals doing it once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.types.json import Jsonb

from indexes import removals
from indexes.identity import citizens_for, known_citizens
from indexes.models import Cause
from indexes.records import Item
from indexes.store import locks, statements, tombstones
from indexes.store.counts import Counts
from indexes.store.sort import Share, Taken, sort, taken_by
from indexes.store.tables import TABLES, Table, Values
from indexes.store.wanted import Wanted


class NotStoredError(Exception):
    """A batch that the database would not take. Nothing of it is stored.

    PostgreSQL's own words quote the row, and rows are people: only the promise's name is passed on.
    """

    code = "not_stored"

    def __init__(self, promise: str) -> None:
        self.promise = promise
        super().__init__(
            f"A page was not stored because a record in it breaks what the database promises ({promise}): what "
            "was held stays. The parser should have refused that record; report it as an error in Borgerblik."
        )


def save(  # noqa: PLR0913 - what its callers know of a batch, each by its name
    items: Iterable[Item],
    *,
    wanted: Wanted,
    now: datetime,
    since: datetime | None = None,
    taken: Taken | None = None,
    owner_cvr: str | Collection[str] = (),
    cause: Cause = Cause.MESSAGE,
) -> Counts:
    """Write a batch; answers exact counts.

    The newest registration of a record wins over what is held and over the rest of the batch, in whatever order; of
    two with the same the one that shows less, else the last.

    A withdrawn record, or one whose KLE number is not wanted, is removed unless we hold a newer registration. So is a
    refused one; when its registration cannot be read, it may be the newest, and what is held goes. A case exempt from
    view is removed by neither a withdrawal nor a refusal (``statements.remove_shown`` says why).

    A record that ended longer ago than it is kept (``keeping``) is not taken in; one that we hold stays, in its newest
    version, until ``purge`` finds that nothing held is understood by it.

    An older version of what was removed does not bring it back, whoever brings it (``tombstones``). ``taken`` spares
    the batches of one reading that question: it is what they have taken away so far, and this one adds to it.

    ``since`` is when the reading began that the batch is of, for all who share it; None: it is of events, which tell
    what was and not what an index holds. ``owner_cvr`` is whose records may be removed: a removal waits for those
    authorities' other batches too. Of records that are written, the owner is known anyhow. ``cause`` is what rows that
    are taken away are counted under (``removals``).

    Raises:
        NotStoredError: a record breaks a promise of the database.
    """
    counts = Counts()
    floor = {} if taken is None else taken
    shares = sort(list(items), taken=floor, wanted=wanted, counts=counts)
    try:
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            owners = {owner_cvr} if isinstance(owner_cvr, str) else set(owner_cvr)
            found = _write(cursor, shares, counts, _Of(now=now, since=since, owners=owners, cause=cause))
    except (IntegrityError, DataError) as error:
        raise NotStoredError(_promise(error)) from None
    floor.update(found)
    return counts


def _promise(error: DatabaseError) -> str:
    """The name of the constraint that an error is about, else what kind of error it is."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or type(error).__name__


@dataclass(frozen=True, slots=True, kw_only=True)
class _Of:
    """What ``save`` was told of a batch."""

    now: datetime
    since: datetime | None
    owners: Collection[str]
    cause: Cause


def _write(cursor: CursorWrapper, shares: Mapping[str, Share], counts: Counts, of: _Of) -> Taken:
    """Write what a batch says; answers what it takes away or hides."""
    for table in TABLES:
        _take_needed(cursor, table, shares[table.kind], counts)
    taken = taken_by(shares)
    citizens = citizens_for(record.cpr for share in shares.values() for record in share.records)
    for table in TABLES:
        share = shares[table.kind]
        if not (share.records or share.gone or share.unwanted or share.over):
            continue  # and others who write this kind are not waited for
        # Before any row is locked, so that two batches never wait for each other.
        locks.wait_to_write(cursor, table, {*of.owners} | {record.owner_cvr for record in share.records})
        removed = _remove(cursor, table, share, counts, of.cause)
        noted = tombstones.worth_noting(taken, table, removed, since=of.since)
        tombstones.lay(cursor, table, share, noted, of.now)
        if share.records:
            rows = [
                (citizens[record.cpr], of.now, *_read_from(share, record.uuid), *table.row(record))
                for record in share.records
            ]
            _merge(cursor, table, rows, counts, since=of.since)
    return taken


def _remove(cursor: CursorWrapper, table: Table, share: Share, counts: Counts, cause: Cause) -> set[UUID]:
    """Take away rows, and count them; answers which they were."""
    removed: dict[UUID, str] = {}
    for remove, rows_of in ((statements.remove_shown, share.gone), (statements.remove, share.unwanted)):
        if rows_of:
            cursor.execute(remove(table), [list(rows_of), list(rows_of.values())])
            counts.removed += cursor.rowcount
            counts.taken[table.kind] += cursor.rowcount
            removed.update(cursor.fetchall())
    removals.note(cause, table.kind, removed.values())
    return set(removed)


def _take_needed(cursor: CursorWrapper, table: Table, share: Share, counts: Counts) -> None:
    """Of the records whose time is over: those held, or needed by something held. The rest is only counted."""
    if not share.over:
        return
    known = known_citizens(record.cpr for record in share.over)  # nobody is made a citizen by what is not kept
    asked: list[Any] = [[known.get(record.cpr) for record in share.over], [record.uuid for record in share.over]]
    cursor.execute(statements.needed(table), asked)
    needed = {uuid for (uuid,) in cursor.fetchall()}
    share.records.extend(record for record in share.over if record.uuid in needed)
    counts.over += len(share.over) - len(needed)


def _read_from(share: Share, uuid: UUID) -> tuple[bytes | None, list[str] | None]:
    """The fingerprint of what a row was read from, and what was wrong in it."""
    fingerprint, defects = share.told.get(uuid, (None, ()))
    return fingerprint, [defect.value for defect in defects] or None


def _as_it_is(facts: bytes) -> bytes:
    return facts


def _merge(
    cursor: CursorWrapper, table: Table, rows: Sequence[Values], counts: Counts, *, since: datetime | None
) -> None:
    """Rows with one uuid each: COPY to a temporary table, then one statement."""
    facts_at = list(table.columns).index("facts")
    cursor.execute(statements.make_incoming(table))
    with cursor.copy(statements.copy_incoming(table)) as copy:
        copy.set_types(list(table.columns.values()))
        for row in rows:
            copy.write_row((*row[:facts_at], Jsonb(row[facts_at], dumps=_as_it_is), *row[facts_at + 1 :]))
    counts.older += tombstones.hold(cursor, table, since=since)
    cursor.execute(statements.merge(table))
    met = dict(cursor.fetchall())
    cursor.execute(statements.drop_incoming(table))  # the transaction may be another's and go on
    counts.new += met.get("new", 0)
    counts.changed += met.get("changed", 0)
    counts.unchanged += met.get("unchanged", 0)
    counts.older += met.get("older", 0)
