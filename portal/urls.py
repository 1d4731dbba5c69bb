"""Every address of the portal. Who may open each is declared at its view (``access.py``)."""

from django.urls import include, path

from portal import health, security_txt
from portal.login import views as login
from portal.metrics import views as metrics

urlpatterns = [
    path("", include("portal.citizen.urls")),
    path("log-ind/", login.sign_in_page, name="sign_in"),
    path("log-ind/start/", login.begin_page, name="sign_in_begin"),
    path("log-ind/svar/", login.answer_page, name="sign_in_answer"),
    path("log-ind/tid/", login.left_page, name="session_left"),
    path("log-ind/bliv/", login.stay_page, name="session_stay"),
    path("log-ind/logget-af/", login.signed_out_page, name="signed_out"),
    path("log-af/", login.sign_out_page, name="sign_out"),
    path("kommune/", include("portal.municipality.urls")),
    path("api/", include("portal.api.site_urls")),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
handler400 = "portal.errors.bad_request"
handler500 = "portal.errors.server_error"
