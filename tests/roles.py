"""Sessions of their own on the tests' database, as the roles that the services use."""

from typing import Any

import psycopg
from django.db import connection

WEB, SYNC = "borgerblik_web", "borgerblik_sync"

Session = psycopg.Connection[tuple[Any, ...]]


def connect_as(role: str | None = None) -> Session:
    """A session as ``role``, None: as the owner. Each statement is a transaction of its own unless one is begun."""
    given: dict[str, Any] = connection.get_connection_params()
    for name in ("context", "cursor_factory", "prepare_threshold"):
        given.pop(name, None)
    return psycopg.connect(**{**given, **({"user": role} if role else {})}, autocommit=True)
