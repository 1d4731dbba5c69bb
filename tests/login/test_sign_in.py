"""Signing in and out through the real provider: who one becomes, what the session holds, where one lands."""

import base64
import json
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import redis
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from indexes.identity import find_citizen
from portal.celery import app as celery_app
from portal.models import StaffUser
from tests.login.walking import SITE, choose, sign_in
from tests.ops.demo_provider import DemoProvider
from tests.ops.mock_indexes import MockIndexes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


@pytest.fixture(autouse=True)
def provider(settings: Settings, identity_provider: DemoProvider) -> DemoProvider:
    settings.CONFIG = identity_provider.config()
    return identity_provider


@pytest.fixture(scope="module")
def people(mock_indexes: MockIndexes) -> dict[str, dict[str, Any]]:
    listed = httpx.get(mock_indexes.people_url, timeout=20).json()
    return {person["key"]: person for person in [*listed["citizens"], *listed["staff"]]}


@pytest.fixture
def mette(client: Client) -> Client:
    sign_in(client, "mette")
    return client


def test_the_sign_in_page_leads_to_the_provider_with_all_that_belongs_to_it(
    client: Client, provider: DemoProvider
) -> None:
    link = re.findall(r'href="(/log-ind/start/[^"]*)"', client.get("/log-ind/?next=/plan/").content.decode())
    assert link == ["/log-ind/start/?next=%2Fplan%2F"]
    address = urlsplit(client.get(link[0])["Location"])
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.url}/authorize"
    assert query["response_type"] == "code"
    assert query["redirect_uri"] == f"{SITE}/log-ind/svar/"
    assert query["code_challenge_method"] == "S256"
    assert query["prompt"] == "login"
    assert query["ui_locales"] == "da"
    assert all(len(query[name]) >= 43 for name in ("state", "nonce", "code_challenge"))


def test_a_citizen_goes_to_their_overview(client: Client, people: dict[str, dict[str, Any]]) -> None:
    answer = sign_in(client, "mette")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    held = client.session["citizen"]
    assert held["citizen_id"] == str(find_citizen(people["mette"]["cpr"]))
    assert (held["name"], held["given_name"], held["municipality"]) == ("Mette Lund", "Mette", "0730")
    assert held["birth_date"] == people["mette"]["birth_date"]


def test_neither_session_nor_addresses_nor_log_hold_a_number(
    client: Client, people: dict[str, dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        begun = client.get("/log-ind/start/")["Location"]
        back = choose(begun, "mette")
        client.get(back.removeprefix(SITE))
        held = str(dict(client.session.items()))
        out = client.post("/log-af/")["Location"]
    number = people["mette"]["cpr"]
    token = parse_qs(urlsplit(out).query)["id_token_hint"][0]
    said = httpx.get(f"{begun.partition('/authorize')[0]}/.well-known/jwks.json").json()
    assert said["keys"]
    for text in (begun, back, held, out, caplog.text, str(read_without_checking(token))):
        assert number not in text


def read_without_checking(token: str) -> dict[str, Any]:
    middle = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    return found


def test_signing_in_begins_a_new_session_and_leaves_nothing_of_the_old(client: Client) -> None:
    sign_in(client, "karen")
    before = client.session.session_key
    sign_in(client, "mette")
    assert client.session.session_key != before
    assert "_auth_user_id" not in client.session
    sign_in(client, "karen")
    assert "citizen" not in client.session


def test_a_session_that_somebody_has_planted_is_not_the_one_that_is_signed_in(client: Client) -> None:
    planted = Client()
    begun = planted.get("/log-ind/start/")
    client.cookies["borgerblik"] = planted.cookies["borgerblik"].value
    back = choose(begun["Location"], "mette")
    client.get(back.removeprefix(SITE))
    assert "citizen" in client.session
    assert planted.session.session_key != client.session.session_key
    assert planted.get("/").status_code == 302, "whoever planted it is still nobody"


def test_staff_go_to_the_console_as_the_provider_knows_them_today(client: Client) -> None:
    sign_in(client, "karen")
    StaffUser.objects.update(name="Karen Old", role="coordinator", municipalities=["0461"], privileges=[])
    answer = sign_in(client, "karen")
    assert (answer.status_code, answer["Location"]) == (302, "/kommune/")
    karen = StaffUser.objects.get()
    assert (karen.name, karen.role, karen.municipalities) == ("Karen Dahl", "administrator", ["0730", "0360"])
    assert [privilege["limits"]["kle"] for privilege in karen.privileges] == [["*"], ["*"]]


def test_an_employee_who_was_shut_out_here_stays_out_and_is_told_so(client: Client) -> None:
    sign_in(client, "karen")
    client.post("/log-af/")
    StaffUser.objects.update(is_active=False)
    answer = sign_in(client, "karen")
    assert answer.status_code == 403
    assert "Du har ikke adgang som ansat" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("key", "role", "municipalities"), [("ulla", "udk_administrator", []), ("henrik", "coordinator", ["0730"])]
)
def test_each_employee_gets_the_role_of_their_organisation(
    client: Client, key: str, role: str, municipalities: list[str]
) -> None:
    sign_in(client, key)
    assert StaffUser.objects.values_list("role", "municipalities").get() == (role, municipalities)


def test_without_a_delegation_another_authoritys_privilege_counts_for_nothing(
    client: Client, settings: Settings, provider: DemoProvider
) -> None:
    settings.CONFIG = provider.config().model_copy(update={"oidc_delegations": {}})
    sign_in(client, "karen")
    assert StaffUser.objects.get().municipalities == ["0730"]


@pytest.mark.parametrize(
    ("who", "wanted", "where"),
    [
        ("mette", "/plan/", "/plan/"),
        ("mette", "/sager/?q=stol", "/sager/?q=stol"),
        ("mette", "https://example.org/", "/"),
        ("mette", "//example.org/", "/"),
        ("mette", "/\\example.org", "/"),
        ("mette", "/kommune/", "/"),
        ("mette", "plan", "/"),
        ("karen", "/plan/", "/kommune/"),
        ("karen", "/kommune/aendringer/", "/kommune/aendringer/"),
    ],
)
def test_one_lands_where_one_was_going_if_that_is_ours(client: Client, who: str, wanted: str, where: str) -> None:
    assert sign_in(client, who, wanted=wanted)["Location"] == where


def test_the_sign_in_page_remembers_where_one_was_going(client: Client) -> None:
    sent = client.get("/sager/?q=stol")["Location"]
    assert sent == "/log-ind/?next=%2Fsager%2F%3Fq%3Dstol"
    assert 'href="/log-ind/start/?next=%2Fsager%2F%3Fq%3Dstol"' in client.get(sent).content.decode()


@pytest.mark.parametrize(
    ("who", "door", "words"),
    [
        ("mette", "/kommune/", "Du er logget på som Mette Lund. Den side er for ansatte."),
        ("karen", "/", "Du er logget på som Karen Dahl. Den side er for borgere."),
        ("karen", "/plan/", "Du er logget på som Karen Dahl. Den side er for borgere."),
    ],
)
def test_who_is_at_the_wrong_door_is_told_so(client: Client, who: str, door: str, words: str) -> None:
    sign_in(client, who)
    assert words in client.get(door, follow=True).content.decode()
    assert "Den side er for" not in client.get("/log-ind/").content.decode()


@contextmanager
def broker_at(address: str) -> Iterator[None]:
    """Celery's broker somewhere else while the block runs."""
    usual = celery_app.conf.broker_url
    celery_app.conf.update(broker_url=address)
    try:
        yield
    finally:
        celery_app.conf.update(broker_url=usual)


def test_a_broker_that_is_down_keeps_nobody_out(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    back = choose(client.get("/log-ind/start/")["Location"], "mette")
    begun = time.monotonic()
    with broker_at("redis+socket:///nowhere/at/all"), caplog.at_level(logging.WARNING):
        answer = client.get(back.removeprefix(SITE))
    assert answer.status_code == 302
    assert time.monotonic() - begun < 3  # seconds; trying again would take six
    citizen = client.session["citizen"]["citizen_id"]
    assert f"the data of citizen {citizen} stay as old as they are. See REDIS_URL." in caplog.text


def test_signing_in_asks_for_fresh_data(client: Client, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url.replace("redis+socket://", "unix://")) as broker:
        broker.delete(settings.CITIZENS)  # what others in this run have asked for
        sign_in(client, "mette")
        queued = broker.lrange(settings.CITIZENS, 0, -1)
        broker.delete(settings.CITIZENS)
    assert len(queued) == 1
    assert b"borgerblik.tasks.refresh_citizen" in queued[0]


def test_signing_out_ends_the_session_here_and_at_the_provider(mette: Client, provider: DemoProvider) -> None:
    answer = mette.post("/log-af/")
    assert mette.get("/").status_code == 302
    address = urlsplit(answer["Location"])
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.url}/logout"
    assert query["post_logout_redirect_uri"] == f"{SITE}/log-ind/logget-af/"
    assert httpx.get(answer["Location"]).headers["location"] == f"{SITE}/log-ind/logget-af/"
    assert "Du er logget af" in mette.get("/log-ind/logget-af/").content.decode()


def test_a_page_from_before_signing_out_signs_nobody_in_again(mette: Client) -> None:
    cookie = mette.cookies["borgerblik"].value
    mette.post("/log-af/")
    mette.cookies["borgerblik"] = cookie
    assert mette.get("/").status_code == 302


def test_a_link_cannot_sign_anybody_out(mette: Client) -> None:
    assert mette.get("/log-af/").status_code == 405
    assert "citizen" in mette.session


def test_a_form_of_another_site_signs_nobody_out(mette: Client) -> None:
    elsewhere = Client(enforce_csrf_checks=True)
    elsewhere.cookies = mette.cookies
    assert elsewhere.post("/log-af/").status_code == 403
    assert "citizen" in mette.session


def test_whoever_is_not_signed_in_is_signed_out_here_alone(client: Client) -> None:
    assert client.post("/log-af/")["Location"] == "/log-ind/logget-af/"
