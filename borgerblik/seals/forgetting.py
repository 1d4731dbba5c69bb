"""Letting go of entries kept long enough: all of a block at once. Its seal stays, and the chain with it."""

import datetime as dt
from typing import Final

from django.db import connection

# One statement, so that nobody who verifies sees half a block gone. The oldest entry's block is the oldest with any.
_FORGET: Final = """
DELETE FROM borgerblik_accessentry AS entry USING (
    SELECT part FROM borgerblik_accessblock CROSS JOIN LATERAL unnest(ids) AS part
    WHERE ids @> (SELECT min(id) FROM borgerblik_accessentry) AND sealed < %s
) AS oldest WHERE entry.id >= lower(part) AND entry.id < upper(part)
"""
_OVER: Final = """
SELECT count(*) FROM borgerblik_accessblock CROSS JOIN LATERAL unnest(ids) AS part
JOIN borgerblik_accessentry AS entry ON entry.id >= lower(part) AND entry.id < upper(part)
WHERE sealed < %s AND upper(ids) > (SELECT min(id) FROM borgerblik_accessentry)
"""


def forget_block(*, before: dt.datetime) -> int:
    """Delete the entries of the oldest block that still has any, if it was sealed before; how many that were.

    Call it until it answers 0. ``verifying.faults`` has to be told the same day, and does not miss them then.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [before])
        return int(cursor.rowcount)


def to_forget(*, before: dt.datetime) -> int:
    """How many entries would go."""
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [before])
        return int(cursor.fetchone()[0])
