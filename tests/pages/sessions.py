"""A browser that is signed in, by the same door as a provider uses."""

from django.test import Client, RequestFactory

from portal.language import set_language
from portal.login.identity import CitizenIdentity, sign_in


def sign_in_as(client: Client, citizen: CitizenIdentity, language: str = "da") -> None:
    """Let the test's browser carry a citizen's session."""
    request = RequestFactory().get("/")
    request.session = client.session
    set_language(request, language)
    sign_in(request, citizen)
    request.session.save()
    client.cookies["borgerblik"] = request.session.session_key or ""
