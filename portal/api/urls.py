"""The addresses under ``/api/v1/``, and who may open each. What is no call answers as a problem, never as a page."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import path, re_path

from portal.access import Access, public
from portal.api import problems, views

View = Callable[..., HttpResponseBase]
CONSUMERS = "consumers"  # systems with a token: they are no visitors of pages, so ``Access`` does not know them


def _open_to(who: str, view: View) -> View:
    """Say who may open a call. Its own permission classes see to it; this is for whoever asks every address."""
    view.access = who  # type: ignore[attr-defined]  # functions carry attributes; typing has no word for it
    return view


urlpatterns = [
    path("citizen-summaries", _open_to(CONSUMERS, views.CitizenSummaries.as_view()), name="api_citizen_summaries"),
    path("me/summary", _open_to(Access.CITIZENS, views.MySummary.as_view()), name="api_my_summary"),
    path("oauth/token", _open_to(CONSUMERS, views.Token.as_view()), name="api_token"),
    path("openapi.json", public(views.openapi), name="api_openapi"),
    re_path(r"", public(problems.not_found), name="api_nothing"),
]
