"""What a complete reading of an authority no longer brought: found by comparing, removed only when told to."""

from collections import Counter
from datetime import datetime

from django.db import connection

from indexes import removals
from indexes.models import Cause
from indexes.records import Source
from indexes.store import statements
from indexes.store.tables import tables_of

_DROP = "DROP TABLE IF EXISTS seen"  # of another reading in this transaction
_MAKE = """
CREATE TEMPORARY TABLE seen ON COMMIT DROP AS
SELECT kind, unnest(seen) AS uuid FROM indexes_portion WHERE load_id = %s
"""


def held(source: Source, authority_cvr: str) -> Counter[str]:
    """How many rows of the authority we hold, by kind."""
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for table in tables_of(source):
            cursor.execute(statements.count_of_owner(table), [authority_cvr])
            found[table.kind] = cursor.fetchone()[0]
    return found


class Seen:
    """Which records a reading brought, by what its portions remember; within one transaction.

    ``since`` is when it began: a row stored later was brought by it or by somebody else, and stays.
    """

    def __init__(self, load_id: int, source: Source, authority_cvr: str, *, since: datetime) -> None:
        self._tables = tables_of(source)
        self._owner = authority_cvr
        self._since = since
        with connection.cursor() as cursor:
            cursor.execute(_DROP)
            cursor.execute(_MAKE, [load_id])
            cursor.execute("ANALYZE seen")  # nobody else does that for a temporary table

    def surplus(self) -> Counter[str]:
        """How many of the rows the reading did not bring, by kind."""
        surplus: Counter[str] = Counter()
        with connection.cursor() as cursor:
            for table in self._tables:
                cursor.execute(statements.count_not_seen(table), [self._owner, self._since])
                surplus[table.kind] = cursor.fetchone()[0]
        return surplus

    def remove_surplus(self) -> int:
        """Remove them; answers how many."""
        removed = 0
        with connection.cursor() as cursor:
            for table in self._tables:
                cursor.execute(statements.remove_not_seen(table), [self._owner, self._since])
                removed += cursor.rowcount
                removals.note_of(Cause.ABSENT, self._owner, {table.kind: cursor.rowcount})
        return removed
