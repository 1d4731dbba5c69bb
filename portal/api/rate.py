"""How often a consumer may call, told in the headers that are to become the standard.

Draft-ietf-httpapi-ratelimit-headers-10: ``RateLimit-Policy`` says the quota, ``RateLimit`` what is left of it now and
the seconds until there is more. Counted for each consumer by all processes together in Redis or Valkey; when that is
away each process counts for itself (``login.throttle``): a store that is down keeps nobody out and opens nothing.
A citizen's own calls are counted by their session; what needs neither, and asking for a token, by where it comes from.
"""

from functools import lru_cache
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac
from limits import RateLimitItem, RateLimitItemPerMinute
from oauth2_provider.models import AccessToken
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from portal.client_address import mark_of
from portal.login.identity import CitizenIdentity
from portal.login.throttle import Throttle

WINDOW: Final = 60  # seconds


@lru_cache(maxsize=8)  # a process has one; the tests have a few
def _counters(url: str) -> Throttle:
    return Throttle(url, prefix="api", what="How often systems call the API")


@lru_cache(maxsize=8)
def _limit(amount: int) -> RateLimitItem:
    return RateLimitItemPerMinute(amount)


def _whose(request: Request) -> tuple[str, str]:
    """The name of the policy that counts, and for whom: a consumer by its id, a citizen by a mark of their session."""
    if isinstance(request.auth, AccessToken):
        return "consumer", str(request.auth.application.client_id)
    inner = request._request  # noqa: SLF001 - DRF wraps Django's request
    if isinstance(request.user, CitizenIdentity):
        return "citizen", salted_hmac(
            "portal.api.rate", inner.session.session_key or "", algorithm="sha256"
        ).hexdigest()
    return "caller", mark_of(inner)


def take(policy: str, whose: str) -> tuple[int, dict[str, str]]:
    """Count one call: the seconds to wait when it is one too many, else 0; and the headers that tell of it."""
    config = settings.CONFIG
    limit = _limit(config.api_calls_per_minute)
    counted = _counters(config.redis_url).count(limit, policy, whose)
    return counted.wait, {
        "RateLimit-Policy": f'"{policy}";q={limit.amount};w={WINDOW}',
        "RateLimit": f'"{policy}";r={counted.left};t={counted.reset}',
    }


class PerCaller(BaseThrottle):
    """DRF's seam. What it found is kept for the answer's headers."""

    def __init__(self) -> None:
        self._wait = 0

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - DRF's signature
        self._wait, told = take(*_whose(request))
        request.rate_limit = told  # type: ignore[attr-defined]  # for the answer's headers, see ``headers_of``
        return not self._wait

    def wait(self) -> float:
        return self._wait


def headers_of(request: Request) -> dict[str, str]:
    """The headers that tell how much is left; none of a call that was refused before it was counted."""
    found: dict[str, str] = getattr(request, "rate_limit", {})
    return found
