"""How an index stands for an authority: fresh, stale or failed. Pure; the rows are written by ``sync``.

``off`` (the authority has not opened it) and ``empty`` (truly nothing) are not known here: borgerblik decides them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from indexes.records import Source


class Kind(StrEnum):
    FRESH = "fresh"
    STALE = "stale"  # the last good copy, and when that was
    FAILED = "failed"  # never read in full


NEVER_READ = "never_read"
TOO_OLD = "too_old"


class SourceStateRow(Struct, frozen=True, kw_only=True, array_like=True):
    """A row of ``SourceState`` as ``reading`` gives it, in the order of ``sql/holdings.sql``."""

    source: Source
    authority_cvr: str
    last_attempt: datetime
    last_success: datetime | None
    failed_since: datetime | None
    error: str  # a code, empty when all is well


class Standing(Struct, frozen=True, kw_only=True):
    """``as_of`` is the last complete reading, None only when FAILED. ``reason`` is a code, None when FRESH."""

    kind: Kind
    as_of: datetime | None
    reason: str | None


def state_of(  # noqa: PLR0913 - which index and authority; the rest is given by name because this is pure
    source: Source,
    owner_cvr: str,
    *,
    states: Iterable[SourceStateRow],
    now: datetime,
    fresh_minutes: int,
    answered: Mapping[Source, datetime] | None = None,
) -> Standing:
    """How one index stands for one authority.

    An index that fails now is stale however recent the copy: we know that it may have moved on. ``answered`` is when
    each index last answered for the one citizen concerned (``reading.Holdings.answered``): for them that counts as a
    reading, but never in place of the first complete one, without which "nothing" is not known.
    """
    row = next((row for row in states if row.source is source and row.authority_cvr == owner_cvr), None)
    if row is None or row.last_success is None:
        return Standing(kind=Kind.FAILED, as_of=None, reason=row.error if row and row.error else NEVER_READ)
    as_of = max(row.last_success, (answered or {}).get(source, row.last_success))
    if row.failed_since is not None and as_of < row.last_attempt:
        return Standing(kind=Kind.STALE, as_of=as_of, reason=row.error)
    if now - as_of > timedelta(minutes=fresh_minutes):
        return Standing(kind=Kind.STALE, as_of=as_of, reason=TOO_OLD)
    return Standing(kind=Kind.FRESH, as_of=as_of, reason=None)
