"""How many requests the pages and REST answered, by route, method and kind of status, and how long each took.

That time is counted from when a thread takes the request up. For how long it waited for one is not known here: the
proxy in front knows, from its own times.

The routes are those of ``portal.urls``: an address holds ids and is no label; one that leads nowhere is ``unknown``.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from portal.api.direct import calls_of_systems
from portal.metrics.kept import OWN, Histogram
from portal.metrics.views import ADDRESS

Answer = Callable[[HttpRequest], HttpResponse]
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds; a page is to take less than 0.12
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"
UNKNOWN, STATIC = "unknown", "static"

REQUESTS: Final = Histogram(
    "borgerblik_request_seconds",
    "Seconds from when a thread took a request up to its answer, by route, method and kind of status.",
    ["route", "method", "status"],
    buckets=BUCKETS,
    registry=OWN,
)


def counted(get_response: Answer) -> Answer:
    """Middleware around all other. What it does once more for each request costs 2 µs (docs/adr/0023)."""
    past = (*calls_of_systems(), ADDRESS)
    past_the_resolver = {path: resolve(path, urlconf="portal.urls").view_name for path in past}
    static = f"/{settings.STATIC_URL.strip('/')}/"
    series: dict[tuple[str, str | None, int], Histogram] = {}

    def route_of(request: HttpRequest) -> str:
        if request.resolver_match is not None:
            return request.resolver_match.view_name
        path = request.path_info
        return past_the_resolver.get(path) or (STATIC if path.startswith(static) else UNKNOWN)

    def answer(request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = get_response(request)
        method = request.method if request.method in METHODS else OTHER
        key = (route_of(request), method, response.status_code // 100)
        one = series.get(key)
        if one is None:  # looking it up by its labels each time would cost as much as counting
            one = series[key] = REQUESTS.labels(key[0], method, f"{key[2]}xx")
        one.observe(perf_counter() - began)
        return response

    return answer
