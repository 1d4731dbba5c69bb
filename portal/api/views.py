"""The REST calls about one citizen. Each translates in, reads once (``reading``), and translates out."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api import rate, reading
from portal.api.answers import AccessLogPage, Read, access_log_of
from portal.api.conditional import unless_known
from portal.api.consumers import BearerToken, CitizenSession, RegisteredScope
from portal.api.paging import Window
from portal.api.rendering import OrjsonParser
from portal.api.requests import (
    CitizenPageRequest,
    CitizenRequest,
    read_request,
    window_in_address,
    window_of,
)
from portal.models import LOG

NO_STORE = "no-store, private"


class Call(APIView):
    """What every call has: a limit of how many, and headers. Private unless it says otherwise."""

    throttle_classes = (rate.PerCaller,)
    cache_control: ClassVar[str] = NO_STORE

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        known = settings.SESSION_COOKIE_NAME in request.COOKIES  # as the pages have it (``middleware.private_pages``)
        final.headers.setdefault("Cache-Control", NO_STORE if known else self.cache_control)
        for name, value in rate.headers_of(request).items():
            final[name] = value
        patch_vary_headers(final, ["Accept-Language", "Authorization"])
        return final


class ConsumersCall(Call):
    """A call by a system with a token."""

    authentication_classes = (BearerToken,)
    permission_classes: tuple[type[BasePermission], ...] = (RegisteredScope,)
    parser_classes = (OrjsonParser,)
    required_scopes: ClassVar[tuple[str, ...]]


class CitizensCall(Call):
    """A call by the citizen who has signed in to the pages."""

    authentication_classes = (CitizenSession,)
    permission_classes: tuple[type[BasePermission], ...] = (IsAuthenticated,)


class PublicCall(Call):
    """A call by anybody, about nobody. Caches may keep the answer to whoever carries no session, if they ask again."""

    permission_classes: tuple[type[BasePermission], ...] = (AllowAny,)
    cache_control = "public, no-cache"


class OfCitizen(ConsumersCall):
    """One kind of data about one citizen, for a system. Made for each ``Read`` by ``documented.calls_of``."""

    read: ClassVar[Read]

    def post(self, request: Request) -> HttpResponse:
        asked = read_request(request.data, CitizenPageRequest if self.read.paged else CitizenRequest)
        window = window_of(asked, of=self.read.name)
        overview = reading.overview(reading.by_consumer(request, asked), what=self.read.what)
        return in_language(unless_known(request, self.read.make(overview, window)), overview.language)


class OfMyself(CitizensCall):
    """One kind of data about oneself. Made for each ``Read`` by ``documented.calls_of``."""

    read: ClassVar[Read]

    def get(self, request: Request) -> HttpResponse:
        window = window_in_address(request.query_params.dict(), of=self.read.name) if self.read.paged else Window()
        overview = reading.overview(reading.by_citizen(request), what=self.read.what)
        answer = self.read.make(overview, window)
        response = unless_known(request, answer)
        link_next(request, response, getattr(answer, "next", None))
        return in_language(response, overview.language)


class CitizenAccessLog(ConsumersCall):
    """Who has read one citizen's data, for a system that may see all of it. Its own readings are left out."""

    required_scopes = (LOG,)

    def post(self, request: Request) -> HttpResponse:
        asked = read_request(request.data, CitizenPageRequest)
        whose = reading.by_consumer(request, asked)
        answer = _log_page(whose, window_of(asked, of=LOG))
        return in_language(Response(answer), whose.language)


class MyAccessLog(CitizensCall):
    """Who has read one's own data. It changes by being read, so it has no tag."""

    def get(self, request: Request) -> HttpResponse:
        whose = reading.by_citizen(request)
        answer = _log_page(whose, window_in_address(request.query_params.dict(), of=LOG))
        response = Response(answer)
        link_next(request, response, answer.next)
        return in_language(response, whose.language)


def _log_page(whose: reading.Asked, window: Window) -> AccessLogPage:
    before = int(window.after[0]) if window.after else None
    return access_log_of(reading.access_log(whose, most=window.limit, before=before))


def in_language(response: HttpResponse, language: str) -> HttpResponse:
    response["Content-Language"] = language
    return response


def link_next(request: Request, response: HttpResponse, cursor: str | None) -> None:
    """The next page as a link (RFC 8288). A call by POST has none: its cursor goes into the body."""
    if cursor is not None:
        parameters = request.query_params.copy()
        parameters["cursor"] = cursor
        response["Link"] = f'<{request.path}?{parameters.urlencode()}>; rel="next"'
