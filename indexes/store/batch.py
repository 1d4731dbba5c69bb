"""One batch of items into the tables, in one transaction. Doing it twice equals doing it once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.types.json import Jsonb

from indexes import removals
from indexes.identity import citizens_for, known_citizens
from indexes.models import Cause
from indexes.records import Item
from indexes.store import locks, statements
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
    taken: Taken | None = None,
    owner_cvr: str | None = None,
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

    Across batches the order matters for what was removed: nothing is kept of it in the tables. ``taken`` is what the
    batches of one reading have taken away so far, and this one adds to it: an older version that comes later in the
    same reading does not bring the row back.

    ``owner_cvr`` is whose reading it is. A removal waits for that authority's other batches too; of records that are
    written, the owner is known anyhow. ``cause`` is what rows that are taken away are counted under (``removals``).

    Raises:
        NotStoredError: a record breaks a promise of the database.
    """
    counts = Counts()
    floor = {} if taken is None else taken
    shares = sort(list(items), taken=floor, wanted=wanted, counts=counts)
    try:
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            _write(cursor, shares, counts, now, {owner_cvr} if owner_cvr else set())
            removals.note_of(cause, owner_cvr or "", counts.taken)
    except (IntegrityError, DataError) as error:
        raise NotStoredError(_promise(error)) from None
    floor.update(taken_by(shares))
    return counts


def _promise(error: DatabaseError) -> str:
    """The name of the constraint that an error is about, else what kind of error it is."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or type(error).__name__


def _write(cursor: CursorWrapper, shares: Mapping[str, Share], counts: Counts, now: datetime, owner: set[str]) -> None:
    for table in TABLES:
        _take_needed(cursor, table, shares[table.kind], counts)
    citizens = citizens_for(record.cpr for share in shares.values() for record in share.records)
    for table in TABLES:
        share = shares[table.kind]
        # Before any row is locked, so that two batches never wait for each other.
        locks.wait_to_write(cursor, table, owner | {record.owner_cvr for record in share.records})
        for remove, rows_of in ((statements.remove_shown, share.gone), (statements.remove, share.unwanted)):
            if rows_of:
                cursor.execute(remove(table), [list(rows_of), list(rows_of.values())])
                counts.removed += cursor.rowcount
                counts.taken[table.kind] += cursor.rowcount
        if share.records:
            rows = [(citizens[record.cpr], now, *table.row(record)) for record in share.records]
            _merge(cursor, table, rows, counts)


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
