"""Every answer that the OpenAPI document names for a call is really given, in the form it says; and no other is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types; drf-spectacular needs it
from oauth2_provider.models import Application
from pytest_django import Settings

from indexes.identity import citizen_id_for
from portal.api import problems
from portal.api.rendering import MAX_BODY
from portal.api.schema import document
from tests.api.conftest import Answer, given_token, no_database, registered
from tests.api.test_api_my_summary import signed_in
from tests.api.test_api_summaries import BODY

pytestmark = pytest.mark.django_db

JSON = "application/json"
API = "/api/v1/"
CITIZENS = [path for path in document()["paths"] if path.startswith(f"{API}me/") or path.endswith("findUsage")]
CONSUMERS = [path for path in document()["paths"] if path.startswith(f"{API}citizen-")]
PUBLIC = [path for path in document()["paths"] if path not in CITIZENS + CONSUMERS]
REFUSED = {"cursor": "none-of-ours", "limit": "0", "authority": "9999"}


@contextmanager
def defect() -> Iterator[None]:
    """A defect of ours while this lasts: what every call needs has another name."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE borgerblik_authoritysettings RENAME TO misnamed")
        cursor.execute("ALTER TABLE borgerblik_accessentry RENAME TO misnamed_too")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE misnamed RENAME TO borgerblik_authoritysettings")
            cursor.execute("ALTER TABLE misnamed_too RENAME TO borgerblik_accessentry")


class Caller:
    """Calls one address in the way that leads to one answer."""

    def __init__(self, client: Client, consumer: Application, settings: Settings, path: str) -> None:
        client.raise_request_exception = False
        self.path, self.client, self.settings = path, client, settings
        self.consumer, self.token = consumer, given_token(consumer)
        if path in CITIZENS:
            signed_in(client, "6213991234")

    def call(
        self, *, query: str = "", body: object = BODY, kind: str = JSON, token: str | None = None, **headers: str
    ) -> Answer:
        if self.path in CONSUMERS:
            told = {"Authorization": f"Bearer {token or self.token}", **headers}
            return self.client.post(self.path + query, body, content_type=kind, headers=told)
        return self.client.get(self.path + query, headers=headers)

    def answer_200(self) -> Answer:
        return self.call()

    def answer_304(self) -> Answer:
        return self.call(**{"If-None-Match": self.call()["ETag"]})

    answer_412 = answer_304

    def answer_400(self) -> Answer:
        if self.path in CONSUMERS:
            return self.call(body={"cpr": "1"})
        return self.call(query="?limit=0")

    def answer_401(self) -> Answer:
        self.client.cookies.clear()
        return self.call(token="none-of-ours")

    def answer_403(self) -> Answer:
        return self.call(token=given_token(self.consumer, scope=""))

    def answer_406(self) -> Answer:
        return self.call(Accept="text/html")

    def answer_413(self) -> Answer:
        return self.call(body=b" " * (MAX_BODY + 1))

    def answer_415(self) -> Answer:
        return self.call(body="cpr=1", kind="application/x-www-form-urlencoded")

    def answer_429(self) -> Answer:
        self.settings.CONFIG = self.settings.CONFIG.model_copy(update={"api_calls_per_minute": 1, "redis_url": ""})
        self.call()
        return self.call()

    def answer_500(self) -> Answer:
        with defect():
            return self.call()

    def answer_503(self) -> Answer:
        with no_database():
            return self.call()


@pytest.fixture
def caller(client: Client, consumer: Application, settings: Settings) -> Callable[[str], Caller]:
    return lambda path: Caller(client, consumer, settings, path)


def documented() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(address, status, what is said of the answer) of all calls."""
    for path, methods in document()["paths"].items():
        for call in methods.values():
            for status, answer in call["responses"].items():
                yield path, status, answer


def validated(schema: dict[str, Any], value: object) -> list[str]:
    validator = Draft202012Validator({"allOf": [schema], "components": document()["components"]})
    return [error.message for error in validator.iter_errors(value)]


ANSWERS = list(documented())


def is_as_documented(caller: Callable[[str], Caller], path: str, status: str, told: dict[str, Any]) -> None:
    ask: Callable[[], Answer] = getattr(caller(path), f"answer_{status}")
    answer = ask()
    assert answer.status_code == int(status), answer.content
    content = told.get("content", {})
    if content:
        assert validated(content[answer["Content-Type"]]["schema"], answer.json()) == []
    else:
        assert answer.content == b""
    wanted = "public, no-cache" if path in PUBLIC and status in {"200", "304"} else "no-store"
    assert wanted in answer["Cache-Control"]


IN_TROUBLE = {"500", "503"}


def named(part: object) -> str:
    return part if isinstance(part, str) else ""


@pytest.mark.parametrize(("path", "status", "told"), [one for one in ANSWERS if one[1] not in IN_TROUBLE], ids=named)
def test_an_answer_is_as_documented(
    caller: Callable[[str], Caller], path: str, status: str, told: dict[str, Any]
) -> None:
    is_as_documented(caller, path, status, told)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "status", "told"), [one for one in ANSWERS if one[1] in IN_TROUBLE], ids=named)
def test_trouble_of_ours_is_told_as_documented(
    caller: Callable[[str], Caller], path: str, status: str, told: dict[str, Any]
) -> None:
    is_as_documented(caller, path, status, told)


@pytest.mark.parametrize(("path", "status", "told"), ANSWERS, ids=lambda part: part if isinstance(part, str) else "")
def test_every_answer_has_an_example_of_its_shape(path: str, status: str, told: dict[str, Any]) -> None:
    for media, shown in told.get("content", {}).items():
        examples = [example["value"] for example in shown["examples"].values()]
        assert examples, (path, status, media)
        for example in examples:
            assert validated(shown["schema"], example) == []


@pytest.mark.parametrize("path", CONSUMERS)
def test_every_body_has_an_example_that_is_taken(caller: Callable[[str], Caller], path: str) -> None:
    (call,) = document()["paths"][path].values()
    for example in call["requestBody"]["content"][JSON]["examples"].values():
        assert caller(path).call(body=example["value"]).status_code == 200


def test_each_problem_is_an_example_somewhere_or_comes_before_any_call() -> None:
    shown = {
        example["value"]["type"]
        for _, _, told in documented()
        for media, content in told.get("content", {}).items()
        if media == problems.MEDIA_TYPE
        for example in content["examples"].values()
    }
    before = {problems.WRONG_HOST.type, problems.NOT_FOUND.type, problems.METHOD_NOT_ALLOWED.type}
    assert shown == {kind.type for kind in problems.KINDS} - before


@pytest.mark.parametrize("path", CONSUMERS)
def test_a_municipality_that_is_not_reached_is_refused(client: Client, path: str) -> None:
    scopes = ("summary", "cases", "payments", "plan")
    narrow = registered(id="narrow", authorities=("0360",), scopes=scopes)
    told = {"Authorization": f"Bearer {given_token(narrow, scope=' '.join(scopes))}"}
    citizen_id_for(BODY["cpr"])
    for cpr in (BODY["cpr"], "6113991235"):
        answer = client.post(path, {**BODY, "cpr": cpr}, content_type=JSON, headers=told)
        wanted = problems.FORBIDDEN if path.endswith("logs") else problems.OUT_OF_REACH
        assert (answer.status_code, answer.json()["type"]) == (403, wanted.type)
