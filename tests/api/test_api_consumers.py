"""Registered consumers: what the database promises of them, their secrets, and that the revoked are out at once."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from borgerblik.overview.access import STANDARD_PURPOSES
from portal.api import registration
from portal.api.consumers import reader_of
from portal.api.registration import RegistrationError
from portal.models import Consumer, ConsumerSecret
from tests.api.conftest import SECRET, Answer, given_token, registered

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]

BODY = {"cpr": "6113991234", "municipality": "0730"}
WRONG = [
    ("consumer_cvr_is_eight_digits", {"cvr": "1234567"}),
    ("consumer_cvr_is_eight_digits", {"cvr": "1234567a"}),
    ("consumer_says_who_why_and_by_which_law", {"organisation": ""}),
    ("consumer_says_who_why_and_by_which_law", {"purpose_da": " "}),
    ("consumer_says_who_why_and_by_which_law", {"purpose_da": "To\nlinjer"}),
    ("consumer_says_who_why_and_by_which_law", {"purpose_en": ""}),
    ("consumer_says_who_why_and_by_which_law", {"purpose": "asked"}),  # and words of its own too
    ("consumer_says_who_why_and_by_which_law", {"purpose": "curiosity", "purpose_da": "", "purpose_en": ""}),
    ("consumer_says_who_why_and_by_which_law", {"purpose_da": "", "purpose_en": ""}),
    ("consumer_says_who_why_and_by_which_law", {"legal_basis": ""}),
    ("consumer_reaches_authorities_or_all", {"authorities": []}),
    ("consumer_reaches_authorities_or_all", {"authorities": ["*", "0730"]}),
    ("consumer_reaches_authorities_or_all", {"authorities": ["730"]}),
    ("consumer_reaches_areas_or_all", {"areas": []}),
    ("consumer_reaches_areas_or_all", {"areas": ["*", "social"]}),
    ("consumer_reaches_areas_or_all", {"areas": ["Social og sundhed"]}),
    ("consumer_of_the_log_reaches_all", {"from": ("access-log",), "areas": ["social"]}),
    ("consumer_of_the_log_reaches_all", {"authorities": ["0730"], "scopes": ["summary", "access-log"]}),
    ("consumer_scopes_are_ours", {"scopes": []}),
    ("consumer_scopes_are_ours", {"scopes": ["summary", "everything"]}),
]


def token_of(client: Client, consumer: Application, secret: str, **more: str) -> Answer:
    asked = {"grant_type": "client_credentials", "client_id": consumer.client_id, "client_secret": secret}
    return client.post("/api/v1/oauth/token", {**asked, **more})


def ask(client: Client, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.post("/api/v1/citizen-summaries", BODY, content_type="application/json", headers=headers)
    return int(answer.status_code)


def said(*words: str) -> str:
    out = StringIO()
    call_command("consumers", *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(("constraint", "wrong"), WRONG)
def test_the_database_keeps_registrations_whole(constraint: str, wrong: dict[str, Any]) -> None:
    consumer = registered(scopes=wrong.pop("from", ("summary",)))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Consumer.objects.filter(application=consumer).update(**wrong)


def test_the_database_keeps_only_digests_of_secrets(consumer: Application) -> None:
    with pytest.raises(IntegrityError, match="consumer_secret_is_a_digest"), transaction.atomic():
        ConsumerSecret.objects.filter(consumer=consumer.consumer).update(digest="in clear")


def test_only_one_secret_lasts(consumer: Application) -> None:
    with pytest.raises(IntegrityError, match="one_lasting_secret_per_consumer"), transaction.atomic():
        ConsumerSecret.objects.create(consumer=consumer.consumer, digest="0" * 64)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"id": "Mit Overblik"}, "The id is to be"),
        ({"id": "citizen"}, "pass for the citizen's own visits"),
        ({"cvr": "1"}, "eight digits"),
        ({"purpose_en": ""}, "purpose in English"),
        ({"authorities": ("9999",)}, "kommune codes or UDK"),
        ({"authorities": ()}, "kommune codes or UDK"),
        ({"areas": ("everything",)}, "areas.toml"),
        ({"scopes": ()}, "summary, cases"),
        ({"areas": ("social",)}, "split by neither"),
        ({"purpose": "asked"}, "one of asked, casework, guidance, control, or else words"),
        ({"purpose": "curiosity", "purpose_da": "", "purpose_en": ""}, "one of asked"),
    ],
)
def test_what_cannot_be_registered_is_told(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(RegistrationError, match=told):
        registered(**wrong)
    assert not Consumer.objects.exists()


@pytest.mark.parametrize("purpose", STANDARD_PURPOSES)
def test_a_standard_purpose_is_what_the_log_keeps(purpose: str) -> None:
    application = registered(purpose=purpose, purpose_da="", purpose_en="")
    assert reader_of(application.consumer).purpose == purpose
    assert f"for {purpose} (" in said("list")


def test_an_id_is_taken_once(consumer: Application) -> None:
    with pytest.raises(RegistrationError, match="is taken"):
        registered(id=consumer.client_id)


def test_a_secret_of_our_making_is_shown_once_and_kept_as_a_digest(client: Client) -> None:
    told = said(
        *("register", "mit-overblik", "--name=Mit Overblik", "--organisation=Prøvestyrelsen", "--cvr=12345678"),
        *("--purpose-da=Du bad om det.", "--purpose-en=You asked for it.", "--legal-basis=GDPR artikel 6"),
        *("--authorities=0730,UDK", "--areas=social,beskaeftigelse", "--scopes=summary,plan"),
    )
    secret = told.splitlines()[-1]
    assert len(secret) >= 43, "256 bits"
    assert secret not in said("list")
    assert "0730, UDK" in said("list")
    application = Application.objects.get(client_id="mit-overblik")
    held = [*Application.objects.values_list(), *ConsumerSecret.objects.values_list(), *Consumer.objects.values_list()]
    assert secret not in str(held)
    given = token_of(client, application, secret).json()
    assert given["scope"] == "summary plan"


def test_two_secrets_count_while_one_takes_the_others_place(client: Client, consumer: Application) -> None:
    new = said("new-secret", consumer.client_id, "--overlap-days=7").splitlines()[-1]
    assert token_of(client, consumer, SECRET).status_code == 200
    assert token_of(client, consumer, new).status_code == 200
    ConsumerSecret.objects.exclude(until=None).update(until=timezone.now())
    assert token_of(client, consumer, SECRET).json()["error"] == "invalid_client"
    assert token_of(client, consumer, new).status_code == 200


def test_a_secret_that_leaked_can_go_at_once(client: Client, consumer: Application) -> None:
    new = registration.new_secret(consumer.client_id, overlap=dt.timedelta(0))
    assert token_of(client, consumer, SECRET).status_code == 401
    assert token_of(client, consumer, new).status_code == 200


@pytest.mark.parametrize("days", [-1, 91])
def test_two_secrets_for_ever_would_be_one_too_many(consumer: Application, days: int) -> None:
    with pytest.raises(CommandError, match="between 0 and 90"):
        said("new-secret", consumer.client_id, f"--overlap-days={days}")


def test_who_is_revoked_is_out_at_once_with_every_token(client: Client, consumer: Application) -> None:
    before = given_token(consumer)
    assert ask(client, before) == 200
    assert "1 tokens" in said("revoke", consumer.client_id)
    assert ask(client, before) == 401
    assert token_of(client, consumer, SECRET).json()["error"] == "invalid_client"
    assert "revoked" in said("list")
    assert "0 tokens" in said("revoke", consumer.client_id), "twice equals once"
    with pytest.raises(CommandError, match="has been revoked"):
        said("new-secret", consumer.client_id)


def test_a_token_given_out_while_its_consumer_is_revoked_does_not_count(client: Client, consumer: Application) -> None:
    registration.revoke(consumer.client_id)
    assert ask(client, given_token(consumer)) == 401


def test_an_application_without_a_registration_gets_no_token(client: Client) -> None:
    unregistered = Application.objects.create(
        client_id="unregistered",
        client_secret="a secret",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    assert token_of(client, unregistered, "a secret").json()["error"] == "invalid_client"
    assert ask(client, given_token(unregistered)) == 401


def test_nobody_is_found_by_another_id() -> None:
    with pytest.raises(CommandError, match="Nobody is registered as nobody"):
        said("revoke", "nobody")


def test_a_scope_that_is_not_registered_is_not_given(client: Client) -> None:
    narrow = registered(id="narrow", scopes=("plan",))
    secret = f"{SECRET} narrow"
    assert token_of(client, narrow, secret).json()["scope"] == "plan"
    assert token_of(client, narrow, secret, scope="summary").json()["error"] == "invalid_scope"
    assert token_of(client, narrow, secret, scope="plan summary").json()["error"] == "invalid_scope"
    assert ask(client, given_token(narrow, scope="plan")) == 403


def test_a_scope_that_has_been_taken_back_goes_from_tokens_too(client: Client, consumer: Application) -> None:
    token = given_token(consumer)
    Consumer.objects.filter(application=consumer).update(scopes=["plan"])
    assert ask(client, token) == 403


def forge(consumer: Application, **values: Any) -> str:
    """A row as somebody writes it who has the table of tokens and lacks SECRET_KEY."""
    soon = timezone.now() + dt.timedelta(minutes=5)
    AccessToken.objects.create(
        application=consumer, **{"token": "my-own-token", "expires": soon, "scope": "summary", **values}
    )
    return "my-own-token"


def test_a_token_written_into_the_table_is_no_token(client: Client, consumer: Application) -> None:
    assert ask(client, forge(consumer)) == 401


@pytest.mark.parametrize(
    "stretched",
    [
        {"scope": "plan summary"},
        {"expires": timezone.now() + dt.timedelta(days=365)},
        {"token": ""},
        {"token": "0" * 64},
    ],
)
def test_a_token_cannot_be_stretched_in_the_table(
    client: Client, consumer: Application, stretched: dict[str, Any]
) -> None:
    token = given_token(consumer, scope="summary")
    assert ask(client, token) == 200
    AccessToken.objects.update(**stretched)
    assert ask(client, token) == 401


def test_a_token_cannot_be_moved_to_another_consumer(client: Client, consumer: Application) -> None:
    token = given_token(registered(id="narrow", scopes=("summary",)))
    AccessToken.objects.update(application=consumer)
    assert ask(client, token) == 401


def test_a_token_is_nowhere_kept(client: Client, consumer: Application) -> None:
    token = token_of(client, consumer, SECRET).json()["access_token"]
    assert ask(client, token) == 200
    held = str(list(AccessToken.objects.values_list()))
    assert token not in held
