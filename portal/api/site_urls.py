"""Everything under ``/api/``: the calls of each version, and the documentation for people."""

from django.urls import include, path, re_path

from portal.access import public
from portal.api import problems
from portal.api.public import documentation

urlpatterns = [
    path("v1/", include("portal.api.urls")),
    path("docs/", public(documentation), name="api_docs"),
    re_path(r"", public(problems.not_found), name="api_nowhere"),
]
