"""Leave to read one citizen's rows: by a grant that was made when they signed in, or by a consumer's call.

The database does the rest (``sql/guard.sql``): a statement of the pages sees the rows of the citizen whom its
transaction has opened, which writes the access log, and no other's. Making a grant, like a call, takes the CPR number
and the key that it is found by.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any, LiteralString, Protocol
from uuid import UUID

from django.db import connection

from indexes.identity import fingerprints_of, newcomer

_OPEN = "SELECT open_grant(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_CLOSE = "SELECT close_grant(%s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, and why. The citizen sees all of it but ``actor`` in the access log.

    ``actor`` tells citizens themselves, consumers and helpers apart; ``purpose`` is a key of texts/overview
    (``access/why``), or a consumer's own words.
    """

    actor: str
    organisation: str
    system: str
    purpose: str


Call = tuple[LiteralString, list[Any]]
"""A call of a function of the database (``sql/guard.sql``, ``sql/powers.sql``), and what it is given."""


class Leave(Protocol):
    """What lets somebody read one citizen's rows. Either call writes into the access log what is read."""

    def reading(self, near: Iterable[str], what: str) -> Call:
        """The call that reads ``what`` is held, with how the indexes stand for these authorities (CVR numbers).

        It answers one row: what is held (null: nothing was read), what the decisions are called, who else has looked.
        """

    def opening(self, what: str) -> Call:
        """The call that opens the citizen's rows to the rest of the transaction: whether it may, and whose they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByGrant:
    """Leave by the token of an open grant. It stands in no log and no table."""

    token: str = field(repr=False)

    def reading(self, near: Iterable[str], what: str) -> Call:
        return "SELECT held, decisions, looked FROM read_granted(%s, %s, %s)", [self.token, list(near), what]

    def opening(self, what: str) -> Call:
        return "SELECT citizen IS NOT NULL, citizen FROM use_grant(%s, %s) AS citizen", [self.token, what]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByNumber:
    """Leave by a call of ``reader`` that brings the CPR number. It opens nobody where nobody has that number."""

    cpr: str = field(repr=False)
    reader: Reader

    def reading(self, near: Iterable[str], what: str) -> Call:
        return "SELECT held, decisions, looked FROM read_number(%s, %s, %s, %s, %s, %s, %s)", [
            fingerprints_of(self.cpr),
            list(near),
            *self.told(what),
        ]

    def opening(self, what: str) -> Call:
        return "SELECT true, use_number(%s, %s, %s, %s, %s, %s)", [fingerprints_of(self.cpr), *self.told(what)]

    def told(self, what: str) -> list[str]:
        """What stands in the log, in the order of the database's functions."""
        return [self.reader.actor, self.reader.organisation, self.reader.system, what, self.reader.purpose]


class NoGrantError(PermissionError):
    """The token opens nothing: its grant has ended, or never was."""


def open_grant(cpr: str, reader: Reader, *, token: str, lasts: timedelta) -> UUID:
    """From now on, for as long as it ``lasts``, the token opens this citizen's rows; answers the citizen's id.

    The token is random, 256 bits (NIST SP 800-63B asks 64 of a session secret); only its hash is kept. Somebody we have
    never met becomes a citizen now, so that the indexes can be asked about them.
    """
    found_by = fingerprints_of(cpr)
    new_id, sealed = newcomer(cpr)
    told: list[Any] = [reader.actor, reader.organisation, reader.system, reader.purpose, lasts]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [found_by, new_id, sealed.data, sealed.key_id, hash_of(token), *told])
        citizen_id: UUID = cursor.fetchone()[0]
    return citizen_id


def close_grant(token: str) -> None:
    """From now on the token opens nothing. Doing it twice equals doing it once."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [hash_of(token)])


def hash_of(token: str) -> bytes:
    return sha256(token.encode()).digest()
