"""What a complete reading of an authority no longer brought: found by comparing, removed only when told to."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import connection

from indexes import removals
from indexes.models import Cause
from indexes.records import Source
from indexes.store import statements
from indexes.store.tables import tables_of

_MAKE = "CREATE TEMPORARY TABLE seen (kind text NOT NULL, uuid uuid NOT NULL)"
_DROP = "DROP TABLE IF EXISTS seen"
_COPY = "COPY seen (kind, uuid) FROM STDIN (FORMAT BINARY)"


class Seen:
    """Which records one reading of an index for one authority brought.

    Lives in a temporary table of this database session: a large municipality has millions.
    """

    def __init__(self, source: Source, authority_cvr: str, *, since: datetime) -> None:
        self._tables = tables_of(source)
        self._owner = authority_cvr
        self._since = since

    @classmethod
    @contextmanager
    def during(cls, source: Source, authority_cvr: str, *, since: datetime) -> Iterator[Self]:
        """One for a reading that began at ``since``: a row stored later was brought by somebody else, and stays."""
        with connection.cursor() as cursor:
            cursor.execute(_DROP)  # of a reading that failed in this session
            cursor.execute(_MAKE)
        yield cls(source, authority_cvr, since=since)
        with connection.cursor() as cursor:
            cursor.execute(_DROP)

    def add(self, records: Iterable[tuple[str, UUID]]) -> None:
        """Remember records by kind and uuid; the same one twice is fine."""
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(["text", "uuid"])
            for record in records:
                copy.write_row(record)

    def held(self) -> Counter[str]:
        """How many rows of the authority we hold, by kind."""
        held: Counter[str] = Counter()
        with connection.cursor() as cursor:
            for table in self._tables:
                cursor.execute(statements.count_of_owner(table), [self._owner])
                held[table.kind] = cursor.fetchone()[0]
        return held

    def surplus(self) -> Counter[str]:
        """How many of them the reading did not bring, by kind."""
        surplus: Counter[str] = Counter()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE seen")  # nobody else does that for a temporary table
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
