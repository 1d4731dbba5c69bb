"""Each call with what the OpenAPI document says of it: who may call, what it takes, and everything it may answer."""

from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.views import APIView

from borgerblik.words import LANGUAGES
from indexes.authorities import by_code
from portal.api import problems, schema, tracker
from portal.api.answers import (
    AccessLogPage,
    AreaPage,
    FindUsageResponse,
    HeartbeatResponse,
    Read,
    UsagePeriodResponse,
)
from portal.api.paging import MOST, USUAL
from portal.api.problems import Kind
from portal.api.public import Areas
from portal.api.requests import CitizenPageRequest, CitizenRequest
from portal.api.views import CitizenAccessLog, MyAccessLog, OfCitizen, OfMyself

View = TypeVar("View", bound=APIView)
ALIKE = " A CPR number that nobody knows answers like a citizen about whom there is nothing."

ALWAYS = (problems.NOT_ACCEPTABLE, problems.TOO_MANY_CALLS, problems.SERVER_ERROR, problems.UNAVAILABLE)
TO_CONSUMERS = (
    problems.INVALID_REQUEST,
    problems.UNAUTHENTICATED,
    problems.FORBIDDEN,
    problems.OUT_OF_REACH,
    problems.BODY_TOO_LARGE,
    problems.UNSUPPORTED_MEDIA_TYPE,
    *ALWAYS,
)
TO_CITIZENS = (problems.UNAUTHENTICATED, *ALWAYS)

_LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    description="The most items on a page.",
)
_CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before; without it the first page.")
_LANGUAGE = OpenApiParameter(
    "Accept-Language",
    str,
    OpenApiParameter.HEADER,
    description=f"{', '.join(LANGUAGES)}, as browsers write it.",
    default="da",
)
_KNOWN = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the answer you hold, if it still holds."
)
_PAGE = [_LIMIT, _CURSOR]


def _described(view: type[View], method: str, **told: Any) -> type[View]:
    """The view, with what the document says of its method."""
    setattr(view, method, extend_schema(**told)(getattr(view, method)))
    return view


def _answers(shape: type, *kinds: Kind, tagged: bool = False) -> dict[Any, Any]:
    return {**schema.answer(shape, tagged=tagged), **schema.problem_answers(*kinds)}


def calls_of(read: Read) -> tuple[type[OfCitizen], type[OfMyself]]:
    """A consumer's call and a citizen's own for one kind of data."""
    stem = read.name.title()
    theirs = type(
        f"Citizen{stem}", (OfCitizen,), {"read": read, "required_scopes": (read.name,), "post": _copy(OfCitizen.post)}
    )
    mine = type(f"My{stem}", (OfMyself,), {"read": read, "get": _copy(OfMyself.get)})
    asked = CitizenPageRequest if read.paged else CitizenRequest
    paged = _PAGE if read.paged else []
    bad = [problems.INVALID_REQUEST] if read.paged else []
    return (
        _described(
            theirs,
            "post",
            operation_id=f"readCitizen{stem}",
            summary=f"One citizen's {read.title}",
            description=read.description + ALIKE,
            parameters=[_LANGUAGE, _KNOWN],
            request={"application/json": schema.ref(asked)},
            responses=_answers(read.shape, *TO_CONSUMERS, problems.UNCHANGED, tagged=True),
        ),
        _described(
            mine,
            "get",
            operation_id=f"readMy{stem}",
            summary=f"Your own {read.title}",
            description=f"{read.description} For the citizen who has signed in to the pages.",
            parameters=[*paged, _LANGUAGE, _KNOWN],
            responses={**_answers(read.shape, *bad, *TO_CITIZENS, tagged=True), **schema.not_modified()},
        ),
    )


def _copy(method: Any) -> Any:
    """A function of its own, so that what is said of one call is not said of the next."""

    def call(self: Any, request: Any) -> Any:
        return method(self, request)

    return call


def access_log_calls() -> tuple[type[CitizenAccessLog], type[MyAccessLog]]:
    return (
        _described(
            CitizenAccessLog,
            "post",
            operation_id="readCitizenAccessLog",
            summary="Who has read one citizen's data",
            description="Entry by entry, newest first, without your own readings. Takes a registration for all "
            "authorities and areas: the log is split by neither." + ALIKE,
            parameters=[_LANGUAGE],
            request={"application/json": schema.ref(CitizenPageRequest)},
            responses=_answers(AccessLogPage, *TO_CONSUMERS),
        ),
        _described(
            MyAccessLog,
            "get",
            operation_id="readMyAccessLog",
            summary="Who has read your data",
            description="Entry by entry, newest first. That you read it is the first of them.",
            parameters=[*_PAGE, _LANGUAGE],
            responses=_answers(AccessLogPage, problems.INVALID_REQUEST, *TO_CITIZENS),
        ),
    )


def area_call() -> type[Areas]:
    return _described(
        Areas,
        "get",
        operation_id="listAreas",
        summary="What is shown where",
        description="Every authority and every area of the stage plan: whether citizens see it. About nobody, so "
        "anybody may ask.",
        parameters=[
            OpenApiParameter(
                "authority", str, enum=list(by_code), description="A kommune code or UDK; without it all of them."
            ),
            *_PAGE,
            _LANGUAGE,
            _KNOWN,
        ],
        responses={
            **_answers(AreaPage, problems.INVALID_REQUEST, *ALWAYS, tagged=True),
            **schema.not_modified(),
        },
    )


def tracker_calls() -> tuple[type[tracker.FindUsage], type[tracker.UsagePeriod], type[tracker.Heartbeat]]:
    moment = {"type": "string", "format": "date-time"}
    return (
        _described(
            tracker.FindUsage,
            "get",
            operation_id="findUsage",
            summary="Who has used your data, as Estonia's data tracker tells it",
            description="Others' readings, newest first. Give `periodEnd` when you turn pages: more may come.",
            parameters=[
                OpenApiParameter("periodStart", moment, description="No entries before this moment."),
                OpenApiParameter("periodEnd", moment, description="No entries after this moment."),
                OpenApiParameter("offset", {"type": "integer", "minimum": 0, "maximum": tracker.FAR, "default": 0}),
                OpenApiParameter(
                    "limit", {"type": "integer", "minimum": 1, "maximum": tracker.USUAL, "default": tracker.USUAL}
                ),
                _LANGUAGE,
            ],
            responses=_answers(FindUsageResponse, problems.INVALID_REQUEST, *TO_CITIZENS),
        ),
        _described(
            tracker.UsagePeriod,
            "get",
            operation_id="usagePeriod",
            summary="From when the access log is complete",
            description="As Estonia's data tracker asks it. About nobody.",
            responses=_answers(UsagePeriodResponse, *ALWAYS),
        ),
        _described(
            tracker.Heartbeat,
            "get",
            operation_id="heartbeat",
            summary="Whether the access log can be read",
            description="As Estonia's data tracker asks it. About nobody.",
            responses=_answers(HeartbeatResponse, *ALWAYS),
        ),
    )
