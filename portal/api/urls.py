"""The addresses under ``/api/v1/``, and who may open each. What is no call answers as a problem, never as a page.

One scheme: a system reads of one citizen by POST at ``citizen-…``, with the CPR number in the body; a citizen of
themselves by GET at ``me/…``; what is about nobody is public.
"""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import path, re_path

from portal.access import Access, public
from portal.api import problems
from portal.api.answers import READS
from portal.api.documented import access_log_calls, area_call, calls_of, tracker_calls
from portal.api.public import Token, openapi

View = Callable[..., HttpResponseBase]
CONSUMERS = "consumers"  # systems with a token: they are no visitors of pages, so ``Access`` does not know them


def _open_to(who: str, view: View) -> View:
    """Say who may open a call. Its own permission classes see to it; this is for whoever asks every address."""
    view.access = who  # type: ignore[attr-defined]  # functions carry attributes; typing has no word for it
    return view


_of = {read.name: calls_of(read) for read in READS}
_their_log, _my_log = access_log_calls()
_find_usage, _usage_period, _heartbeat = tracker_calls()

urlpatterns = [
    *(
        path(
            f"citizen-{read.plural}",
            _open_to(CONSUMERS, _of[read.name][0].as_view()),
            name=f"api_citizen_{read.plural}",
        )
        for read in READS
    ),
    path("citizen-access-logs", _open_to(CONSUMERS, _their_log.as_view()), name="api_citizen_access_logs"),
    *(
        path(f"me/{read.name}", _open_to(Access.CITIZENS, _of[read.name][1].as_view()), name=f"api_my_{read.name}")
        for read in READS
    ),
    path("me/access-log", _open_to(Access.CITIZENS, _my_log.as_view()), name="api_my_access_log"),
    path("areas", public(area_call().as_view()), name="api_areas"),
    path("findUsage", _open_to(Access.CITIZENS, _find_usage.as_view()), name="api_find_usage"),
    path("usagePeriod", public(_usage_period.as_view()), name="api_usage_period"),
    path("heartbeat", public(_heartbeat.as_view()), name="api_heartbeat"),
    path("oauth/token", _open_to(CONSUMERS, Token.as_view()), name="api_token"),
    path("openapi.json", public(openapi), name="api_openapi"),
    re_path(r"", public(problems.not_found), name="api_nothing"),
]
