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
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from valkey.exceptions import ValkeyError

from portal.client_address import mark_of
from portal.login import flow
from portal.login.counters import Counted, OwnCounters, shared_counters
from portal.login.identity import name_of

log = logging.getLogger(__name__)
View = Callable[[HttpRequest], HttpResponse]

AWAY: Final = 10.0  # seconds in which a store that did not answer is not asked again
SIGN_INS: Final = "How often people sign in"
STRAYS: Final = 30  # answers a minute that belong to no sign-in; a browser without cookies makes one each time
PAGES: Final = 600  # pages a minute that cost little


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
        self._own = OwnCounters()
        self._shared = shared_counters(url, prefix)
        self._away_until = -math.inf

    def take(self, limit: RateLimitItem, *whose: str) -> int:
        """Count one; the seconds to wait when it is one too many, else 0."""
        return self.count(limit, *whose).wait

    def count(self, limit: RateLimitItem, *whose: str) -> Counted:
        """Count one, and tell what is left."""
        if self._shared is not None and self._clock() >= self._away_until:
            try:
                return self._shared.count(limit, *whose)
            except ValkeyError as error:
                self._away_until = self._clock() + AWAY
                log.warning(
                    "%s cannot be counted in Redis or Valkey (%s), so each process counts for itself and lets as many "
                    "through as all of them should. See REDIS_URL.",
                    self._what,
                    type(error).__name__,
                )
        return self._own.count(limit, *whose)


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


def is_first(*whose: str) -> bool:
    """Whether this happens for the first time in a visit (a session lasts no longer than eight hours)."""
    return not _throttle(settings.CONFIG.redis_url).take(RateLimitItemPerHour(1, 8), *whose)


def is_within(most: int, *whose: str) -> bool:
    """Whether this happens no more than so many times within an hour."""
    return not _throttle(settings.CONFIG.redis_url).take(RateLimitItemPerHour(most), *whose)


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
