"""A database of any size in minutes: rows as the store writes them, made by its own code once and multiplied in SQL.

Every citizen gets a grant; cases and payments fall on citizens by chance, in the order in which they arrive and not
citizen by citizen, as an index sends them. One citizen may be given far more than anybody has. Digests are the
patterns': nothing here is loaded a second time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from indexes import authorities
from indexes.identity import citizens_for
from indexes.models import SourceState
from indexes.records import (
    Benefit,
    Case,
    CaseStatus,
    Document,
    Grant,
    Payment,
    PaymentLine,
    Period,
    Record,
    Sensitivity,
    Source,
    Step,
)
from indexes.store.tables import BY_TYPE, CASE, GRANT, PAYMENT, Table

NOW: Final = datetime.now(UTC)
TODAY: Final = NOW.date()
OWNER: Final = authorities.by_code["0730"].cvr
KLE: Final = ("32.30.04", "32.24.04", "15.17.06", "27.60.04", "32.21.12")
PATTERN: Final = UUID(int=0)  # stands where a grant's or a case's id will
PORTION: Final = 100_000
PEOPLE_AT_ONCE: Final = 10_000

FILLED: Final = (CASE, GRANT, PAYMENT)
_PROMISES: Final = """
SELECT conrelid::regclass::text, conname,
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid::regclass::text = ANY (%(tables)s) AND contype IN ('p', 'f')
UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid::regclass::text = ANY (%(tables)s) AND NOT indisprimary
"""
_MULTIPLY: Final = """
INSERT INTO {table} ({columns})
SELECT {values}
FROM generate_series(%(first)s::int, %(last)s::int) AS n
CROSS JOIN LATERAL (SELECT {whose} AS number) AS whose
JOIN filling_people AS people USING (number)
JOIN {patterns} AS pattern ON pattern.number = n %% (SELECT count(*) FROM {patterns})
"""
# hashint8 spreads: the same number always falls on the same citizen, and neighbours on different ones
_BY_CHANCE: Final = "(abs(hashint8(n)::bigint) %% {people})::int"
_OF_BIGGEST: Final = "0"
_CITIZENS_GRANT: Final = "md5('grant' || whose.number)::uuid"
_CITIZENS_CASE: Final = "md5('firstcase' || whose.number)::uuid"
_OWN_VALUES: Final = {
    "citizen_id": "people.id",
    "facts": f"replace(pattern.facts::text, '{PATTERN}', {_CITIZENS_GRANT}::text)::jsonb",
    "case_uuid": _CITIZENS_CASE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is. The biggest citizen's own come besides."""

    citizens: int
    cases: int
    payments: int
    biggest: tuple[int, int] = (0, 0)  # cases, payments

    def portions(self) -> int:
        """How many steps ``fill`` takes."""
        return sum(
            len(range(0, rows, PORTION)) for rows in (self.citizens, self.citizens, self.cases, self.payments)
        ) + (len(range(0, self.citizens, PEOPLE_AT_ONCE)) + 2 * any(self.biggest))


def cpr(number: int) -> str:
    """The number of the filled citizen of this number; day 61 and month 13 make it nobody's."""
    return f"6113{number:06d}"


def fill(size: Size) -> Iterator[None]:
    """Fill the database, a step an item; the caller shows how far it is. All or nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE filling_people (number int PRIMARY KEY, id uuid)")
        for first in range(0, size.citizens, PEOPLE_AT_ONCE):
            some = {cpr(number): number for number in range(first, min(first + PEOPLE_AT_ONCE, size.citizens))}
            ids = citizens_for(some)
            with cursor.copy("COPY filling_people FROM STDIN") as copy:
                for each, number in some.items():
                    copy.write_row((number, ids[each]))
            yield
        cursor.execute("ANALYZE filling_people")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        promises = _let_go(cursor)
        for table, patterns in _patterns():
            _lay(cursor, table, patterns)
        yield from _multiply(cursor, CASE, "firstcase", "n::int", size.citizens)
        yield from _multiply(cursor, GRANT, "grant", "n::int", size.citizens)
        chance = _BY_CHANCE.format(people=size.citizens)
        yield from _multiply(cursor, CASE, "case", chance, size.cases - size.citizens)
        yield from _multiply(cursor, PAYMENT, "payment", chance, size.payments)
        if any(size.biggest):
            yield from _multiply(cursor, CASE, "bigcase", _OF_BIGGEST, size.biggest[0])
            yield from _multiply(cursor, PAYMENT, "bigpayment", _OF_BIGGEST, size.biggest[1])
        for promise in promises:
            cursor.execute(promise)
            yield
        for kind in ("people", *(table.kind for table in FILLED)):
            cursor.execute(SQL("DROP TABLE {}").format(Identifier(f"filling_{kind}")))
    for source in Source:
        for cvr in (OWNER, authorities.by_code[authorities.UDK].cvr):
            SourceState.objects.update_or_create(
                source=source, authority_cvr=cvr, defaults={"last_attempt": NOW, "last_success": NOW}
            )


def _let_go(cursor: Any) -> list[str]:
    """Drop the keys, references and indexes of the tables; how to make each again, which is faster than keeping it."""
    names = [table.name for table in FILLED]
    cursor.execute(_PROMISES, {"tables": names})
    promises = list(cursor.fetchall())
    for table, name, definition in promises:
        what = (
            SQL("DROP INDEX {name}")
            if definition.startswith("CREATE")
            else SQL("ALTER TABLE {table} DROP CONSTRAINT {name}")
        )
        cursor.execute(what.format(table=Identifier(table), name=Identifier(name)))
    return [definition for _, _, definition in promises]


def _multiply(cursor: Any, table: Table, name: str, whose: str, rows: int) -> Iterator[None]:
    """So many rows of this kind, their ids made from ``name`` and their number."""
    own = {**_OWN_VALUES, "uuid": f"md5('{name}' || n)::uuid"}
    statement = _MULTIPLY.format(
        table=table.name,
        columns=", ".join(table.columns),
        values=", ".join(own.get(column, f"pattern.{column}") for column in table.columns),
        whose=whose,
        patterns=f"filling_{table.kind}",
    )
    for first in range(0, rows, PORTION):
        cursor.execute(statement, {"first": first, "last": min(first + PORTION, rows) - 1})
        yield


def _lay(cursor: Any, table: Table, records: Sequence[Record]) -> None:
    """The patterns of one kind, as the store would write them, numbered from 0."""
    columns = [
        column for column in table.columns if column not in {"citizen_id", "stored_at", "fingerprint", "defects"}
    ]
    by_batch = "now() AS stored_at, NULL::bytea AS fingerprint, NULL::varchar[] AS defects"
    cursor.execute(
        f"CREATE TEMPORARY TABLE filling_{table.kind} AS "  # noqa: S608 - names of ours
        f"SELECT 0 AS number, {by_batch}, {', '.join(columns)} FROM {table.name} LIMIT 0"
    )
    for number, record in enumerate(records):
        row = dict(zip(columns, table.row(record), strict=True)) | {"number": number, "stored_at": NOW}
        row["facts"] = row["facts"].decode() if isinstance(row["facts"], bytes) else row["facts"]
        cursor.execute(
            f"INSERT INTO filling_{table.kind} ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",  # noqa: S608 - names of ours
            list(row.values()),
        )


def _patterns() -> Iterator[tuple[Table, Sequence[Record]]]:
    for records in ([case_pattern(number) for number in range(len(KLE))], [_grant()], [_payment(n) for n in range(24)]):
        yield BY_TYPE[type(records[0])], records


def _common() -> dict[str, Any]:
    return {"uuid": PATTERN, "registered": NOW, "holds": Period(), "owner_cvr": OWNER, "cpr": cpr(0), "fagsystem": "KY"}


def case_pattern(number: int) -> Case:
    """One of the cases that stand for all."""
    began = NOW - timedelta(days=90 * (number + 1))
    return Case(
        kle=KLE[number],
        sensitivity=Sensitivity.CONFIDENTIAL,
        hidden=False,
        opened=began.date(),
        title="Ansøgning om hjælp",
        number=f"2026-{number}",
        unit="Ydelsesafdelingen",
        progress=(
            Step(status=CaseStatus.INFORMED, period=Period(start=began, end=began + timedelta(days=20))),
            Step(status=CaseStatus.DECIDED, period=Period(start=began + timedelta(days=20))),
        ),
        documents=(Document(uuid=PATTERN, title="Brev om afgørelse", kind=None, date=began.date(), hidden=False),),
        **_common(),
    )


def _grant() -> Record:
    return Grant(
        case_uuid=PATTERN,
        sensitivity=Sensitivity.CONFIDENTIAL,
        start=date(2025, 1, 1),
        benefits=(Benefit(id="1", name="Hjælp", kle=KLE[0], start=date(2025, 1, 1), end=None),),
        **_common(),
    )


def _payment(months_ago: int) -> Record:
    day = TODAY - timedelta(days=30 * months_ago)
    line = PaymentLine(kle=KLE[0], amount=Decimal(18628), start=day, end=day, grant_uuid=PATTERN, benefit_id="1")
    return Payment(
        available=day,
        start=day,
        end=day,
        gross=Decimal(18628),
        after_tax=Decimal(13412),
        sent=Decimal(13412),
        paid=Decimal(13412),
        lines=(line,),
        **_common(),
    )
