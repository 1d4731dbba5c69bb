"""What is answered when something broke or was refused before a view: it needs nothing that may be broken itself.

A page for people, a problem (RFC 9457) for whoever calls the API. 403 and 404 are templates alone.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from portal.api import problems

RETRY_SECONDS = 60
_API = "/api/"


def _page(template: str, status: int, **headers: str) -> HttpResponse:
    """Rendered without the request: what it knows comes through the session, and that lies in the database."""
    kept_by_nobody = {"Cache-Control": "no-store"}
    return HttpResponse(render_to_string(template), status=status, headers={**kept_by_nobody, **headers})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django refuses to read: of a host that is not ours, or with a body too large or in pieces."""
    if request.path_info.startswith(_API):
        return problems.response(problems.kind_of(exception))
    return _page("400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 when the database cannot be reached, for trying again soon helps then; 500 for every other defect."""
    unreachable = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    if request.path_info.startswith(_API):
        return problems.response(problems.UNAVAILABLE if unreachable else problems.SERVER_ERROR)
    if unreachable:
        return _page("503.html", 503, **{"Retry-After": str(RETRY_SECONDS)})
    return _page("500.html", 500)
