"""The page when something broke: it needs nothing that may be broken itself. 403 and 404 are templates alone."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_SECONDS = 60


def server_error(_request: HttpRequest) -> HttpResponse:
    """503 when the database cannot be reached, for trying again soon helps then; 500 for every other defect.

    Rendered without the request: what it knows comes through the session, and that lies in the database.
    """
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    return HttpResponse(render_to_string("500.html"), status=500)
