"""``/metrics`` of the pages. It asks the database nothing: a scrape never takes a page's turn there."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.access import public
from portal.metrics import door, kept


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
