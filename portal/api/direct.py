"""A system's call goes straight to its view, past the middleware of the pages, as a file does (WhiteNoise).

What stands behind is for browsers: a session, a form's secret, who is signed in, the language of the pages. A system
has a token and none of these, and its answer is the same whatever cookie comes along.
"""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from rest_framework.response import Response

from portal.api.urls import CONSUMERS, urlpatterns
from portal.api.views import ConsumersCall

Answer = Callable[[HttpRequest], HttpResponse]
_SITE: Final = "portal.urls"


def calls_of_systems() -> dict[str, Callable[..., Any]]:
    """Every address that takes a system's token -> its view."""
    return {
        reverse(str(pattern.name), urlconf=_SITE): pattern.callback
        for pattern in urlpatterns
        if isinstance(pattern, URLPattern) and _is_systems_call(pattern.callback)
    }


def _is_systems_call(view: Any) -> bool:
    of = getattr(view, "view_class", object)
    return getattr(view, "access", None) == CONSUMERS and issubclass(of, ConsumersCall)


def systems_calls(get_response: Answer) -> Answer:
    """Middleware before the pages' own."""
    views = calls_of_systems()

    def answer(request: HttpRequest) -> HttpResponse:
        view = views.get(request.path_info)
        if view is None:
            return get_response(request)
        said: HttpResponse = view(request)
        return said.render() if isinstance(said, Response) else said  # as Django's handler does behind the middleware

    return answer
