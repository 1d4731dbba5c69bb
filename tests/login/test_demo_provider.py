"""The demo's identity provider is a program of its own that speaks OpenID Connect and knows the made-up people."""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from indexes.authorities import by_code
from tests.login.walking import choose, walk
from tests.ops.demo_provider import CLIENT, SECRET, DemoProvider
from tests.ops.mock_indexes import MockIndexes
from tests.pages.stub_people import people_server

ROOT = Path(__file__).resolve().parents[2]
EID = "https://data.gov.dk/model/core/eid/"
SITE = "http://testserver"
ANSWER = f"{SITE}/log-ind/svar/"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-of-text"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASKED = {
    "response_type": "code",
    "client_id": CLIENT,
    "redirect_uri": ANSWER,
    "scope": "openid",
    "state": "the-state",
    "nonce": "the-nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def provider(identity_provider: DemoProvider) -> DemoProvider:
    return identity_provider


def ask(provider: DemoProvider, **other: str | None) -> str:
    return f"{provider.url}/authorize?" + urlencode({k: v for k, v in {**ASKED, **other}.items() if v is not None})


def redeem(provider: DemoProvider, code: str, **other: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": ANSWER, "code_verifier": VERIFIER}
    return httpx.post(f"{provider.url}/token", data={**form, **other}, auth=(CLIENT, SECRET))


def answer_for(provider: DemoProvider, person: str) -> dict[str, str]:
    query = urlsplit(choose(ask(provider), person)).query
    return {name: values[0] for name, values in parse_qs(query).items()}


def said_of(provider: DemoProvider, person: str) -> tuple[dict[str, object], dict[str, str]]:
    """What the ID token holds, unverified, and what userinfo says."""
    tokens = redeem(provider, answer_for(provider, person)["code"]).json()
    middle = tokens["id_token"].split(".")[1]
    held = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    said = httpx.get(f"{provider.url}/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    return held, said.json()


def test_it_describes_itself(provider: DemoProvider) -> None:
    described = httpx.get(f"{provider.url}/.well-known/openid-configuration").json()
    assert described["issuer"] == provider.url
    assert described["code_challenge_methods_supported"] == ["S256"]
    assert described["authorization_response_iss_parameter_supported"]
    assert described["end_session_endpoint"] == f"{provider.url}/logout"


def test_people_are_listed_with_their_story_and_no_number(provider: DemoProvider, mock_indexes: MockIndexes) -> None:
    html = httpx.get(ask(provider), follow_redirects=True).text
    people = httpx.get(mock_indexes.people_url).json()
    for person in [*people["citizens"], *people["staff"]]:
        assert person["name"] in html
        assert person["story"]["da"] in html
    assert not [person["name"] for person in people["citizens"] if person["cpr"] in html]


def test_the_list_is_in_the_language_that_the_site_asks_for(provider: DemoProvider) -> None:
    html = httpx.get(ask(provider, ui_locales="en"), follow_redirects=True).text
    assert '<html lang="en"' in html
    assert "Sign in as Mette Lund" in html


def test_who_was_chosen_comes_back_with_code_state_and_issuer(provider: DemoProvider) -> None:
    answer = answer_for(provider, "mette")
    assert (answer["state"], answer["iss"]) == ("the-state", provider.url)


def test_a_citizen_is_told_of_as_in_nemlog_in(provider: DemoProvider) -> None:
    held, said = said_of(provider, "mette")
    assert said["https://data.gov.dk/concept/core/nsis/loa"] == "Substantial"
    assert said[f"{EID}fullName"] == "Mette Lund"
    assert said[f"{EID}firstName"] == "Mette"
    assert re.fullmatch(r"\d{10}", said[f"{EID}cprNumber"])
    assert said["https://borgerblik.dk/claims/municipality"] == "0730"
    assert said["sub"] == held["sub"]
    assert held["nonce"] == "the-nonce"
    assert not [name for name in held if name.startswith("https://data.gov.dk/")], "it comes back in an address"


def test_an_employee_is_told_of_with_organisation_and_privileges(provider: DemoProvider) -> None:
    _, said = said_of(provider, "karen")
    assert said[f"{EID}professional/cvr"] == by_code["0730"].cvr
    assert said[f"{EID}professional/uuid/persistent"].startswith("urn:uuid:")
    assert f"{EID}cprNumber" not in said
    xml = base64.b64decode(said[f"{EID}privilegesIntermediate"]).decode()
    assert "http://borgerblik.dk/roles/usersystemrole/administrator/1" in xml
    assert [by_code[code].cvr in xml for code in ("0730", "0360", "0461")] == [True, True, False]


def test_a_code_is_good_once_and_only_with_what_belongs_to_it(provider: DemoProvider) -> None:
    code = answer_for(provider, "bo")["code"]
    assert redeem(provider, code, code_verifier="another-verifier-of-at-least-43-characters").status_code == 400
    code = answer_for(provider, "bo")["code"]
    assert redeem(provider, code).status_code == 200
    assert redeem(provider, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("wrong", [{"client_id": "another"}, {"redirect_uri": "http://evil.example/"}])
def test_a_site_that_it_does_not_know_gets_nobody(provider: DemoProvider, wrong: dict[str, str]) -> None:
    answer = walk(ask(provider, **wrong), "mette")
    assert answer.status_code == 400
    assert "Siden har spurgt forkert" in answer.text


@pytest.mark.parametrize("wrong", [{"code_challenge_method": "plain"}, {"code_challenge": None}])
def test_without_proof_of_the_code_it_gives_none(provider: DemoProvider, wrong: dict[str, str | None]) -> None:
    assert "error=invalid_request" in choose(ask(provider, **wrong), "mette")


def test_nobody_is_signed_in_by_a_key_that_nobody_has(provider: DemoProvider) -> None:
    with httpx.Client() as browser:
        page = browser.get(provider.url)
        token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[0]
        form = {"csrfmiddlewaretoken": token, "person": "nobody", "next": ""}
        answer = browser.post(provider.url, data=form, headers={"Referer": provider.url})
    assert answer.status_code == 400
    assert "Personen findes ikke" in answer.text


def test_after_a_choice_one_goes_nowhere_else(provider: DemoProvider) -> None:
    with httpx.Client() as browser:
        page = browser.get(provider.url)
        token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[0]
        form = {"csrfmiddlewaretoken": token, "person": "mette", "next": "//evil.example/"}
        answer = browser.post(provider.url, data=form, headers={"Referer": provider.url})
    assert answer.headers["location"] == "/"


def test_a_list_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with (
        people_server(b"<html>") as address,
        DemoProvider(log=tmp_path / "log", people=address, sites=[SITE]) as provider,
    ):
        answer = httpx.get(provider.url)
        log = provider.log.read_text("utf-8")
    assert answer.status_code == 503
    assert "Vi kan ikke finde personerne lige nu" in answer.text
    assert "See that they run and that --people is right" in log


def test_nothing_it_writes_holds_a_number(provider: DemoProvider, mock_indexes: MockIndexes) -> None:
    said_of(provider, "mette")
    numbers = [person["cpr"] for person in httpx.get(mock_indexes.people_url).json()["citizens"]]
    folder = next(Path(tempfile.gettempdir()).glob("borgerblik-provider-*"), None)
    written = [provider.log, *(folder.iterdir() if folder else [])]
    for file in written:
        content = file.read_bytes()
        assert not [number for number in numbers if number.encode() in content], file


def test_without_a_secret_it_says_so() -> None:
    ended = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-m", "portal.demo.provider", "--redirect", ANSWER],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        "OIDC_CLIENT_SECRET is not set, so no site could sign anybody in. Set it to what the site has.\n"
    )


def test_its_organisations_are_the_real_ones() -> None:
    lines = (ROOT / "portal" / "demo" / "provider" / "organisations.toml").read_text("utf-8").splitlines()
    found = dict(re.findall(r'"(\w+)" = "(\d{8})"', "\n".join(lines)))
    assert found == {code: by_code[code].cvr for code in ("0360", "0461", "0730", "UDK")}


def test_its_words_are_there_in_both_languages() -> None:
    text = (ROOT / "portal" / "demo" / "provider" / "texts.toml").read_text("utf-8")
    _, danish, english = re.split(r"^\[\w+\]$", text, flags=re.MULTILINE)
    assert re.findall(r"^(\w+) =", danish, re.MULTILINE) == re.findall(r"^(\w+) =", english, re.MULTILINE)
