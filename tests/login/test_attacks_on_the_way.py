"""Attacks on the way there and back: another's answer, another host, another page, another session."""

import json
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from borgerblik.models import AccessGrant
from portal.models import StaffUser
from tests.login.attempts import ANSWER, BEGIN, assert_failed, assert_nobody, begin, come_back
from tests.login.stand_in import EID, StandIn
from tests.login.test_privileges import ADMINISTRATOR, LOLLAND, RANDERS, group, listing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

KAREN = "urn:uuid:7d9f0000-0000-4000-8000-000000000009"
COOKIE = django_settings.SESSION_COOKIE_NAME


def at_work(*groups: str) -> dict[str, Any]:
    """The claims of an employee of Randers."""
    work = {"professional/cvr": RANDERS, "professional/uuid/persistent": KAREN}
    return {**{f"{EID}{name}": value for name, value in work.items()}, f"{EID}privilegesIntermediate": listing(*groups)}


# --- where one lands -------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/\x00/evil.example",
    "/sager/\x7f",
    "／／evil.example",
    "http:evil.example",
    "http:///evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "//evil.example@testserver/",
    "//testserver@evil.example/",
    "//[::1",
    "/" + "a" * 5000,
    "/log-ind/start/",
    "/log-ind/start/?next=//evil.example",
    "/log-ind/svar/?code=x&state=y",
    "/log-af/",
]
OURS = ["/%2F/evil.example", "/%5Cevil.example", "/sager/?q=//evil.example", "/sager/?q=https://evil.example#top"]


def lands(location: str) -> tuple[str, str]:
    """Host and path as a browser reads an address: it drops tabs and line ends, and takes a backslash for a slash."""
    read = location.translate({9: None, 10: None, 13: None}).strip().replace("\\", "/")
    parts = urlsplit(
        f"http://testserver{read}" if read.startswith("/") and not read.startswith("//") else f"http:{read}"
    )
    return parts.netloc, parts.path


@pytest.mark.parametrize("wanted", ELSEWHERE, ids=ascii)
def test_a_link_does_not_lead_elsewhere_after_signing_in(client: Client, liar: StandIn, wanted: str) -> None:
    state = begin(client, liar, next=wanted)
    assert client.get(ANSWER, {"code": "a-code", "state": state})["Location"] == "/"


@pytest.mark.parametrize("wanted", OURS, ids=ascii)
def test_what_only_looks_like_elsewhere_stays_here(client: Client, liar: StandIn, wanted: str) -> None:
    state = begin(client, liar, next=wanted)
    assert lands(client.get(ANSWER, {"code": "a-code", "state": state})["Location"])[0] == "testserver"


@pytest.mark.parametrize("wanted", [*ELSEWHERE, *OURS], ids=ascii)
def test_staying_signed_in_does_not_lead_elsewhere(client: Client, liar: StandIn, wanted: str) -> None:
    come_back(client, liar)
    assert lands(client.post("/log-ind/bliv/", {"next": wanted})["Location"])[0] == "testserver"


@pytest.mark.parametrize("wanted", ELSEWHERE, ids=ascii)
def test_the_sign_in_page_leads_to_its_own_begin_alone(client: Client, wanted: str) -> None:
    page = client.get("/log-ind/", {"next": wanted}).content.decode()
    assert 'href="/log-ind/start/' in page
    assert 'href="//' not in page.replace("\\", "/")
    assert "javascript:alert" not in page.casefold().replace("%3a", ":").partition("<main")[2].replace(
        "next=javascript:", ""
    )


@pytest.mark.parametrize(
    "wanted", ["/sager/?q=" + "a" * 5000, "/sager/?q=681585-9002", "/sager/?q=6815859002"], ids=len
)
def test_what_was_wanted_is_not_kept_if_it_is_long_or_holds_a_number(
    client: Client, liar: StandIn, wanted: str
) -> None:
    """The session lies in the database: it must not grow by what anybody sends, nor hold a CPR number searched for."""
    begin(client, liar, next=wanted)
    kept = json.dumps(client.session["sign_in"])
    assert "/sager/" not in kept
    assert len(kept) < 500


# --- the host --------------------------------------------------------------------------------------------------------

HOSTS = [
    {"host": "evil.example"},
    {"host": "testserver.evil.example"},
    {"host": "evil.example:80"},
    {"host": "testserver:80@evil.example"},
    {"host": "testserver, evil.example"},
    {"host": "testserver/evil.example"},
    {"host": "testserver#.evil.example"},
    {"host": "testserver\\evil.example"},
    {"host": "evil.example."},
    {"host": ""},
    {"host": "[::1]"},
]
PASSED_OVER = [
    {"x-forwarded-host": "evil.example"},
    {"forwarded": "host=evil.example"},
    {"x-host": "evil.example"},
    {"x-original-host": "evil.example"},
    {"x-forwarded-server": "evil.example"},
    {"x-forwarded-port": "8443"},
    {"x-forwarded-proto": "https"},
    {"x-original-url": "https://evil.example/log-ind/start/"},
    {"x-rewrite-url": "/kommune/"},
]


@pytest.mark.parametrize("headers", HOSTS, ids=str)
@pytest.mark.parametrize("page", [BEGIN, "/log-ind/", "/log-ind/logget-af/"])
def test_by_another_name_nothing_begins(client: Client, liar: StandIn, headers: dict[str, str], page: str) -> None:
    answer = client.get(page, headers=headers)
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()
    assert liar.asked == []
    assert Session.objects.count() == 0


@pytest.mark.parametrize("headers", PASSED_OVER, ids=str)
def test_no_other_header_says_where_answers_go(client: Client, liar: StandIn, headers: dict[str, str]) -> None:  # noqa: ARG001
    asked = parse_qs(urlsplit(client.get(BEGIN, headers=headers)["Location"]).query)
    assert asked["redirect_uri"] == ["http://testserver/log-ind/svar/"]


@pytest.mark.parametrize("headers", HOSTS, ids=str)
def test_by_another_name_nobody_is_signed_out_and_sent_there(
    client: Client, liar: StandIn, headers: dict[str, str]
) -> None:
    come_back(client, liar)
    assert client.post("/log-af/", headers=headers).status_code == 400
    assert "citizen" in client.session


@pytest.mark.parametrize("headers", PASSED_OVER, ids=str)
def test_no_other_header_says_where_one_comes_after_signing_out(
    client: Client, liar: StandIn, headers: dict[str, str]
) -> None:
    come_back(client, liar)
    out = parse_qs(urlsplit(client.post("/log-af/", headers=headers)["Location"]).query)
    assert out["post_logout_redirect_uri"] == ["http://testserver/log-ind/logget-af/"]


# --- another's answer ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("carried", [{}, {"code": "a-code"}, {"error": "access_denied"}, {"id_token": "x"}], ids=str)
def test_an_answer_nobody_asked_for_signs_nobody_in(client: Client, liar: StandIn, carried: dict[str, str]) -> None:
    """A link in a mail: whoever follows it must not become the one who wrote it (login CSRF)."""
    assert_failed(client, client.get(ANSWER, carried))
    assert_failed(client, client.get(ANSWER, {**carried, "state": "guessed"}))
    assert liar.asked == []


def test_a_form_of_another_site_cannot_bring_an_answer(client: Client, liar: StandIn) -> None:
    state = begin(client, liar)
    assert client.post(ANSWER, {"code": "a-code", "state": state}).status_code == 405
    assert_nobody(client)


def test_the_state_of_another_browser_is_not_ours_though_both_have_begun(client: Client, liar: StandIn) -> None:
    attacker = Client()
    theirs = begin(attacker, liar)
    begin(client, liar)
    assert_failed(client, client.get(ANSWER, {"code": "of-the-attacker", "state": theirs}))


def test_a_state_that_was_answered_with_an_error_is_used_up(client: Client, liar: StandIn) -> None:
    state = begin(client, liar)
    client.get(ANSWER, {"error": "access_denied", "state": state})
    assert_failed(client, client.get(ANSWER, {"code": "a-code", "state": state}))
    assert "/token" not in liar.asked


def test_of_two_states_in_one_answer_one_counts_and_none_twice(client: Client, liar: StandIn) -> None:
    state = begin(client, liar)
    assert_failed(client, client.get(f"{ANSWER}?code=a-code&state={state}&state=guessed"))
    assert client.get(f"{ANSWER}?code=a-code&state=guessed&state={state}").status_code == 302


@pytest.mark.parametrize("issuer", ["https://evil.example", "{}/", "{}.evil.example", "", "null"])
def test_the_answer_of_another_provider_is_not_taken_to_ours(client: Client, liar: StandIn, issuer: str) -> None:
    """Mix-up (RFC 9207): with our code in hand, its token endpoint would learn it."""
    assert_failed(client, come_back(client, liar, iss=issuer.format(liar.url)))
    assert "/token" not in liar.asked


def test_of_two_answers_at_the_same_moment_one_signs_in(client: Client, liar: StandIn) -> None:
    """The second comes with the session as it was before the first: it is gone, and cannot be written again."""
    state = begin(client, liar)
    before = import_module(django_settings.SESSION_ENGINE).SessionStore(client.cookies[COOKIE].value)
    assert before["sign_in"]
    assert client.get(ANSWER, {"code": "a-code", "state": state}).status_code == 302
    before["citizen"] = "planted"
    with pytest.raises(UpdateError):
        before.save()


# --- another's session -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "planted", ["abcdefghijklmnopqrstuvwxyz012345", "x", "", "a" * 5000, "../../x", "1; drop table"]
)
def test_a_session_key_that_somebody_made_up_is_never_taken_on(client: Client, liar: StandIn, planted: str) -> None:
    client.cookies[COOKIE] = planted
    come_back(client, liar)
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_the_session_in_which_one_began_is_dead_afterwards(client: Client, liar: StandIn) -> None:
    """Fixation: whoever planted the cookie knows the key of before, and it opens nothing."""
    state = begin(client, liar)
    known = client.cookies[COOKIE].value
    client.get(ANSWER, {"code": "a-code", "state": state})
    attacker = Client()
    attacker.cookies[COOKIE] = known
    assert_nobody(attacker)
    assert client.cookies[COOKIE].value != known


def test_forms_from_before_somebody_else_signed_in_do_nothing(liar: StandIn) -> None:
    """The tab of the one before: its form carries a secret that is no longer good."""
    browser = Client(enforce_csrf_checks=True)
    come_back(browser, liar)
    old = browser.get("/om-dine-data/").context["csrf_token"]
    come_back(browser, liar)
    assert browser.post("/log-af/", {"csrfmiddlewaretoken": str(old)}).status_code == 403
    assert "citizen" in browser.session


def test_whoever_fails_to_become_somebody_else_stays_who_they_were(client: Client, liar: StandIn) -> None:
    come_back(client, liar)
    liar.token = {"nonce": "another"}
    assert come_back(client, liar).status_code == 400
    assert client.session["citizen"]["name"] == "Mette Lund"


def test_sessions_in_two_browsers_end_each_for_itself(client: Client, liar: StandIn) -> None:
    other = Client()
    come_back(client, liar)
    come_back(other, liar)
    client.post("/log-af/")
    assert_nobody(client)
    assert "citizen" in other.session


def test_a_request_that_was_under_way_does_not_bring_a_session_back(client: Client, liar: StandIn) -> None:
    come_back(client, liar)
    under_way = import_module(django_settings.SESSION_ENGINE).SessionStore(client.cookies[COOKIE].value)
    assert under_way["citizen"]
    client.post("/log-af/")
    with pytest.raises(UpdateError):
        under_way.save()


def test_what_an_organisation_takes_away_is_gone_in_every_browser_at_once(
    client: Client, liar: StandIn, settings: Settings
) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"oidc_delegations": {LOLLAND: RANDERS}})
    other = Client()
    liar.userinfo = at_work(group(ADMINISTRATOR), group(ADMINISTRATOR, cvr=LOLLAND))
    come_back(client, liar)
    assert client.get("/kommune/?kommune=0360").status_code == 200
    liar.userinfo = at_work(group(ADMINISTRATOR, KLE="15.*"))
    come_back(other, liar)
    assert client.post("/kommune/0730/siden/", {"since": ""})["Location"].startswith("/log-ind/")
    assert_nobody(client)
    assert other.get("/kommune/").status_code == 200
    assert other.get("/kommune/?kommune=0360").status_code == 404
    assert other.post("/kommune/0730/siden/", {"since": ""}).status_code == 404


@pytest.mark.parametrize("left", [(), (group(ADMINISTRATOR, itsystem="KSD"),), (group("http://x.example/1"),)], ids=len)
def test_a_role_that_was_taken_away_is_gone_in_every_browser_at_once(
    client: Client, liar: StandIn, left: tuple[str, ...]
) -> None:
    other = Client()
    liar.userinfo = at_work(group(ADMINISTRATOR))
    come_back(client, liar)
    liar.userinfo = at_work(*left)
    assert_failed(other, come_back(other, liar), 403, "rolle")
    assert StaffUser.objects.get().privileges == []
    assert client.post("/kommune/0730/etape/1/", {"on": "1"})["Location"].startswith("/log-ind/")
    assert_nobody(client)


def test_whoever_is_shut_out_is_out_in_every_browser_at_once(client: Client, liar: StandIn) -> None:
    liar.userinfo = at_work(group(ADMINISTRATOR))
    come_back(client, liar)
    StaffUser.objects.update(is_active=False)
    assert client.get("/kommune/")["Location"].startswith("/log-ind/")


@pytest.mark.parametrize(
    "leaves", ["signs out", "lets another citizen sign in", "lets an employee sign in", "stays too long"]
)
def test_what_a_session_opened_is_closed_when_it_ends(client: Client, liar: StandIn, leaves: str) -> None:
    come_back(client, liar)
    opened = bytes(AccessGrant.objects.get().token_hash)
    if leaves == "signs out":
        client.post("/log-af/")
    elif leaves == "stays too long":
        held = client.session
        held["seen"] -= 15 * 60
        held.save()
        client.get("/")
    else:
        liar.userinfo = at_work(group(ADMINISTRATOR)) if "employee" in leaves else {f"{EID}cprNumber": "6113859003"}
        assert come_back(client, liar).status_code == 302
    assert opened not in [bytes(one.token_hash) for one in AccessGrant.objects.all()]
