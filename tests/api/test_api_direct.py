"""A system's call goes past what is for browsers, and past nothing else."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import Application

from portal.api.direct import calls_of_systems
from portal.api.schema import document
from portal.headers import ALWAYS
from tests.api.conftest import given_token
from tests.api.test_api_my_summary import signed_in

pytestmark = pytest.mark.django_db

CPR = "6113991234"
BODY = {"cpr": CPR, "municipality": "0730"}
ADDRESS = "/api/v1/citizen-summaries"


def test_the_addresses_are_those_that_take_a_systems_token() -> None:
    by_token = {
        path
        for path, calls in document()["paths"].items()
        if any("consumer" in way for call in calls.values() for way in call.get("security", ()))
    }
    assert calls_of_systems().keys() == by_token
    assert not [path for path in by_token if path.startswith("/api/v1/me/")]


def test_a_session_that_comes_along_is_not_looked_at(client: Client, consumer: Application) -> None:
    signed_in(client, CPR)
    headers = {"Authorization": f"Bearer {given_token(consumer)}"}
    before = list(Session.objects.values_list("pk", "session_data", "expire_date"))
    client.post(ADDRESS, BODY, content_type="application/json", headers=headers)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.post(ADDRESS, BODY, content_type="application/json", headers=headers)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert not [query for query in asked if "session" in query["sql"]]
    assert list(Session.objects.values_list("pk", "session_data", "expire_date")) == before


def test_a_session_alone_opens_no_systems_call(client: Client) -> None:
    signed_in(client, CPR)
    assert client.post(ADDRESS, BODY, content_type="application/json").status_code == 401


def test_the_answer_has_the_headers_of_every_answer(client: Client, consumer: Application) -> None:
    headers = {"Authorization": f"Bearer {given_token(consumer)}"}
    answer = client.post(ADDRESS, BODY, content_type="application/json", headers=headers)
    assert ALWAYS.items() <= dict(answer.headers).items()
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_call_at_another_host_is_refused(client: Client, consumer: Application) -> None:
    headers = {"Authorization": f"Bearer {given_token(consumer)}", "Host": "evil.example"}
    assert client.post(ADDRESS, BODY, content_type="application/json", headers=headers).status_code == 400
