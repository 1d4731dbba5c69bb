"""How often a consumer may call, told in the headers that are to become the standard.

Draft-ietf-httpapi-ratelimit-headers-10: ``RateLimit-Policy`` says the quota, ``RateLimit`` what is left of it now and
the seconds until there is more. Counted for each consumer by all processes together in Redis or Valkey; when that is
away each process counts for itself (``login.throttle``): a store that is down keeps nobody out and opens nothing.
A citizen's own calls are counted by their session.
"""

from functools import lru_cache
from typing import Final

from django.conf import settings
from limits import RateLimitItemPerMinute
from oauth2_provider.models import AccessToken
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from portal.client_address import mark_of
from portal.login.throttle import Throttle

WINDOW: Final = 60  # seconds


@lru_cache(maxsize=8)  # a process has one; the tests have a few
def _counters(url: str) -> Throttle:
    return Throttle(url, prefix="api", what="How often systems call the API")


def _whose(request: Request) -> tuple[str, str]:
    """The name of the policy that counts, and for whom: a consumer by its id, anybody else by where they come from."""
    if isinstance(request.auth, AccessToken):
        return "consumer", str(request.auth.application.client_id)
    return "caller", mark_of(request._request)  # noqa: SLF001 - DRF wraps Django's request


class PerCaller(BaseThrottle):
    """DRF's seam. What it found is kept for the answer's headers."""

    def __init__(self) -> None:
        self._wait = 0

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - DRF's signature
        policy, whose = _whose(request)
        limit = RateLimitItemPerMinute(settings.CONFIG.api_calls_per_minute)
        counters = _counters(settings.CONFIG.redis_url)
        self._wait = counters.take(limit, policy, whose)
        remaining, reset = counters.left(limit, policy, whose)
        request.rate_limit = {  # type: ignore[attr-defined]  # the answer's headers, see ``headers_of``
            "RateLimit-Policy": f'"{policy}";q={limit.amount};w={WINDOW}',
            "RateLimit": f'"{policy}";r={remaining};t={reset}',
        }
        return not self._wait

    def wait(self) -> float:
        return self._wait


def headers_of(request: Request) -> dict[str, str]:
    """The headers that tell how much is left; none of a call that was refused before it was counted."""
    found: dict[str, str] = getattr(request, "rate_limit", {})
    return found
