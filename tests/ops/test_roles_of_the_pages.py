"""The pages are not served by a role for which the last guard does not hold."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.db import connection

from indexes.rights import Role
from portal.config import SettingsError
from portal.databases import refuse_who_sees_everyone, sees_everyone
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


def served(*, console: str) -> str:
    """What is said when the pages start as they should, with a console that logs in as this role."""
    given = connection.settings_dict
    urls = {
        name: f"postgres://{user}@localhost:{given['PORT']}/{given['NAME']}?host={quote(given['HOST'], safe='')}"
        for name, user in (("DATABASE_URL", WEB), ("CONSOLE_DATABASE_URL", console))
    }
    starting = [sys.executable, "-c", "import portal.wsgi"]
    ended = subprocess.run(  # noqa: S603 - our own program
        starting, env={**os.environ, **urls}, capture_output=True, text=True, check=False
    )
    return ended.stderr


def test_the_console_is_not_served_by_the_owner_either() -> None:
    assert "Borgerblik does not start" not in served(console=CONSOLE)
    assert "CONSOLE_DATABASE_URL logs in as a role that sees every citizen's rows" in served(
        console=connection.settings_dict["USER"]
    )
