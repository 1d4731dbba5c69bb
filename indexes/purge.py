"""What is held longer than it may be, found and deleted: some rows at a time, each time in a transaction of its own.

Safe while the site is up and while indexes are read: a row that somebody holds is left for the next night, and what was
locked is looked at again before it goes. Doing it twice equals doing it once. How long is not decided here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString, Protocol

import orjson
from django.db import connection, transaction
from psycopg.sql import SQL, Composed, Identifier, Literal

from indexes import removals
from indexes.keeping import Keeping
from indexes.models import Cause
from indexes.personal import Rule
from indexes.store.statements import NEEDED_BY
from indexes.store.tables import CASE, GRANT, PAYMENT, PLAN, TABLES
from indexes.store.tombstones import KEPT

EVENTS_KEPT: Final = timedelta(days=2)  # a message that is not acknowledged comes again within minutes
AT_ONCE: Final = 5_000  # rows in one transaction: some tens of milliseconds of locks

_COUNT = SQL("SELECT count(*) FROM {table} AS about WHERE {over}")
_LOCK = SQL("SELECT ctid::text FROM {table} AS about WHERE {over} LIMIT {most} FOR UPDATE SKIP LOCKED")
_DELETE = SQL("DELETE FROM {table} AS about WHERE ctid = ANY(%(rows)s::text[]::tid[]) AND {over} RETURNING {whose}")

# The longest of its numbers' periods, by the number itself, its group or its main group; else the general one.
_LAST_DAY: LiteralString = """coalesce((
    SELECT min(coalesce(hints ->> number, hints ->> left(number, 5), hints ->> left(number, 2), %(general)s))
    FROM unnest({numbers}) AS number, (SELECT %(hints)s::jsonb AS hints) AS told
), %(general)s)::date"""


class Work(Protocol):
    """Rows of one table that one rule says are to go. ``some`` deletes up to so many and answers how many it did."""

    @property
    def rule(self) -> Rule: ...
    @property
    def what(self) -> str: ...
    def count(self) -> int: ...
    def held(self) -> int: ...
    def some(self, most: int, /) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """``over`` is SQL on a row called ``about``, with ``values`` to fill in by name.

    ``cause`` of records of citizens, which are counted as they go (``removals``).
    """

    rule: Rule
    what: str
    table: str
    over: LiteralString
    values: Mapping[str, Any]
    cause: Cause | None = None

    def count(self) -> int:
        return self._number(_COUNT, self.over)

    def held(self) -> int:
        return self._number(_COUNT, "true")

    def some(self, most: int = AT_ONCE, /) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(self._of(_LOCK, self.over, most), self.values)
            rows = [row for (row,) in cursor.fetchall()]
            # Again, now that nobody else can change them: what leans on a row may have come since.
            cursor.execute(self._of(_DELETE, self.over), {**self.values, "rows": rows})
            owners = [owner for (owner,) in cursor.fetchall()]
            if self.cause is not None:
                removals.note(self.cause, self.table.removeprefix("indexes_"), owners)
            return len(owners)

    def _number(self, statement: SQL, over: LiteralString) -> int:
        with connection.cursor() as cursor:
            cursor.execute(self._of(statement, over), self.values)
            return int(cursor.fetchone()[0])

    def _of(self, statement: SQL, over: LiteralString, most: int = 0) -> Composed:
        whose = SQL("about.owner_cvr" if self.cause else "NULL")
        return statement.format(table=Identifier(self.table), over=SQL(over), most=Literal(most), whose=whose)


def records(keeping: Keeping) -> tuple[Purge, ...]:
    """Records that ended longer ago than they are kept: payments, then the grants and cases nothing held leans on.

    A plan has no end. It is held while its index sends it.
    """
    hints = {prefix: day.isoformat() for prefix, day in keeping.hints.items()}
    newest = max([keeping.general, *keeping.hints.values()])
    values = {"hints": orjson.dumps(hints).decode(), "general": keeping.general.isoformat(), "newest": newest}
    ended: tuple[tuple[str, LiteralString, LiteralString], ...] = (
        (PAYMENT.name, "available", "kle"),
        (GRANT.name, "ends", "kle"),
        (CASE.name, "ended", "ARRAY[kle]"),
    )
    needed = {PAYMENT.name: NEEDED_BY["payment"], GRANT.name: NEEDED_BY["grant"], CASE.name: NEEDED_BY["case"]}
    return tuple(
        Purge(
            rule=Rule.RECORDS,
            what=table.removeprefix("indexes_") + "s",
            table=table,
            over=column
            + " <= %(newest)s AND "
            + column
            + " <= "
            + _LAST_DAY.replace("{numbers}", numbers)
            + " AND NOT "
            + needed[table],
            values=values,
            cause=Cause.OVER,
        )
        for table, column, numbers in ended
    )


def left_behind(on_borgerblik: Iterable[str], *, before: datetime) -> tuple[Purge, ...]:
    """Records of authorities (CVR numbers) that are on Borgerblik no more and have not been read since ``before``.

    Nobody reads them again, so nothing else would ever take them away.
    """
    return tuple(
        Purge(
            rule=Rule.SENT if table is PLAN else Rule.RECORDS,
            what=f"{table.kind}s of authorities that have left",
            table=table.name,
            over="""about.owner_cvr <> ALL (%(on)s::text[]) AND about.stored_at < %(before)s AND NOT EXISTS (
                SELECT FROM indexes_sourcestate AS state
                WHERE state.authority_cvr = about.owner_cvr AND state.last_attempt >= %(before)s
            )""",
            values={"on": list(on_borgerblik), "before": before},
            cause=Cause.LEFT,
        )
        for table in TABLES
    )


def quarantined(before: datetime) -> Purge:
    """Messages that nothing has brought again since ``before``: an index that still sends one renews its day."""
    return Purge(
        rule=Rule.QUARANTINE,
        what="messages in quarantine",
        table="indexes_quarantined",
        over="about.last_seen < %(before)s",
        values={"before": before},
    )


def tombstones(now: datetime) -> Purge:
    """That something was taken away, when no older version of it can come any more."""
    return Purge(
        rule=Rule.REMOVED,
        what="notes of what was taken away",
        table="indexes_tombstone",
        over="about.noted_at < %(before)s",
        values={"before": now - KEPT},
    )


def events_taken(now: datetime) -> Purge:
    """Ids of events, when the queue gives none of them out again."""
    return Purge(
        rule=Rule.REMOVED,
        what="ids of events",
        table="indexes_eventtaken",
        over="about.taken_at < %(before)s",
        values={"before": now - EVENTS_KEPT},
    )


def events(before: datetime) -> Purge:
    """Counts of events."""
    return Purge(
        rule=Rule.RUNS,
        what="counts of events",
        table="indexes_eventcount",
        over="about.hour < %(before)s",
        values={"before": before},
    )


def runs(before: datetime) -> Purge:
    """Readings; the newest of each index and authority stays, however old: it is the last that is known."""
    return Purge(
        rule=Rule.RUNS,
        what="readings",
        table="indexes_syncrun",
        over="""about.started < %(before)s AND EXISTS (
            SELECT FROM indexes_syncrun AS newer WHERE newer.source = about.source
            AND newer.authority_cvr = about.authority_cvr AND newer.started > about.started
        )""",
        values={"before": before},
    )


def counted_removals(before: datetime) -> Purge:
    """Counts of what has gone, as long as the readings that they are the other half of."""
    return Purge(
        rule=Rule.RUNS,
        what="counts of removals",
        table="indexes_removal",
        over="about.hour < %(before)s",
        values={"before": before},
    )


def unfinished(before: datetime) -> tuple[Purge, ...]:
    """Bulk readings that stand, and nobody has gone on with: with their portions goes what those have seen."""
    given_up: LiteralString = "load.stopped AND load.started < %(before)s"
    return (
        Purge(
            rule=Rule.UNFINISHED,
            what="portions of readings that were given up",
            table="indexes_portion",
            over="EXISTS (SELECT FROM indexes_load AS load WHERE load.id = about.load_id AND " + given_up + ")",
            values={"before": before},
        ),
        Purge(
            rule=Rule.UNFINISHED,
            what="readings that were given up",
            table="indexes_load",
            over=given_up.replace("load.", "about.")
            + " AND NOT EXISTS (SELECT FROM indexes_portion AS portion WHERE portion.load_id = about.id)",
            values={"before": before},
        ),
    )


def counts(before: datetime) -> Purge:
    """Counts of what was wrong in data that nobody has read since."""
    return Purge(
        rule=Rule.COUNTS,
        what="counts of defects",
        table="indexes_defectcount",
        over="about.counted < %(before)s",
        values={"before": before},
    )


LONGER_THAN_A_SESSION: Final = timedelta(days=1)  # who has just signed in may not have a row of their own yet


def people(now: datetime, also_held: Iterable[LiteralString]) -> Purge:
    """Citizens of whom nothing is held any more.

    Args:
        now: whoever was met within a day stays.
        also_held: what else keeps a citizen, as SQL on ``about.id``: the rooms after this one know.
    """
    tables = ("indexes_case", "indexes_grant", "indexes_payment", "indexes_plan", "indexes_quarantined")
    held: list[LiteralString] = [
        f"EXISTS (SELECT FROM {table} AS held WHERE held.citizen_id = about.id)" for table in tables
    ]
    return Purge(
        rule=Rule.PEOPLE,
        what="citizens of whom nothing is held",
        table="indexes_citizen",
        over="about.made < %(met)s AND coalesce(about.refreshed_at < %(met)s, true) AND NOT ("
        + " OR ".join([*held, *also_held])
        + ")",
        values={"met": now - LONGER_THAN_A_SESSION},
    )
