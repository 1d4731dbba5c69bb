"""How fast an index is asked, by all who read it: slower when it slows, not at all while it fails."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from pytest_django import Settings

from indexes.client import Retry
from indexes.errors import BadAnswer, Fault, Flaw, NotAsked, Overloaded, SourceError, Timeout, Unreachable
from indexes.models import SourcePace, SourceState
from indexes.records import Answer, Source
from indexes.sync import Worker, begin, breaker, pace, plan, result_of
from tests.indexes.fakes import Clock, FakeIndex
from tests.indexes.makers import NOW, RANDERS, parsed
from tests.indexes.readings import AUTHORITY, TERMS, cases, readings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _row() -> None:
    pace.make(Source.SDI)
    pace.make(Source.SDI)


def sdi() -> SourcePace:
    return SourcePace.objects.get(source="sdi")


def well(seconds: float = 0.1, *, full: bool = True) -> None:
    pace.note(Source.SDI, seconds=seconds, full=full, error=None)


def ill(error: SourceError) -> None:
    pace.note(Source.SDI, seconds=1, full=False, error=error)


def settle() -> None:
    """The time in which failures count as one is over."""
    SourcePace.objects.exclude(slowed_at=None).update(slowed_at=NOW)


@pytest.mark.parametrize("error", [Timeout(5), Unreachable(), Overloaded(503, None)])
def test_it_is_asked_half_as_fast_when_it_fails_and_faster_with_each_good_call(error: SourceError) -> None:
    ill(error)
    ill(error)
    assert sdi().share == 0.5, "what fails at the same time slows it once"
    settle()
    ill(error)
    assert sdi().share == 0.25
    for _ in range(15):
        well()
    assert sdi().share == 1.0
    assert (sdi().failures, sdi().error) == (0, "")


def test_it_is_never_asked_so_slowly_that_it_could_not_show_that_it_is_well() -> None:
    for _ in range(9):
        settle()
        ill(Unreachable())
    assert sdi().share == pace.LEAST


def test_pages_that_take_much_longer_than_usual_slow_it() -> None:
    for _ in range(3):
        well(0.3)
    well(2.0, full=False)
    assert sdi().share == 1.0, "a page of another size cannot be compared"
    well(2.0)
    assert sdi().share == 0.5
    settle()
    well(0.04)
    well(0.3)
    assert sdi().share > 0.5


@pytest.mark.parametrize("error", [Fault("Client"), BadAnswer(Flaw.NOT_XML), NotAsked("timeout")])
def test_an_answer_that_cannot_be_used_is_no_sign_of_load(error: SourceError) -> None:
    ill(error)
    assert (sdi().share, sdi().failures) == (1.0, 0)


def test_it_is_left_alone_for_as_long_as_it_asks() -> None:
    ill(Overloaded(429, 30))
    left = pace.paused()[Source.SDI]
    assert 25 < left.seconds <= 30
    with pytest.raises(NotAsked, match="overloaded"):
        pace.wait(Source.SDI)
    ill(Overloaded(429, 10**9))
    assert pace.paused()[Source.SDI].seconds <= pace.LONGEST_ASKED_FOR


def test_an_index_that_fails_in_a_row_is_left_alone_for_longer_and_longer() -> None:
    for _ in range(pace.IN_A_ROW - 1):
        ill(Unreachable())
    assert pace.paused() == {}
    ill(Unreachable())
    first = pace.paused()[Source.SDI].seconds
    for _ in range(4):
        ill(Unreachable())
    assert first <= 1
    assert 7 < pace.paused()[Source.SDI].seconds <= 16
    for _ in range(20):
        ill(Unreachable())
    assert pace.paused()[Source.SDI].seconds <= pace.LONGEST
    well()
    assert pace.paused() == {}


def test_calls_are_spaced_over_all_who_make_them(settings: Settings) -> None:
    settings.SOURCE_CALLS_PER_SECOND = {"sdi": 20}
    began = time.monotonic()
    for _ in range(5):
        pace.wait(Source.SDI)
    assert time.monotonic() - began >= 4 / 20 * 0.9


def test_no_more_portions_are_in_hand_than_calls_may_be_open(settings: Settings) -> None:
    settings.SOURCE_CALLS_AT_ONCE = {"sdi": 4}
    assert [plan.at_once(Source.SDI, share) for share in (1.0, 0.5, pace.LEAST)] == [4, 2, 1]


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_finds_no_room_where_one_call_may_be_open(settings: Settings) -> None:
    settings.SOURCE_CALLS_AT_ONCE = {"sdi": 1, "yi": 8}
    load = begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW)
    other = begin(Source.YI, AUTHORITY, confirmed=False, now=NOW)
    assert plan.take([load.pk])
    taken = in_another_session(lambda: plan.take([load.pk, other.pk]))
    assert taken is not None
    assert taken.source is Source.YI


def in_another_session(do: Callable[[], plan.Share | None]) -> plan.Share | None:
    def work() -> plan.Share | None:
        try:
            return do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def test_a_reading_does_not_wait_for_an_index_that_is_left_alone_for_long() -> None:
    ill(Overloaded(503, 60))
    load = begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW)
    index = FakeIndex(pages=[parsed(*cases(3))])
    Worker(opened=lambda _: index, terms=lambda: TERMS, clock=Clock()).read_all([load.pk])
    trouble = result_of(load).trouble
    assert trouble is not None
    assert trouble.code == "not_asked"
    assert "last: overloaded" in trouble.message
    state = SourceState.objects.get()
    assert (state.error, state.failures) == ("not_asked", 0), "who was not asked has not failed once more"
    SourcePace.objects.update(paused_until=None)
    again = begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW)
    assert again.pk == load.pk
    Worker(opened=lambda _: index, terms=lambda: TERMS, clock=Clock()).read_all([again.pk])
    assert result_of(again).trouble is None


def test_a_call_that_fails_is_made_again_where_that_helps() -> None:
    index = Failing(Unreachable())
    paced = pace.Paced(reader=index, retry=Retry(sleep=lambda _: None))
    assert len(paced.page_of_owner(RANDERS, kind="case", first=0, most=10).items) == 3
    assert (index.asked, sdi().failures) == (2, 0)
    index = Failing(BadAnswer(Flaw.NOT_XML))
    with pytest.raises(BadAnswer):
        pace.Paced(reader=index, retry=Retry()).page_of_owner(RANDERS, kind="case", first=0, most=10)
    assert index.asked == 1


class Failing(FakeIndex):
    """One that fails the first time."""

    def __init__(self, error: SourceError) -> None:
        super().__init__(pages=[parsed(*cases(3))])
        self.first = error
        self.asked = 0

    def page_of_owner(self, cvr: str, *, kind: str, first: int, most: int, held: object = None) -> Answer:
        self.asked += 1
        if self.asked == 1:
            raise self.first
        return super().page_of_owner(cvr, kind=kind, first=first, most=most, held=held)


@pytest.mark.parametrize(
    ("failures", "least", "most"), [(1, 30, 60), (2, 60, 120), (4, 240, 480), (9, 450, 900), (10_000, 450, 900)]
)
def test_an_authority_that_fails_again_and_again_is_left_alone_for_longer(
    failures: int, least: float, most: float
) -> None:
    soonest, latest = (breaker.try_after(failures, NOW, chance=chance) for chance in (lambda: 0.0, lambda: 1.0))
    assert [(at - NOW).total_seconds() for at in (soonest, latest)] == [least, most]


def test_a_breaker_opens_with_a_failure_and_closes_with_a_success() -> None:
    clock = Clock()
    sync = readings(clock)
    for failures in (1, 2, 3):
        sync(parsed(*cases(3)), fails_after=0)
        state = SourceState.objects.get()
        assert state.failures == failures
        assert state.try_after is not None
        assert breaker.left_alone(state.try_after - timedelta(seconds=1)) == {(Source.SDI, RANDERS)}
        assert breaker.left_alone(state.try_after) == set(), "half open: it is tried"
    assert sync(parsed(*cases(3))).trouble is None
    state = SourceState.objects.get()
    assert (state.failures, state.try_after) == (0, None)
