"""Making a block over whatever can be seen and no block covers yet. Nobody who writes waits for it.

A transaction that is still open when a block is made has taken its id already; its entry is seen, and sealed, later.
So a block names its entries one by one (as ranges of ids), and no transaction number or order of commits matters: a
database restored from a backup goes on as if nothing had happened.
"""

import datetime as dt
import logging
from typing import Any, Final

from django.db import connection, transaction

from borgerblik.models import Block
from borgerblik.seals.ids import ids_of
from borgerblik.seals.logs import Log
from borgerblik.seals.tree import FIRST, leaf, root_of

log = logging.getLogger(__name__)
MOST: Final = 100_000  # entries in one block: what is held in memory while it is made
LATE: Final = dt.timedelta(hours=1)  # longer than any transaction of ours lasts, by far

_REACHED = "SELECT upper(ids) FROM {blocks} WHERE sealed < %s ORDER BY upper(ids) DESC LIMIT 1"
_UNSEALED = """
SELECT entry.* FROM (
    SELECT int8multirange(int8range(%s, NULL)) - coalesce(range_agg(ids), int8multirange()) AS ids
    FROM {blocks} WHERE upper(ids) > %s
) AS free CROSS JOIN LATERAL unnest(free.ids) AS gap CROSS JOIN LATERAL (
    SELECT {columns} FROM {entries}
    WHERE id >= lower(gap) AND id < coalesce(upper(gap), 9223372036854775807) ORDER BY id LIMIT %s
) AS entry ORDER BY entry.id LIMIT %s
"""


def seal(of: Log, *, now: dt.datetime) -> list[Block]:
    """Seal every entry that can be seen and is not sealed; more than ``MOST`` in several blocks.

    Two at the same time: the second leaves it to the first. It does not wait: any role could hold the lock for ever,
    and with it every process of the worker.
    """
    made: list[Block] = []
    while block := _seal_some(of, now):
        made.append(block)
    return made


def _seal_some(of: Log, now: dt.datetime) -> Block | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [of.lock])
        if not cursor.fetchone()[0]:
            log.warning(
                "Somebody else is sealing the %s, so nothing was sealed here; it is tried each minute.", of.called
            )
            return None
        last = of.blocks.objects.order_by("-number").first()
        entries = _unsealed(cursor, of, last, now)
        if not entries:
            return None
        block = of.blocks(
            number=last.number + 1 if last else 1,
            ids=ids_of(entry[0] for entry in entries),
            root=root_of(map(leaf, entries)),
            previous=last.seal if last else FIRST,
            sealed=now,
        )
        block.seal = block.told().seal
        block.save(force_insert=True)
        return block


def reached_before(of: Log, at: dt.datetime) -> int:
    """Before which id the blocks sealed before an instant have ended."""
    with connection.cursor() as cursor:
        cursor.execute(of.asked(_REACHED), [at])
        (reached,) = cursor.fetchone() or (0,)
        return int(reached)


def _unsealed(cursor: Any, of: Log, last: Block | None, now: dt.datetime) -> list[tuple[Any, ...]]:
    """The first ``MOST`` entries of no block: above what was reached an hour ago, and once a day anywhere.

    What comes later than an hour waits for the next day's first seal, and ``verifying`` tells of it.
    """
    same_day = last is not None and last.sealed.date() == now.date()
    reached = reached_before(of, now - LATE) if same_day else 0
    cursor.execute(of.asked(_UNSEALED), [reached, reached, MOST, MOST])
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
