"""When a session is over: by the server's clock, which is a parameter here."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from portal.login import clock, identity
from portal.login.clock import Left
from portal.login.limits import is_over, left_of, session_limits
from portal.models import StaffUser
from tests.pages.sessions import a_citizen, sign_in_as

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def session(*, begun: timedelta = timedelta(), seen: timedelta = timedelta()) -> dict[str, Any]:
    """A session of noon that began, and was used, so long before."""
    return {"begun": int((NOON - begun).timestamp()), "seen": int((NOON - seen).timestamp())}


@pytest.mark.parametrize(
    ("held", "left"),
    [
        (session(), Left(seconds=900, last=False)),
        (session(begun=14 * MINUTE, seen=14 * MINUTE), Left(seconds=60, last=False)),
        (session(begun=15 * MINUTE - SECOND, seen=15 * MINUTE - SECOND), Left(seconds=1, last=False)),
        (session(begun=15 * MINUTE, seen=15 * MINUTE), None),
        (session(begun=HOUR, seen=2 * HOUR), None),
        (session(begun=8 * HOUR - 20 * MINUTE), Left(seconds=900, last=False)),
        (session(begun=8 * HOUR - 10 * MINUTE), Left(seconds=600, last=True)),
        (session(begun=8 * HOUR - 10 * MINUTE, seen=14 * MINUTE), Left(seconds=60, last=False)),
        (session(begun=8 * HOUR), None),
        (session(begun=8 * HOUR - SECOND), Left(seconds=1, last=True)),
        (session(begun=8 * HOUR - 15 * MINUTE), Left(seconds=900, last=True)),
        (session(begun=8 * HOUR - 15 * MINUTE + SECOND), Left(seconds=899, last=True)),
        # A clock that was put back, or another machine's: a minute ahead is borne, more would make a session longer.
        (session(begun=-MINUTE, seen=-MINUTE), Left(seconds=960, last=False)),
        (session(seen=-MINUTE - SECOND), None),
        (session(begun=-MINUTE - SECOND), None),
        (session(begun=-HOUR, seen=-HOUR), None),
        ({"begun": True, "seen": True}, None),
        ({"begun": None, "seen": None}, None),
        ({"begun": float("inf"), "seen": float("inf")}, None),
        ({"begun": [0], "seen": {}}, None),
        ({"seen": int(NOON.timestamp())}, None),
        ({}, None),
        ({"begun": "noon", "seen": "noon"}, None),
        ({"begun": int(NOON.timestamp())}, None),
    ],
)
def test_what_is_left(held: dict[str, Any], left: Left | None) -> None:
    assert clock.left(held, NOON) == left


def test_use_is_written_down_once_a_minute_at_most() -> None:
    held = session(seen=59 * SECOND)
    clock.use(held, NOON)
    assert held == session(seen=59 * SECOND)
    clock.use(held, NOON + SECOND)
    assert held["seen"] == int((NOON + SECOND).timestamp())


def visitor(*, begun: timedelta = timedelta(), seen: timedelta = timedelta(), path: str = "/") -> HttpRequest:
    """The request of a citizen at noon, whose session began and was used so long before."""
    request = RequestFactory().get(path)
    request.session, request.user = SessionStore(), AnonymousUser()
    request.session.update({"citizen": METTE, **session(begun=begun, seen=seen)})
    return request


METTE = {
    "citizen_id": "7d9f0000-0000-4000-8000-000000000001",
    "name": "Mette",
    "given_name": "Mette",
    "birth_date": None,
    "municipality": "0730",
}


def pass_through(request: HttpRequest, now: Callable[[], datetime] = lambda: NOON) -> HttpRequest:
    session_limits(lambda _: HttpResponse(), now)(request)
    return request


@pytest.mark.django_db
@pytest.mark.parametrize("over", [{"seen": 15 * MINUTE}, {"begun": 8 * HOUR}, {"begun": 8 * HOUR, "seen": HOUR}])
def test_a_session_that_is_over_is_ended_before_any_view_is_asked(over: dict[str, timedelta]) -> None:
    request = pass_through(visitor(**over))  # type: ignore[arg-type]  # times alone, and no path
    assert identity.name_of(request) is None
    assert is_over(request)
    assert not request.session.keys()


@pytest.mark.django_db
def test_use_makes_it_longer_but_never_longer_than_eight_hours() -> None:
    request = visitor()
    for minutes in range(0, 8 * 60, 14):
        pass_through(request, lambda later=NOON + minutes * MINUTE: later)  # type: ignore[misc]  # bound at once
        assert identity.name_of(request) == "Mette", minutes
    pass_through(request, lambda: NOON + 8 * HOUR)
    assert identity.name_of(request) is None


@pytest.mark.django_db
def test_asking_how_long_is_left_makes_it_no_longer() -> None:
    request = pass_through(visitor(seen=14 * MINUTE, path="/log-ind/tid/"))
    assert left_of(request) == Left(seconds=60, last=False)
    assert left_of(pass_through(visitor(seen=14 * MINUTE))) == Left(seconds=900, last=False)


@pytest.mark.django_db
def test_of_nobody_nothing_is_kept() -> None:
    request = RequestFactory().get("/")
    request.session, request.user = SessionStore(), AnonymousUser()
    pass_through(request)
    assert not request.session.modified
    assert left_of(request) is None


@pytest.fixture
def mette(client: Client, db: None) -> Client:  # noqa: ARG001 - she lies in the database
    sign_in_as(client, a_citizen("6815859002"))
    return client


def put_back(client: Client, name: str, by: timedelta) -> None:
    """As if so much time had gone by."""
    held = client.session
    held[name] -= int(by.total_seconds())
    held.save()


@pytest.mark.parametrize(("name", "by"), [("seen", 15 * MINUTE), ("begun", 8 * HOUR)])
def test_who_comes_too_late_is_told_why_and_where_to_go_on(mette: Client, name: str, by: timedelta) -> None:
    put_back(mette, name, by)
    answer = mette.get("/plan/")
    assert answer["Location"] == "/log-ind/?next=%2Fplan%2F&hvorfor=tid"
    assert "Vi har logget dig af for at passe på dig." in mette.get(answer["Location"]).content.decode()
    assert mette.get("/plan/")["Location"] == "/log-ind/?next=%2Fplan%2F", "it is said once"


def test_the_api_knows_nobody_whose_time_is_over(mette: Client) -> None:
    put_back(mette, "seen", 15 * MINUTE)
    assert mette.get("/api/v1/me/summary").status_code == 401


def test_what_is_left_is_told_to_the_script(mette: Client) -> None:
    put_back(mette, "seen", 13 * MINUTE)
    told = json.loads(mette.get("/log-ind/tid/").content)
    assert 0 < told["seconds"] <= 120
    assert told["last"] is False
    stay = mette.post("/log-ind/bliv/", headers={"accept": "application/json"})
    assert json.loads(stay.content)["seconds"] > 120
    put_back(mette, "seen", 15 * MINUTE)
    assert json.loads(mette.get("/log-ind/tid/").content) == {"seconds": 0, "last": True}
    assert "no-store" in stay["Cache-Control"]


@pytest.mark.parametrize(
    ("wanted", "where"), [("/plan/", "/plan/"), ("//evil.example/", "/"), ("https://evil.example/", "/"), ("", "/")]
)
def test_without_a_script_one_stays_by_a_button_and_comes_back(mette: Client, wanted: str, where: str) -> None:
    put_back(mette, "seen", 14 * MINUTE)
    assert mette.post("/log-ind/bliv/", {"next": wanted})["Location"] == where
    assert json.loads(mette.get("/log-ind/tid/").content)["seconds"] > 120


def test_the_button_is_on_every_page_of_somebody_signed_in_and_on_no_other(mette: Client, client: Client) -> None:
    assert "Vi logger dig af efter 15 minutter uden brug." in mette.get("/").content.decode()
    mette.post("/log-af/")
    assert "Vi logger dig af efter" not in client.get("/om-dine-data/").content.decode()


@pytest.mark.django_db
def test_the_time_of_an_employee_counts_too(client: Client) -> None:
    client.force_login(StaffUser.objects.create(key="karen", name="Karen", role="administrator"))
    put_back(client, "seen", 15 * MINUTE)
    assert client.get("/kommune/")["Location"] == "/log-ind/?next=%2Fkommune%2F&hvorfor=tid"
