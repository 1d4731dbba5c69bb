"""A reading that would take away too much, or that could hardly be read, is not believed (``sync.doubt``)."""

from collections.abc import Sequence

import pytest
from pytest_django import Settings

from indexes.identity import find_citizen
from indexes.models import Outcome, SyncRun
from indexes.reading import read_citizen
from indexes.records import Item, Source
from tests.indexes.fakes import Clock
from tests.indexes.makers import (
    METTE,
    NOW,
    case,
    grant,
    parsed,
    payment,
    refused,
    uuid,
    withdrawn,
)
from tests.indexes.readings import Sync, cases, held, readings, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def sync() -> Sync:
    return readings(Clock())


def test_an_empty_authority_is_not_believed(sync: Sync) -> None:
    sync(parsed(*cases(3)))
    result = sync()
    assert result.trouble is not None
    assert result.trouble.code == "empty_answer"
    assert len(held()) == 3
    assert state().error == "empty_answer"
    assert SyncRun.objects.latest("started").outcome == Outcome.FAILED


def test_nor_on_the_first_reading(sync: Sync) -> None:
    result = sync()
    assert result.trouble is not None
    assert (result.trouble.code, state().last_success) == ("empty_answer", None)


def test_an_empty_authority_that_was_confirmed_is_believed_from_then_on(sync: Sync) -> None:
    sync(parsed(*cases(3)))
    assert sync(confirmed=True).trouble is None
    assert held() == set()
    assert sync().trouble is None
    assert state().last_success is not None


def test_an_authority_of_nothing_wanted_is_not_empty(sync: Sync) -> None:
    assert sync(parsed(case(kle="81.02.04"))).trouble is None
    assert state().rows == 0


def test_too_large_a_removal_is_not_believed(sync: Sync) -> None:
    sync(parsed(*cases(40)))
    result = sync(parsed(*cases(29)))
    assert result.trouble is not None
    assert result.trouble.code == "suspicious_removal"
    assert "11 of the 40" in result.trouble.message
    assert len(held()) == 40
    assert SyncRun.objects.latest("started").outcome == Outcome.STOPPED_FOR_REMOVALS


def test_unless_somebody_confirms_it(sync: Sync) -> None:
    sync(parsed(*cases(40)))
    result = sync(parsed(*cases(1)), confirmed=True)
    assert (result.trouble, result.counts.removed, len(held())) == (None, 39, 1)


def test_a_share_within_the_limit_goes(sync: Sync) -> None:
    sync(parsed(*cases(40)))
    assert sync(parsed(*cases(30))).counts.removed == 10


@pytest.mark.parametrize(
    "ill",
    [
        [withdrawn(f"case {number}") for number in range(40)],
        [refused(f"case {number}") for number in range(40)],
        parsed(*(case(f"case {number}", kle="81.02.04", registered=NOW) for number in range(40))),
    ],
)
def test_messages_that_take_away_too_much_are_not_believed(sync: Sync, ill: Sequence[Item]) -> None:
    sync(parsed(*cases(100)))
    before = state().last_success
    result = sync([*ill, *parsed(*cases(100)[40:])])
    assert result.trouble is not None
    assert result.trouble.code == "suspicious_removal"
    assert len(held()) == 100
    assert state().last_success == before
    assert "--confirm" in state().message
    sync([*ill, *parsed(*cases(100)[40:])], confirmed=True)
    assert len(held()) == 60


def test_what_messages_take_away_counts_with_what_is_missing(sync: Sync) -> None:
    sync(parsed(*cases(100)))
    result = sync([*(withdrawn(f"case {number}") for number in range(15)), *parsed(*cases(100)[30:])])
    assert result.trouble is not None
    assert result.trouble.code == "suspicious_removal"


def test_of_few_rows_most_may_go(sync: Sync) -> None:
    sync(parsed(*cases(20)))
    assert sync(parsed(*cases(1))).counts.removed == 19


@pytest.mark.parametrize(
    ("fine", "unreadable", "believed"), [(0, 1, False), (60, 20, True), (60, 21, False), (84, 28, True)]
)
def test_a_reading_of_which_much_is_unreadable_is_not_called_complete(
    sync: Sync, *, fine: int, unreadable: int, believed: bool
) -> None:
    sync(parsed(case("held before")))
    success = state().last_success
    result = sync([*parsed(*cases(fine)), *(refused(None, raw=bytes([n])) for n in range(unreadable))])
    assert (result.trouble is None) is believed
    assert (state().last_success == success) is not believed
    assert (uuid("held before") in held()) is not believed
    assert result.quarantined == unreadable


def test_each_kind_is_looked_at_on_its_own(sync: Sync) -> None:
    """Payments are many: without their grants none is shown, and "nothing" would look like the truth."""
    payments = parsed(*(payment(f"payment {number}") for number in range(200)))
    grants = [refused(None, kind="grant", raw=bytes([number])) for number in range(30)]
    result = sync([*payments, *grants], source=Source.YI)
    assert result.trouble is not None
    assert result.trouble.code == "unreadable"
    assert "30 of the 30 grants" in result.trouble.message


def test_nor_may_one_kind_vanish_among_the_many_of_another(sync: Sync) -> None:
    payments = parsed(*(payment(f"payment {number}") for number in range(200)))
    sync([*payments, *parsed(*(grant(f"grant {number}") for number in range(30)))], source=Source.YI)
    result = sync(payments, source=Source.YI)
    assert result.trouble is not None
    assert result.trouble.code == "suspicious_removal"
    assert "30 of the 30 grants" in result.trouble.message
    assert len(read_citizen(find_citizen(METTE)).grants) == 30


def test_an_ill_index_takes_no_more_by_being_asked_again(sync: Sync, settings: Settings) -> None:
    """Of an authority of many portions the first are stored before the reading is doubted."""
    settings.SOURCE_PAGE_SIZE = settings.SOURCE_PORTION_SIZE = 20
    sync(parsed(*cases(400)))
    ill = [withdrawn(f"case {number}") for number in range(400)]
    left = []
    for _ in range(5):
        result = sync(ill)
        assert result.trouble is not None
        assert result.trouble.code == "suspicious_removal"
        left.append(len(held()))
    assert left[0] >= 300
    assert set(left) == {left[0]}
    gone = 400 - left[0]
    assert sync([*ill[:gone], *parsed(*cases(400)[gone:])]).trouble is None


def test_nor_by_leaving_out_more_the_next_time(sync: Sync, settings: Settings) -> None:
    settings.SOURCE_PAGE_SIZE = settings.SOURCE_PORTION_SIZE = 20
    sync(parsed(*cases(400)))
    sync([withdrawn(f"case {number}") for number in range(400)])
    left = len(held())
    gone = 400 - left
    assert gone > 50
    result = sync([*(withdrawn(f"case {number}") for number in range(gone)), *parsed(*cases(400)[gone + 50 :])])
    assert result.trouble is not None
    assert f"{gone + 50} of the 400" in result.trouble.message
    assert len(held()) == left


def test_what_was_withdrawn_is_counted_from_the_last_complete_reading(sync: Sync) -> None:
    sync(parsed(*cases(200)))
    for number in range(0, 90, 30):
        gone = [withdrawn(f"case {each}") for each in range(number, number + 30)]
        assert sync([*gone, *parsed(*cases(200)[number + 30 :])]).trouble is None
    assert len(held()) == 110
