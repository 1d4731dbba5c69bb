"""How fast an index is asked, by all who read it: slower when it slows, not at all while it fails."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from indexes.client import Retry
from indexes.errors import BadAnswer, Fault, Flaw, NotAsked, Overloaded, SourceError, Timeout, Unreachable
from indexes.models import Portion, SourcePace, SourceState
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


def signed_in(error: SourceError | None = None) -> None:
    pace.note_for_citizen(Source.SDI, error)


def pause_over() -> None:
    SourcePace.objects.update(paused_until=NOW)


def test_a_page_is_as_slow_as_the_index_was_and_not_as_we_are(settings: Settings) -> None:
    settings.SOURCE_PAGE_SIZE = 3
    hours = iter(range(0, 3600 * 100, 3600))
    for _ in range(3):
        pace.Paced(reader=Quick(pages=[parsed(*cases(3))]), retry=Retry(), clock=lambda: next(hours)).page_of_owner(
            RANDERS, kind="case", first=0, most=3
        )
    assert (sdi().share, sdi().usual) == (1.0, 0.25)


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
    pause_over()
    well()
    assert (sdi().failures, sdi().error) == (0, "")


def test_a_call_that_was_open_when_a_pause_began_does_not_end_it() -> None:
    ill(Overloaded(429, 600))
    with pytest.raises(NotAsked):
        pace.wait(Source.SDI)
    well()
    signed_in()
    assert pace.paused()[Source.SDI].seconds > 590
    with pytest.raises(NotAsked, match="last: overloaded"):
        pace.wait(Source.SDI)
    assert sdi().share == 0.5
    pause_over()
    pace.wait(Source.SDI, sleep=never)  # who was refused has kept no turn


def never(seconds: float) -> None:
    raise AssertionError(f"waited for {seconds} s")


def test_who_signs_in_hides_nothing_of_an_index_that_cannot_manage_its_pages() -> None:
    for _ in range(pace.IN_A_ROW - 1):
        ill(Timeout(5))
        signed_in()
    assert sdi().share <= 0.5
    assert sdi().paused_until is None
    ill(Timeout(5))
    assert sdi().paused_until is not None


def test_sign_ins_that_fail_now_and_then_are_no_row() -> None:
    for _ in range(2 * pace.IN_A_ROW):
        signed_in(Timeout(5))
        signed_in()
    assert sdi().paused_until is None
    for _ in range(pace.IN_A_ROW):
        signed_in(Timeout(5))
    assert sdi().paused_until is not None
    assert (sdi().failures, sdi().error) == (0, "timeout")


def test_calls_are_spaced_over_all_who_make_them(settings: Settings) -> None:
    settings.SOURCE_CALLS_PER_SECOND = {"sdi": 20}
    began = time.monotonic()
    for _ in range(5):
        pace.wait(Source.SDI)
    assert time.monotonic() - began >= 4 / 20 * 0.9


def pass_by(seconds: float) -> None:
    SourcePace.objects.update(next_call=F("next_call") - timedelta(seconds=seconds))


def test_a_turn_that_is_far_off_is_waited_for_and_not_reserved(settings: Settings) -> None:
    settings.SOURCE_CALLS_PER_SECOND = {"sdi": 1}
    SourcePace.objects.update(share=pace.LEAST)
    slept: list[float] = []
    signs: list[int] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        pass_by(seconds)

    for _ in range(3):
        pace.wait(Source.SDI, sleep=sleep, waiting=lambda: signs.append(1))
    assert 20 < sum(slept) <= 32, "two calls later than the first, at one in sixteen seconds"
    assert max(slept) > pace.PATIENCE
    assert signs, "whoever waits shows that they live"


def test_who_waits_for_a_far_turn_hears_that_the_index_is_left_alone_meanwhile() -> None:
    SourcePace.objects.update(next_call=timezone.now() + timedelta(minutes=4))
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        ill(Overloaded(429, 600))

    with pytest.raises(NotAsked):
        pace.wait(Source.SDI, sleep=sleep)
    assert slept == [pace.LOOK]


def test_who_is_at_a_portion_keeps_it(settings: Settings) -> None:
    settings.SOURCE_PAGE_SIZE = 10
    begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW)
    share = plan.take()
    assert share is not None
    long_ago = timezone.now() - timedelta(seconds=plan.LEASE - 1)
    Portion.objects.update(taken_at=long_ago)
    pace.Paced(
        reader=FakeIndex(pages=[parsed(*cases(3))]), retry=Retry(), alive=lambda: plan.keep(share)
    ).page_of_owner(RANDERS, kind="case", first=0, most=10)
    assert not Portion.objects.filter(taken_at__lt=long_ago + timedelta(seconds=plan.LEASE / 2)).exists()


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


class Quick(FakeIndex):
    """One that was waited for a quarter of a second, by a busy machine."""

    def page_of_owner(self, cvr: str, *, kind: str, first: int, most: int, held: object = None) -> Answer:
        return replace(super().page_of_owner(cvr, kind=kind, first=first, most=most, held=held), seconds=0.25)


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
