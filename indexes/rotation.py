"""Everything that is sealed with CPR_KEYS, written anew with the first key, so that the others can go.

The site stays up meanwhile: each portion is a transaction of its own, rows that somebody works with are passed over and
come later, and whoever reads finds a row under every key there is. Run again it goes on where it was stopped.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from indexes.crypto import KeyRing, KeyRingError, Sealed, cpr_keys, quarantine_keys
from indexes.models import Citizen, Quarantined
from indexes.quarantine import digest_of
from indexes.records import Source

_CITIZENS = "SELECT id, key_id, cpr_sealed FROM indexes_citizen WHERE key_id <> %s LIMIT %s FOR UPDATE SKIP LOCKED"
_CITIZEN = "UPDATE indexes_citizen SET cpr_hmac = %s, cpr_sealed = %s, key_id = %s WHERE id = %s"
# Whoever writes of them is waited for, so that nothing comes to the row that goes.
_TWICE = "SELECT cpr_hmac, id FROM indexes_citizen WHERE cpr_hmac = ANY(%b::bytea[]) ORDER BY cpr_hmac FOR UPDATE"
_OF_CITIZENS = ("indexes_case", "indexes_grant", "indexes_payment", "indexes_plan")
_MOVE = """
UPDATE {table} AS held SET citizen_id = %s WHERE citizen_id = %s
AND NOT EXISTS (SELECT FROM {table} AS kept WHERE kept.citizen_id = %s AND kept.uuid = held.uuid)
"""

_MESSAGES = """
SELECT id, source, digest, key_id, sealed FROM indexes_quarantined WHERE key_id <> %s LIMIT %s FOR UPDATE SKIP LOCKED
"""
# The same message may have come again meanwhile, and then lies there under the new key: the two are counted as one.
_MESSAGE = """
WITH new AS (SELECT %s::bytea AS sealed, %s AS key_id, %s::bytea AS digest),
old AS (DELETE FROM indexes_quarantined WHERE id = %s RETURNING *)
INSERT INTO indexes_quarantined AS held (
    source, authority_cvr, kind, uuid, citizen_id, reason, what, sealed, key_id, digest, first_seen, last_seen, times
)
SELECT source, authority_cvr, kind, uuid, citizen_id, reason, what, new.*, first_seen, last_seen, times FROM old, new
ON CONFLICT (digest) DO UPDATE SET
    times = held.times + excluded.times,
    first_seen = least(held.first_seen, excluded.first_seen),
    last_seen = greatest(held.last_seen, excluded.last_seen)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One table with something sealed in it, and how a portion of its rows is written anew; that answers how many."""

    table: str
    what: str  # its rows, for a sentence
    rewrite: Callable[[int], int]


def _nothing(_citizen_id: UUID) -> int:
    return 0


def rewrite_citizens(most: int, *, lost_with: Callable[[UUID], int] = _nothing) -> int:
    """Write up to ``most`` citizens anew. Of two rows of a person the one stays that more would be lost with.

    Raises:
        crypto.KeyRingError: the key that one was sealed with is gone from CPR_KEYS.
    """
    ring = cpr_keys()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CITIZENS, [ring.writing.id, most])
        rows = [_sealed_anew(ring, *row) for row in cursor.fetchall()]
        cursor.execute(_TWICE, [[fingerprint for fingerprint, *_ in rows]])
        twice = {bytes(fingerprint): kept for fingerprint, kept in cursor.fetchall()}
        for fingerprint, _, _, citizen_id in rows:
            if (other := twice.get(fingerprint)) is None:
                continue
            if lost_with(citizen_id) > lost_with(other):
                _make_one(other, into=citizen_id)
                del twice[fingerprint]
            else:
                _make_one(citizen_id, into=other)
        cursor.executemany(_CITIZEN, [row for row in rows if row[0] not in twice])
    return len(rows)


def _sealed_anew(ring: KeyRing, citizen_id: UUID, key_id: str, data: bytes) -> tuple[bytes, bytes, str, UUID]:
    try:
        cpr = ring.open(Sealed(key_id=key_id, data=bytes(data)), bound_to=citizen_id.bytes)
    except KeyRingError as error:  # the pages' role may write a newcomer: whoever has its password, one of no use
        raise KeyRingError(
            f"{error} It is citizen {citizen_id}; if they never were anybody, delete the row."
        ) from error
    sealed = ring.writing.seal(cpr, bound_to=citizen_id.bytes)
    return ring.writing.fingerprint(cpr), sealed.data, sealed.key_id, citizen_id


def _make_one(citizen_id: UUID, *, into: UUID) -> None:
    """Two processes with different first keys have both met a person for the first time: there are two rows of them."""
    with connection.cursor() as cursor:
        for table in _OF_CITIZENS:
            cursor.execute(_MOVE.format(table=table), [into, citizen_id, into])
    Quarantined.objects.filter(citizen=citizen_id).update(citizen=into)
    Citizen.objects.filter(pk=citizen_id).delete()


def rewrite_messages(most: int) -> int:
    """Write up to ``most`` messages in quarantine anew.

    Raises:
        crypto.KeyRingError: the key that one was sealed with is gone from CPR_KEYS.
    """
    ring = quarantine_keys()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MESSAGES, [ring.writing.id, most])
        rows = []
        for row, source, digest, key_id, data in cursor.fetchall():
            message = ring.open(Sealed(key_id=key_id, data=bytes(data)), bound_to=bytes(digest))
            new = digest_of(ring.writing, Source(source), message)
            sealed = ring.writing.seal(message, bound_to=new)
            rows.append((sealed.data, sealed.key_id, new, row))
        cursor.executemany(_MESSAGE, rows)
    return len(rows)


CITIZENS: Final = Kept(table="indexes_citizen", what="citizens", rewrite=rewrite_citizens)
MESSAGES: Final = Kept(table="indexes_quarantined", what="messages in quarantine", rewrite=rewrite_messages)
KEPT: Final = (CITIZENS, MESSAGES)
"""Every table with a ``key_id``; a test finds one that is missing here."""


def in_use(kept: Iterable[Kept] = KEPT) -> Mapping[str, int]:
    """How many rows each key opens, by its id."""
    found: Counter[str] = Counter()
    for one in kept:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT key_id, count(*) FROM {one.table} GROUP BY key_id")  # noqa: S608 - names of ours
            found.update(dict(cursor.fetchall()))
    return found


def waiting(kept: Iterable[Kept] = KEPT) -> int:
    """How many rows are not sealed with the first key."""
    writing = cpr_keys().writing.id
    return sum(number for key_id, number in in_use(kept).items() if key_id != writing)
