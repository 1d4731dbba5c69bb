"""Letting go of entries kept long enough: all of a block at once. Its seal stays, and the chain with it."""

import datetime as dt
from typing import Final

from django.db import connection

from borgerblik.seals.logs import Log

_FORGET: Final = "SELECT {forget_block}(%s)"  # sql/seals.sql
_HELD: Final = "SELECT count(*) FROM {entries}"
_OVER: Final = """
SELECT count(*) FROM {blocks} CROSS JOIN LATERAL unnest(ids) AS part
JOIN {entries} AS entry ON entry.id >= lower(part) AND entry.id < upper(part)
WHERE sealed < %s AND upper(ids) > (SELECT min(id) FROM {entries})
"""


def forget_block(log: Log, *, before: dt.datetime) -> int:
    """Delete the entries of the oldest block that still has any, if it was sealed before; how many that were.

    The database lets nothing go that is younger than half a year.

    Call it until it answers 0. ``verifying.faults`` has to be told the same day, and does not miss them then.
    """
    with connection.cursor() as cursor:
        cursor.execute(log.asked(_FORGET), [before])
        return int(cursor.fetchone()[0])


def to_forget(log: Log, *, before: dt.datetime) -> int:
    """How many entries would go."""
    with connection.cursor() as cursor:
        cursor.execute(log.asked(_OVER), [before])
        return int(cursor.fetchone()[0])


def held(log: Log) -> int:
    """How many entries there are."""
    with connection.cursor() as cursor:
        cursor.execute(log.asked(_HELD))
        return int(cursor.fetchone()[0])
