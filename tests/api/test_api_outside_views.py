"""Errors around a call – in a middleware, before or instead of a view – are problems too; pages stay pages."""

import pytest
from django.test import Client

from portal.api.problems import KINDS
from tests.api.conftest import Answer, no_database
from tests.api.test_api_my_summary import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
KIND_OF = {kind.slug: kind for kind in KINDS}


@pytest.fixture(autouse=True)
def as_served(client: Client) -> None:
    """The test client would raise what went wrong; a visitor gets an answer."""
    client.raise_request_exception = False


def is_problem(answer: Answer, slug: str) -> bool:
    """Whether an answer is this problem, and stays out of every cache."""
    kind = KIND_OF[slug]
    assert (answer.status_code, answer["Content-Type"]) == (kind.status, "application/problem+json"), answer.content
    assert answer["Cache-Control"] == "no-store"
    return bool(answer.json()["type"] == kind.type)


@pytest.mark.parametrize("address", ["/api/v1/me/summary", "/api/v1/openapi.json", "/api/docs/", "/api/nothing"])
def test_a_session_that_cannot_be_read_is_a_problem(client: Client, address: str) -> None:
    someone = signed_in(client, "6213991234")
    with no_database():
        answer = someone.get(address)
    assert is_problem(answer, "unavailable")
    assert int(answer["Retry-After"]) > 0


def test_no_token_without_a_database_is_a_problem(client: Client) -> None:
    asked = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
    with no_database():
        answer = client.post("/api/v1/oauth/token", asked)
    assert is_problem(answer, "unavailable")
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize("address", ["/api/v1/openapi.json", "/api/docs/"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_can_only_be_read_says_so(address: str, method: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, address)
    assert is_problem(answer, "method-not-allowed")
    assert answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("address", ["/api/v1/openapi.json", "/api/v1/me/summary", "/api/nothing"])
def test_a_host_that_is_not_ours_is_a_problem(client: Client, address: str) -> None:
    assert is_problem(client.get(address, headers={"host": "elsewhere.example"}), "wrong-host")


def test_a_form_that_is_too_large_is_a_problem(client: Client) -> None:
    answer = client.post("/api/v1/oauth/token", {f"field{number}": "x" for number in range(2000)})
    assert is_problem(answer, "body-too-large")


def test_a_form_that_cannot_be_read_is_a_problem(client: Client) -> None:
    answer = client.post("/api/v1/oauth/token", b"x", content_type="multipart/form-data")
    assert is_problem(answer, "invalid-request")


def test_a_page_of_another_host_says_what_to_do_in_every_language(client: Client) -> None:
    answer = client.get("/", headers={"host": "elsewhere.example"})
    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (400, "no-store")
    assert "Skriv adressen på Borgerblik i browseren igen" in page
    assert "Type the address of Borgerblik" in page
    assert "اكتب عنوان Borgerblik" in page
    assert "elsewhere.example" not in page


def test_a_page_without_a_database_speaks_the_browsers_language_and_is_kept_by_no_cache(client: Client) -> None:
    someone = signed_in(client, "6213991234")
    with no_database():
        answer = someone.get("/tilgaengelighed/", headers={"Accept-Language": "ar-SY, en;q=0.5"})
    assert '<html lang="ar" dir="rtl">' in answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert answer["Content-Type"].startswith("text/html")
