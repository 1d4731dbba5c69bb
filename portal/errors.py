"""What is answered when something broke or was refused before a view: it needs nothing that may be broken itself.

A page for people, a problem (RFC 9457) for whoever calls the API. 403, 404 and 405 are templates alone.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from borgerblik import languages
from portal import ui_words
from portal.api import problems
from portal.language import readable_of

RETRY_SECONDS = 60
_API = "/api/"
_PASSING = frozenset({500, 503})  # what may be gone the next time one asks
_SAFE = frozenset({"GET", "HEAD"})


def page(request: HttpRequest, status: int, **headers: str) -> HttpResponse:
    """Its template rendered without the request: what that knows comes through the session, which is in the database.

    The page is in the reader's language as far as that is known without, and holds the others, too: to fetch it in
    another one might fail again.
    """
    reads = readable_of(request)
    others = [one for one in languages.load().values() if one.code == one.tag != reads.tag]
    told = {
        "reads": reads,
        "ui": ui_words.load(reads.code),
        "others": [(one, ui_words.load(one.code)) for one in others],
        "again": "" if status in _PASSING and request.method in _SAFE else "/",  # "" is this same address
    }
    kept_by_nobody = {"Cache-Control": "no-store"}
    return HttpResponse(render_to_string(f"{status}.html", told), status=status, headers={**kept_by_nobody, **headers})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django refuses to read: of a host that is not ours, or with a body too large or in pieces."""
    if request.path_info.startswith(_API):
        return problems.response(problems.kind_of(exception))
    return page(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 when the database cannot be reached, for trying again soon helps then; 500 for every other defect."""
    unreachable = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    if request.path_info.startswith(_API):
        return problems.response(problems.UNAVAILABLE if unreachable else problems.SERVER_ERROR)
    if unreachable:
        return page(request, 503, **{"Retry-After": str(RETRY_SECONDS)})
    return page(request, 500)
