"""The provider's addresses: those of OpenID Connect, and the page to choose somebody on."""

from django.urls import include, path
from oauth2_provider import views as oauth

from portal.demo.provider import views

PROTOCOL = [
    path("authorize", oauth.AuthorizationView.as_view(template_name="provider/refused.html"), name="authorize"),
    path("token", oauth.TokenView.as_view(), name="token"),
    path("userinfo", oauth.UserInfoView.as_view(), name="user-info"),
    path(
        "logout",
        oauth.RPInitiatedLogoutView.as_view(template_name="provider/sign_out.html"),
        name="rp-initiated-logout",
    ),
    path(
        ".well-known/openid-configuration", oauth.ConnectDiscoveryInfoView.as_view(), name="oidc-connect-discovery-info"
    ),
    path(".well-known/jwks.json", oauth.JwksInfoView.as_view(), name="jwks-info"),
]
urlpatterns = [
    path("", include((PROTOCOL, "oauth2_provider"))),
    path("", views.people, name="people"),
    path("healthz", views.healthz),
]
