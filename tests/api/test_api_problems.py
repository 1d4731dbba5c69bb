"""Every error under ``/api/`` is a problem that says what to do, and no more than that."""

import logging

import pytest
from django.test import Client

from portal.api.problems import KINDS
from tests.api.urls import SECRET_IN_ERROR

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/", 404),
        ("/api/v1/citizen-summaries/", 404),
        ("/api/v2/anything", 404),
        ("/api/", 404),
        ("/api/says-nothing", 403),
        ("/api/broken", 500),
        ("/api/without-database", 503),
        ("/api/v1/me/summary", 401),
    ],
)
def test_an_error_is_a_problem(client: Client, address: str, status: int) -> None:
    answer = client.get(address)
    found = answer.json()
    assert (answer.status_code, found["status"]) == (status, status)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    ours = {"instance"} if status >= 500 else set()
    assert found.keys() == {"type", "title", "status", "detail"} | ours


def test_a_view_that_says_nothing_of_access_is_closed(client: Client) -> None:
    assert SECRET_IN_ERROR not in client.get("/api/says-nothing").content.decode()


@pytest.mark.parametrize("address", ["/api/broken", "/api/without-database"])
def test_what_broke_is_logged_without_what_the_error_says(
    client: Client, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.get(address)
    assert "failed: " in caplog.text
    assert "get:" in caplog.text, "where it broke"
    assert SECRET_IN_ERROR not in caplog.text
    assert SECRET_IN_ERROR not in answer.content.decode()


def test_a_database_that_is_down_says_when_to_try_again(client: Client) -> None:
    assert int(client.get("/api/without-database")["Retry-After"]) > 0


def test_each_kind_has_an_address_of_its_own_and_whole_sentences() -> None:
    assert len({kind.slug for kind in KINDS}) == len(KINDS)
    assert all(kind.detail.endswith(".") for kind in KINDS)


def test_what_is_posted_to_no_call_is_a_problem_too() -> None:
    answer = Client(enforce_csrf_checks=True).post("/api/v1/citizens/6113011234")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert b"6113011234" not in answer.content
