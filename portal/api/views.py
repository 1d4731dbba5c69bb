"""The REST calls. Each translates in, calls ``overview_of`` once, and translates out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from oauth2_provider.views import TokenView
from oauthlib.oauth2 import BackendApplicationServer  # type: ignore[import-untyped]  # ships no types
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from borgerblik.service import overview_of
from indexes.authorities import by_code
from portal.api import docs, problems, schema
from portal.api.consumers import (
    BearerToken,
    CitizenSession,
    RegisteredScope,
    citizen_of,
    leave_of,
    reach_of,
    registration_of,
)
from portal.api.rendering import OrjsonParser, dumps
from portal.api.summary import SummaryRequest, read_request, summary_of, unusable
from portal.language import language_of, set_language

NO_STORE = {"Cache-Control": "no-store"}


class CitizenSummaries(APIView):
    """One citizen's overview, for a system."""

    authentication_classes = (BearerToken,)
    permission_classes = (RegisteredScope,)
    required_scopes = ("summary",)
    parser_classes = (OrjsonParser,)

    @extend_schema(
        operation_id="createCitizenSummary",
        summary="One citizen's overview",
        description="The same overview as the citizen's own page. A CPR number that nobody knows answers like a "
        "citizen about whom there is nothing.",
        request={"application/json": schema.ref(SummaryRequest)},
        responses={
            **schema.summary_answer(),
            **schema.problem_answers(
                problems.INVALID_REQUEST,
                problems.UNAUTHENTICATED,
                problems.FORBIDDEN,
                problems.NOT_ACCEPTABLE,
                problems.BODY_TOO_LARGE,
                problems.UNSUPPORTED_MEDIA_TYPE,
                problems.SERVER_ERROR,
                problems.UNAVAILABLE,
            ),
        },
    )
    def post(self, request: Request) -> Response:
        asked = read_request(request.data)
        if asked.municipality not in by_code:
            raise problems.InvalidFields((unusable("municipality"),))
        consumer = registration_of(request)
        overview = overview_of(
            leave_of(request, asked.cpr),
            name="",  # the indexes hold no name, and the consumer knows whom it asks about
            given_name="",
            birth_date=None,
            municipality=asked.municipality,
            language=asked.language,
            now=timezone.now(),
            reach=reach_of(consumer),
        )
        return Response(summary_of(overview), headers=NO_STORE)


class MySummary(APIView):
    """The signed-in citizen's own overview."""

    authentication_classes = (CitizenSession,)
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="getMySummary",
        summary="Your own overview",
        description="For the citizen who has signed in to the pages, in the pages' language.",
        responses={
            **schema.summary_answer(),
            **schema.problem_answers(
                problems.UNAUTHENTICATED,
                problems.NOT_ACCEPTABLE,
                problems.SERVER_ERROR,
                problems.UNAVAILABLE,
            ),
        },
    )
    def get(self, request: Request) -> Response:
        citizen = citizen_of(request)
        overview = overview_of(
            citizen.leave,
            name=citizen.name,
            given_name=citizen.given_name,
            birth_date=citizen.birth_date,
            municipality=citizen.municipality,
            language=language_of(request._request),  # noqa: SLF001 - DRF wraps Django's request
            now=timezone.now(),
        )
        return Response(summary_of(overview), headers=NO_STORE)


class Token(TokenView):  # type: ignore[misc]  # the library ships no types
    """OAuth 2's token endpoint (RFC 6749, section 4.4): client credentials in, a token for ten minutes out."""

    server_class = BackendApplicationServer  # client credentials and no other grant: nobody's password is taken here

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
    page = {"calls": docs.calls(), "shapes": docs.shapes(), "kinds": problems.KINDS}
    return render(request, "api/docs.html", page)
