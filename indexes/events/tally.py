"""What became of the events of a batch, counted in the transaction that applies them."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from indexes.models import Fate

BOUNDS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 60.0, 600.0, 3600.0)  # seconds on the way

_Key = tuple[str, str, Fate, float | None]

_NOTE = """
INSERT INTO indexes_eventcount AS noted (hour, source, authority_cvr, fate, within, slot, events, again)
SELECT date_trunc('hour', now()), source, owner, fate, within, pg_backend_pid(), events, again
FROM unnest(%s::text[], %s::text[], %s::text[], %s::float8[], %s::bigint[], %s::bigint[])
    AS new (source, owner, fate, within, events, again)
ON CONFLICT (hour, source, authority_cvr, fate, within, slot) DO UPDATE SET
    events = noted.events + excluded.events, again = noted.again + excluded.again
"""


_TAKE = """
INSERT INTO indexes_eventtaken (message, taken_at) SELECT message, %s FROM unnest(%s::uuid[]) AS new (message)
ORDER BY message ON CONFLICT (message) DO NOTHING RETURNING message
"""


class Told(NamedTuple):
    """One event as it is counted. ``source`` and ``owner_cvr`` are empty when they are not told."""

    id: UUID
    source: str
    owner_cvr: str
    fate: Fate
    made: datetime | None


def within(made: datetime | None, now: datetime) -> float | None:
    """The bound that an event was not longer on its way than; None: longer than all of them, or not told."""
    if made is None:
        return None
    seconds = (now - made).total_seconds()
    return next((bound for bound in BOUNDS if seconds <= bound), None)


def note(events: Iterable[Told], now: datetime) -> None:
    """Count events that are being committed at ``now``: each message once, and how often one came again."""
    told = list(events)
    new = _new({event.id for event in told}, now)
    numbers, again = Counter[_Key](), Counter[_Key]()
    for event in told:
        key = (event.source, event.owner_cvr, event.fate, within(event.made, now))
        (numbers if event.id in new else again)[key] += 1
        new.discard(event.id)
    keys = list(numbers | again)
    if keys:
        columns = [list(column) for column in zip(*keys, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [*columns, [numbers[key] for key in keys], [again[key] for key in keys]])


def _new(ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those that have not been counted before."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [now, list(ids)])
        return {message for (message,) in cursor.fetchall()}
