"""Old entries go a block at a time, and the chain of seals stays whole."""

import datetime as dt

import pytest

from borgerblik.models import AccessBlock, AccessEntry
from borgerblik.seals.forgetting import forget_block, to_forget
from borgerblik.seals.ids import ids_of
from borgerblik.seals.logs import ACCESS
from borgerblik.seals.verifying import faults
from tests.borgerblik.log_makers import HOUR, sealed, sizes, write
from tests.indexes.makers import NOW
from tests.roles import SYNC, asked_as

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = NOW - dt.timedelta(days=200)
LATER = LONG_AGO + 6 * HOUR
BEFORE = LONG_AGO + 3 * HOUR  # the first two blocks were sealed before this, the third after


def test_whole_blocks_go_and_nothing_else() -> None:
    sealed(3, 2, 4, first=LONG_AGO)
    write(1, at=LATER)
    assert to_forget(ACCESS, before=BEFORE) == 5
    assert [forget_block(ACCESS, before=BEFORE) for _ in range(3)] == [3, 2, 0]
    assert to_forget(ACCESS, before=BEFORE) == 0
    assert AccessEntry.objects.count() == 5
    assert sizes() == [3, 2, 4]
    assert list(faults(ACCESS, now=LATER, forgotten=BEFORE)) == []


def test_what_goes_too_early_or_in_part_is_missed() -> None:
    sealed(3, 2, 4, first=LONG_AGO)
    forget_block(ACCESS, before=BEFORE)
    assert len(list(faults(ACCESS, now=LATER))) == 1
    assert len(list(faults(ACCESS, now=LATER, forgotten=LONG_AGO))) == 1
    AccessEntry.objects.order_by("pk")[0].delete()
    (told,) = list(faults(ACCESS, now=LATER, forgotten=BEFORE))
    assert "Block 2" in told


def test_an_empty_log_has_nothing_to_forget() -> None:
    assert forget_block(ACCESS, before=BEFORE) == 0
    assert to_forget(ACCESS, before=BEFORE) == 0


def test_nothing_younger_than_half_a_year_goes_whoever_asks() -> None:
    sealed(3, 2)
    assert forget_block(ACCESS, before=dt.datetime.now(dt.UTC) + HOUR) == 0
    assert AccessEntry.objects.count() == 5


def test_a_block_that_lies_about_its_age_takes_no_young_entry() -> None:
    """Whoever seals may say of a block what they like; when an entry was written they may not."""
    sealed(3, first=LONG_AGO)
    young = [entry.pk for entry in write(2, at=dt.datetime.now(dt.UTC))]
    last = AccessBlock.objects.get()
    forged = AccessBlock(number=2, ids=ids_of(young), root=bytes(32), previous=last.seal, sealed=LONG_AGO)
    forged.seal = forged.told().seal
    with asked_as(lambda: SYNC):
        forged.save(force_insert=True)
        assert [forget_block(ACCESS, before=BEFORE) for _ in range(2)] == [3, 0]
    assert {entry.pk for entry in AccessEntry.objects.all()} == set(young)
