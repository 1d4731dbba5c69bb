"""As which role the database is asked (``indexes/rights.py``).

The pages log in as one that sees a citizen's rows by a grant and changes no setting; the console, behind its own door,
as one that changes settings and sees no citizen's row.

Django's router asks here for every query of its models; inside ``at_console`` the answer is the console's connection.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, ProgrammingError, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from indexes.rights import Role
from portal.config import SettingsError

log = logging.getLogger(__name__)
CONSOLE: Final = "console"
SEES_EVERYONE: Final = (
    "DATABASE_URL or CONSOLE_DATABASE_URL logs in as a role that sees every citizen's rows, so a mistake in a page "
    "could show them to anybody. Give the pages borgerblik_web and the console borgerblik_console, and leave the owner "
    "to manage.py migrate."
)
# Also of a role that row-level security holds for, when it is the worker's or the owner's, or may become one of them.
_OPEN_TO_ALL: Final = """
SELECT NOT row_security_active(oid) OR pg_has_role(relowner, 'MEMBER') OR pg_has_role(%s, 'MEMBER')
FROM pg_class WHERE oid = 'indexes_case'::regclass
"""
_at_console: ContextVar[bool] = ContextVar("at_console", default=False)


class SeesEveryoneError(Exception):
    """A connection was refused: the last guard does not hold for its role."""


@contextmanager
def at_console() -> Iterator[None]:
    """Ask as the console while this lasts."""
    before = _at_console.set(True)
    try:
        yield
    finally:
        _at_console.reset(before)


def is_at_console() -> bool:
    return _at_console.get()


def sees_everyone() -> bool:
    """Whether the last guard does not hold for a role that the pages or their console log in as.

    Raises:
        DatabaseError: the database does not answer, or has no tables yet.
        SeesEveryoneError: as True, of a connection that was made for the question (``refuse_connections``).
    """
    return any(_sees_everyone(alias) for alias in connections)


def _sees_everyone(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute(_OPEN_TO_ALL, [Role.SYNC])
        return bool(cursor.fetchone()[0])


def refuse_who_sees_everyone() -> None:
    """Keep the pages from being served by a role for which the last guard does not hold.

    A database that does not answer yet is asked when it does (``refuse_connections``).

    Raises:
        SettingsError: DATABASE_URL logs in as such a role.
    """
    try:
        open_to_all = sees_everyone()
    except SeesEveryoneError:
        open_to_all = True
    except DatabaseError as error:
        log.warning(
            "Whether the pages' role sees everyone is not known yet (%s); it is asked again with each connection.",
            type(error).__name__,
        )
        return
    if open_to_all:
        raise SettingsError(f"Borgerblik does not start. {SEES_EVERYONE} See .env.example.")


def refuse_connections() -> None:
    """From now on no connection of this process stands whose role sees everyone, however late the database comes."""
    connection_created.connect(_refuse_connection, dispatch_uid="portal.databases.refuse_connections")


def _refuse_connection(*, connection: BaseDatabaseWrapper, **_: object) -> None:
    try:
        open_to_all = _sees_everyone(connection.alias)
    except ProgrammingError:  # there are no tables yet, so there is nothing to see; the next request asks again
        connection.close_at = 0
        return
    except DatabaseError:  # not known, so it does not stand
        connection.close()
        raise
    if open_to_all:
        connection.close()
        raise SeesEveryoneError(SEES_EVERYONE)


class Router:
    """Django's seam. Without CONSOLE_DATABASE_URL there is one connection, for development and the worker."""

    def db_for_read(self, _model: type[models.Model], **_: object) -> str:
        return CONSOLE if is_at_console() and CONSOLE in settings.DATABASES else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[models.Model], **_: object) -> str:
        return self.db_for_read(model)

    def allow_relation(self, _one: models.Model, _other: models.Model, **_: object) -> bool:
        """Both connections lead to the same database."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_: object) -> bool:
        return db == DEFAULT_DB_ALIAS
