"""The language a visitor reads in: chosen by an address, kept by a signed cookie or by the session."""

import pytest
from django.test import Client, RequestFactory

from portal.language import language_of, set_language
from tests.pages.sessions import a_citizen, sign_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

PAGE = "/om-dine-data/"


def heading(client: Client, query: str = "") -> str:
    html = client.get(PAGE + query).content.decode()
    return html.split("<h1>")[1].split("</h1>")[0]


def test_danish_is_the_language_of_whoever_says_nothing(client: Client) -> None:
    assert heading(client) == "Om dine data"


def test_a_choice_is_kept_in_a_signed_cookie(client: Client) -> None:
    assert heading(client, "?sprog=en") == "About your data"
    assert heading(client) == "About your data"
    cookie = client.cookies["sprog"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert heading(client, "?sprog=da") == "Om dine data"


@pytest.mark.parametrize("value", ["en", "en:forged", "xx", ""])
def test_a_cookie_that_somebody_has_written_is_no_choice(client: Client, value: str) -> None:
    client.cookies["sprog"] = value
    assert heading(client) == "Om dine data"


@pytest.mark.parametrize("asked", ["xx", "EN", "../en", ""])
def test_a_language_without_words_is_no_choice(client: Client, asked: str) -> None:
    answer = client.get(PAGE, {"sprog": asked})
    assert '<html lang="da"' in answer.content.decode()
    assert "sprog" not in answer.cookies


def test_whoever_is_signed_in_keeps_it_in_the_session(client: Client) -> None:
    sign_in_as(client, a_citizen("6815859002"))
    answer = client.get("/plan/?sprog=en")
    assert '<html lang="en"' in answer.content.decode()
    assert "sprog" not in answer.cookies
    assert '<html lang="en"' in client.get("/plan/").content.decode()


def test_the_links_keep_what_was_asked_for(client: Client) -> None:
    html = client.get(PAGE, {"q": "a&b", "sprog": "da"}).content.decode()
    assert 'href="?q=a%26b&amp;sprog=en"' in html


def test_an_address_says_that_its_page_depends_on_cookies(client: Client) -> None:
    assert "Cookie" in client.get(PAGE)["Vary"]


def test_a_request_without_the_middleware_is_danish() -> None:
    assert language_of(RequestFactory().get("/")) == "da"


def test_a_language_without_words_cannot_be_set() -> None:
    with pytest.raises(ValueError, match="There are no words in 'xx'"):
        set_language(RequestFactory().get("/"), "xx")


@pytest.mark.parametrize("typed", ["6113011234", "611301-1234", "x 611301 1234"])
def test_a_cpr_number_in_the_address_is_not_written_into_the_page(client: Client, typed: str) -> None:
    html = client.get(PAGE, {"q": "bolig", "cpr": typed, typed: "1"}).content.decode()
    assert "61130" not in html
    assert 'href="?q=bolig&amp;sprog=en"' in html


def test_what_a_provider_answers_is_not_written_into_the_page(client: Client) -> None:
    assert "secret-code" not in client.get("/log-ind/svar/", {"code": "secret-code", "state": "x"}).content.decode()
