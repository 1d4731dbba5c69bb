"""How far bulk readings are, by what their plans say: for the bar, the console and the metrics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, connections, router

from indexes.models import Load
from indexes.records import Source

_PROGRESS = """
SELECT load.source, load.authority_cvr, load.started, load.stopped,
    coalesce(sum(kind.portions), 0), coalesce(sum(kind.done), 0), coalesce(sum(kind.taken), 0),
    coalesce(sum(least(kind.read, kind.told)), 0), coalesce(sum(kind.told), 0)
FROM indexes_load AS load LEFT JOIN LATERAL (
    SELECT count(*) AS portions, count(*) FILTER (WHERE done) AS done,
        count(*) FILTER (WHERE NOT done AND tries > 0) AS taken,
        sum("end" - first) FILTER (WHERE done) AS read, greatest(max(told), max("first")) AS told
    FROM indexes_portion AS portion WHERE portion.load_id = load.id GROUP BY kind
) AS kind ON true
WHERE %(cvr)s::text IS NULL OR load.authority_cvr = %(cvr)s::text
GROUP BY load.id ORDER BY load.source, load.authority_cvr
"""
# Before the first page nobody knows; a portion that another page told of counts from then on.
_TOLD = """
SELECT coalesce(sum(told), 0) FROM (
    SELECT greatest(max(told), max(first)) AS told FROM indexes_portion WHERE load_id = ANY(%s) GROUP BY load_id, kind
) AS kinds
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadProgress:
    """How far one bulk reading is: ``read`` objects of as many as its index has ``told`` of."""

    source: Source
    authority_cvr: str
    started: datetime
    stopped: bool  # something failed, or somebody interrupted it: the next run goes on
    portions: int
    done: int
    tried: int  # in somebody's hands, or failed before
    read: int
    told: int


def progress(authority_cvr: str | None = None) -> list[LoadProgress]:
    """Every bulk reading that is not over, of all or of one authority."""
    with connections[router.db_for_read(Load)].cursor() as cursor:
        cursor.execute(_PROGRESS, {"cvr": authority_cvr})
        return [
            LoadProgress(
                source=Source(source),
                authority_cvr=cvr,
                started=started,
                stopped=stopped,
                portions=portions,
                done=done,
                tried=tried,
                read=read,
                told=told,
            )
            for source, cvr, started, stopped, portions, done, tried, read, told in cursor.fetchall()
        ]


def told_of(loads: Sequence[int]) -> int:
    """How many objects the indexes say that these readings have, as far as is known."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [list(loads)])
        return int(cursor.fetchone()[0])
