"""``POST /api/v1/citizen-summaries``: one citizen's overview for a system, by a CPR number that is never repeated."""

import datetime as dt
import logging
from collections.abc import Callable
from decimal import Decimal

import orjson
import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import Application

from indexes.identity import citizen_id_for, find_citizen
from portal.api.rendering import MAX_BODY, dumps
from tests.api.conftest import Answer, given_token

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]

CPR = "6113991234"  # day 61, month 13: nobody's
BODY = {"cpr": CPR, "municipality": "0730", "language": "da"}
Ask = Callable[..., Answer]


def problem(answer: Answer) -> dict[str, object]:
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    found: dict[str, object] = orjson.loads(answer.content)
    assert found["status"] == answer.status_code
    return found


def test_a_citizen_nobody_knows_is_answered_like_one_without_data(ask: Ask) -> None:
    unknown = ask(BODY)
    assert find_citizen(CPR) is None, "asking must not make a row"
    citizen_id_for(CPR)
    known = ask(BODY)
    assert unknown.status_code == known.status_code == 200, unknown.content

    def without_clock(answer: Answer) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = orjson.loads(answer.content)
        del found["meta"]["generated"], found["meta"]["freshness"]
        return found

    assert without_clock(unknown) == without_clock(known)


def test_the_answer_has_its_parts_and_no_cpr_number(ask: Ask) -> None:
    answer = ask(BODY)
    assert list(orjson.loads(answer.content)) == ["meta", "citizen", "attention", "cases", "money", "plan"]
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store, private"
    assert CPR not in answer.content.decode()


def test_the_language_is_the_one_asked_for(ask: Ask) -> None:
    assert orjson.loads(ask({**BODY, "language": "en"}).content)["meta"]["language"] == "en"
    assert orjson.loads(ask({"cpr": CPR, "municipality": "0730"}).content)["meta"]["language"] == "da"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({**BODY, "cpr": "123"}, ["/cpr"]),
        ({**BODY, "cpr": "611399-1234"}, ["/cpr"]),
        ({**BODY, "cpr": int(CPR)}, ["/cpr"]),
        ({**BODY, "cpr": None}, ["/cpr"]),
        ({**BODY, "cpr": "٦١١٣٩٩١٢٣٤"}, ["/cpr"]),
        ({**BODY, "municipality": CPR}, ["/municipality"]),
        ({**BODY, "municipality": "0001"}, ["/municipality"]),
        ({**BODY, "municipality": "UDK"}, ["/municipality"]),
        ({**BODY, "language": CPR}, ["/language"]),
        ({"municipality": "730"}, ["/cpr", "/municipality"]),
        ({}, ["/cpr", "/municipality"]),
        ({**BODY, CPR: "x"}, [""]),
        ({**BODY, "cpr": [CPR]}, ["/cpr"]),
    ],
)
def test_fields_that_cannot_be_used_are_named_and_never_repeated(
    ask: Ask, caplog: pytest.LogCaptureFixture, body: dict[str, object], pointers: list[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = ask(body)
    found = problem(answer)
    assert answer.status_code == 400
    assert [error["pointer"] for error in found["errors"]] == pointers  # type: ignore[attr-defined]
    assert CPR not in answer.content.decode()
    assert CPR not in caplog.text


@pytest.mark.parametrize("body", ["", "{", f"{CPR}", f'["{CPR}"]', f'{{"cpr": "{CPR}"', "null", "\udcff"])
def test_a_body_that_is_no_json_object_is_a_problem(ask: Ask, body: str) -> None:
    answer = ask(body.encode("utf-8", "surrogateescape"))
    assert answer.status_code == 400
    assert CPR not in answer.content.decode()
    problem(answer)


def test_a_body_that_is_too_large_is_not_read(ask: Ask) -> None:
    assert problem(ask(b" " * (MAX_BODY + 1)))["status"] == 413


def test_a_form_is_not_json(ask: Ask) -> None:
    answer = ask(f"cpr={CPR}", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 415
    assert "Content-Type: application/json" in str(problem(answer)["detail"])


def test_an_answer_in_another_format_is_not_to_be_had(ask: Ask) -> None:
    assert problem(ask(BODY, Accept="text/html"))["status"] == 406


def test_the_cpr_number_cannot_stand_in_the_address(client: Client, token: str) -> None:
    answer = client.get(f"/api/v1/citizen-summaries/{CPR}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 404
    assert CPR not in answer.content.decode()


def test_reading_is_a_post(client: Client, token: str) -> None:
    answer = client.get("/api/v1/citizen-summaries", headers={"Authorization": f"Bearer {token}"})
    assert problem(answer)["status"] == 405
    assert "POST" in answer["Allow"]


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer not-a-token", "Basic dXNlcjpwYXNz", "Bearer a b"])
def test_without_a_valid_token_nothing_is_read(client: Client, header: str) -> None:
    answer = client.post(
        "/api/v1/citizen-summaries", BODY, content_type="application/json", headers={"Authorization": header}
    )
    assert problem(answer)["status"] == 401
    assert answer["WWW-Authenticate"].startswith("Bearer ")


def test_who_asks_is_settled_before_the_body_is_read(client: Client) -> None:
    assert client.post("/api/v1/citizen-summaries", b"{", content_type="application/json").status_code == 401


def test_a_token_in_the_address_does_not_count(client: Client, token: str) -> None:
    answer = client.post(f"/api/v1/citizen-summaries?access_token={token}", BODY, content_type="application/json")
    assert answer.status_code == 401


def test_a_token_in_the_body_does_not_count(client: Client, token: str) -> None:
    answer = client.post("/api/v1/citizen-summaries", {"access_token": token, **BODY})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("values", "status"),
    [({}, 200), ({"scope": ""}, 403), ({"expires": timezone.now() - dt.timedelta(seconds=1)}, 401)],
)
def test_a_token_counts_within_its_scope_and_time(
    client: Client, consumer: Application, values: dict[str, object], status: int
) -> None:
    text = given_token(consumer, **values)
    answer = client.post(
        "/api/v1/citizen-summaries", BODY, content_type="application/json", headers={"Authorization": f"Bearer {text}"}
    )
    assert answer.status_code == status


def test_amounts_are_strings_to_the_oere() -> None:
    assert dumps({"value": Decimal("1000.10")}) == b'{"value":"1000.10"}'


def test_what_has_no_form_in_json_is_a_defect() -> None:
    with pytest.raises(TypeError):
        dumps({"value": object()})
