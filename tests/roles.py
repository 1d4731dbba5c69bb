"""The roles that the services use, in tests: sessions of their own as one of them, and requests that run as one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.http import HttpRequest, HttpResponse
from psycopg import sql
from psycopg.pq import TransactionStatus

from indexes.rights import Role
from portal import databases

WEB, SYNC, CONSOLE = Role.WEB, Role.SYNC, Role.CONSOLE
Session = psycopg.Connection[tuple[Any, ...]]


def connect_as(role: str | None = None) -> Session:
    """A session as ``role``, None: as the owner. Each statement is a transaction of its own unless one is begun."""
    given: dict[str, Any] = connection.get_connection_params()
    for name in ("context", "cursor_factory", "prepare_threshold"):
        given.pop(name, None)
    return psycopg.connect(**{**given, **({"user": role} if role else {})}, autocommit=True)


@contextmanager
def asked_as(role: Callable[[], Role]) -> Iterator[None]:
    """Each statement on Django's connection runs as the role that is given just then, as the services' own would.

    The suite's connection is the owner's, so that a test's rows are there for its requests and gone afterwards.
    """

    def as_role(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        _set_role(role())
        return execute(statement, *rest)

    with connection.execute_wrapper(as_role):
        try:
            yield
        finally:
            _set_role(None)


def _set_role(role: Role | None) -> None:
    raw: Session | None = connection.connection
    if raw is None or raw.closed or raw.info.transaction_status is TransactionStatus.INERROR:
        return  # a role that was set in a transaction that failed goes with it
    raw.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role) if role else sql.SQL("NONE")))


def of_the_door() -> Role:
    """The role of a request: the console's behind its door, else the pages'."""
    return Role.CONSOLE if databases.is_at_console() else Role.WEB


def as_the_services(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware of the suite, before all other: every request may do what the services' roles may, and no more."""

    def answer(request: HttpRequest) -> HttpResponse:
        with asked_as(of_the_door):
            return get_response(request)

    return answer
