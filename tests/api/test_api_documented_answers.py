"""Every answer that the OpenAPI document names for a call is really given, in the form it says; and no other is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types; drf-spectacular needs it
from oauth2_provider.models import Application

from portal.api.rendering import MAX_BODY
from portal.api.schema import document
from tests.api.conftest import Answer, given_token, no_database
from tests.api.test_api_my_summary import signed_in
from tests.api.test_api_summaries import BODY

pytestmark = pytest.mark.django_db(transaction=True)

SUMMARIES, MINE = "/api/v1/citizen-summaries", "/api/v1/me/summary"
JSON = "application/json"


@contextmanager
def defect() -> Iterator[None]:
    """A defect of ours while this lasts: a table that every overview needs has another name."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE borgerblik_authoritysettings RENAME TO misnamed")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE misnamed RENAME TO borgerblik_authoritysettings")


class Caller:
    """A consumer with a token, and a citizen with a session; each call is made in the way that leads to one answer."""

    def __init__(self, client: Client, consumer: Application) -> None:
        client.raise_request_exception = False
        self.consumer, self.anyone = consumer, client
        self.token = given_token(consumer)

    def post(self, body: object = BODY, kind: str = JSON, token: str | None = None, **headers: str) -> Answer:
        given = {"Authorization": f"Bearer {token or self.token}", **headers}
        return self.anyone.post(SUMMARIES, body, content_type=kind, headers=given)

    def mine(self, **headers: str) -> Answer:
        return signed_in(self.anyone, "6213991234").get(MINE, headers=headers)

    def when_defect(self, call: Callable[[], Answer]) -> Answer:
        with defect():
            return call()

    def without_database(self, call: Callable[[], Answer]) -> Answer:
        with no_database():
            return call()

    def mine_without_database(self) -> Answer:
        someone = signed_in(self.anyone, "6213991234")
        return self.without_database(lambda: someone.get(MINE))


WAYS: dict[tuple[str, str], Callable[[Caller], Answer]] = {
    (SUMMARIES, "200"): lambda caller: caller.post(),
    (SUMMARIES, "400"): lambda caller: caller.post({"cpr": "1"}),
    (SUMMARIES, "401"): lambda caller: caller.post(token="none-of-ours"),
    (SUMMARIES, "403"): lambda caller: caller.post(token=given_token(caller.consumer, scope="")),
    (SUMMARIES, "406"): lambda caller: caller.post(Accept="text/html"),
    (SUMMARIES, "413"): lambda caller: caller.post(b" " * (MAX_BODY + 1)),
    (SUMMARIES, "415"): lambda caller: caller.post("cpr=1", "application/x-www-form-urlencoded"),
    (SUMMARIES, "500"): lambda caller: caller.when_defect(caller.post),
    (SUMMARIES, "503"): lambda caller: caller.without_database(caller.post),
    (MINE, "200"): lambda caller: caller.mine(),
    (MINE, "401"): lambda caller: caller.anyone.get(MINE),
    (MINE, "406"): lambda caller: caller.mine(Accept="text/html"),
    (MINE, "500"): lambda caller: caller.when_defect(caller.mine),
    (MINE, "503"): lambda caller: caller.mine_without_database(),
}


def documented() -> dict[tuple[str, str], dict[str, object]]:
    """(address, status) -> media type -> schema, of all calls."""
    return {
        (path, status): {media: shape["schema"] for media, shape in answer["content"].items()}
        for path, methods in document()["paths"].items()
        for call in methods.values()
        for status, answer in call["responses"].items()
    }


def test_the_document_names_these_answers_and_no_others() -> None:
    assert set(documented()) == set(WAYS)


@pytest.mark.parametrize(("path", "status"), WAYS)
def test_an_answer_is_as_documented(client: Client, consumer: Application, path: str, status: str) -> None:
    answer = WAYS[path, status](Caller(client, consumer))
    assert answer.status_code == int(status), answer.content
    schema = documented()[path, status][answer["Content-Type"]]
    validator = Draft202012Validator({"allOf": [schema], "components": document()["components"]})
    assert [error.message for error in validator.iter_errors(answer.json())] == []
    assert answer["Cache-Control"] == "no-store"
