"""Who is calling: a system by its OAuth 2 token, or a citizen by the session.

A token is read from the Authorization header and from nowhere else: the library would also look into the query string
and the body, where it ends up in logs (RFC 9700, section 4.3.2) – and would read the body before it knows who asks.
"""

from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from oauth2_provider.models import AccessToken
from oauth2_provider.oauth2_backends import get_oauthlib_core
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from borgerblik.grants import Reader
from borgerblik.reach import Reach
from portal.api import standing as standings
from portal.api.standing import ByToken
from portal.login import identity
from portal.models import ALL, Consumer


class BearerToken(OAuth2Authentication):  # type: ignore[misc]  # the library ships no types
    """An access token that we have given out ourselves."""

    def authenticate(self, request: Request) -> tuple[None, AccessToken] | None:
        """The token, when it is known and has not expired. There is no user: the consumer is a system.

        One that this process has verified is let through: the statement that reads asks if it stands (``ByToken``).
        """
        scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        standing = standings.recall(text) if scheme.casefold() == "bearer" else None
        if standing is None:
            return self._verified(request, text)
        request.standing = standing  # type: ignore[attr-defined]  # as the library puts its error there, below
        return None, standing.token

    def _verified(self, request: Request, text: str) -> tuple[None, AccessToken] | None:
        given = {"Authorization": request.META.get("HTTP_AUTHORIZATION", "")}
        uri = request.build_absolute_uri(request.path)
        valid, found = get_oauthlib_core().server.verify_request(uri, request.method, "", given, scopes=[])
        if valid and (standing := standings.remember(text, found.access_token)):
            request.standing = standing  # type: ignore[attr-defined]
            return None, standing.token
        # What is wrong with a token that was given, for authenticate_header; oauthlib says nothing when none was.
        request.oauth2_error = getattr(found, "oauth2_error", {})  # type: ignore[attr-defined]
        return None


class CitizenSession(BaseAuthentication):
    """The citizen who has signed in to the pages."""

    def authenticate(self, request: Request) -> tuple[identity.CitizenIdentity, None] | None:
        citizen = identity.citizen_of(request._request)  # noqa: SLF001 - DRF wraps Django's request
        return None if citizen is None else (citizen, None)

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        return 'Cookie realm="borgerblik"'


class RegisteredScope(BasePermission):
    """The call's scopes stand in the token and, still today, in the registration."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        token = request.auth
        if not isinstance(token, AccessToken):
            return False
        wanted: list[str] = view.required_scopes  # type: ignore[attr-defined]  # each consumer's view says its scopes
        return bool(token.allow_scopes(wanted)) and set(wanted) <= set(registration_of(request).scopes)


def leave_of(request: Request, cpr: str) -> ByToken:
    """Leave for a call that ``BearerToken`` has let through, to read about whom it names."""
    return ByToken(cpr=cpr, reader=reader_of(registration_of(request)), standing=request.standing)  # type: ignore[attr-defined]


def registration_of(request: Request) -> Consumer:
    """The registration of a call that ``BearerToken`` has let through."""
    token: AccessToken = request.auth
    found: Consumer = token.application.consumer
    return found


def reader_of(consumer: Consumer) -> Reader:
    """A consumer as the access log names it. Its own words for its purpose are in Danish and English, a line each."""
    return Reader(
        actor=consumer.application.client_id,
        organisation=consumer.organisation,
        system="rest",
        purpose=consumer.purpose or f"{consumer.purpose_da}\n{consumer.purpose_en}",
    )


def reach_of(consumer: Consumer) -> Reach:
    """How far a consumer sees."""
    return Reach(authorities=_some(consumer.authorities), areas=_some(consumer.areas))


def _some(registered: list[str]) -> frozenset[str] | None:
    return None if registered == [ALL] else frozenset(registered)


def citizen_of(request: Request) -> identity.CitizenIdentity:
    """The citizen of a call that ``CitizenSession`` has let through."""
    return request.user  # type: ignore[return-value]  # DRF's types know only Django's users
