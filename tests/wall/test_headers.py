"""Every answer of every address, and every error, carries the whole wall of headers; nothing private may be kept."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from portal.access import Access, public
from portal.headers import ALWAYS, FEATURES
from portal.urls import urlpatterns as portals
from tests.pages.sessions import a_citizen, sign_in_as
from tests.settings.test_production import OWN, ROOT
from tests.staff import employee
from tests.wall.addresses import Address, addresses

pytestmark = pytest.mark.django_db

TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "portal").rglob("templates/**/*.html"))
INLINE = {
    "a style of its own": r"\sstyle\s*=",
    "a style sheet of its own": r"<style\b",
    "a script of its own": r"<script(?![^>]*\ssrc=)",
    "a handler": r"<[^>]*\son[a-z]+\s*=",
    "an address that is a script": r"(?:href|src|action|formaction)\s*=\s*[\"']?\s*(?:javascript|data|vbscript):",
    "a file from elsewhere": r"<(?:script|img|iframe|link|object|embed)[^>]*(?:src|href)\s*=\s*[\"']?(?:https?:)?//",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
WALL = {
    **ALWAYS,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
TELLTALE = ("Server", "X-Powered-By", "Content-Security-Policy-Report-Only", "Access-Control-Allow-Origin")
METTE = "6815859002"


def check_wall(answer: Any) -> None:
    """Every answer's headers, whatever it is an answer to."""
    assert {name: answer.headers.get(name) for name in WALL} == WALL
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert {name: policy.get(name) for name in POLICY} == POLICY
    assert policy["form-action"].split()[0] == "'self'"
    assert not [part for part in policy.values() if "unsafe" in part or "*" in part or "nonce" in part]
    assert not [name for name in TELLTALE if name in answer.headers]
    assert answer.has_header("Content-Type") or answer.headers.get("Content-Length") == "0"


def check_nobody_keeps_it(answer: Any) -> None:
    assert "no-store" in answer.headers.get("Cache-Control", ""), answer.headers


@pytest.fixture
def visitors(settings: Settings) -> dict[str, Client]:
    """Nobody, a citizen and an employee, each with a browser."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    nobody, citizen, staff = (Client(raise_request_exception=False) for _ in range(3))
    sign_in_as(citizen, a_citizen(METTE))
    staff.force_login(employee("administrator", "0730"))
    return {"nobody": nobody, "citizen": citizen, "staff": staff}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("address", addresses(), ids=lambda address: address.path)
def test_every_address(visitors: dict[str, Client], address: Address, method: str) -> None:
    for who, client in visitors.items():
        answer = client.generic(method, address.path)
        assert answer.status_code != 500  # 503: nobody provides identities to these tests
        check_wall(answer)
        if "public" in answer.headers.get("Cache-Control", ""):  # it says itself that it is the same for everybody
            nobodys = visitors["nobody"].generic(method, address.path)
            assert (address.access, answer.status_code) == (Access.PUBLIC, 200)
            assert answer.content == nobodys.content
        elif who != "nobody" or address.access != Access.PUBLIC or answer.status_code >= 400:
            check_nobody_keeps_it(answer)
        for morsel in answer.cookies.values():
            if morsel["max-age"] == 0:
                continue  # it is taken away
            kept = [morsel[name] for name in ("httponly", "samesite", "path", "domain")]
            assert kept == [True, "Lax", "/", ""]


@public
def broken(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@public
def without_database(_request: HttpRequest) -> HttpResponse:
    raise OperationalError


urlpatterns = [path("broken/", broken), path("api/broken/", broken), path("off/", without_database), *portals]
handler400 = "portal.errors.bad_request"
handler500 = "portal.errors.server_error"


@pytest.mark.parametrize(
    ("status", "method", "where", "headers"),
    [
        (400, "GET", "/", {"host": "elsewhere.example"}),
        (400, "GET", "/api/v1/openapi.json", {"host": "elsewhere.example"}),
        (403, "POST", "/log-af/", {}),
        (404, "GET", "/nonsense/", {}),
        (404, "GET", "/static/nonsense.css", {}),
        (404, "GET", "/api/nonsense", {}),
        (405, "POST", "/sager/", {}),
        (405, "DELETE", "/api/v1/me/summary", {}),
        (500, "GET", "/broken/", {}),
        (500, "GET", "/api/broken/", {}),
        (503, "GET", "/off/", {}),
    ],
)
def test_every_error(settings: Settings, status: int, method: str, where: str, headers: dict[str, str]) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False, enforce_csrf_checks=status == 403)
    if status == 405:
        sign_in_as(client, a_citizen(METTE))
    answer = client.generic(method, where, headers=headers)
    assert answer.status_code == status
    check_wall(answer)
    check_nobody_keeps_it(answer)


@pytest.mark.parametrize("name", ["css/bo.css", "js/bo.js", "img/borgerblik.svg", "vendor/dkfds/css/dkfds.css"])
def test_every_file(client: Client, name: str) -> None:
    answer = client.get(staticfiles_storage.url(name))
    assert answer.status_code == 200
    assert b"".join(answer)
    answer.close()
    check_wall(answer)
    assert "immutable" in answer["Cache-Control"]


def test_no_file_of_a_package_is_served() -> None:
    kept = json.loads((Path(django_settings.STATIC_ROOT) / "staticfiles.json").read_text("utf-8"))["paths"]
    assert {name.partition("/")[0] for name in kept} == {"css", "img", "js", "vendor"}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_holds_what_the_policy_forbids(what: str) -> None:
    assert len(TEMPLATES) > 40
    found = [path.name for path in TEMPLATES if re.search(INLINE[what], path.read_text("utf-8"), re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize("what", INLINE)
def test_no_page_holds_what_the_policy_forbids(visitors: dict[str, Client], what: str) -> None:
    read = 0
    for client in visitors.values():
        for address in addresses():
            answer = client.get(address.path)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                assert not re.search(INLINE[what], answer.content.decode(), re.IGNORECASE), address.path
                read += 1
    assert read > 20


def test_no_script_of_ours_makes_markup_from_text() -> None:
    risky = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(.on"
    )
    assert not [
        script.name for script in (ROOT / "static" / "js").glob("*.js") if risky.search(script.read_text("utf-8"))
    ]


def test_no_feature_of_the_machine_is_asked_for_twice() -> None:
    assert sorted(set(FEATURES)) == list(FEATURES)


PRODUCTION = """
import json, django
django.setup()
from django.test import Client
client = Client(headers={"host": "127.0.0.1", "x-forwarded-proto": "https"})
answers = [client.get(where) for where in ("/healthz", "/tilgaengelighed/?sprog=en", "/log-ind/")]
plain = Client(headers={"host": "127.0.0.1"}).get("/healthz")
from django.conf import settings
print(json.dumps({
    "hsts": [answer.headers.get("Strict-Transport-Security") for answer in answers],
    "plain": plain.headers.get("Strict-Transport-Security"),
    "policy": answers[0]["Content-Security-Policy"],
    "cookies": [morsel.OutputString() for answer in answers for morsel in answer.cookies.values()],
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
}))
"""


def test_in_production_everything_is_encrypted_and_stays_on_this_host() -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PRODUCTION],
        env={**OWN, "DJANGO_SETTINGS_MODULE": "portal.settings", "ALLOWED_HOSTS": "127.0.0.1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    assert set(said["hsts"]) == {"max-age=31536000; includeSubDomains"}
    assert said["plain"] is None, "the browser would not believe it, and the proxy decides"
    assert "upgrade-insecure-requests" in said["policy"]
    assert all(name.startswith("__Host-") for name in said["names"])
    assert said["secure"] == [True, True]
    assert said["cookies"]
    for cookie in said["cookies"]:
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
