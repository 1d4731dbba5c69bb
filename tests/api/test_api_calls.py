"""The calls by what they hold: the same for a system and the citizen, by pages, in two languages, told in the log."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import Application
from pytest_django import Settings

from borgerblik import areas
from borgerblik.grants import ByNumber, Reader
from borgerblik.models import AccessEntry, AreaSetting, AuthoritySettings
from borgerblik.overview.material import Person
from borgerblik.reach import Reach
from borgerblik.service import OutOfReachError
from borgerblik.wanted import wanted
from indexes.identity import citizen_id_for
from indexes.models import SourceState
from indexes.records import Source
from indexes.store import save
from portal.api import reading
from portal.api.reading import Asked
from portal.models import SCOPES
from tests.api.conftest import Answer, given_token, registered
from tests.api.test_api_my_summary import signed_in
from tests.indexes.makers import METTE, NOW, RANDERS, UDK, case, days_ago, grant, parsed, payment, uuid

pytestmark = pytest.mark.django_db

NOBODYS = "7219520009"
WITHOUT_DATA = "7219520017"
CALLS = ["citizen-summaries", "citizen-cases", "citizen-payments", "citizen-plans", "citizen-access-logs"]
MINE = ["me/summary", "me/cases", "me/payments", "me/plan", "me/access-log"]
Post = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _opened() -> None:
    for code in ("0730", "UDK"):
        AuthoritySettings.objects.create(code=code, since=dt.date(2020, 1, 1), etaper=[1, 2, 3])
        for area in areas.load().all:
            AreaSetting.objects.create(authority_id=code, area=area.key, shown=True)
    for source in Source:
        for cvr in (RANDERS, UDK):
            SourceState.objects.create(source=source, authority_cvr=cvr, last_attempt=NOW, last_success=NOW)


@pytest.fixture
def seven_cases() -> None:
    made = [case(f"case {number}", kle="32.30.04", opened=days_ago(number).date()) for number in range(7)]
    save(parsed(*made), wanted=wanted(), now=NOW)


@pytest.fixture
def post(client: Client, consumer: Application) -> Post:
    token = given_token(consumer)

    def call(
        name: str, cpr: str = METTE, *, by: str = token, headers: dict[str, str] | None = None, **more: Any
    ) -> Answer:
        told = {"Authorization": f"Bearer {by}", **(headers or {})}
        body = {"cpr": cpr, "municipality": "0730", **more}
        return client.post(f"/api/v1/{name}", body, content_type="application/json", headers=told)

    return call


def pages(first: Answer, following: Callable[[str], Answer]) -> Iterator[Any]:
    page = first.json()
    yield page
    while page["next"]:
        page = following(page["next"]).json()
        yield page


@pytest.mark.usefixtures("seven_cases")
def test_a_system_turns_pages_by_the_cursor_in_the_body(post: Post) -> None:
    asked = {"limit": 3}
    first = post("citizen-cases", **asked)
    assert "Link" not in first
    found = list(pages(first, lambda cursor: post("citizen-cases", cursor=cursor, **asked)))
    assert [len(page["items"]) for page in found] == [3, 3, 1]
    uuids = [item["uuid"] for page in found for item in page["items"]]
    assert len(set(uuids)) == 7
    assert METTE not in first.content.decode()


@pytest.mark.usefixtures("seven_cases")
def test_a_citizen_turns_pages_by_the_link(client: Client) -> None:
    signed_in(client, METTE)
    address, seen = "/api/v1/me/cases?limit=4", []
    while address:
        answer = client.get(address)
        seen += [item["uuid"] for item in answer.json()["items"]]
        link = answer.headers.get("Link", "")
        assert link == "" or link.endswith('>; rel="next"')
        address = link.removeprefix("<").partition(">")[0]
    assert len(seen) == len(set(seen)) == 7


def test_a_summary_lists_the_newest_and_counts_all(post: Post) -> None:
    held = [case(f"case {number}", registered=days_ago(number)) for number in range(1, 21)]
    money = [payment(f"payment {number}", available=days_ago(7 * number).date()) for number in range(1, 11)]
    save(parsed(*held, grant(), *money), wanted=wanted(), now=NOW)
    said = post("citizen-summaries").json()
    first = post("citizen-cases", limit=12).json()
    assert [each["uuid"] for each in said["cases"]["open"]] == [each["uuid"] for each in first["items"]]
    assert (said["cases"]["open_total"], said["cases"]["closed_total"]) == (20, 0)
    newest = post("citizen-payments", limit=6).json()
    assert [each["uuid"] for each in said["money"]["payments"]] == [each["uuid"] for each in newest["items"]]
    assert (said["money"]["payments_total"], said["money"]["coming_total"]) == (10, 0)
    assert said["money"]["grants_total"] == len(said["money"]["grants"]) == 1


def test_a_summary_lists_no_grant_that_has_ended_but_counts_it(post: Post) -> None:
    ended = grant("ended", start=dt.date(2026, 6, 2), end=days_ago(30).date())
    save(parsed(grant(), ended), wanted=wanted(), now=NOW)
    money = post("citizen-summaries").json()["money"]
    assert ([each["uuid"] for each in money["grants"]], money["grants_total"]) == ([str(uuid("grant"))], 2)
    assert len(post("citizen-payments").json()["grants"]) == 2


@pytest.mark.usefixtures("seven_cases")
def test_what_comes_in_between_moves_no_page(post: Post) -> None:
    first = post("citizen-cases", limit=3).json()
    save(parsed(case("a new one", registered=NOW)), wanted=wanted(), now=NOW)
    second = post("citizen-cases", limit=100, cursor=first["next"]).json()
    assert len(second["items"]) == 4
    assert not {item["uuid"] for item in first["items"]} & {item["uuid"] for item in second["items"]}


@pytest.mark.usefixtures("seven_cases")
@pytest.mark.parametrize("cursor", ["", "guessed", "guessed:0:signature", "∞"])
def test_a_cursor_of_ones_own_making_is_refused(client: Client, post: Post, cursor: str) -> None:
    signed_in(client, METTE)
    found = client.get("/api/v1/me/cases", {"cursor": cursor})
    assert (found.status_code, found.json()["errors"][0]["parameter"]) == (400, "cursor")
    if cursor:
        told = post("citizen-cases", cursor=cursor).json()
        assert (told["status"], told["errors"][0]["pointer"]) == (400, "/cursor")


@pytest.mark.usefixtures("seven_cases")
def test_a_cursor_counts_for_its_own_list_alone(post: Post) -> None:
    cursor = post("citizen-cases", limit=1).json()["next"]
    assert post("citizen-payments", cursor=cursor).status_code == 400


@pytest.mark.usefixtures("seven_cases")
@pytest.mark.parametrize(("call", "mine"), list(zip(CALLS[:4], MINE[:4], strict=True)))
def test_a_system_is_told_what_the_citizen_is_told(client: Client, post: Post, call: str, mine: str) -> None:
    theirs = post(call).json()
    own = signed_in(client, METTE).get(f"/api/v1/{mine}").json()
    for told in (theirs, own):
        told["meta"].pop("generated")
        told.pop("citizen", None)  # a system is not told the name: it knows whom it asks about
    assert theirs == own


@pytest.mark.usefixtures("seven_cases")
@pytest.mark.parametrize("mine", MINE[:4])
def test_an_answer_that_still_holds_is_not_sent_again(client: Client, mine: str) -> None:
    signed_in(client, METTE)
    first = client.get(f"/api/v1/{mine}")
    again = client.get(f"/api/v1/{mine}", headers={"If-None-Match": f'"another", {first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "no-store" in again["Cache-Control"]
    save(parsed(case("new", registered=NOW)), wanted=wanted(), now=NOW)
    changed = client.get(f"/api/v1/{mine}", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == (304 if mine in {"me/payments", "me/plan"} else 200)


@pytest.mark.usefixtures("seven_cases")
def test_a_system_that_holds_the_answer_is_told_so_by_a_problem(post: Post) -> None:
    first = post("citizen-cases")
    again = post("citizen-cases", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["ETag"]) == (412, first["ETag"])
    assert again.json()["type"].endswith("#problem-unchanged")
    assert AccessEntry.objects.filter(what="cases").count() == 2, "asking whether it holds is reading, too"


@pytest.mark.parametrize(
    ("wished", "got"),
    [
        ("en", "en"),
        ("en-GB,en;q=0.9,da;q=0.1", "en"),
        ("sv,da;q=0.5,en;q=0.4", "da"),
        ("sv", "da"),
        ("de-AT,en;q=0.5", "de"),
        ("ar", "ar"),
        ("da-simple", "da-simple"),
        ("", "da"),
        ("en;q=0", "da"),
    ],
)
def test_the_language_is_the_one_wished_for(client: Client, post: Post, wished: str, got: str) -> None:
    told = {"Accept-Language": wished}
    answer = post("citizen-plans", headers=told)
    assert (answer["Content-Language"], answer.json()["meta"]["language"]) == (got, got)
    assert "Accept-Language" in answer["Vary"]
    assert post("citizen-plans", headers=told, language="en")["Content-Language"] == "en"
    assert signed_in(client, METTE).get("/api/v1/me/plan", headers=told)["Content-Language"] == got
    assert client.get("/api/v1/areas", headers=told)["Content-Language"] == got


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_opens_its_own_call_alone(post: Post, scope: str) -> None:
    narrow = given_token(registered(id="narrow", scopes=(scope,)))
    opened = [name for name in CALLS if post(name, by=narrow).status_code == 200]
    assert opened == [CALLS[list(SCOPES).index(scope)]]


def test_each_call_stands_in_the_log_with_its_purpose(client: Client, post: Post) -> None:
    citizen_id_for(METTE)
    for name in CALLS:
        post(name)
    signed_in(client, METTE)
    log = client.get("/api/v1/me/access-log", headers={"Accept-Language": "en"}).json()["items"]
    assert [entry["what"] for entry in log] == [
        "This list",
        "This list",
        "Your plan",
        "Your payments",
        "Your cases",
        "Your overview",
    ]
    assert {(entry["who"], entry["why"]) for entry in log[1:]} == {
        ("Prøvestyrelsen", "You asked us to show your overview."),
    }


def test_a_citizen_turns_the_pages_of_the_log(client: Client, post: Post) -> None:
    citizen_id_for(METTE)
    for _ in range(5):
        post("citizen-plans")
    signed_in(client, METTE)
    first = client.get("/api/v1/me/access-log?limit=4")
    second = client.get(f"/api/v1/me/access-log?limit=4&cursor={first.json()['next']}")
    numbers = [item["number"] for item in (*first.json()["items"], *second.json()["items"])]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 6, "five readings, and the first reading of the log"


def test_what_is_shown_where_is_for_everybody(client: Client) -> None:
    AreaSetting.objects.filter(authority_id="0730", area="social").update(shown=False)
    asked_for = "/api/v1/areas?authority=0730&limit=100"
    first = client.get(asked_for)
    states = {item["area"]: item["state"] for item in first.json()["items"]}
    assert states["social"] == "off"
    assert states["beskaeftigelse"] == "shown"
    assert "analysis" in states.values()
    assert "public" in first["Cache-Control"]
    known = client.get(asked_for, headers={"If-None-Match": first["ETag"]})
    assert known.status_code == 304
    found = list(
        pages(client.get("/api/v1/areas?limit=100"), lambda at: client.get(f"/api/v1/areas?limit=100&cursor={at}"))
    )
    codes = [item["authority"] for page in found for item in page["items"]]
    assert (codes, len(set(codes))) == (sorted(codes), 99)


def test_the_tracker_tells_who_has_used_the_data(client: Client, post: Post) -> None:
    citizen_id_for(METTE)
    before = dt.datetime.now(dt.UTC)
    for name in CALLS[1:3]:
        post(name)
    signed_in(client, METTE)
    found = client.get("/api/v1/findUsage", headers={"Accept-Language": "en"}).json()
    assert found["totalUsages"] == 2
    newest = found["usages"][0]
    assert newest.keys() == {"logtime", "action", "receiverCode", "receiverName", "receiverSystem"}
    assert newest["action"] == "Your payments: you asked us to show your overview."
    assert (newest["receiverCode"], newest["receiverName"]) == ("12345678", "Prøvestyrelsen")
    assert newest["receiverSystem"] == "Prøvesystemet"
    one = client.get("/api/v1/findUsage", {"limit": 1, "offset": 1}).json()
    assert (one["totalUsages"], len(one["usages"])) == (2, 1)
    assert client.get("/api/v1/findUsage", {"periodEnd": before.isoformat()}).json()["totalUsages"] == 0
    assert client.get("/api/v1/findUsage", {"periodStart": before.isoformat()}).json()["totalUsages"] == 2
    assert client.get("/api/v1/usagePeriod").json()["periodStart"] >= before.isoformat()[:19]
    assert client.get("/api/v1/heartbeat").json()["status"] == "OK"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("userCode", METTE),
        ("periodStart", "yesterday"),
        ("periodStart", "2026-01-31T10:20:31"),
        ("periodEnd", "2026-13-31T10:20:30Z"),
        ("offset", "-1"),
        ("limit", "1001"),
        ("limit", "٣"),
    ],
)
def test_a_tracker_that_asks_wrongly_is_told(client: Client, name: str, value: str) -> None:
    answer = signed_in(client, METTE).get("/api/v1/findUsage", {name: value})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, name)
    assert value not in answer.content.decode()


def test_the_period_is_open_when_nothing_was_ever_read(client: Client) -> None:
    assert client.get("/api/v1/usagePeriod").json() == {}


def asked(statements: CaptureQueriesContext) -> list[str]:
    """The shape of each statement: without the values, which stand between quotes or are numbers."""
    return [re.sub(r"'[^']*'|\\x[0-9a-f]+|\d+", "?", query["sql"]) for query in statements]


@pytest.mark.parametrize("name", CALLS)
def test_somebody_who_does_not_exist_is_answered_like_somebody_without_data(post: Post, name: str) -> None:
    """The same bytes but for the time, by the same statements: so it takes the same time, too."""
    citizen_id_for(WITHOUT_DATA)
    post(name, NOBODYS)  # what a process reads once is read
    told = []
    for cpr in (NOBODYS, WITHOUT_DATA, NOBODYS, WITHOUT_DATA):
        with CaptureQueriesContext(connection) as statements:
            answer = post(name, cpr)
        body = answer.json()
        body.get("meta", {}).pop("generated", None)
        headers = {key: value for key, value in answer.headers.items() if key != "RateLimit"}
        told.append((answer.status_code, body, headers, asked(statements)))
    assert told[0] == told[1] == told[2] == told[3]
    assert told[0][0] == 200


def test_a_consumer_calls_no_more_often_than_it_may(post: Post, settings: Settings) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"api_calls_per_minute": 3, "redis_url": ""})
    other = given_token(registered(id="another"))
    eager = given_token(registered(id="eager"))
    answers = [post("citizen-plans", by=eager) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"consumer";q=3;w=60'
    assert answers[0]["RateLimit"].startswith('"consumer";r=2;t=')
    assert answers[3]["RateLimit"].startswith('"consumer";r=0;t=')
    assert 0 < int(answers[3]["Retry-After"]) <= 60
    assert post("citizen-plans", by=other).status_code == 200, "a limit is each consumer's own"
    assert "no-store" in answers[3]["Cache-Control"]


def test_a_store_that_is_down_closes_nothing_and_opens_nothing(post: Post, settings: Settings) -> None:
    nowhere = {"api_calls_per_minute": 2, "redis_url": "redis://127.0.0.1:1/0"}
    settings.CONFIG = settings.CONFIG.model_copy(update=nowhere)
    token = given_token(registered(id="patient"))
    assert [post("citizen-plans", by=token).status_code for _ in range(3)] == [200, 200, 429]


def test_citizens_behind_one_address_do_not_use_up_each_others_calls(settings: Settings) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"api_calls_per_minute": 1, "redis_url": ""})
    one, other = signed_in(Client(), METTE), signed_in(Client(), WITHOUT_DATA)
    assert [someone.get("/api/v1/me/plan").status_code for someone in (one, one, other)] == [200, 429, 200]
    assert one.get("/api/v1/me/plan")["RateLimit-Policy"] == '"citizen";q=1;w=60'


def test_an_authority_that_does_not_exist_is_told(client: Client) -> None:
    answer = client.get("/api/v1/areas", {"authority": "9999"})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "authority")


def test_the_log_is_for_whoever_reaches_all() -> None:
    """The database registers no other for it; the reading asks again."""
    leave = ByNumber(cpr=METTE, reader=Reader(actor="narrow", organisation="X", system="rest", purpose="Y"))
    whom = Person(name="", given_name="", birth_date=None, municipality="0730")
    narrow = Asked(leave=leave, person=whom, language="da", reach=Reach(areas=frozenset({"social"})))
    with pytest.raises(OutOfReachError):
        reading.access_log(narrow, most=1, before=None)
    assert not AccessEntry.objects.exists()
