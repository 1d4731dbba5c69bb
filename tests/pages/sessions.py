"""A browser that is signed in, by the same door as a provider uses."""

from typing import Any

from django.test import Client, RequestFactory

from portal.language import set_language
from portal.login.claims import Citizen
from portal.login.identity import sign_in


def a_citizen(cpr: str, **known: Any) -> Citizen:
    """A citizen as the identity provider tells of them."""
    usual: dict[str, Any] = {"name": "Mette Lund", "given_name": "Mette", "birth_date": None, "municipality": "0730"}
    return Citizen(cpr=cpr, **{**usual, **known})


def sign_in_as(client: Client, citizen: Citizen, language: str = "da") -> None:
    """Let the test's browser carry a citizen's session."""
    request = RequestFactory().get("/")
    request.session = client.session
    set_language(request, language)
    sign_in(request, citizen)
    request.session.save()
    client.cookies["borgerblik"] = request.session.session_key or ""
