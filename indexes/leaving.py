"""Taking away what an authority no longer stands by: all of one fagsystem, or all that it owns.

A citizen at a time and never a part of one: in each transaction everything of some citizens goes, so a page shows all
of it or nothing of it. What was taken stays taken if the work is cut off, and what is left is found again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from msgspec import Struct
from msgspec.json import Decoder
from psycopg.sql import SQL, Composed, Identifier

from indexes import removals
from indexes.models import Cause
from indexes.store import locks
from indexes.store.tables import CASE, PLAN, TABLES, Table

AT_ONCE: Final = 500  # citizens in one transaction: some tens of milliseconds of locks
ROUNDS: Final = 3  # a reading that began before the decision may bring rows back until it ends

_DROP = "DROP TABLE IF EXISTS leaving"
_MAKE = SQL("""
CREATE TEMPORARY TABLE leaving AS
SELECT citizen_id, row_number() OVER (ORDER BY citizen_id) AS number FROM ({people}) AS people
""")
_PEOPLE = SQL("SELECT citizen_id FROM {table} AS about WHERE {over}")
_DELETE = SQL("""
DELETE FROM {table} AS about USING leaving
WHERE number > %(after)s AND number <= %(until)s AND about.citizen_id = leaving.citizen_id AND {over}
""")
_OF_OWNER = SQL("about.owner_cvr = %(owner)s")
_OF_FAGSYSTEM = SQL("about.owner_cvr = %(owner)s AND about.fagsystem = %(fagsystem)s")
# A case exempt from view shows nothing: it hides what leans on it (``store.statements.remove_shown``).
_SHOWN_OF_FAGSYSTEM = SQL("{} AND NOT about.hidden").format(_OF_FAGSYSTEM)

InEach = Callable[[Counter[str]], None]
"""Called in each transaction with the rows that it takes, by kind."""
Progress = Callable[[int, int], None]
"""Called after each with the citizens done and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What goes: of an authority (CVR number) all of one fagsystem; None: all that the authority owns."""

    owner_cvr: str
    fagsystem: str | None = None

    @property
    def cause(self) -> Cause:
        return Cause.LEFT if self.fagsystem is None else Cause.RETIRED

    @property
    def tables(self) -> tuple[Table, ...]:
        """A plan names no fagsystem."""
        return tuple(table for table in TABLES if self.fagsystem is None or table is not PLAN)

    def over(self, table: Table) -> SQL | Composed:
        if self.fagsystem is None:
            return _OF_OWNER
        return _SHOWN_OF_FAGSYSTEM if table is CASE else _OF_FAGSYSTEM

    def values(self, **more: int) -> dict[str, str | int | None]:
        return {"owner": self.owner_cvr, "fagsystem": self.fagsystem, **more}


class OfKind(Struct):
    rows: int
    active: int


class Consequence(Struct):
    """What would go, and what that does: numbers alone.

    ``years`` is of when a case was opened, a grant began, a payment came: None is not told. ``hidden`` are cases exempt
    from view, which stay. What leans on what goes is another fagsystem's: it stays held, and is shown no more.
    """

    kinds: dict[str, OfKind] | None
    years: list[tuple[int | None, str, int]] | None
    citizens: int
    left_with_nothing: int
    hidden: int
    leaning_grants: int
    leaning_payments: int

    @property
    def rows(self) -> int:
        return sum(of.rows for of in (self.kinds or {}).values())


_consequence: Final = Decoder(Consequence).decode


def consequence(leaving: Leaving, *, cursor: CursorWrapper) -> Consequence:
    cursor.execute("SELECT leaving_with(%s, %s)::text", [leaving.owner_cvr, leaving.fagsystem])
    return _consequence(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fagsystem:
    """What an authority's fagsystem holds with us: rows by kind, and when the newest of them was registered."""

    name: str
    kinds: Mapping[str, int]
    newest: datetime


def fagsystems(owner_cvr: str, *, cursor: CursorWrapper) -> list[Fagsystem]:
    """The fagsystemer of an authority, by name."""
    cursor.execute("SELECT fagsystem, kind, held, newest FROM fagsystems_of(%s)", [owner_cvr])
    found: dict[str, dict[str, tuple[int, datetime]]] = {}
    for name, kind, held, newest in cursor.fetchall():
        found.setdefault(name, {})[kind] = (held, newest)
    return [
        Fagsystem(
            name=name,
            kinds={kind: held for kind, (held, _) in kinds.items()},
            newest=max(newest for _, newest in kinds.values()),
        )
        for name, kinds in sorted(found.items(), key=lambda one: one[0].casefold())
    ]


def take_away(
    leaving: Leaving, *, in_each: InEach, progress: Progress = lambda _done, _all: None, at_once: int = AT_ONCE
) -> None:
    """Take all of it away. Twice at once is safe: what is gone is counted by whoever took it."""
    for _ in range(ROUNDS):
        with _people(leaving) as number:
            for until in range(at_once, number + at_once, at_once):
                _take(leaving, until - at_once, until, in_each)
                progress(min(until, number), number)
        if not number:
            return


@contextmanager
def _people(leaving: Leaving) -> Iterator[int]:
    """Whom it is about, numbered, in a temporary table of this session; how many they are."""
    people = SQL(" UNION ").join(
        _PEOPLE.format(table=Identifier(table.name), over=leaving.over(table)) for table in leaving.tables
    )
    with connection.cursor() as cursor:
        cursor.execute(_DROP)  # of work that was cut off in this session
        cursor.execute(_MAKE.format(people=people), leaving.values())
        number = cursor.rowcount
        cursor.execute("CREATE INDEX ON leaving (number)")
        cursor.execute("ANALYZE leaving")
    yield number
    with connection.cursor() as cursor:
        cursor.execute(_DROP)


def _take(leaving: Leaving, after: int, until: int, in_each: InEach) -> None:
    taken: Counter[str] = Counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in leaving.tables:  # first, and in the order in which the store locks
            locks.wait_to_write(cursor, table, [leaving.owner_cvr])
        for table in leaving.tables:
            statement = _DELETE.format(table=Identifier(table.name), over=leaving.over(table))
            cursor.execute(statement, leaving.values(after=after, until=until))
            taken[table.kind] = cursor.rowcount
        removals.note_of(leaving.cause, leaving.owner_cvr, taken)
        in_each(taken)
