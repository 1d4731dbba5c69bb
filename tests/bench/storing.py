"""Storing: records to rows, against a bare binary COPY of the same rows into the same tables with the same indexes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection
from msgspec.structs import replace
from psycopg.types.json import Jsonb

from borgerblik.wanted import wanted
from indexes.identity import citizens_for
from indexes.records import Case, Parsed
from indexes.store import save
from indexes.store.tables import BY_TYPE
from tests.bench.measure import Line, rates, seconds

BATCH = 10_000


def many_cases(seeds: Sequence[Case], number: int) -> list[Parsed]:
    """That many cases, each with its own uuid; five to a citizen."""
    found = []
    for index in range(number):
        case = seeds[index % len(seeds)]
        cpr = f"{index // 5:010d}"
        found.append(Parsed(record=replace(case, uuid=UUID(int=index + 1), cpr=cpr)))
    return found


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE indexes_case")


def store_line(cases: list[Parsed]) -> Line:
    """New rows, in batches of 10,000. The citizens are known already, as they are after the first reading."""
    now, keep = datetime.now(UTC), wanted()
    table = BY_TYPE[Case]
    citizens = citizens_for({item.record.cpr for item in cases})
    rows = [(citizens[item.record.cpr], now, None, None, *table.row(item.record)) for item in cases]
    facts_at = list(table.columns).index("facts")
    ready = [(*row[:facts_at], Jsonb(row[facts_at], dumps=_as_it_is), *row[facts_at + 1 :]) for row in rows]
    statement = f"COPY {table.name} ({', '.join(table.columns)}) FROM STDIN (FORMAT BINARY)"

    def copy() -> None:
        with connection.cursor() as cursor, cursor.copy(statement) as into:
            into.set_types(list(table.columns.values()))
            for row in ready:
                into.write_row(row)

    def ours() -> None:
        for first in range(0, len(cases), BATCH):
            save(cases[first : first + BATCH], wanted=keep, now=now)

    def limit_seconds() -> float:
        _empty()
        return seconds(copy)

    def our_seconds() -> float:
        _empty()
        return seconds(ours)

    return rates("store", unit="cases/s", n=len(cases), limit=limit_seconds, ours=our_seconds)


def _as_it_is(facts: bytes) -> bytes:
    return facts
