"""Counters of how often something has happened within a window that slides with the clock.

Shared by all processes in Redis or Valkey, or one process's own. What slides is that of ``limits``: the window before
counts by the share of it that is still within the last minute, so nobody gets twice as many through at a border, as
between two fixed windows. Counting one and telling what is left is one round trip, on a connection that each thread
keeps: a call of the API waits for it.
"""

import math
import threading
import time
from hashlib import sha1
from typing import Any, Final, NamedTuple

from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from valkey import ConnectionPool
from valkey.exceptions import ConnectionError as LostError
from valkey.exceptions import NoScriptError

_TIMEOUT: Final = 0.25  # seconds for one answer of the store: somebody waits for their page
# As Celery spells a store -> as the client of Valkey does, which speaks to Redis too.
_SPELLINGS: Final = {"redis+socket": "unix", "redis": "valkey", "rediss": "valkeys"}
# The two scripts of ``limits``, asked at once; the second takes the window's seconds alone.
_SCRIPT: Final = b"""
local taken = (function() %b end)()
local found = (function(ARGV) %b end)({ARGV[2]})
return {taken and 1 or 0, found[1], found[2], found[3], found[4]}
""" % (RedisStorage.SCRIPT_ACQUIRE_SLIDING_WINDOW, RedisStorage.SCRIPT_SLIDING_WINDOW)
_NAME: Final = sha1(_SCRIPT, usedforsecurity=False).hexdigest()  # as the store finds a script that it holds
_THOUSAND: Final = 1_000  # milliseconds, in which the store tells time


class Counted(NamedTuple):
    """What is known after one was counted."""

    wait: int  # seconds, when it was one too many; else 0
    left: int  # how many more there may be now
    reset: int  # seconds until there may be more than that


class OwnCounters:
    """This process's own."""

    def __init__(self) -> None:
        self._counter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, limit: RateLimitItem, *whose: str) -> Counted:
        """Count one, and tell what is left."""
        taken = self._counter.hit(limit, *whose)
        found = self._counter.get_window_stats(limit, *whose)
        reset = _whole_seconds(found.reset_time - time.time(), limit)
        return Counted(wait=0 if taken else reset, left=found.remaining, reset=reset)


class SharedCounters:
    """Those of a store."""

    def __init__(self, url: str, prefix: str) -> None:
        pool = ConnectionPool.from_url(  # type: ignore[no-untyped-call]  # the client types its methods in part
            url, socket_connect_timeout=_TIMEOUT, socket_timeout=_TIMEOUT
        )
        self._prefix = prefix
        self._mine = _Mine(pool)

    def count(self, limit: RateLimitItem, *whose: str) -> Counted:
        """Count one, and tell what is left.

        Raises:
            ValkeyError: the store does not answer, or not with a number.
        """
        key = f"{self._prefix}:{{{limit.key_for(*whose)}}}"  # the braces keep both keys on one machine of a cluster
        try:
            reply = self._ask(f"{key}/-1", key, limit.amount, limit.get_expiry(), 1)
        except LostError:  # the store has been restarted, or has closed a connection that was long unused
            reply = self._ask(f"{key}/-1", key, limit.amount, limit.get_expiry(), 1)
        return _told(limit, [int(each or 0) for each in reply])

    def _ask(self, *asked: str | int) -> list[Any]:
        connection = self._mine.connection
        try:
            connection.send_command("EVALSHA", _NAME, 2, *asked)
            reply: list[Any] = connection.read_response()
        except NoScriptError:
            connection.send_command("EVAL", _SCRIPT, 2, *asked)
            reply = connection.read_response()
        return reply


class _Mine(threading.local):
    """The connection of one thread. It connects when it is first used, and again after it was lost."""

    def __init__(self, pool: ConnectionPool) -> None:
        self.connection: Any = pool.make_connection()  # as above


def shared_counters(url: str, prefix: str) -> SharedCounters | None:
    """The counters of the store at an address as REDIS_URL spells it; None when it names no single store."""
    scheme, _, rest = url.partition("://")
    return SharedCounters(f"{_SPELLINGS[scheme]}://{rest}", prefix) if scheme in _SPELLINGS else None


def _told(limit: RateLimitItem, reply: list[int]) -> Counted:
    """What is left, as ``limits`` tells it (``get_window_stats``) from two windows' counts and milliseconds to live.

    There may be more when one of the window before no longer counts, or when this window becomes the one before.
    """
    taken, before, before_ends, now, now_ends = reply
    window = limit.get_expiry() * _THOUSAND
    left = max(0, limit.amount - math.floor(before * max(before_ends, 0) / window + now))
    next_steps = [_until(now_ends, window), *([_until(before_ends, window / before)] if before else [])]
    reset = _whole_seconds(min(next_steps) / _THOUSAND, limit)
    return Counted(wait=0 if taken else reset, left=left, reset=reset)


def _until(ends: float, step: float) -> float:
    """How long until the next of the steps that lead to the end; a whole one from where one ends."""
    return step - (-ends % step)


def _whole_seconds(seconds: float, limit: RateLimitItem) -> int:
    return min(max(math.ceil(seconds), 1), limit.get_expiry())
