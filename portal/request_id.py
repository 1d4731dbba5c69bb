"""The id of the request that is being answered: in each line of the log, and with an answer that went wrong.

So an operator finds the lines of one request, and of the one that somebody complains of. It says nothing of who asks.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
HEADER: Final = "X-Request-ID"
_GIVEN: Final = "HTTP_X_REQUEST_ID"
_KEPT: Final = "borgerblik.request_id"
_LENGTHS: Final = frozenset({32, 36})  # of a UUID, as proxies write one: nginx without hyphens, Envoy with
_FIRST_FAULT: Final = 500
_asked: ContextVar[dict[str, Any] | None] = ContextVar("asked", default=None)


def identified(get_response: Answer) -> Answer:
    """Middleware: what is logged until the request is finished knows it, and what went wrong says its id.

    Not only until here: Django writes of an error behind all middleware.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        _asked.set(request.META)
        response = get_response(request)
        if response.status_code >= _FIRST_FAULT:
            response.headers[HEADER] = _id_of(request.META)
        return response

    return answer


@receiver(request_finished)
def forget(**_: object) -> None:
    """Between two requests nothing is about one."""
    _asked.set(None)


def current() -> str | None:
    """The id of the request that is being answered here; None when none is. Made when somebody first wants it."""
    asked = _asked.get()
    return None if asked is None else _id_of(asked)


def _id_of(asked: dict[str, Any]) -> str:
    found = asked.get(_KEPT)
    if found is None:
        found = asked[_KEPT] = str(_given(asked) or uuid4())
    return str(found)


def _given(asked: dict[str, Any]) -> UUID | None:
    """What a proxy of ours has written; anything that is no UUID, or of somebody without one, is not believed."""
    told = asked.get(_GIVEN, "")
    if not settings.CONFIG.trusted_proxies or len(told) not in _LENGTHS:
        return None
    try:
        return UUID(told)
    except ValueError:
        return None
