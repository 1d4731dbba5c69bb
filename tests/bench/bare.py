"""The limit of the summary: a bare WSGI function, three prepared queries in one round trip, orjson. Nothing else.

No sign-in, no policy, no words, no framework: what the machine, PostgreSQL and Python cannot be faster than.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import orjson
import psycopg

QUERIES = (
    "SELECT uuid, kle, sensitivity, opened, registered, facts FROM indexes_case WHERE citizen_id = %s",
    "SELECT uuid, starts, ends, registered, facts FROM indexes_grant WHERE citizen_id = %s",
    "SELECT uuid, available, registered, facts FROM indexes_payment WHERE citizen_id = %s ORDER BY available DESC",
)
_connection: psycopg.Connection[tuple[Any, ...]] | None = None


def _connected() -> psycopg.Connection[tuple[Any, ...]]:
    global _connection  # noqa: PLW0603 - one connection a process, as in production
    if _connection is None:
        _connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=0)
    return _connection


def application(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], None]
) -> Iterable[bytes]:
    citizen = UUID(environ["PATH_INFO"].strip("/"))
    connection = _connected()
    with connection.pipeline():
        cursors = [connection.execute(query, [citizen], prepare=True) for query in QUERIES]
        rows = [cursor.fetchall() for cursor in cursors]
    body = orjson.dumps(rows)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
