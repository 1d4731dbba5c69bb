"""What was taken away, remembered in the database: whoever brings an older version later does not bring it back.

It may come from another page read by another worker, as an event out of order, or as one that is sent again. Within one
reading by one worker ``sort.Taken`` does the same without asking.

What a complete reading no longer brought (``sweep``) is not remembered: nobody said that it was deleted, and the index
may send the very same registration again. Who applies events knows which were made before that reading.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from functools import cache
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.sql import SQL, Composed, Identifier, Literal

from indexes.store.sort import FOREVER, INSTANT, SECRET, Rank, Share, Taken
from indexes.store.tables import Table

KEPT: Final = timedelta(days=30)  # longer than any queue holds a message, or anybody waits with sending some again

# An index may lag behind the events, by minutes. What a reading that began later than this still brings is there: a
# business system that imports a case anew may give it its old time of registration.
SETTLED: Final = timedelta(hours=1)

# A version registered longer before a reading began than clocks differ was the index's newest when it began, so no page
# of it brings an older one. That a company's cases are withdrawn in each reading is so noted in none.
CLOCKS_DIFFER: Final = timedelta(days=1)


class Strictness(IntEnum):
    """How little a version shows. Of two that were registered at the same time the stricter one counts."""

    OPEN = 0
    SECRET = 1
    HIDDEN = 2
    GONE = 3


_LAY = SQL("""
INSERT INTO indexes_tombstone AS laid (uuid, kind, registered, strictness, final, noted_at)
SELECT uuid, %s, registered, strictness, final, %s
FROM unnest(%b::uuid[], %b::timestamptz[], %b::smallint[], %b::bool[]) AS new (uuid, registered, strictness, final)
ORDER BY uuid
ON CONFLICT (uuid, kind) DO UPDATE SET
    registered = excluded.registered,
    strictness = excluded.strictness,
    final = excluded.final,
    noted_at = excluded.noted_at
WHERE (laid.registered, laid.final, laid.strictness) <= (excluded.registered, excluded.final, excluded.strictness)
""")

# By an array, the few that matter are found by their key; a join would read all tombstones, and take six times as long.
_HOLD = SQL("""
DELETE FROM {incoming} AS incoming USING indexes_tombstone AS laid, (SELECT %s::timestamptz AS since) AS reading
WHERE laid.uuid = ANY (ARRAY(SELECT uuid FROM {incoming})) AND laid.uuid = incoming.uuid AND laid.kind = {kind}
AND (reading.since IS NULL OR laid.noted_at > reading.since - {settled})
AND (
    incoming.registered < laid.registered
    OR (incoming.registered = laid.registered AND (
        laid.final OR (laid.noted_at >= reading.since AND {strictness} < laid.strictness)
    ))
)
""")

_LIFT = """
DELETE FROM indexes_tombstone
WHERE uuid = ANY (%b::uuid[]) AND strictness = %s AND NOT final AND registered = noted_at
"""

_STRICTNESS: Final = {
    "case": SQL("CASE WHEN incoming.hidden THEN 2 WHEN incoming.sensitivity IN ('vip', 'unknown') THEN 1 ELSE 0 END"),
    "grant": SQL("CASE WHEN incoming.sensitivity IN ('vip', 'unknown') THEN 1 ELSE 0 END"),
    "payment": SQL("0"),
    "plan": SQL("CASE WHEN incoming.facts -> 'consent' ->> 'state' = 'given' THEN 0 ELSE 2 END"),
}


def worth_noting(
    taken: Taken, table: Table, removed: Collection[UUID], *, since: datetime | None
) -> Mapping[UUID, Rank]:
    """What of ``taken`` (``sort.taken_by``) an older version may still come of, and not be known by itself.

    Args:
        taken: of all kinds.
        table: the kind that is asked about.
        removed: the rows that were there and are not any more.
        since: when the reading that it came in began; None: it was of events.
    """
    return {
        uuid: rank
        for (kind, uuid), rank in taken.items()
        if kind == table.kind and (uuid in removed or _matters(rank, since))
    }


def _matters(rank: Rank, since: datetime | None) -> bool:
    _, withdrawn, hidden, sensitive = rank
    # Not every record of unknown sensitivity: a business system may give none to any.
    hides = not withdrawn and (hidden or sensitive == SECRET)
    if since is None:
        return not hides  # its row is held, and newer than what comes
    return hides or rank[0] >= since - CLOCKS_DIFFER


def _strictness(rank: Rank) -> Strictness:
    _, withdrawn, hidden, sensitive = rank
    if withdrawn:
        return Strictness.GONE
    if hidden:
        return Strictness.HIDDEN
    return Strictness.SECRET if sensitive >= SECRET else Strictness.OPEN


def lay(cursor: CursorWrapper, table: Table, share: Share, ranks: Mapping[UUID, Rank], now: datetime) -> None:
    """Remember what a share takes away or hides."""
    if not ranks:
        return
    times = [_registered(rank, now, mended=uuid in share.refused) for uuid, rank in ranks.items()]
    levels = [int(_strictness(rank)) for rank in ranks.values()]
    final = [uuid in share.deleted for uuid in ranks]
    cursor.execute(_LAY, [table.kind, now, list(ranks), times, levels, final])


def _registered(rank: Rank, now: datetime, *, mended: bool) -> datetime:
    """Before what time a version does not come back: one that was refused may, in a later reading that can use it."""
    if rank[0] == FOREVER:
        return now  # what is newer than all there is by now is newer
    return rank[0] - INSTANT if mended else rank[0]


def lift(uuids: Collection[UUID]) -> None:
    """Forget of records that a message without a time of registration took them away: it can be read now."""
    with connection.cursor() as cursor:
        cursor.execute(_LIFT, [list(uuids), int(Strictness.GONE)])


def hold(cursor: CursorWrapper, table: Table, *, since: datetime | None) -> int:
    """Take out of what is incoming what does not come back; answers how many."""
    cursor.execute(_hold(table), [since])
    return int(cursor.rowcount)


@cache
def _hold(table: Table) -> Composed:
    return _HOLD.format(
        incoming=Identifier(f"incoming_{table.kind}"),
        kind=Literal(table.kind),
        settled=Literal(SETTLED),
        strictness=_STRICTNESS[table.kind],
    )
