"""How often one may knock: the pages of signing in, counted by the address a request comes from, and all together.

Nobody's password can be tried here; that is the identity provider's to guard. What is guarded is that one sender cannot
fill the table of sessions or keep the provider busy for everybody. So the limits are wide (a library, a company or a
mobile network stands behind one address), and whoever has begun comes through: an answer that belongs to a sign-in of
this browser, and whatever somebody signed in opens, is not counted.

Counted in Redis or Valkey, by all processes together. When that cannot be reached each process counts for itself:
neither closed, for a broker that is down must keep nobody out, nor open. The counters hold no address, only its mark,
and are gone after two minutes.
"""

import logging
import math
import time
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from portal.client_address import mark_of
from portal.login import flow
from portal.login.identity import name_of

log = logging.getLogger(__name__)
View = Callable[[HttpRequest], HttpResponse]

MINUTE: Final = 60  # seconds: the window of every limit, and the longest that one is asked to wait
AWAY: Final = 10.0  # seconds in which a store that did not answer is not asked again
_TIMEOUT: Final = 0.25  # seconds for one answer of it: somebody waits for their page
SIGN_INS: Final = "How often people sign in"
STRAYS: Final = 30  # answers a minute that belong to no sign-in; a browser without cookies makes one each time
PAGES: Final = 600  # pages a minute that cost little
# As Celery spells a store -> as limits does, with the client of Valkey, which speaks to Redis too.
_SPELLINGS: Final = {"redis+socket": "valkey+unix", "redis": "valkey", "rediss": "valkeys"}


class Throttle:
    """The counters of one store.

    Args:
        url: Redis or Valkey, as REDIS_URL spells it; what is spelled in another way is not used.
        clock: seconds that only go forward; a seam for tests.
        prefix: of the counters' names in the store.
        what: what is counted, for the log, as "How often people sign in".
    """

    def __init__(
        self, url: str, *, clock: Callable[[], float] = time.monotonic, prefix: str = "sign-in", what: str = SIGN_INS
    ) -> None:
        self._clock, self._what = clock, what
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = _shared(url, prefix)
        self._away_until = -math.inf

    def take(self, limit: RateLimitItem, *whose: str) -> int:
        """Count one; the seconds to wait when it is one too many, else 0."""
        if self._shared is not None and self._clock() >= self._away_until:
            try:
                return _take(self._shared, limit, *whose)
            except StorageError as error:
                self._away_until = self._clock() + AWAY
                log.warning(
                    "%s cannot be counted in Redis or Valkey (%s), so each process counts for itself and lets as many "
                    "through as all of them should. See REDIS_URL.",
                    self._what,
                    type(error.storage_error).__name__,
                )
        return _take(self._own, limit, *whose)

    def left(self, limit: RateLimitItem, *whose: str) -> tuple[int, int]:
        """How many more there may be now, and the seconds until there may be more than that."""
        if self._shared is not None and self._clock() >= self._away_until:
            try:
                return _left(self._shared, limit, *whose)
            except StorageError:  # told of by the counting just before, or by the next
                return _left(self._own, limit, *whose)
        return _left(self._own, limit, *whose)


def _shared(url: str, prefix: str) -> SlidingWindowCounterRateLimiter | None:
    scheme, _, rest = url.partition("://")
    if scheme not in _SPELLINGS:
        return None
    store = RedisStorage(
        f"{_SPELLINGS[scheme]}://{rest}",
        key_prefix=prefix,
        wrap_exceptions=True,
        socket_connect_timeout=_TIMEOUT,
        socket_timeout=_TIMEOUT,
    )
    return SlidingWindowCounterRateLimiter(store)


def _take(counter: SlidingWindowCounterRateLimiter, limit: RateLimitItem, *whose: str) -> int:
    if counter.hit(limit, *whose):
        return 0
    return _left(counter, limit, *whose)[1]


def _left(counter: SlidingWindowCounterRateLimiter, limit: RateLimitItem, *whose: str) -> tuple[int, int]:
    found = counter.get_window_stats(limit, *whose)
    return found.remaining, min(max(math.ceil(found.reset_time - time.time()), 1), MINUTE)


@lru_cache(maxsize=8)  # a process has one; the tests have a few
def _throttle(url: str) -> Throttle:
    return Throttle(url)


def throttled_begin(view: View) -> View:
    """Count whoever begins: by where they come from, then all together, so that one sender cannot fill both."""

    @wraps(view)
    def counted(request: HttpRequest) -> HttpResponse:
        config = settings.CONFIG
        wait = _count("begin", config.sign_ins_per_address, mark_of(request))
        if wait:
            return _too_many(request, wait, "here")
        wait = _count("begin", config.sign_ins_per_minute, "everybody")
        return _too_many(request, wait, "everywhere") if wait else view(request)

    return counted


def throttled_answer(view: View) -> View:
    """Count answers that belong to no sign-in of this browser; those that do are few, for each was begun here."""

    @wraps(view)
    def counted(request: HttpRequest) -> HttpResponse:
        if flow.is_awaited(request.session, request.GET.get("state", "")):
            return view(request)
        wait = _count("stray", STRAYS, mark_of(request))
        return _too_many(request, wait, "here") if wait else view(request)

    return counted


def throttled_page(view: View) -> View:
    """Count whoever is not signed in."""

    @wraps(view)
    def counted(request: HttpRequest) -> HttpResponse:
        if name_of(request) is not None:
            return view(request)
        wait = _count("page", PAGES, mark_of(request))
        return _too_many(request, wait, "here") if wait else view(request)

    return counted


def _count(what: str, most: int, whose: str) -> int:
    throttle = _throttle(settings.CONFIG.redis_url)
    wait = throttle.take(RateLimitItemPerMinute(most), what, whose)
    # Told once a minute, not once a request: whoever knocks too often must not fill the log.
    if wait and not throttle.take(RateLimitItemPerMinute(1), "told", what):
        log.warning(
            "Signing in is throttled (%s: more than %s a minute). If these are people, raise SIGN_INS_PER_ADDRESS or "
            "SIGN_INS_PER_MINUTE; if all come from one proxy, set TRUSTED_PROXIES.",
            what,
            most,
        )
    return wait


def _too_many(request: HttpRequest, wait: int, where: str) -> HttpResponse:
    answer = render(request, "login/too_many.html", {"where": where}, status=429)
    answer["Retry-After"] = str(wait)
    return answer
