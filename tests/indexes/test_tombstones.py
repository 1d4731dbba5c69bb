"""What was taken away does not come back by an older version, whoever brings it; a newer one does."""

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from indexes.identity import find_citizen
from indexes.models import Tombstone
from indexes.reading import read_citizen
from indexes.records import Consent, ConsentState, Item, Parsed, Sensitivity, WithdrawalReason, Withdrawn
from indexes.store import Counts, NotStoredError, save
from indexes.store.tombstones import SETTLED, lift
from tests.indexes.makers import DAY, METTE, NOW, RANDERS, WANTED, case, days_ago, grant, parsed, plan, refused, uuid
from tests.indexes.makers import withdrawn as deleted

pytestmark = pytest.mark.django_db

JUST_NOW = days_ago(0.01)  # some minutes


def event(*items: Item, now: datetime = NOW) -> Counts:
    """Events of which none knows of the others."""
    return save(items, wanted=WANTED, now=now)


def page(*items: Item, since: datetime = NOW, now: datetime = NOW) -> Counts:
    """A page of a reading, read by a worker of its own."""
    return save(items, wanted=WANTED, now=now, since=since, owner_cvr=RANDERS)


def titles() -> list[str | None]:
    return [held.title for held in read_citizen(find_citizen(METTE)).cases]


def without_party(**changes: Any) -> Withdrawn:
    return Withdrawn(
        kind="case",
        uuid=uuid("case"),
        registered=changes.get("registered", days_ago(1)),
        reason=WithdrawalReason.NO_PRIMARY_PARTY,
    )


TAKES_AWAY = {
    "deleted": deleted(),
    "without party": without_party(),
    "refused": refused(days=1),
    "refused without an age": refused(),
    "unwanted": Parsed(record=case(registered=days_ago(1), kle="54.18.05")),
}


@pytest.mark.parametrize("held", [True, False], ids=["held", "not held"])
@pytest.mark.parametrize("newer", TAKES_AWAY.values(), ids=TAKES_AWAY.keys())
def test_an_older_event_does_not_bring_it_back(newer: Item, *, held: bool) -> None:
    if held:
        event(*parsed(case()))
    event(newer)
    assert event(*parsed(case())).older == 1
    assert titles() == []


@pytest.mark.parametrize("newer", TAKES_AWAY.values(), ids=TAKES_AWAY.keys())
def test_a_newer_one_does(newer: Item) -> None:
    event(newer)
    assert event(*parsed(case(registered=NOW + DAY))).new == 1


def test_another_kind_with_the_same_uuid_is_left_alone() -> None:
    event(deleted("same"))
    assert event(*parsed(grant("same"))).new == 1


def test_what_was_deleted_stays_away_at_the_same_instant_too() -> None:
    event(deleted())
    assert event(*parsed(case(registered=days_ago(1)))).older == 1


@pytest.mark.parametrize("passing", [without_party(), refused(days=1)], ids=["without party", "refused"])
def test_what_may_have_passed_comes_back_with_the_same_registration(passing: Item) -> None:
    """A party may begin tomorrow, and a parser be mended: the registration stays the same."""
    event(passing)
    assert event(*parsed(case(registered=days_ago(1)))).new == 1


@pytest.mark.parametrize("newer", TAKES_AWAY.values(), ids=TAKES_AWAY.keys())
def test_another_worker_of_the_same_reading_does_not_bring_it_back(newer: Item) -> None:
    page(newer, since=JUST_NOW)
    assert page(*parsed(case()), since=JUST_NOW).older == 1


@pytest.mark.parametrize("strict", [case(hidden=True, title=None), case(sensitivity=Sensitivity.VIP)])
def test_of_two_at_the_same_instant_in_a_reading_the_one_that_shows_less_counts(strict: Any) -> None:
    page(*parsed(strict), since=JUST_NOW)
    assert page(*parsed(case()), since=JUST_NOW).older == 1
    assert page(*parsed(case()), since=NOW + DAY, now=NOW + DAY).changed == 1, "a later reading knows better"


def test_of_two_plans_at_the_same_instant_the_one_without_consent_counts() -> None:
    given = Consent(reference=None, state=ConsentState.GIVEN, given=None, withdrawn=None)
    page(*parsed(plan()), since=JUST_NOW)
    assert page(*parsed(plan(consent=given)), since=JUST_NOW).older == 1


def test_an_index_that_lags_behind_does_not_bring_it_back() -> None:
    """A citizen signs in a moment after the event, and the index has not heard of it."""
    event(deleted())
    assert page(*parsed(case()), since=NOW + SETTLED / 2).older == 1


def test_what_a_reading_still_brings_an_hour_later_is_there() -> None:
    event(deleted())
    assert page(*parsed(case()), since=NOW + SETTLED).new == 1


def test_what_each_reading_withdraws_again_is_noted_in_none() -> None:
    """A company's cases: nothing of them is held, and no page of the reading brings an older version."""
    page(deleted(days=30), deleted("other", days=0.5), since=JUST_NOW)
    assert [tombstone.uuid for tombstone in Tombstone.objects.all()] == [uuid("other")]


def test_what_was_held_is_noted_however_old_its_deletion() -> None:
    event(*parsed(case(registered=days_ago(60))))
    page(deleted(days=30), since=JUST_NOW)
    assert event(*parsed(case(registered=days_ago(60)))).older == 1


def test_a_batch_that_is_given_up_leaves_no_note() -> None:
    with pytest.raises(NotStoredError), transaction.atomic():
        event(deleted(), *parsed(case("other", kle="32")))
    assert not Tombstone.objects.exists()


def test_a_message_that_could_not_be_read_keeps_nothing_away_once_it_can() -> None:
    event(refused(), deleted("other"))
    lift([uuid("case"), uuid("other")])
    assert event(*parsed(case(), case("other"))).older == 1, "what was deleted stays away"
    assert [held.uuid for held in read_citizen(find_citizen(METTE)).cases] == [uuid("case")]
