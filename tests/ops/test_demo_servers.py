"""A demo on servers of one's own: named, used when what they hold is the demo's or nothing, else refused."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from portal import demo_data
from portal.demo.own_servers import MARK as MARK_OF_THE_DEMO
from tests.ops.demos import DATABASE, OWN_SERVERS, complaint, demo, own_database


@pytest.fixture(scope="module", autouse=True)
def own_servers(django_db_modify_db_settings: None, redis_url: str) -> Iterator[None]:  # noqa: ARG001 - they start them
    """A server of one's own for the demos that start none, with an empty database."""
    with own_database():
        yield


@pytest.fixture
def tables() -> Iterator[Callable[[LiteralString], None]]:
    """Put something into that database; it is empty again afterwards."""
    with psycopg.connect(OWN_SERVERS["DATABASE_URL"], autocommit=True) as connection:

        def put(statement: LiteralString) -> None:
            connection.execute(statement)

        yield put
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def test_servers_of_ones_own_are_named_and_what_they_hold_is_not_given_up(private_root: Path) -> None:
    with demo(private_root) as running:
        assert f"Using your PostgreSQL: database {DATABASE} at " in running.said
        assert "Using your Redis or Valkey at " in running.said
        assert "Read with []" in running.said
    with demo(private_root, embedded=True) as running:
        assert "Starting PostgreSQL …" in running.said
        assert "Read with ['--confirm']" in running.said
        running.end()


def test_a_database_with_data_of_others_is_refused(private_root: Path, tables: Callable[[LiteralString], None]) -> None:
    tables("CREATE TABLE borgerblik_authoritysettings AS SELECT '0730' AS code")
    said = complaint(private_root)
    assert said.startswith(f"The database {DATABASE} at ")
    assert "(DATABASE_URL) holds data that are not the demo's" in said
    assert "or unset DATABASE_URL" in said
    assert said.count("\n") == 1


def test_a_database_that_the_demo_has_filled_is_used_again(
    private_root: Path, tables: Callable[[LiteralString], None]
) -> None:
    tables("CREATE TABLE borgerblik_authoritysettings AS SELECT '0730' AS code")
    tables("CREATE TABLE oauth2_provider_application AS SELECT 'demo-consumer' AS client_id")
    with demo(private_root) as running:
        assert f"Using your PostgreSQL: database {DATABASE}" in running.said
    assert MARK_OF_THE_DEMO == demo_data.CONSUMER


def test_a_database_with_tables_and_no_rows_is_used(
    private_root: Path, tables: Callable[[LiteralString], None]
) -> None:
    tables("CREATE TABLE django_migrations AS SELECT 'borgerblik' AS app")
    tables("CREATE TABLE borgerblik_authoritysettings (code text)")
    with demo(private_root) as running:
        assert f"Using your PostgreSQL: database {DATABASE}" in running.said


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("DATABASE_URL", "postgresql://x@127.0.0.1:1/none", "The PostgreSQL that DATABASE_URL names cannot be used ("),
        ("DATABASE_URL", "mysql://somebody:secret@host/name", "DATABASE_URL is no address of a database that the demo"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "The Redis or Valkey that REDIS_URL names cannot be used ("),
        ("REDIS_URL", "redis://127.0.0.1:abc/0", "The Redis or Valkey that REDIS_URL names cannot be used ("),
        ("REDIS_URL", "http://somewhere", "REDIS_URL is no address of a Redis or Valkey"),
    ],
)
def test_a_server_of_ones_own_that_is_none_is_one_sentence(
    private_root: Path, setting: str, value: str, sentence: str
) -> None:
    said = complaint(private_root, environment={setting: value})
    assert said.startswith(sentence)
    assert said.endswith(f"or unset {setting}: the demo then starts a server of its own.\n")
    assert said.count("\n") == 1
    assert "secret" not in said
