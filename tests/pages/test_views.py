"""The pages on the real database: who may open them, what caches may keep, and what is said when something is wrong."""

import re

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, path
from pytest_django import Settings

from borgerblik import languages
from borgerblik.words import LANGUAGES
from portal import errors
from portal.access import access_of, public
from portal.ui_words import load
from portal.urls import urlpatterns as portals
from tests.pages.sessions import a_citizen, sign_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

PAGES = ["/", "/sager/", "/penge/", "/plan/", "/hvem-har-set/"]
OTHERS = [
    "/sager/00000000-0000-4000-8000-000000000000/",
    "/plan/koeleskabsplan/",
    "/penge/udbetalinger.csv",
    "/penge/aar/2026/",
]
PUBLIC = ["/tilgaengelighed/", "/om-dine-data/"]


@pytest.fixture
def mette(client: Client) -> Client:
    sign_in_as(client, a_citizen("6815859002"))
    return client


def patterns(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for one in resolver.url_patterns:
        found += patterns(one) if isinstance(one, URLResolver) else [one]
    return found


def test_every_address_says_who_may_open_it() -> None:
    silent = [str(one.pattern) for one in patterns(get_resolver("portal.urls")) if access_of(one.callback) is None]
    assert silent == []


@pytest.mark.parametrize("page", [*PAGES, *OTHERS])
def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page(client: Client, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/log-ind/")
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("page", PAGES)
def test_a_citizen_sees_their_page_and_no_cache_keeps_it(mette: Client, page: str) -> None:
    answer = mette.get(page)
    assert answer.status_code == 200
    assert "Mette Lund" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_only_read(mette: Client, page: str) -> None:
    assert mette.head(page).status_code == 200
    assert mette.post(page).status_code == 405


@pytest.mark.parametrize("page", [*OTHERS, "/sager/nonsense/", "/nonsense/"])
def test_what_is_not_there_is_said_in_words(mette: Client, page: str) -> None:
    answer = mette.get(page)
    assert answer.status_code == 404
    assert "Vi kan ikke finde siden" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("page", PUBLIC)
def test_everybody_may_read_about_the_site(client: Client, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assert "Cache-Control" not in answer.headers


def test_no_cache_keeps_a_public_page_with_a_name_on_it(mette: Client) -> None:
    answer = mette.get("/om-dine-data/")
    assert "Mette Lund" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"


def test_the_short_address_leads_to_the_accessibility_statement(client: Client) -> None:
    assert client.get("/was/")["Location"] == "/tilgaengelighed/"


def test_staff_see_no_citizens_pages(client: Client, django_user_model: type) -> None:
    karen = django_user_model.objects.create(key="karen", name="Karen", role="administrator", municipalities=["0730"])  # type: ignore[attr-defined]
    client.force_login(karen)
    assert client.get("/")["Location"].startswith("/log-ind/")


def test_the_logo_leads_to_where_one_belongs(client: Client, mette: Client, django_user_model: type) -> None:
    assert '<a class="bo-wordmark" href="/">' in mette.get("/plan/").content.decode()
    karen = django_user_model.objects.create(key="karen", name="Karen", role="administrator", municipalities=["0730"])  # type: ignore[attr-defined]
    client.force_login(karen)
    assert '<a class="bo-wordmark" href="/kommune/">' in client.get("/om-dine-data/").content.decode()


def test_a_citizen_sees_no_console(mette: Client) -> None:
    assert mette.get("/kommune/")["Location"].startswith("/log-ind/")


@public
def broken(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@public
def without_database(_request: HttpRequest) -> HttpResponse:
    raise OperationalError


urlpatterns = [path("broken/", broken), path("without-database/", without_database), *portals]
handler500 = "portal.errors.server_error"


BREAKS = {"/broken/": (500, "fault"), "/without-database/": (503, "away")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", BREAKS)
def test_a_page_that_breaks_says_so_in_every_language(
    client: Client, settings: Settings, page: str, language: str
) -> None:
    """In the one that was chosen first, and in the others below: they cannot be fetched when nothing works."""
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    answer = client.get(page, {"sprog": language})
    status, key = BREAKS[page]
    reads, html = languages.load()[language], answer.content.decode()
    assert answer.status_code == status
    assert f'<html lang="{reads.tag}" dir="{reads.direction}">' in html
    assert f"<h1>{load(language).say(f'{key}_title')}</h1>" in html
    for one in languages.load().values():
        if one.code == one.tag != reads.tag:
            assert f'lang="{one.tag}" dir="{one.direction}"' in html
            assert f"<h3>{load(one.code).say(f'{key}_title')}</h3>" in html
    assert answer.headers.get("Retry-After") == ("60" if status == 503 else None)


@pytest.mark.parametrize(
    ("cookie", "browser", "expected"),
    [
        (None, "", "da"),
        (None, "uk-UA,uk;q=0.9,en;q=0.5", "uk"),
        (None, "so, ar-SY;q=0.8, en;q=0.1", "ar"),
        (None, "so, x" * 3000, "da"),
        ("pl", "en", "pl"),
        ("forged", "de-DE", "de"),
    ],
)
def test_without_a_database_the_language_is_the_one_chosen_before_or_the_browsers(
    rf: RequestFactory, cookie: str | None, browser: str, expected: str
) -> None:
    request = rf.get("/", headers={"Accept-Language": browser})
    if cookie:
        kept = HttpResponse()
        kept.set_signed_cookie("sprog", cookie)
        request.COOKIES["sprog"] = "pl:forged" if cookie == "forged" else kept.cookies["sprog"].value
    html = errors.page(request, 503).content.decode()
    assert f'<html lang="{expected}"' in html


def test_a_button_that_is_opened_as_an_address_says_so(mette: Client) -> None:
    answer = mette.get("/log-af/", {"sprog": "ar"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "لا يمكن فتح هذا العنوان وحده" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"


def test_what_failed_is_tried_again_where_that_does_no_harm(rf: RequestFactory) -> None:
    """A page at its own address; a form, and an address that cannot be read, from the beginning."""
    asked = [(rf.get("/sager/"), 503), (rf.post("/log-af/"), 503), (rf.get("/sager/"), 400)]
    pages = [errors.page(request, status).content.decode() for request, status in asked]
    assert [re.search(r'button-primary" href="([^"]*)"', html).group(1) for html in pages] == ["", "/", "/"]  # type: ignore[union-attr]
