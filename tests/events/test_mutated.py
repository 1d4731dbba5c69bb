"""Messages that were broken in many ways: each is stored, refused or in quarantine, and the sums agree."""

import pytest

from indexes.models import Fate
from tests.events.makers import a_grant, instant, minutes, take, told
from tests.fuzz.taking import problems, take_in

pytestmark = pytest.mark.django_db

MESSAGES = 1_500  # ``make fuzz ARGS=100000`` does the same with as many as one likes


def test_every_broken_message_ends_somewhere_and_is_counted_once() -> None:
    run = take_in(MESSAGES, seed=2026)
    assert list(problems(run, MESSAGES)) == []
    # What is applied depends on what came first: a broken one that names a record and no time keeps older ones away.
    became = {"answer read", "answer bad_answer", "event unchanged", "event foreign", "event quarantined"}
    assert became <= set(run.became)
    newer = told(a_grant(registered=instant(minutes(2_000))))
    assert take(newer, now=minutes(3_000)) == {Fate.APPLIED: 1}, "what is newer than all of them comes in"
