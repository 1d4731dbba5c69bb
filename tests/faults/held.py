"""What two databases hold, to be compared: rows by whom they are about, and what is told of the indexes."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed, Identifier, Literal

from indexes.store.tables import TABLES

_ROWS = SQL("""
SELECT encode(citizen.cpr_hmac, 'hex') AS citizen, {columns} FROM {table} AS held
JOIN indexes_citizen AS citizen ON citizen.id = held.citizen_id
""")
# How often a message came, and when, is another matter: it was read more often.
_QUARANTINED = SQL("""
SELECT source, authority_cvr, kind, uuid, encode(citizen.cpr_hmac, 'hex') AS citizen, reason, what, digest
FROM indexes_quarantined AS kept LEFT JOIN indexes_citizen AS citizen ON citizen.id = kept.citizen_id
""")
_STATES = SQL(
    "SELECT source, authority_cvr, error, message, rows, failures, failed_since, try_after FROM indexes_sourcestate"
)
_DEFECTS = SQL("SELECT source, authority_cvr, fagsystem, defect, count, records FROM indexes_defectcount")
_RUNS = "SELECT source, authority_cvr, outcome, counts FROM indexes_syncrun WHERE outcome <> 'running' ORDER BY started"
_EVENTS = "SELECT fate, sum(events)::int FROM indexes_eventcount GROUP BY fate"

WATCHED = "CREATE TABLE watched (kind text, rows bigint)"
_WATCH = SQL("""
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO watched SELECT {kind}, count(*) FROM gone HAVING count(*) > 0; RETURN NULL; END $$;
CREATE TRIGGER watched AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION {function}()
""")
_GONE = "SELECT kind, sum(rows)::int FROM watched GROUP BY kind"
_COUNTED = "SELECT kind, sum(rows)::int FROM indexes_removal GROUP BY kind"


Row = dict[str, Any]


def rows(connection: psycopg.Connection) -> dict[str, list[Row]]:
    """Every row of every kind with whom it is about, without when it was stored."""
    found = {}
    for table in TABLES:
        columns = [
            Identifier("held", name) for name in table.columns if name not in {"stored_at", "citizen_id", "fingerprint"}
        ]
        found[table.kind] = _asked(
            connection, _ROWS.format(columns=SQL(", ").join(columns), table=Identifier(table.name))
        )
    return found


def _asked(connection: psycopg.Connection, statement: SQL | Composed) -> list[Row]:
    return connection.cursor(row_factory=dict_row).execute(statement).fetchall()


def differences(found: Sequence[Row], expected: Sequence[Row], *key: str) -> list[str]:
    """What is there and should not be, is not and should be, or is otherwise: by key, with the columns that differ."""
    have, want = ({tuple(str(row[name]) for name in key): row for row in rows} for rows in (found, expected))
    assert len(have) == len(found)
    assert len(want) == len(expected)
    told = [f"{each} should not be there" for each in have.keys() - want.keys()]
    told += [f"{each} is missing" for each in want.keys() - have.keys()]
    for each in have.keys() & want.keys():
        told += [
            f"{each}: {column} is {value!r}, not {want[each][column]!r}"
            for column, value in have[each].items()
            if value != want[each][column]
        ]
    return sorted(told)


def states(connection: psycopg.Connection) -> list[Row]:
    """How each index stands for each authority."""
    return _asked(connection, _STATES)


def defects(connection: psycopg.Connection) -> list[Row]:
    """What the municipalities are told of the quality of their data."""
    return _asked(connection, _DEFECTS)


def quarantined(connection: psycopg.Connection) -> list[Row]:
    """What could not be used."""
    return _asked(connection, _QUARANTINED)


def events(connection: psycopg.Connection) -> dict[str, int]:
    """How many messages were counted: all, and those meant for others or not to be read."""
    counted: Counter[str] = Counter(dict(connection.execute(_EVENTS).fetchall()))
    return {"all": counted.total(), "foreign": counted["foreign"], "quarantined": counted["quarantined"]}


def messages(connection: psycopg.Connection) -> set[UUID]:
    """Which messages have been taken."""
    return {message for (message,) in connection.execute("SELECT message FROM indexes_eventtaken")}


def runs(connection: psycopg.Connection) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Those that are over: source, authority, outcome and counts, the oldest first."""
    return connection.execute(_RUNS).fetchall()


def came_to(counts: dict[str, Any]) -> int:
    """What became of all that a run has read."""
    one_by_one: int = sum(counts[name] for name in ("new", "changed", "unchanged", "older", "over", "retired"))
    by_reason: int = sum(sum(counts[name].values()) for name in ("withdrawn", "refused", "unwanted"))
    return one_by_one + by_reason


def watch(connection: psycopg.Connection) -> None:
    """Let the database itself note each row that goes, in the transaction by which it goes."""
    connection.execute(WATCHED)
    for table in TABLES:
        connection.execute(
            _WATCH.format(
                function=Identifier(f"watch_{table.kind}"), kind=Literal(table.kind), table=Identifier(table.name)
            )
        )


def gone(connection: psycopg.Connection) -> tuple[dict[str, int], dict[str, int]]:
    """By kind: the rows that went, and those that were counted as taken away."""
    return dict(connection.execute(_GONE).fetchall()), dict(connection.execute(_COUNTED).fetchall())
