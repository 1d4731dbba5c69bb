"""Signing in and out: who one becomes, what the session holds, and what is said when it cannot be done."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from indexes.identity import find_citizen
from portal.celery import app as celery_app
from portal.models import StaffUser
from tests.pages.stub_people import KAREN, METTE, PEOPLE, people_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def use(settings: Settings, **changes: object) -> None:
    settings.CONFIG = django_settings.CONFIG.model_copy(update=changes)


@pytest.fixture
def people(settings: Settings) -> Iterator[None]:
    with people_server() as address:
        use(settings, demo=True, demo_people_url=address)
        yield


@pytest.fixture
def mette(client: Client, people: None) -> Client:  # noqa: ARG001 - she is on the list
    client.post("/log-ind/", {"citizen": "mette"})
    return client


@pytest.mark.usefixtures("people")
def test_people_are_listed_with_their_story_and_no_number(client: Client) -> None:
    html = client.get("/log-ind/").content.decode()
    for words in ("Mette Lund", "Er sygemeldt.", "Karen Dahl", "Bestemmer i Randers."):
        assert words in html
    assert str(METTE["cpr"]) not in html
    assert "Is on sick leave." in client.get("/log-ind/?sprog=en").content.decode()


@pytest.mark.usefixtures("people")
def test_a_citizen_goes_to_their_overview(client: Client) -> None:
    answer = client.post("/log-ind/", {"citizen": "mette"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert find_citizen(str(METTE["cpr"])) is not None


def test_the_session_knows_the_citizen_by_an_id_and_not_by_a_number(mette: Client) -> None:
    held = mette.session["citizen"]
    assert held["citizen_id"] == str(find_citizen(str(METTE["cpr"])))
    assert held["name"] == "Mette Lund"
    assert str(METTE["cpr"]) not in str(dict(mette.session.items()))


@pytest.mark.usefixtures("people")
def test_signing_in_begins_a_new_session_and_leaves_nothing_of_the_old(client: Client) -> None:
    client.post("/log-ind/", {"staff": "karen"})
    before = client.session.session_key
    client.post("/log-ind/", {"citizen": "mette"})
    assert client.session.session_key != before
    assert "_auth_user_id" not in client.session
    client.post("/log-ind/", {"staff": "karen"})
    assert "citizen" not in client.session


@pytest.mark.usefixtures("people")
def test_staff_go_to_the_console_as_the_provider_knows_them_today(client: Client) -> None:
    StaffUser.objects.create(key="karen", name="Karen Old", role="coordinator", municipalities=["0461"])
    answer = client.post("/log-ind/", {"staff": "karen"})
    assert (answer.status_code, answer["Location"]) == (302, "/kommune/")
    karen = StaffUser.objects.get(key="karen")
    assert (karen.name, karen.role, karen.municipalities) == ("Karen Dahl", "administrator", KAREN["municipalities"])


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("who", "wanted", "where"),
    [
        ({"citizen": "mette"}, "/plan/", "/plan/"),
        ({"citizen": "mette"}, "/sager/?q=stol", "/sager/?q=stol"),
        ({"citizen": "mette"}, "https://example.org/", "/"),
        ({"citizen": "mette"}, "//example.org/", "/"),
        ({"citizen": "mette"}, "/\\example.org", "/"),
        ({"citizen": "mette"}, "/kommune/", "/"),
        ({"citizen": "mette"}, "plan", "/"),
        ({"staff": "karen"}, "/plan/", "/kommune/"),
        ({"staff": "karen"}, "/kommune/aendringer/", "/kommune/aendringer/"),
    ],
)
def test_one_lands_where_one_was_going_if_that_is_ours(
    client: Client, who: dict[str, str], wanted: str, where: str
) -> None:
    assert client.post("/log-ind/", {**who, "next": wanted})["Location"] == where


@pytest.mark.usefixtures("people")
def test_the_sign_in_page_remembers_where_one_was_going(client: Client) -> None:
    sent = client.get("/sager/?q=stol")["Location"]
    assert sent == "/log-ind/?next=%2Fsager%2F%3Fq%3Dstol"
    assert 'name="next" value="/sager/?q=stol"' in client.get(sent).content.decode()


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("who", "door", "words"),
    [
        ({"citizen": "mette"}, "/kommune/", "Du er logget på som Mette Lund. Den side er for ansatte."),
        ({"staff": "karen"}, "/", "Du er logget på som Karen Dahl. Den side er for borgere."),
        ({"staff": "karen"}, "/plan/", "Du er logget på som Karen Dahl. Den side er for borgere."),
    ],
)
def test_who_is_at_the_wrong_door_is_told_so(client: Client, who: dict[str, str], door: str, words: str) -> None:
    client.post("/log-ind/", who)
    assert words in client.get(door, follow=True).content.decode()
    assert "Den side er for" not in client.get("/log-ind/").content.decode()


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("who", [{}, {"citizen": "nobody"}, {"staff": "mette"}, {"citizen": "karen"}])
def test_nobody_is_signed_in_by_a_key_that_nobody_has(client: Client, who: dict[str, str]) -> None:
    answer = client.post("/log-ind/", who)
    assert answer.status_code == 400
    assert "Personen findes ikke" in answer.content.decode()
    assert not client.session.keys()


@pytest.mark.usefixtures("people")
def test_a_form_of_another_site_signs_nobody_in() -> None:
    answer = Client(enforce_csrf_checks=True).post("/log-ind/", {"citizen": "mette"})
    assert answer.status_code == 403
    assert "Siden har været åben for længe" in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "status"), [(PEOPLE, 500), (b"", 200), (b"<html>", 200), (b'{"citizens": [{}]}', 200), (b"[]", 200)]
)
def test_a_list_that_cannot_be_read_is_said_in_words(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture, body: bytes, status: int
) -> None:
    with people_server(body, status) as address:
        use(settings, demo=True, demo_people_url=address)
        answer = client.get("/log-ind/")
    assert answer.status_code == 503
    assert "Prøvesiden kan ikke nå listen over opdigtede personer." in answer.content.decode()
    assert "See that they run and that DEMO_PEOPLE_URL is right" in caplog.text
    assert str(METTE["cpr"]) not in caplog.text


def test_a_list_that_is_not_there_is_said_in_words(client: Client, settings: Settings) -> None:
    use(settings, demo=True, demo_people_url="http://127.0.0.1:9/_people")
    assert client.get("/log-ind/").status_code == 503


def test_outside_the_demo_nobody_signs_in_and_nobody_is_asked_for(client: Client, settings: Settings) -> None:
    with people_server() as address:
        use(settings, demo=False, demo_people_url=address)
        answers = client.get("/log-ind/"), client.post("/log-ind/", {"citizen": "mette"})
    for answer in answers:
        assert answer.status_code == 503
        assert "Du kan ikke logge på endnu" in answer.content.decode()
    assert not client.session.keys()


@contextmanager
def broker_at(address: str) -> Iterator[None]:
    """Celery's broker somewhere else while the block runs."""
    usual = celery_app.conf.broker_url
    celery_app.conf.update(broker_url=address)
    try:
        yield
    finally:
        celery_app.conf.update(broker_url=usual)


@pytest.mark.usefixtures("people")
def test_a_broker_that_is_down_keeps_nobody_out(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    begun = time.monotonic()
    with broker_at("redis+socket:///nowhere/at/all"), caplog.at_level(logging.WARNING):
        answer = client.post("/log-ind/", {"citizen": "mette"})
    assert answer.status_code == 302
    assert time.monotonic() - begun < 3  # seconds; trying again would take six
    citizen = client.session["citizen"]["citizen_id"]
    assert f"the data of citizen {citizen} stay as old as they are. See REDIS_URL." in caplog.text


@pytest.mark.usefixtures("people")
def test_signing_in_asks_for_fresh_data(client: Client, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url.replace("redis+socket://", "unix://")) as broker:
        broker.delete("celery")  # what others in this run have asked for
        client.post("/log-ind/", {"citizen": "mette"})
        queued = broker.lrange("celery", 0, -1)
        broker.delete("celery")
    assert len(queued) == 1
    assert b"borgerblik.tasks.refresh_citizen" in queued[0]


def test_signing_out_ends_the_session(mette: Client) -> None:
    answer = mette.post("/log-af/")
    assert (answer.status_code, answer["Location"]) == (302, "/log-ind/")
    assert mette.get("/").status_code == 302


def test_a_link_cannot_sign_anybody_out(mette: Client) -> None:
    assert mette.get("/log-af/").status_code == 405
    assert "citizen" in mette.session
