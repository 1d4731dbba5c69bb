"""The access log: nothing is read without an entry, and nobody changes, removes or adds one unnoticed."""

import datetime as dt
from collections.abc import Callable
from hashlib import sha256
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from psycopg import errors

from borgerblik import access_log
from borgerblik.access_log import FIRST, root_of
from borgerblik.models import AccessBlock, AccessEntry
from indexes.grants import Reader, open_grant
from indexes.identity import citizen_id_for
from tests.indexes.makers import METTE, NOW
from tests.roles import WEB, connect_as

READER = Reader(actor="demo-consumer", organisation="Demo", system="rest", purpose="consumer")
CITIZEN = UUID("00000000-0000-4000-8000-000000000001")


def read(times: int = 1, citizen: UUID | None = CITIZEN) -> None:
    for _ in range(times):
        access_log.read_citizen(citizen, authorities=[], reader=READER, what="overview")


def sealed(*sizes: int) -> None:
    """Blocks of so many entries."""
    for size in sizes:
        read(size)
        assert access_log.seal(now=NOW) is not None


@pytest.mark.django_db(transaction=True)
def test_a_log_that_nobody_touched_has_no_faults() -> None:
    sealed(3, 1, 8)
    read(2)
    assert list(access_log.faults()) == []
    assert access_log.unsealed() == 2
    assert [block.entries for block in AccessBlock.objects.order_by("number")] == [3, 1, 8]


@pytest.mark.django_db(transaction=True)
def test_nothing_new_needs_no_seal() -> None:
    assert access_log.seal(now=NOW) is None
    sealed(1)
    assert access_log.seal(now=NOW) is None
    assert AccessBlock.objects.count() == 1


def change_an_entry() -> None:
    AccessEntry.objects.filter(pk=AccessEntry.objects.order_by("pk")[1].pk).update(organisation="Another")


def remove_an_entry() -> None:
    AccessEntry.objects.order_by("pk")[1].delete()


def add_an_entry() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(tx)::text FROM borgerblik_accessentry")
        (tx,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO borgerblik_accessentry (at, actor, organisation, system, what, purpose, tx) "
            "VALUES (now(), 'x', '', 'x', 'x', 'x', %s::text::xid8)",
            [tx],
        )


def remove_a_seal() -> None:
    AccessBlock.objects.filter(number=2).delete()


def change_a_seal() -> None:
    AccessBlock.objects.filter(number=2).update(entries=99)


def mend_a_root() -> None:
    """As somebody would who changes an entry and makes its block fit: the chain tells."""
    change_an_entry()
    block = AccessBlock.objects.get(number=1)
    block.root = root_of(access_log._leaves(block.from_tx, block.to_tx))
    block.seal = access_log.seal_of(block)
    block.save()


TAMPERING: list[Callable[[], None]] = [
    change_an_entry,
    remove_an_entry,
    add_an_entry,
    remove_a_seal,
    change_a_seal,
    mend_a_root,
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found(tamper: Callable[[], None]) -> None:
    sealed(3, 2, 2)
    tamper()
    assert list(access_log.faults())
    with pytest.raises(CommandError, match="Block"):
        call_command("verify_access_log")


@pytest.mark.django_db(transaction=True)
def test_the_command_tells_what_to_keep() -> None:
    out = StringIO()
    call_command("verify_access_log", stdout=out)
    assert out.getvalue() == "Nothing is sealed yet; 0 entries wait for the first seal.\n"
    sealed(2)
    call_command("verify_access_log", stdout=out)
    assert f"The last seal is {bytes(AccessBlock.objects.get().seal).hex()}" in out.getvalue()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_that_of_rfc_9162(size: int) -> None:
    leaves = [sha256(bytes([number])).digest() for number in range(size)]

    def tree(part: list[bytes]) -> bytes:  # MTH of section 2.1.1, as it is written there
        if len(part) == 1:
            return part[0]
        k = max(2**n for n in range(8) if 2**n < len(part))
        return sha256(b"\x01" + tree(part[:k]) + tree(part[k:])).digest()

    assert root_of(leaves) == tree(leaves)
    assert FIRST not in leaves


@pytest.mark.django_db(transaction=True)
def test_an_entry_whose_transaction_goes_on_waits_for_a_later_seal() -> None:
    with connect_as() as other, other.transaction():
        other.execute("SELECT read_logged(NULL, '{}', 'x', '', 'x', 'x', 'x')")
        read()
        assert access_log.seal(now=NOW) is None, "the other's is older and has not ended"
    block = access_log.seal(now=NOW)
    assert block is not None
    assert block.entries == 2


@pytest.mark.django_db(transaction=True)
def test_the_web_role_adds_entries_and_reads_only_what_is_granted() -> None:
    citizen = citizen_id_for(METTE)
    opened = open_grant(METTE, READER, lasts=dt.timedelta(hours=1))
    assert opened is not None
    with connect_as(WEB) as web:
        for whose in (citizen, uuid4()):
            web.execute("SELECT read_logged(%s, '{}', 'citizen', '', 'x', 'overview', 'own_page')", [whose])
        assert web.execute("SELECT count(*) FROM borgerblik_accessentry").fetchone() == (0,)
        with web.transaction():
            web.execute("SELECT set_config('borgerblik.grant', %s, true)", [opened.token])
            assert web.execute("SELECT citizen FROM borgerblik_accessentry").fetchall() == [(citizen,)]
        for statement in (
            "UPDATE borgerblik_accessentry SET actor = 'x'",
            "DELETE FROM borgerblik_accessentry",
            "TRUNCATE borgerblik_accessentry",
            "INSERT INTO borgerblik_accessentry (tx, actor, system, what, purpose) VALUES ('3', 'x', 'x', 'x', 'x')",
            "SELECT * FROM borgerblik_accessblock",
            "DELETE FROM borgerblik_accessblock",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                web.execute(statement)
    assert AccessEntry.objects.count() == 2
