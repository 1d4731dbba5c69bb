"""Every address of the portal. Who may open each is declared at its view (``access.py``)."""

from django.urls import include, path

from portal import health
from portal.api.views import documentation
from portal.login import views as login

urlpatterns = [
    path("", include("portal.citizen.urls")),
    path("log-ind/", login.sign_in_page, name="sign_in"),
    path("log-af/", login.sign_out_page, name="sign_out"),
    path("kommune/", include("portal.municipality.urls")),
    path("api/docs/", documentation, name="api_docs"),
    path("api/v1/", include("portal.api.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
handler500 = "portal.errors.server_error"
