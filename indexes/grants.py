"""Leave to read one citizen's rows: a random token, given for a stated purpose, of which only the hash is kept.

The database does the rest (``sql/guard.sql``): under the web role a statement sees the rows of the citizen that the
token of its transaction opens, and no other's. Making a grant takes the CPR number and the key it is found by.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import connection

from indexes.identity import fingerprints_of

TOKEN_BYTES: Final = 32  # 256 bits: nobody guesses one (NIST SP 800-63B asks 64 of a session secret)

_OPEN = "SELECT open_grant(%s, %s, %s, %s, %s, %s, %s)"
_CLOSE = "SELECT close_grant(%s)"
_CLEAR = "DELETE FROM indexes_accessgrant WHERE expires <= now()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, and why. The citizen sees all of it but ``actor`` in the access log.

    ``actor`` tells one session or consumer from another; ``purpose`` is a sentence in plain words.
    """

    actor: str
    organisation: str
    system: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An open grant. The token is known here and to whoever it is given to; it stands in no log and no table."""

    token: str = field(repr=False)
    citizen_id: UUID


def open_grant(cpr: str, reader: Reader, *, lasts: timedelta) -> Grant | None:
    """A grant to read a citizen's rows until ``lasts`` from now; None if we know nobody with this CPR number."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    found_by: list[Any] = [fingerprints_of(cpr), hash_of(token)]
    told: list[Any] = [reader.actor, reader.organisation, reader.system, reader.purpose, lasts]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [*found_by, *told])
        (citizen_id,) = cursor.fetchone()
    return Grant(token=token, citizen_id=citizen_id) if citizen_id else None


def close_grant(token: str) -> None:
    """From now on the token opens nothing. Doing it twice equals doing it once."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [hash_of(token)])


def clear_expired() -> int:
    """Delete the grants that open nothing any more; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR)
        return int(cursor.rowcount)


def hash_of(token: str) -> bytes:
    return sha256(token.encode()).digest()
