"""``/metrics`` of the pages. It asks the database nothing: a scrape never takes a page's turn there.

Prometheus finds each server by its address in the network, which is no host name of ours: so the call goes past what
compares host names, and past the pages' middleware, as a system's does (``api.direct``).
"""

from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.access import public
from portal.metrics import door, kept

ADDRESS = "/metrics"
Answer = Callable[[HttpRequest], HttpResponse]


def scraped(get_response: Answer) -> Answer:
    """Middleware before what asks for the host's name."""

    def answer(request: HttpRequest) -> HttpResponse:
        return metrics(request) if request.path_info == ADDRESS and door.is_open() else get_response(request)

    return answer


@public  # nothing in it is about a person; beyond that only the operator's Prometheus may read it
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """What all processes of this server have counted; 404 while no METRICS_TOKEN is set, 401 without it."""
    if not door.is_open():
        raise Http404
    if not door.may_read(request.headers.get("Authorization", "")):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(kept.told(), content_type=kept.CONTENT_TYPE)
