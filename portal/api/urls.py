"""The addresses under ``/api/v1/``. Whatever is no call answers as a problem, never as a page."""

from django.urls import path, re_path

from portal.api import problems, views

urlpatterns = [
    path("citizen-summaries", views.CitizenSummaries.as_view(), name="api_citizen_summaries"),
    path("me/summary", views.MySummary.as_view(), name="api_my_summary"),
    path("oauth/token", views.Token.as_view(), name="api_token"),
    path("openapi.json", views.openapi, name="api_openapi"),
    re_path(r"", problems.not_found),
]
