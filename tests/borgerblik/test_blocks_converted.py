"""An installation from before blocks named their entries is upgraded: what was sealed then stays sealed, and what was
changed before is found as before.

In a database of its own, migrated as far as it was then; entries and blocks are written as they were then.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import StringIO
from typing import Any, LiteralString

import orjson
import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from psycopg import sql

from borgerblik.models import AccessBlock
from borgerblik.seals.ids import parts_of
from borgerblik.seals.logs import ACCESS
from borgerblik.seals.sealing import seal
from borgerblik.seals.tree import FIRST, leaf, root_of
from tests.borgerblik.log_makers import sizes
from tests.roles import connect_as

THEN = ("borgerblik", "0004_read_logged")
NAME = f"upgraded_{os.getpid()}"
WRITE = (
    "INSERT INTO borgerblik_accessentry (at, actor, organisation, system, what, purpose) "
    "VALUES (clock_timestamp(), 'demo', 'Demo', 'rest', 'overview', 'consumer')"
)
MY_NUMBER = "SELECT pg_current_xact_id()::text::bigint"
COVERED = (
    "SELECT id, at, citizen, actor, organisation, system, what, purpose FROM borgerblik_accessentry "
    "WHERE tx >= %s::text::xid8 AND tx < %s::text::xid8 ORDER BY id"
)
LAST = "SELECT number, to_tx, seal FROM borgerblik_accessblock ORDER BY number DESC LIMIT 1"
KEEP = (
    "INSERT INTO borgerblik_accessblock (number, from_tx, to_tx, entries, root, previous, seal, sealed) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, clock_timestamp())"
)


def on_the_server(statement: LiteralString) -> None:
    """A statement about the database as a whole, asked in another."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(NAME)))


@contextmanager
def asked_there() -> Iterator[None]:
    """Django's connection leads to that database while this lasts."""
    wanted = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = NAME
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = wanted


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def seal_then(*, before: int | None = None) -> None:
    """A block over the transactions since the last one, up to this number; None: over all that have ended."""
    to_tx = before or ask(MY_NUMBER)[0][0]
    number, from_tx, previous = (ask(LAST) or [(0, 0, FIRST)])[0]
    entries = ask(COVERED, str(from_tx), str(to_tx))
    told, root = [number + 1, from_tx, to_tx, len(entries)], root_of(map(leaf, entries))
    made = sha256(orjson.dumps(told) + root + bytes(previous)).digest()
    ask(KEEP, *told, root, previous, made)


@pytest.fixture
def _database(django_db_setup: None) -> Iterator[None]:  # noqa: ARG001 - first the server
    on_the_server("CREATE DATABASE {}")
    yield
    on_the_server("DROP DATABASE {} WITH (FORCE)")


@pytest.fixture(autouse=True)
def _then(_database: None, django_db_blocker: Any) -> Iterator[None]:
    """Three blocks of then, and an entry that none covers. An earlier transaction wrote entry 5 than entry 4."""
    with django_db_blocker.unblock(), asked_there():
        call_command("migrate", *THEN, verbosity=0)
        for _ in range(3):
            ask(WRITE)
        seal_then()
        with connect_as() as one, connect_as() as other, other.transaction():
            with one.transaction():
                one.execute(MY_NUMBER)
                (number,) = other.execute(MY_NUMBER).fetchone() or (0,)
                other.execute(WRITE)
                one.execute(WRITE)
            seal_then(before=number)
        ask(WRITE)
        seal_then()
        ask(WRITE)
        yield


def upgrade() -> None:
    call_command("migrate", verbosity=0)


def verified(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_access_log", *arguments, stdout=out)
    return out.getvalue()


def test_what_was_sealed_then_stays_sealed_and_the_log_goes_on() -> None:
    upgrade()
    blocks = AccessBlock.objects.order_by("number")
    assert [parts_of(block.ids) for block in blocks] == [[(1, 4)], [(5, 6)], [(4, 5), (6, 7)]]
    assert "3 blocks fit their entries and each other; 1 entry waits for a seal." in verified()
    assert seal(ACCESS, now=timezone.now())
    assert sizes() == [3, 1, 2, 1]
    assert "4 blocks fit their entries and each other; 0 entries wait for a seal." in verified()


def test_an_entry_that_is_changed_after_the_upgrade_is_found() -> None:
    upgrade()
    ask("UPDATE borgerblik_accessentry SET organisation = 'Another' WHERE id = 5")
    with pytest.raises(CommandError, match=r"^Block 2, sealed .* covers 1 entries and 1 are there") as told:
        verified()
    assert "\n" not in str(told.value)


def test_a_seal_kept_from_before_does_not_fit_and_the_one_that_is_printed_next_does() -> None:
    """As README says; verified without it just before and after, nothing is missed."""
    number, _, then = ask(LAST)[0]
    upgrade()
    with pytest.raises(CommandError, match="Block 3 has another seal than the one you kept"):
        verified("--expect", f"{number}:{bytes(then).hex()}")
    kept = re.search(r"The last seal is (3:[0-9a-f]{64})\n", verified())
    assert kept is not None
    assert "3 blocks fit" in verified("--expect", kept[1])


def change_an_entry() -> None:
    ask("UPDATE borgerblik_accessentry SET organisation = 'Another' WHERE id = 6")


def remove_an_entry() -> None:
    ask("DELETE FROM borgerblik_accessentry WHERE id = 2")


def remove_the_entries_of_a_block() -> None:
    ask("DELETE FROM borgerblik_accessentry WHERE id <= 3")


def change_an_entry_and_the_root_over_it() -> None:
    ask("UPDATE borgerblik_accessentry SET organisation = 'Another' WHERE id = 5")
    ((from_tx, to_tx),) = ask("SELECT from_tx, to_tx FROM borgerblik_accessblock WHERE number = 2")
    root = root_of(map(leaf, ask(COVERED, str(from_tx), str(to_tx))))
    ask("UPDATE borgerblik_accessblock SET root = %s WHERE number = 2", root)


def change_a_seal() -> None:
    ask("UPDATE borgerblik_accessblock SET seal = %s WHERE number = 2", bytes(32))


def remove_a_block_and_its_entries() -> None:
    ask("DELETE FROM borgerblik_accessentry WHERE id = 5")
    ask("DELETE FROM borgerblik_accessblock WHERE number = 2")


TAMPERING: dict[Callable[[], None], str] = {
    change_an_entry: "Block 3, sealed .* covers 2 entries and 2 are there",
    remove_an_entry: "Block 1, sealed .* covers 2 entries and 2 are there",
    remove_the_entries_of_a_block: "Block 1, sealed .* covers 1 entries and 0 are there",
    change_an_entry_and_the_root_over_it: "Block 2 does not follow from the one before",
    change_a_seal: "Block 2 does not follow from the one before",
    remove_a_block_and_its_entries: "Block 2 is missing",
}


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_what_was_changed_before_the_upgrade_is_found_after_it(tamper: Callable[[], None]) -> None:
    tamper()
    upgrade()
    with pytest.raises(CommandError, match=TAMPERING[tamper]):
        verified()
