"""``POST /api/v1/oauth/token``: client credentials in, a token for ten minutes out (RFC 6749, section 4.4)."""

from base64 import b64encode

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken, Application
from pytest_django import Settings

from tests.api.conftest import SECRET

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]

ASKED = {"grant_type": "client_credentials", "scope": "summary"}


def test_the_right_secret_gives_a_token_for_ten_minutes(client: Client, consumer: Application) -> None:
    answer = client.post("/api/v1/oauth/token", {**ASKED, "client_id": consumer.client_id, "client_secret": SECRET})
    given = answer.json()
    assert answer.status_code == 200
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 600, "summary")
    assert answer["Cache-Control"] == "no-store"
    assert "refresh_token" not in given


def test_a_system_has_no_form_of_ours_and_needs_none(consumer: Application) -> None:
    asked = {**ASKED, "client_id": consumer.client_id, "client_secret": SECRET}
    assert Client(enforce_csrf_checks=True).post("/api/v1/oauth/token", asked).status_code == 200


def test_the_secret_may_come_as_basic_authentication(client: Client, consumer: Application) -> None:
    basic = b64encode(f"{consumer.client_id}:{SECRET}".encode()).decode()
    assert client.post("/api/v1/oauth/token", ASKED, headers={"Authorization": f"Basic {basic}"}).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "status", "error"),
    [
        ({"client_secret": "guessed"}, 401, "invalid_client"),
        ({"client_id": "somebody-else"}, 401, "invalid_client"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"grant_type": "password", "username": "x", "password": "y"}, 400, "unsupported_grant_type"),
    ],
)
def test_errors_have_the_form_that_oauth_libraries_expect(
    client: Client, consumer: Application, wrong: dict[str, str], status: int, error: str
) -> None:
    asked = {**ASKED, "client_id": consumer.client_id, "client_secret": SECRET, **wrong}
    answer = client.post("/api/v1/oauth/token", asked)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert AccessToken.objects.count() == 0


def test_one_who_asks_for_tokens_all_the_time_is_told_to_wait(
    client: Client, consumer: Application, settings: Settings
) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"api_calls_per_minute": 2, "redis_url": ""})
    asked = {**ASKED, "client_id": consumer.client_id, "client_secret": "guessed"}
    answers = [client.post("/api/v1/oauth/token", asked, REMOTE_ADDR="192.0.2.77") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[2].json()["type"].endswith("#problem-too-many-calls")
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert answers[1]["RateLimit"].startswith('"tokens";r=0;t=')


def test_asking_in_another_way_is_a_problem(client: Client) -> None:
    answer = client.get("/api/v1/oauth/token")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert answer["Content-Type"] == "application/problem+json"
