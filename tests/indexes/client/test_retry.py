"""When a call is tried again, and how long is waited. No real time passes here."""

from collections.abc import Callable, Iterator
from itertools import chain, repeat

import pytest

from indexes.client import NO_RETRY, Retry
from indexes.errors import BadAnswer, Flaw, Overloaded, SourceError, Timeout, Unreachable


class Time:
    """A clock that goes forward only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def retry(self, *, attempts: int = 3, base: float = 0.5, longest: float = 10, deadline: float = 60) -> Retry:
        return Retry(
            attempts=attempts,
            base=base,
            longest=longest,
            deadline=deadline,
            sleep=self.sleep,
            clock=lambda: self.now,
            chance=lambda: 1.0,
        )


def failing(*errors: SourceError) -> Callable[[], bytes]:
    """A call that fails with each error in turn and then succeeds."""
    outcomes: Iterator[SourceError | None] = chain(errors, repeat(None))

    def call() -> bytes:
        if error := next(outcomes):
            raise error
        return b"answer"

    return call


def test_success_at_once() -> None:
    time = Time()
    assert time.retry().run(failing()) == b"answer"
    assert time.waits == []


def test_waits_grow_and_are_bounded() -> None:
    time = Time()
    assert time.retry(attempts=6, longest=5).run(failing(*[Unreachable() for _ in range(5)])) == b"answer"
    assert time.waits == [1.0, 2.0, 4.0, 5.0, 5.0]


def test_the_last_failure_is_raised_as_it_is() -> None:
    time, last = Time(), Timeout(5)
    with pytest.raises(Timeout) as caught:
        time.retry().run(failing(Unreachable(), Unreachable(), last))
    assert caught.value is last


def test_permanent_failures_are_raised_at_once() -> None:
    time = Time()
    with pytest.raises(BadAnswer):
        time.retry().run(failing(BadAnswer(Flaw.NOT_XML)))
    assert time.waits == []


def test_an_index_that_says_when_is_asked_then() -> None:
    time = Time()
    assert time.retry().run(failing(Overloaded(503, 20.0))) == b"answer"
    assert time.waits == [20.0]


def test_nothing_is_waited_for_beyond_the_deadline() -> None:
    time = Time()
    with pytest.raises(Overloaded):
        time.retry(deadline=10).run(failing(Overloaded(503, 20.0)))
    with pytest.raises(Unreachable):
        time.retry(attempts=99, deadline=3).run(failing(*[Unreachable() for _ in range(99)]))
    assert time.waits == [1.0]


def test_no_retry() -> None:
    with pytest.raises(Unreachable):
        NO_RETRY.run(failing(Unreachable()))
