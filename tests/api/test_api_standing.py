"""A token is verified once in a process, and whether it still stands is asked by the statement that reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from borgerblik.models import AccessEntry, AuthoritySettings
from indexes.identity import citizen_id_for
from portal.models import Consumer

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]
Ask = Callable[..., Any]
CPR = "6213991234"
BODY = {"cpr": CPR, "municipality": "0730", "language": "da"}


@contextmanager
def statements() -> Iterator[list[str]]:
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured.captured_queries]


@pytest.fixture(autouse=True)
def decided() -> None:
    AuthoritySettings.objects.create(code="0730", since=timezone.localdate())


@pytest.mark.parametrize("of", ["somebody known", "nobody"])
def test_a_summary_is_one_statement(ask: Ask, of: str) -> None:
    if of == "somebody known":
        citizen_id_for(CPR)
    assert ask(BODY).status_code == 200
    with statements() as sent:
        assert ask(BODY).status_code == 200
    (only,) = sent
    assert "read_standing" in only
    assert AccessEntry.objects.count() == 2


def _revoke(consumer: Application) -> None:
    Consumer.objects.filter(application=consumer).update(revoked=timezone.now())


def _end(_consumer: Application) -> None:
    AccessToken.objects.update(expires=timezone.now())


def _delete(_consumer: Application) -> None:
    AccessToken.objects.all().delete()


@pytest.mark.parametrize("what", [_revoke, _end, _delete])
def test_what_is_remembered_is_believed_no_longer_than_the_database_says(
    ask: Ask, consumer: Application, what: Callable[[Application], None]
) -> None:
    assert ask(BODY).status_code == 200
    what(consumer)
    for _ in range(2):
        answer = ask(BODY)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert AccessEntry.objects.count() == 1, "nothing was read"


def test_a_registration_that_has_been_narrowed_is_looked_at_anew(ask: Ask, consumer: Application) -> None:
    assert ask(BODY).status_code == 200
    Consumer.objects.filter(application=consumer).update(scopes=["plan"])
    assert ask(BODY).status_code == 401, "what was remembered rests on other rows"
    assert ask(BODY).status_code == 403, "and now it is known how far it reaches"


def test_a_token_that_was_never_given_out_is_remembered_by_nobody(client: Client) -> None:
    for _ in range(2):
        answer = client.post(
            "/api/v1/citizen-summaries", BODY, "application/json", headers={"Authorization": "Bearer guessed"}
        )
        assert answer.status_code == 401
