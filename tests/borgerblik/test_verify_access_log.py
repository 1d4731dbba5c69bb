"""Nobody changes, removes or adds an entry or a seal unnoticed, and the command says what to keep."""

import re
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from borgerblik.models import AccessBlock, AccessEntry
from borgerblik.seals import verifying
from borgerblik.seals.logs import ACCESS
from borgerblik.seals.sealing import seal
from borgerblik.seals.tree import leaf, root_of
from borgerblik.seals.verifying import Kept, faults
from indexes.rights import Role
from tests.borgerblik.log_makers import HOUR, MINUTE, SECOND, entry, found, sealed, skip_ids, write
from tests.indexes.makers import NOW
from tests.roles import CONSOLE, SYNC, WEB, asked_as

pytestmark = pytest.mark.django_db(transaction=True)


LATER = NOW + 6 * HOUR


@pytest.fixture
def gap() -> int:
    """A log of three blocks, and an id between those of the first that came to nothing."""
    write(2)
    (gone,) = skip_ids(1)
    write(1)
    seal(ACCESS, now=NOW)
    for place in (1, 2):
        write(2, at=NOW + 2 * HOUR * place)
        seal(ACCESS, now=NOW + 2 * HOUR * place)
    assert found(LATER) == []
    return gone


def change_an_entry(_gap: int) -> None:
    AccessEntry.objects.filter(pk=AccessEntry.objects.order_by("pk")[1].pk).update(organisation="Another")


def remove_an_entry(_gap: int) -> None:
    AccessEntry.objects.order_by("pk")[1].delete()


def remove_the_entries_of_a_block(_gap: int) -> None:
    AccessEntry.objects.filter(at__lt=NOW + HOUR).delete()


def change_the_day_of_an_entry(_gap: int) -> None:
    AccessEntry.objects.filter(pk=AccessEntry.objects.order_by("pk")[1].pk).update(at=NOW - 9 * HOUR)


def remove_a_seal(_gap: int) -> None:
    AccessBlock.objects.filter(number=2).delete()


def remove_the_first_seal(_gap: int) -> None:
    AccessBlock.objects.filter(number=1).delete()


def change_a_seal(_gap: int) -> None:
    AccessBlock.objects.filter(number=2).update(seal=bytes(32))


def change_when_it_was_sealed(_gap: int) -> None:
    AccessBlock.objects.filter(number=2).update(sealed=NOW + 3 * HOUR)


def mend_a_root(gap: int) -> None:
    """As somebody would who changes an entry and makes its block fit: the chain tells."""
    change_an_entry(gap)
    block = AccessBlock.objects.get(number=1)
    block.root = root_of(leaf(row) for rows in verifying._entries(ACCESS, block) for row in rows)
    block.seal = block.told().seal
    block.save()


def swap_two_seals(_gap: int) -> None:
    for before, after in ((2, 9), (3, 2), (9, 3)):
        AccessBlock.objects.filter(number=before).update(number=after)


def add_a_seal(_gap: int) -> None:
    """Between the first and the second, over an entry of its own."""
    for before, after in ((3, 4), (2, 3)):
        AccessBlock.objects.filter(number=before).update(number=after)
    first = AccessBlock.objects.get(number=1)
    (added,) = AccessEntry.objects.bulk_create([entry(NOW + HOUR)])
    AccessBlock.objects.create(
        number=2,
        ids=type(first.ids)([type(first.ids[0])(added.pk, added.pk + 1)]),
        root=bytes(32),
        previous=first.seal,
        seal=bytes(32),
        sealed=NOW + HOUR,
    )


def add_an_entry_of_before(_gap: int) -> None:
    AccessEntry.objects.bulk_create([entry(NOW - 5 * SECOND)])


def add_an_entry_of_before_and_let_it_be_sealed(gap: int) -> None:
    add_an_entry_of_before(gap)
    seal(ACCESS, now=LATER)


def add_an_entry_in_a_gap(gap: int) -> None:
    AccessEntry.objects.bulk_create([entry(NOW - 5 * SECOND, pk=gap)])


def add_an_entry_in_a_gap_that_seems_new(gap: int) -> None:
    AccessEntry.objects.bulk_create([entry(LATER - SECOND, pk=gap)])
    AccessBlock.objects.filter(number=3).update()
    seal(ACCESS, now=NOW + 25 * HOUR)


def add_an_entry_far_above(_gap: int) -> None:
    AccessEntry.objects.bulk_create([entry(LATER - SECOND, pk=10**12)])


def add_an_entry_far_below(_gap: int) -> None:
    AccessEntry.objects.bulk_create([entry(NOW - 5 * SECOND, pk=-7)])


TAMPERING: dict[Callable[[int], None], str] = {
    change_an_entry: "Block 1, sealed .* covers 3 entries and 3 are there",
    remove_an_entry: "Block 1, sealed .* covers 3 entries and 2 are there",
    remove_the_entries_of_a_block: "Block 1, sealed .* covers 3 entries and 0 are there",
    change_the_day_of_an_entry: "Block 1, sealed",
    remove_a_seal: "Block 2 is missing",
    remove_the_first_seal: "Block 1 is missing",
    change_a_seal: "Block 2 does not follow",
    change_when_it_was_sealed: "Block 2 does not follow",
    mend_a_root: "Block 2 does not follow",
    swap_two_seals: "Block 2 does not follow",
    add_a_seal: "Block 2 does not follow",
    add_an_entry_of_before: "1 entries are older than an hour and not sealed",
    add_an_entry_of_before_and_let_it_be_sealed: "Block 4, .* should have been sealed more than an hour earlier",
    add_an_entry_in_a_gap: "1 entries are older than an hour and not sealed",
    add_an_entry_in_a_gap_that_seems_new: "Block 4, .* should have been sealed more than an hour earlier",
    add_an_entry_far_above: "1 entries have an id that was never given out",
    add_an_entry_far_below: "1 entries are older than an hour and not sealed",
}


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found(tamper: Callable[[int], None], gap: int) -> None:
    tamper(gap)
    told = "\n".join(found(LATER))
    assert told
    assert re.search(TAMPERING[tamper], told), told


def test_a_seal_kept_outside_tells_of_a_log_that_was_written_anew(gap: int) -> None:
    kept = Kept(number=3, seal=bytes(AccessBlock.objects.get(number=3).seal))
    assert list(faults(ACCESS, now=LATER, kept=kept)) == []
    change_an_entry(gap)
    AccessBlock.objects.all().delete()
    for hours in (0, 2, 4):
        assert hours == 4 or seal(ACCESS, now=NOW + hours * HOUR) is not None
    (told, *_) = list(faults(ACCESS, now=LATER, kept=kept))
    assert "Block 3 is gone" in told


def test_what_was_compared_before_can_be_left_out(gap: int) -> None:
    change_an_entry(gap)
    assert list(faults(ACCESS, now=LATER, since=1)) == []
    assert list(faults(ACCESS, now=LATER, since=3)) == []
    (told,) = list(faults(ACCESS, now=LATER, since=7))
    assert "Block 7 is missing" in told
    add_an_entry_in_a_gap_that_seems_new(gap)
    assert len(list(faults(ACCESS, now=LATER, since=3))) == 1


def test_seals_that_have_stopped_are_told_of() -> None:
    write(3)
    assert found(NOW + MINUTE) == []
    (told,) = found(NOW + 2 * HOUR)
    assert "the worker that seals every minute does not run" in told


def test_an_entry_that_has_no_time_to_be_sealed_yet_is_no_fault(gap: int) -> None:
    write(1, at=LATER)
    assert found(LATER) == []
    assert gap


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_access_log", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_tells_what_to_keep_and_takes_it_the_next_time() -> None:
    assert command() == "Nothing is sealed yet; 0 entries wait for the first seal.\n"
    sealed(2)
    told = command()
    kept = f"1:{bytes(AccessBlock.objects.get().seal).hex()}"
    assert f"The last seal is {kept}\n" in told
    assert "1 block fits" in command("--expect", kept)
    assert "0 blocks fit" in command("--expect", kept, "--since", "1")
    with pytest.raises(CommandError, match="has another seal than the one you kept"):
        command("--expect", f"1:{bytes(32).hex()}")
    with pytest.raises(CommandError, match="give a block's number, a colon and 64 hex digits"):
        command("--expect", "yesterday")


def test_the_worker_seals_and_verifies_with_the_rights_it_has() -> None:
    with asked_as(lambda: SYNC):
        assert command().startswith("Nothing is sealed yet")
    write(3)
    with asked_as(lambda: SYNC):
        assert seal(ACCESS, now=NOW)
        assert "1 block fits" in command()


def test_the_command_does_not_tell_of_each_of_many() -> None:
    sealed(*[1] * 30)
    AccessEntry.objects.update(organisation="Another")
    with pytest.raises(CommandError, match="… and 10 sentences more like these") as told:
        command()
    assert str(told.value).count("\n") == 20


@pytest.mark.parametrize("role", [WEB, CONSOLE])
@pytest.mark.parametrize("command", ["verify_access_log", "verify_settings_history"])
def test_a_role_that_may_not_read_the_seals_is_told_which_may(role: Role, command: str) -> None:
    sealed(2)
    with asked_as(lambda: role), pytest.raises(CommandError, match="borgerblik_sync"):
        call_command(command)
