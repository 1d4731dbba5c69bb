"""``/healthz`` and ``/readyz``: for the load balancer and the operator, never about a person."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from indexes.authorities import by_code
from indexes.models import SourcePace, SourceState


def test_the_process_answers_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")  # no database is allowed in this test
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def state(code: str, **values: object) -> None:
    now = timezone.now()
    read = {"source": "sdi", "authority_cvr": by_code[code].cvr, "last_attempt": now, "last_success": now, **values}
    SourceState.objects.create(**read)


@pytest.mark.django_db
def test_ready_says_how_each_source_stands(client: Client) -> None:
    state("0730")
    state("0360", failed_since=timezone.now(), error="timeout")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    found = answer.json()
    assert (found["ready"], found["database"], found["migrations"]) == (True, "ok", "ok")
    assert found["sources"].keys() == {"sdi", "yi", "plan"}
    sdi = found["sources"]["sdi"]
    assert (sdi["state"], sdi["authorities"], sdi["fresh"], sdi["failing"]) == ("stale", 2, 1, 1)
    assert sdi["failing_since"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "failing", "word"),
    [(dt.timedelta(minutes=5), False, "fresh"), (dt.timedelta(days=9), False, "stale"), (None, True, "failed")],
)
def test_a_source_stands_in_one_word(client: Client, age: dt.timedelta | None, failing: bool, word: str) -> None:  # noqa: FBT001 - a column of the table
    now = timezone.now()
    troubled = {"failed_since": now, "error": "timeout"} if failing else {}
    state("0730", last_success=now - age if age else None, **troubled)
    assert client.get("/readyz").json()["sources"]["sdi"]["state"] == word


@pytest.mark.django_db
def test_a_source_that_was_never_read_has_failed(client: Client) -> None:
    assert client.get("/readyz").json()["sources"]["plan"] == {
        "state": "failed",
        "source": "plan",
        "authorities": 0,
        "pace": 1.0,
        "paused_until": None,
    }


@pytest.mark.django_db
def test_who_is_left_alone_is_said(client: Client) -> None:
    later = timezone.now() + dt.timedelta(minutes=1)
    state("0730", try_after=later)
    SourcePace.objects.create(source="sdi", share=0.5, paused_until=later)
    SourcePace.objects.create(source="yi", paused_until=timezone.now() - dt.timedelta(minutes=1))
    found = client.get("/readyz").json()["sources"]
    assert (found["sdi"]["left_alone"], found["sdi"]["pace"]) == (1, 0.5)
    assert found["sdi"]["paused_until"]
    assert (found["yi"]["pace"], found["yi"]["paused_until"]) == (1.0, None)
