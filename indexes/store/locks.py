"""PostgreSQL's advisory locks, so that two writers of the same authority's records do not cross.

Two transactions that bring the same record under two citizens would not see each other's row, and both would stay. So
a batch waits for the other batches of the same kind and authority. Keys are two integers: what, and the CVR number.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from django.db import Error, connection
from django.db.backends.utils import CursorWrapper

from indexes.records import Source
from indexes.store.tables import Table

# The first key's numbers are arbitrary but for being ours alone in this database.
WRITING: Final = 7_470_100  # and the table's number
CLEANING: Final = 7_470_300
READING_ALL: Final = {Source.SDI: 7_470_201, Source.YI: 7_470_202, Source.PLAN: 7_470_203}

_WAIT = "SELECT pg_advisory_xact_lock(%s, owner) FROM unnest(%s::int[]) AS owner"
_TRY = "SELECT pg_try_advisory_lock(%s, %s)"
_TRY_HERE = "SELECT pg_try_advisory_xact_lock(%s, %s)"
_WAIT_HERE = "SELECT pg_advisory_xact_lock(%s, %s)"
_RELEASE = "SELECT pg_advisory_unlock(%s, %s)"


def wait_to_write(cursor: CursorWrapper, table: Table, owners: Iterable[str]) -> None:
    """Wait until no other transaction writes records of this kind and these owners. Held until the transaction ends.

    Taken in the order of the numbers, so that two who want the same locks never wait for each other in a ring.
    """
    numbers = sorted(int(owner) for owner in owners)
    if numbers:
        cursor.execute(_WAIT, [WRITING + table.number, numbers])


@contextmanager
def alone(source: Source, authority_cvr: str) -> Iterator[bool]:
    """Whether no other session plans or concludes a reading of the authority from the index; held while inside."""
    with _alone([READING_ALL[source], int(authority_cvr)]) as got:
        yield got


@contextmanager
def alone_cleaning(number: int) -> Iterator[bool]:
    """Whether this session is now the only one that does this piece of cleaning; held while inside."""
    with _alone([CLEANING, number]) as got:
        yield got


@contextmanager
def _alone(key: list[int]) -> Iterator[bool]:
    """Whether this session has the lock; held while inside.

    PostgreSQL gives the lock back when the session ends, however it ends. So whoever reads whole authorities talks to
    PostgreSQL itself, or to a pooler that gives out sessions and not transactions.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TRY, key)
        got = bool(cursor.fetchone()[0])
    try:
        yield got
    finally:
        if got:
            with suppress(Error), connection.cursor() as cursor:  # a session that broke gives it back by ending
                cursor.execute(_RELEASE, key)


def alone_here(source: Source, authority_cvr: str) -> bool:
    """As ``alone``, for this transaction: held until it ends."""
    with connection.cursor() as cursor:
        cursor.execute(_TRY_HERE, [READING_ALL[source], int(authority_cvr)])
        return bool(cursor.fetchone()[0])


def wait_alone_here(source: Source, authority_cvr: str) -> None:
    """As ``alone_here``, but waits."""
    with connection.cursor() as cursor:
        cursor.execute(_WAIT_HERE, [READING_ALL[source], int(authority_cvr)])
