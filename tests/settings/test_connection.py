"""A kept connection: whether it still stands is known without asking, and one that does not is made anew."""

from pathlib import Path

import pytest
from django.db import connection

from tests.roles import connect_as


def ask() -> int:
    """One statement, as the first of a request. Answers which of the server's processes said it."""
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def _kept(transactional_db: None) -> None:  # noqa: ARG001 - a request begins outside any transaction
    """What the tests of others leave open is closed."""
    connection.close()


def test_the_same_connection_serves_on() -> None:
    assert ask() == ask()


def test_whether_it_stands_is_not_asked_of_the_server(tmp_path: Path) -> None:
    ask()
    with (tmp_path / "wire").open("wb") as wire:
        connection.connection.pgconn.trace(wire.fileno())
        assert connection.is_usable()
        connection.connection.pgconn.untrace()
    assert (tmp_path / "wire").read_bytes() == b""


def test_one_that_the_server_has_ended_is_made_anew() -> None:
    before = ask()
    with connect_as() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    assert ask() != before


def test_one_whose_transaction_has_failed_is_not_used_again() -> None:
    before = ask()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        with pytest.raises(Exception, match="division"):
            cursor.execute("SELECT 1/0")
    assert not connection.is_usable()
    assert ask() != before
