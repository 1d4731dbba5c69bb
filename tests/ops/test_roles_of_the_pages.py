"""The pages are not served by a role for which the last guard does not hold."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from indexes.rights import Role
from portal.config import SettingsError
from portal.databases import refuse_who_sees_everyone, sees_everyone
from tests.ops.environment import ROOT
from tests.roles import CONSOLE, SYNC, WEB, asked_as

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def _member_of(role: Role) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT {role} TO {WEB}")
        try:
            yield
        finally:
            cursor.execute(f"REVOKE {role} FROM {WEB}")


@pytest.mark.parametrize("role", [WEB, CONSOLE])
def test_the_roles_of_the_pages_see_whom_they_have_opened(role: Role) -> None:
    with asked_as(lambda: role):
        assert not sees_everyone()
        refuse_who_sees_everyone()


def test_the_owner_is_refused() -> None:
    with pytest.raises(SettingsError, match="sees every citizen's rows"):
        refuse_who_sees_everyone()


def test_the_role_of_the_worker_is_refused_though_row_level_security_holds_for_it() -> None:
    with asked_as(lambda: SYNC), pytest.raises(SettingsError, match="sees every citizen's rows"):
        refuse_who_sees_everyone()


def test_who_may_become_the_worker_is_refused() -> None:
    with _member_of(SYNC), asked_as(lambda: WEB):
        assert sees_everyone()


def test_a_command_run_as_another_role_says_so_in_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "consumers", "list"],
        env={**os.environ, **logging_in_as(SYNC, CONSOLE)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(
        "The role in DATABASE_URL may not do this (permission denied for table portal_consumer)"
    )
    assert "Traceback" not in done.stderr


def logging_in_as(pages: str, console: str) -> dict[str, str]:
    """The environment of a process whose pages and console log in as these roles."""
    given = connection.settings_dict
    urls = {
        name: f"postgres://{user}@localhost:{given['PORT']}/{given['NAME']}?host={quote(given['HOST'], safe='')}"
        for name, user in (("DATABASE_URL", pages), ("CONSOLE_DATABASE_URL", console))
    }
    return {**os.environ, **urls}


def served(*, console: str) -> str:
    """What is said when the pages start as they should, with a console that logs in as this role."""
    starting = [sys.executable, "-c", "import portal.wsgi"]
    ended = subprocess.run(  # noqa: S603 - our own program
        starting, env=logging_in_as(WEB, console), capture_output=True, text=True, check=False
    )
    return ended.stderr


def test_the_console_is_not_served_by_the_owner_either() -> None:
    assert "Borgerblik does not start" not in served(console=CONSOLE)
    assert "CONSOLE_DATABASE_URL logs in as a role that sees every citizen's rows" in served(
        console=connection.settings_dict["USER"]
    )


@contextmanager
def _away() -> Iterator[None]:
    """The database takes no new connection while this lasts; nobody's who is there ends."""
    change = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    name = sql.Identifier(str(connection.settings_dict["NAME"]))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as elsewhere:  # not the database of the tests
        elsewhere.execute(change.format(name, sql.SQL("false")))
        try:
            yield
        finally:
            elsewhere.execute(change.format(name, sql.SQL("true")))


# Starts as the server does, waits for a word, and tells what a page that reads a session and /readyz answer.
LATE = """
import portal.wsgi
from django.test import Client
print("started", flush=True)
input()
visitor, monitor = (Client(raise_request_exception=False, headers={"host": "127.0.0.1"}) for _ in range(2))
visitor.cookies["borgerblik"] = "of-nobody"
print(*(visitor.get("/hvem-har-set/").status_code for _ in range(2)))
ready = monitor.get("/readyz")
print(ready.status_code, ready.content.decode())
"""


def served_late(pages: str) -> tuple[str, str]:
    """What is answered, and logged, where the database was away when the pages started and came afterwards."""
    environment = logging_in_as(pages, CONSOLE)
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", LATE], env=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True
    ) as late:
        assert late.stdout is not None
        with _away():
            assert late.stdout.readline() == "started\n"
        return late.communicate("now\n")


def test_the_owner_is_refused_when_the_database_comes_after_the_pages() -> None:
    answered, said = served_late(connection.settings_dict["USER"])
    assert "is asked again with each connection" in said
    pages, ready = answered.splitlines()
    assert pages == "500 500"
    assert ready.startswith("503")
    assert "sees every citizen's rows" in ready


def test_the_pages_role_is_served_when_the_database_comes_after_the_pages() -> None:
    answered, said = served_late(WEB)
    assert "is asked again with each connection" in said
    pages, ready = answered.splitlines()
    assert pages == "302 302"
    assert "sees every citizen's rows" not in ready
