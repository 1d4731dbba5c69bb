"""Every error under ``/api/`` as a problem (RFC 9457): what happened, and what the developer can do about it.

A problem never repeats what was sent: the body holds a CPR number, and a developer may have put it in the wrong place.
Errors of the token endpoint keep the form that OAuth libraries expect (RFC 6749, section 5.2).
"""

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from msgspec import Struct
from rest_framework import exceptions
from rest_framework.response import Response

from borgerblik.grants import NoGrantError
from borgerblik.service import OutOfReachError
from portal import request_id
from portal.api import standing
from portal.api.rendering import BodyTooLarge, dumps

MEDIA_TYPE = "application/problem+json"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem; ``slug`` is its anchor on the documentation page."""

    slug: str
    status: int
    title: str
    detail: str

    @property
    def type(self) -> str:
        return f"/api/docs/#problem-{self.slug}"


class FieldError(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wrong with one field of the body, by a JSON pointer (RFC 6901), or one parameter of the address."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


INVALID_REQUEST = Kind(
    slug="invalid-request",
    status=400,
    title="The request cannot be used",
    detail="The body is not what this call takes. Compare it with the call's example in the documentation.",
)
WRONG_HOST = Kind(
    slug="wrong-host",
    status=400,
    title="Nothing of ours has this host name",
    detail="The header Host names a host that we do not answer for. Call the address you were given; whoever runs the "
    "service lists its names in ALLOWED_HOSTS.",
)
UNAUTHENTICATED = Kind(
    slug="unauthenticated",
    status=401,
    title="We do not know who is asking",
    detail="No valid credentials came with the call. A system fetches a token at /api/v1/oauth/token and sends it in "
    "the header Authorization: Bearer; a token holds for ten minutes. A citizen signs in first.",
)
FORBIDDEN = Kind(
    slug="forbidden",
    status=403,
    title="The credentials do not cover this call",
    detail="The token is valid, but not for this. Ask for the scope that the documentation names for the call.",
)
OUT_OF_REACH = Kind(
    slug="out-of-reach",
    status=403,
    title="Your registration does not reach this municipality",
    detail="Nothing was read. Ask about citizens of the municipalities you are registered for, or have the "
    "registration extended by whoever runs the service.",
)
NOT_FOUND = Kind(
    slug="not-found",
    status=404,
    title="There is nothing at this address",
    detail="No call has this address. Check it against the documentation; addresses have no slash at the end.",
)
METHOD_NOT_ALLOWED = Kind(
    slug="method-not-allowed",
    status=405,
    title="This address does not take this method",
    detail="The address exists, but not for this HTTP method. The header Allow lists those it takes.",
)
NOT_ACCEPTABLE = Kind(
    slug="not-acceptable",
    status=406,
    title="We cannot answer in the format asked for",
    detail="Answers are JSON. Send the header Accept: application/json, or leave it out.",
)
UNCHANGED = Kind(
    slug="unchanged",
    status=412,
    title="Nothing has changed since the answer you hold",
    detail="The header If-None-Match names the answer's current ETag, so it was not sent again. Use what you hold, or "
    "leave the header out.",
)
BODY_TOO_LARGE = Kind(
    slug="body-too-large",
    status=413,
    title="The body is larger than any call needs",
    detail="Nothing was read. Send only the fields that the call takes.",
)
UNSUPPORTED_MEDIA_TYPE = Kind(
    slug="unsupported-media-type",
    status=415,
    title="We cannot read this kind of body",
    detail="Send the body as JSON with the header Content-Type: application/json.",
)
TOO_MANY_CALLS = Kind(
    slug="too-many-calls",
    status=429,
    title="You have called more often than you may",
    detail="Wait the number of seconds that the header Retry-After gives. RateLimit-Policy and RateLimit say how often "
    "you may call and how much of that is left.",
)
SERVER_ERROR = Kind(
    slug="server-error",
    status=500,
    title="Something went wrong with us",
    detail="The call failed through no fault of yours, and it has been logged. Try again in a minute.",
)
UNAVAILABLE = Kind(
    slug="unavailable",
    status=503,
    title="We cannot reach our database",
    detail="Nothing could be read just now. Try again in the number of seconds that the header Retry-After gives.",
)
KINDS = (
    INVALID_REQUEST,
    WRONG_HOST,
    UNAUTHENTICATED,
    FORBIDDEN,
    OUT_OF_REACH,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    UNCHANGED,
    BODY_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    TOO_MANY_CALLS,
    SERVER_ERROR,
    UNAVAILABLE,
)

_KIND_OF: tuple[tuple[tuple[type[Exception], ...], Kind], ...] = (
    ((exceptions.ParseError, exceptions.ValidationError), INVALID_REQUEST),
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed, NoGrantError), UNAUTHENTICATED),
    ((exceptions.PermissionDenied, DjangoPermissionDenied), FORBIDDEN),
    ((OutOfReachError,), OUT_OF_REACH),
    ((exceptions.NotFound, Http404), NOT_FOUND),
    ((exceptions.MethodNotAllowed,), METHOD_NOT_ALLOWED),
    ((exceptions.NotAcceptable,), NOT_ACCEPTABLE),
    ((BodyTooLarge, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent), BODY_TOO_LARGE),
    ((exceptions.Throttled,), TOO_MANY_CALLS),
    ((exceptions.UnsupportedMediaType,), UNSUPPORTED_MEDIA_TYPE),
    ((OperationalError, InterfaceError), UNAVAILABLE),
    ((DisallowedHost,), WRONG_HOST),
    ((BadRequest, MultiPartParserError, SuspiciousOperation), INVALID_REQUEST),  # what the lines above do not name
)
RETRY_AFTER = "30"  # seconds


class InvalidFields(exceptions.APIException):
    """The body's fields cannot be used."""

    status_code = 400

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__()
        self.errors = errors


class Unchanged(exceptions.APIException):
    """Whoever asks holds the answer already; ``tag`` is its ETag."""

    status_code = 412

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.tag = tag


def kind_of(error: Exception) -> Kind:
    """The kind of an exception; what is not foreseen is ours to mend."""
    if isinstance(error, InvalidFields):
        return INVALID_REQUEST
    if isinstance(error, Unchanged):
        return UNCHANGED
    return next((kind for types, kind in _KIND_OF if isinstance(error, types)), SERVER_ERROR)


def body(kind: Kind, errors: tuple[FieldError, ...] = ()) -> dict[str, object]:
    """The members of a problem, ready to be rendered."""
    members: dict[str, object] = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.detail,
    }
    if kind.status >= SERVER_ERROR.status and (request := request_id.current()):
        members["instance"] = f"urn:uuid:{request}"
    return {**members, "errors": errors} if errors else members


def _headers(kind: Kind) -> dict[str, str]:
    """No cache keeps a problem, and one that passes by itself says when to try again."""
    again = {"Retry-After": RETRY_AFTER} if kind is UNAVAILABLE else {}
    return {"Cache-Control": "no-store", **again}


def response(kind: Kind) -> HttpResponse:
    """A problem as an answer outside DRF's views."""
    return HttpResponse(dumps(body(kind)), status=kind.status, content_type=MEDIA_TYPE, headers=_headers(kind))


def method_not_allowed(*allowed: str) -> HttpResponse:
    """The answer of a view outside DRF to a method that it does not take."""
    answer = response(METHOD_NOT_ALLOWED)
    answer["Allow"] = ", ".join(allowed)
    return answer


def wait_a_while(seconds: int) -> HttpResponse:
    """The answer of a view outside DRF to one call too many."""
    answer = response(TOO_MANY_CALLS)
    answer["Retry-After"] = str(seconds)
    return answer


@csrf_exempt  # whatever is posted here is answered as a problem, not as a page
def not_found(_request: HttpRequest, **_rest: object) -> HttpResponse:
    """Every address under ``/api/`` that is no call."""
    return response(NOT_FOUND)


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's exception handler: an answer for every exception, so that none ends as a page."""
    kind = kind_of(error)
    if kind.status >= SERVER_ERROR.status:
        # The message of an exception may quote a value; the type and the places in the code cannot.
        frames = reversed(traceback.extract_tb(error.__traceback__))
        where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in frames)
        logger.error("%s failed: %s at %s", type(context["view"]).__name__, type(error).__name__, where)
    errors = error.errors if isinstance(error, InvalidFields) else ()
    headers = _headers(kind)
    if isinstance(error, NoGrantError):
        standing.forget_of(context["request"])
        headers["WWW-Authenticate"] = context["view"].get_authenticate_header(context["request"])
    if isinstance(error, Unchanged):
        headers["ETag"] = error.tag
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(int(error.wait or 1))  # type: ignore[attr-defined]  # the stubs lack it
    if challenge := getattr(error, "auth_header", None):  # set by DRF on what it could not authenticate
        headers["WWW-Authenticate"] = challenge
    return Response(body(kind, errors), status=kind.status, content_type=MEDIA_TYPE, headers=headers)
