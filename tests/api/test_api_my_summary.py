"""``GET /api/v1/me/summary``: the signed-in citizen's own overview."""

from datetime import date

import pytest
from django.test import Client

from tests.pages.sessions import a_citizen, sign_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]


def signed_in(client: Client, cpr: str) -> Client:
    sign_in_as(client, a_citizen(cpr, name="Mette Prøve", birth_date=date(1985, 3, 2)))
    return client


def test_the_citizen_gets_their_own(client: Client) -> None:
    answer = signed_in(client, "6213991234").get("/api/v1/me/summary")
    assert answer.status_code == 200
    assert answer.json()["citizen"]["name"] == "Mette Prøve"
    assert answer["Cache-Control"] == "no-store, private"


def test_it_comes_in_the_language_of_the_pages(client: Client) -> None:
    someone = signed_in(client, "6213991234")
    assert someone.get("/api/v1/me/summary?sprog=en").json()["meta"]["language"] == "en"


def test_nobody_signed_in_is_told_so(client: Client) -> None:
    answer = client.get("/api/v1/me/summary")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Cookie ")


def test_a_consumers_token_is_no_citizen(client: Client, token: str) -> None:
    assert client.get("/api/v1/me/summary", headers={"Authorization": f"Bearer {token}"}).status_code == 401
