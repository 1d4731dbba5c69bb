"""Every way in which a sign-in must fail: nobody is signed in, and a page and the log say why."""

import logging
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pydantic import SecretStr
from pytest_django import Settings

from portal.login.failures import SignInError
from portal.login.provider import REST_SECONDS, Provider
from portal.models import StaffUser
from tests.login.attempts import REFUSED, UNREACHABLE, assert_failed, come_back
from tests.login.stand_in import (
    CLIENT,
    EID,
    FIRST,
    FOREIGN,
    LOA,
    METTE,
    SECOND,
    SECRET,
    StandIn,
    secret_as_key,
)
from tests.login.test_privileges import ADMINISTRATOR, LOLLAND, RANDERS, group, listing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def provider(liar: StandIn) -> StandIn:
    return liar


def test_the_stand_in_signs_in_whoever_nothing_is_wrong_with(client: Client, provider: StandIn) -> None:
    assert come_back(client, provider)["Location"] == "/"
    assert client.session["citizen"]["name"] == "Mette Lund"
    assert "0d1b1c9e" not in str(dict(client.session.items())), "nobody is known by their CPR UUID here"


def test_an_answer_is_good_once(client: Client, provider: StandIn) -> None:
    state = provider.listen_to(client.get("/log-ind/start/")["Location"])
    back = {"code": "a-code", "state": state}
    assert client.get("/log-ind/svar/", back).status_code == 302
    client.post("/log-af/")
    assert_failed(client, client.get("/log-ind/svar/", back), 400, REFUSED)


@pytest.mark.parametrize("state", ["another", "", "__proto__"])
def test_with_a_state_that_was_not_given_here(client: Client, provider: StandIn, state: str) -> None:
    assert_failed(client, come_back(client, provider, state=state), 400, REFUSED)
    assert "/token" not in provider.asked, "the code was not even looked at"


def test_an_answer_that_somebody_else_has_fetched_signs_nobody_in(client: Client, provider: StandIn) -> None:
    """Login CSRF (RFC 6749, section 10.12): whoever follows an attacker's link must not become the attacker."""
    attacker = Client()
    state = provider.listen_to(attacker.get("/log-ind/start/")["Location"])
    assert_failed(client, client.get("/log-ind/svar/", {"code": "a-code", "state": state}), 400, REFUSED)


def test_an_answer_that_comes_after_ten_minutes(client: Client, provider: StandIn) -> None:
    state = provider.listen_to(client.get("/log-ind/start/")["Location"])
    session = client.session
    session["sign_in"] = {state: {**session["sign_in"][state], "at": session["sign_in"][state]["at"] - 601}}
    session.save()
    assert_failed(client, client.get("/log-ind/svar/", {"code": "a-code", "state": state}), 400, REFUSED)


def test_six_windows_at_once_leave_the_five_latest(client: Client, provider: StandIn) -> None:
    states = [provider.listen_to(client.get("/log-ind/start/")["Location"]) for _ in range(6)]
    assert list(client.session["sign_in"]) == states[1:]


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://another.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"aud": None},
        {"sub": None},
        {"exp": timedelta(minutes=-2)},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": timedelta(minutes=10)},
        {"iat": None},
        {"nbf": timedelta(minutes=10)},
        {"at_hash": "of-another-access-token"},
        {"sub": "somebody else than userinfo speaks of"},
    ],
    ids=str,
)
def test_with_an_id_token_that_says_the_wrong_thing(
    client: Client, provider: StandIn, caplog: pytest.LogCaptureFixture, lie: dict[str, Any]
) -> None:
    now = int(time.time())
    provider.token = {
        name: now + int(told.total_seconds()) if isinstance(told, timedelta) else told for name, told in lie.items()
    }
    assert_failed(client, come_back(client, provider), 400, REFUSED)
    assert "so nobody was signed in." in caplog.text


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({"alg": "none"}, None),
        ({"alg": "RS256", "kid": "first"}, FOREIGN),
        ({"alg": "RS256", "kid": "second"}, SECOND),
        ({"alg": "RS512", "kid": "first"}, FIRST),
        ({"alg": "HS256"}, secret_as_key()),
        ({"alg": "HS256", "kid": "first"}, secret_as_key()),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_with_an_id_token_that_is_signed_by_another_or_in_another_way(
    client: Client, provider: StandIn, header: dict[str, Any], key: Any
) -> None:
    provider.header, provider.key = header, key
    assert_failed(client, come_back(client, provider), 400, REFUSED)


@pytest.mark.parametrize("token", [b"", b"a.b.c", b"not a token", b"a" * 200_000])
def test_with_what_is_no_token(client: Client, provider: StandIn, token: bytes) -> None:
    body = b'{"access_token": "x", "id_token": "' + token + b'"}'
    provider.instead["/token"] = (200, body)
    assert_failed(client, come_back(client, provider), 400, REFUSED)


def test_new_keys_are_fetched_once_and_found(client: Client, provider: StandIn) -> None:
    provider.published = [[FIRST], [FIRST, SECOND]]
    come_back(client, provider)
    client.post("/log-af/")
    provider.header, provider.key = {"alg": "RS256", "kid": "second"}, SECOND
    assert come_back(client, provider)["Location"] == "/"
    assert provider.asked.count("/keys") == 2
    assert provider.asked.count(DISCOVERY) == 1


def test_an_unknown_key_is_looked_for_once(client: Client, provider: StandIn) -> None:
    provider.header, provider.key = {"alg": "RS256", "kid": "second"}, SECOND
    come_back(client, provider)
    assert provider.asked.count("/keys") == 2


@pytest.mark.parametrize(("iss", "offered"), [("https://another.example", False), (None, True), ("", True)])
def test_with_an_answer_of_another_provider(
    client: Client, provider: StandIn, iss: str | None, *, offered: bool
) -> None:
    """RFC 9207: mix-up."""
    provider.described = {"authorization_response_iss_parameter_supported": offered}
    answer = come_back(client, provider, **({} if iss is None else {"iss": iss}))
    assert_failed(client, answer, 400, REFUSED)
    assert "/token" not in provider.asked


def test_with_a_code_that_the_provider_does_not_take(client: Client, provider: StandIn) -> None:
    provider.instead["/token"] = (400, b'{"error": "invalid_grant"}')
    assert_failed(client, come_back(client, provider), 400, REFUSED)


def test_without_the_proof_that_belongs_to_the_code(client: Client, provider: StandIn) -> None:
    """A stolen code, brought back by whoever began another sign-in: PKCE (RFC 7636, section 1)."""
    state = provider.listen_to(client.get("/log-ind/start/")["Location"])
    provider.challenge = "of-somebody-elses-sign-in"
    assert_failed(client, client.get("/log-ind/svar/", {"code": "a-code", "state": state}), 400, REFUSED)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("access_denied", (200, "Du er ikke logget på")),
        ("temporarily_unavailable", (503, UNREACHABLE)),
        ("server_error", (503, UNREACHABLE)),
        ("invalid_request", (400, REFUSED)),
        ("<script>alert(1)</script>", (400, REFUSED)),
    ],
)
def test_with_an_error_for_an_answer(
    client: Client, provider: StandIn, caplog: pytest.LogCaptureFixture, error: str, said: tuple[int, str]
) -> None:
    state = provider.listen_to(client.get("/log-ind/start/")["Location"])
    answer = client.get("/log-ind/svar/", {"error": error, "error_description": "6815859002", "state": state})
    assert_failed(client, answer, *said)
    assert "script>" not in answer.content.decode().partition("<main")[2].partition("</main")[0]
    assert "6815859002" not in caplog.text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (DISCOVERY, (500, b"")),
        (DISCOVERY, (404, b"")),
        (DISCOVERY, (302, b"")),
        (DISCOVERY, (200, b"<html>")),
        (DISCOVERY, (200, b"[]")),
        (DISCOVERY, (200, b"{}")),
        (DISCOVERY, (200, b'{"a": "' + b"a" * 300_000 + b'"}')),
        ("/keys", (500, b"")),
        ("/keys", (200, b"{}")),
        ("/keys", (200, b'{"keys": 7}')),
        ("/keys", (200, b'{"keys": []}')),
        ("/keys", (200, b'{"keys": [{"kty": "RSA", "n": "!", "e": 7}]}')),
        ("/token", (500, b"")),
        ("/token", (200, b"<html>")),
        ("/userinfo", (401, b"")),
        ("/userinfo", (200, b"nothing")),
    ],
    ids=str,
)
def test_with_a_provider_that_is_broken(
    client: Client, provider: StandIn, caplog: pytest.LogCaptureFixture, path: str, said: tuple[int, bytes]
) -> None:
    provider.instead[path] = said
    begun = client.get("/log-ind/start/")
    answer = begun
    if begun.status_code == 302:
        state = provider.listen_to(begun["Location"])
        answer = client.get("/log-ind/svar/", {"code": "a-code", "state": state})
    assert_failed(client, answer, 503, UNREACHABLE)
    assert "so nobody can sign in. See that it runs and that OIDC_ISSUER is right." in caplog.text


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": None},
        {"token_endpoint": "ftp://127.0.0.1/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "/keys"},
    ],
    ids=str,
)
def test_with_a_provider_that_describes_itself_wrongly(
    client: Client, provider: StandIn, described: dict[str, Any]
) -> None:
    provider.described = described
    assert_failed(client, client.get("/log-ind/start/"), 503, UNREACHABLE)


@pytest.mark.parametrize("path", [DISCOVERY, "/token", "/keys"])
def test_with_a_provider_that_answers_in_drops(client: Client, provider: StandIn, path: str) -> None:
    provider.drip.add(path)
    begun = client.get("/log-ind/start/")
    if begun.status_code == 302:
        state = provider.listen_to(begun["Location"])
        begun = client.get("/log-ind/svar/", {"code": "a-code", "state": state})
    assert_failed(client, begun, 503, UNREACHABLE)


def test_with_a_provider_that_is_not_there(client: Client, settings: Settings) -> None:
    settings.CONFIG = django_settings.CONFIG.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    assert_failed(client, client.get("/log-ind/start/"), 503, UNREACHABLE)
    assert "Log på med MitID" in client.get("/log-ind/").content.decode(), "the page itself needs no provider"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({LOA: "Low"}, "Du skal logge på en anden måde"),
        ({LOA: None}, "Du skal logge på en anden måde"),
        ({LOA: "substantial"}, "Du skal logge på en anden måde"),
        ({LOA: ["Substantial"]}, "Du skal logge på en anden måde"),
        ({f"{EID}cprNumber": None}, "Vi kunne ikke se, hvem du er"),
        ({f"{EID}cprNumber": ""}, "Vi kunne ikke se, hvem du er"),
        ({f"{EID}cprNumber": "681585900"}, "Vi kunne ikke se, hvem du er"),
        ({f"{EID}cprNumber": "٦٨١٥٨٥٩٠٠٢"}, "Vi kunne ikke se, hvem du er"),
        ({f"{EID}cprNumber": 6815859002}, "Vi kunne ikke se, hvem du er"),
        ({"https://borgerblik.dk/claims/municipality": None}, "Vi kunne ikke se, hvor du bor"),
        ({"https://borgerblik.dk/claims/municipality": "UDK"}, "Vi kunne ikke se, hvor du bor"),
        ({"https://borgerblik.dk/claims/municipality": "9999"}, "Vi kunne ikke se, hvor du bor"),
        ({f"{EID}professional/cvr": "29189668"}, REFUSED),
        (
            {f"{EID}professional/cvr": "29189668", f"{EID}professional/uuid/persistent": "urn:uuid:" + "0" * 32},
            "Du har ikke adgang som ansat",
        ),
        ({f"{EID}fullName": None}, REFUSED),
        ({f"{EID}fullName": "x" * 201}, REFUSED),
    ],
    ids=str,
)
def test_with_claims_that_are_not_enough(
    client: Client, provider: StandIn, caplog: pytest.LogCaptureFixture, claims: dict[str, Any], words: str
) -> None:
    provider.userinfo = claims
    answer = come_back(client, provider)
    assert_failed(client, answer, 400 if words == REFUSED else 403, words)
    assert "so nobody was signed in" in caplog.text
    assert "6815859002" not in caplog.text
    assert "Mette" not in caplog.text


def test_the_page_is_in_the_language_that_was_chosen(client: Client, provider: StandIn) -> None:
    provider.userinfo = {LOA: "Low"}
    client.get("/log-ind/?sprog=en")
    assert "You must sign in another way" in come_back(client, provider).content.decode()


def test_an_id_token_with_a_number_is_not_kept_for_signing_out(
    client: Client, provider: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """Some brokers put all claims into the ID token; as a hint it would carry the number into an address."""
    provider.token = METTE
    provider.userinfo = dict.fromkeys(METTE)
    with caplog.at_level(logging.DEBUG):
        assert come_back(client, provider).status_code == 302
        assert client.session["provider"]["hint"] == ""
        out = client.post("/log-af/")["Location"]
    assert out.startswith(f"{provider.url}/logout?client_id=")
    assert "id_token_hint" not in out
    assert "6815859002" not in caplog.text


@pytest.mark.parametrize("sub", ["PID:6815859002", "681585-9002", "6 8 1 5 8 5 9 0 0 2", "68.15.85.9002"])
def test_a_number_inside_another_claim_of_the_id_token_is_found_too(
    client: Client, provider: StandIn, sub: str
) -> None:
    provider.token = provider.userinfo = {"sub": sub}
    assert come_back(client, provider).status_code == 302
    assert client.session["provider"]["hint"] == ""


def test_signing_out_works_when_the_provider_is_down(client: Client, provider: StandIn, settings: Settings) -> None:
    come_back(client, provider)
    # What is known of the provider is kept for an hour: another process would have to ask, and so does another secret.
    settings.CONFIG = settings.CONFIG.model_copy(update={"oidc_client_secret": SecretStr("another")})
    provider.instead[DISCOVERY] = (500, b"")
    answer = client.post("/log-af/")
    assert answer["Location"] == "/log-ind/logget-af/?kun=her"
    assert "Vi kunne ikke logge dig af hos den tjeneste" in client.get(answer["Location"]).content.decode()
    assert client.get("/").status_code == 302


def test_signing_out_leads_to_no_other_origin_than_the_providers(client: Client, provider: StandIn) -> None:
    provider.described = {"end_session_endpoint": "http://another.example/logout"}
    come_back(client, provider)
    assert client.post("/log-af/")["Location"] == "/log-ind/logget-af/?kun=her"


def at_work(*groups: str) -> dict[str, Any]:
    """The claims of an employee in Randers."""
    return {
        f"{EID}professional/cvr": RANDERS,
        f"{EID}professional/uuid/persistent": "urn:uuid:" + "0" * 32,
        f"{EID}privilegesIntermediate": listing(*groups),
    }


def test_with_a_role_whose_limit_cannot_be_kept_one_is_told_whom_to_ask(client: Client, provider: StandIn) -> None:
    provider.userinfo = at_work(group(ADMINISTRATOR, itsystem="KSD"))
    answer = come_back(client, provider)
    assert_failed(client, answer, 403, "Din rolle er for begrænset til at bruges her")
    assert "Spørg den, der giver roller hos jer" in answer.content.decode()
    assert not StaffUser.objects.exists()


def test_an_authority_that_is_left_out_is_told_of_on_the_first_page(
    client: Client, provider: StandIn, settings: Settings
) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"oidc_delegations": {LOLLAND: RANDERS}})
    provider.userinfo = at_work(group(ADMINISTRATOR, KLE="15.*"), group(ADMINISTRATOR, cvr=LOLLAND, itsystem="KSD"))
    assert come_back(client, provider)["Location"] == "/kommune/"
    page = client.get("/kommune/").content.decode()
    assert "Din rolle i Lolland Kommune er begrænset på en måde, vi ikke kan holde styr på her." in page
    assert "Din rolle i Randers Kommune gælder KLE 15." in page
    assert client.get("/kommune/?kommune=0360").status_code == 404


def test_a_provider_that_hangs_keeps_the_first_one_waiting_and_nobody_else(
    provider: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever waits holds a worker: a few who press the button must not take the pages from those signed in."""
    provider.drip.add(DISCOVERY)
    now = [1000.0]
    asking = Provider(provider.url, client_id=CLIENT, client_secret=SECRET, timeout=0.5, clock=lambda: now[0])
    began = time.monotonic()
    for _ in range(5):
        with pytest.raises(SignInError, match="so nobody can sign in"):
            asking.description()
    assert time.monotonic() - began < 2 * 0.5
    assert provider.asked == [DISCOVERY]
    provider.drip.clear()
    now[0] += REST_SECONDS
    assert asking.description().issuer == provider.url
    assert caplog.text == ""
