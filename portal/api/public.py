"""What anybody may ask: what is shown where, the OpenAPI document and its page; and the token endpoint."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import TokenView
from oauthlib.oauth2 import BackendApplicationServer  # type: ignore[import-untyped]  # ships no types
from rest_framework.request import Request

from borgerblik.openness import AreaOpenness, everywhere
from indexes.authorities import by_code
from portal.api import docs, problems, rate, schema
from portal.api.answers import AreaPage
from portal.api.conditional import unless_known
from portal.api.paging import Place, page_of
from portal.api.rendering import dumps
from portal.api.requests import unusable_parameter, window_in_address
from portal.api.speech import language_asked
from portal.api.views import PublicCall, in_language, link_next
from portal.client_address import mark_of
from portal.language import set_language

AREAS: Final = "areas"


def _place(found: AreaOpenness) -> Place:
    return (found.authority, found.area)


class Areas(PublicCall):
    """What is shown where."""

    def get(self, request: Request) -> HttpResponse:
        window = window_in_address(request.query_params.dict(), of=AREAS)
        wanted = request.query_params.get("authority")
        if wanted is not None and wanted not in by_code:
            raise unusable_parameter("authority")
        language = language_asked(request)
        everything = everywhere(language=language, today=timezone.localdate())
        of_theirs = [found for found in everything if wanted in {None, found.authority}]
        items, following = page_of(of_theirs, window, of=AREAS, place=_place, upwards=True)
        response = unless_known(request, AreaPage(items=items, next=following))
        link_next(request, response, following)
        return in_language(response, language)


class Token(TokenView):  # type: ignore[misc]  # the library ships no types
    """OAuth 2's token endpoint (RFC 6749, section 4.4): client credentials in, a token for ten minutes out."""

    server_class = BackendApplicationServer  # client credentials and no other grant: nobody's password is taken here

    @method_decorator(csrf_exempt)  # the library's own dispatch is; ours is in its place
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait, told = rate.take("tokens", mark_of(request))
        answer: HttpResponse = super().dispatch(request, *args, **kwargs) if not wait else problems.wait_a_while(wait)
        for name, value in told.items():
            answer[name] = value
        return answer

    def http_method_not_allowed(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return problems.method_not_allowed("POST")


def _only_read(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view for GET and HEAD; every other method is answered as a problem.

    Free of Django's CSRF check, whose refusal is a page: nothing is changed here, so there is nothing to guard.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method in {"GET", "HEAD"} else problems.method_not_allowed("GET", "HEAD")

    return guarded


@_only_read
def openapi(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, for machines and code generators."""
    return HttpResponse(dumps(schema.document()), content_type="application/json")


@_only_read
def documentation(request: HttpRequest) -> HttpResponse:
    """The same document for people, drawn by us: no script, nothing fetched from anywhere else."""
    set_language(request, "en")  # written for developers, in English only
    page = {
        "first_calls": docs.first_calls(request.build_absolute_uri("/").rstrip("/")),
        "calls": docs.calls(),
        "shapes": docs.shapes(),
        "kinds": problems.KINDS,
    }
    return render(request, "api/docs.html", page)
