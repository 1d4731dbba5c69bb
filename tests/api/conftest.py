"""A registered consumer, its token, and citizens whose CPR numbers are impossible dates."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from portal.api import registration
from portal.api.oauth import Validator
from portal.api.registration import Registration
from portal.models import SCOPES

Answer = Any  # what Django's test client gives back: an HttpResponse with more
SECRET = "the-secret-of-a-consumer-in-tests"
REGISTRATION = Registration(
    id="test-consumer",
    name="Prøvesystemet",
    organisation="Prøvestyrelsen",
    cvr="12345678",
    purpose_da="Du har bedt os vise dit overblik.",
    purpose_en="You asked us to show your overview.",
    legal_basis="Databeskyttelsesforordningen artikel 6, stk. 1, litra e",
    authorities=("*",),
    areas=("*",),
    scopes=tuple(SCOPES),
)


def registered(**changes: Any) -> Application:
    """A consumer of one's own: ``REGISTRATION`` with changes, whose secret is ``SECRET`` and its id."""
    asked = replace(REGISTRATION, **changes)
    registration.register(asked, secret=f"{SECRET} {asked.id}")
    return Application.objects.get(client_id=asked.id)


def given_token(consumer: Application, **values: Any) -> str:
    """A token as the token endpoint writes it, but for its scope or end."""
    text = uuid4().hex
    soon = timezone.now() + dt.timedelta(minutes=5)
    row = AccessToken(application=consumer, **{"expires": soon, "scope": " ".join(SCOPES), **values})
    Validator()._set_token_value(row, text)
    row.save()
    return text


@contextmanager
def no_database() -> Iterator[None]:
    """The database does not answer while this lasts; for tests that are no transaction themselves."""
    wanted = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = wanted


@pytest.fixture
def consumer(db: None) -> Application:  # noqa: ARG001 - it lies in the database
    registration.register(REGISTRATION, secret=SECRET)
    return Application.objects.get(client_id=REGISTRATION.id)


@pytest.fixture
def token(client: Client, consumer: Application) -> str:
    answer = client.post(
        "/api/v1/oauth/token",
        {"grant_type": "client_credentials", "client_id": consumer.client_id, "client_secret": SECRET},
    )
    return str(answer.json()["access_token"])


@pytest.fixture
def ask(client: Client, token: str) -> Callable[..., Answer]:
    """Ask for a summary as a consumer with a valid token."""

    def post(body: object, content_type: str = "application/json", **headers: str) -> Answer:
        return client.post(
            "/api/v1/citizen-summaries",
            body,
            content_type=content_type,
            headers={"Authorization": f"Bearer {token}", **headers},
        )

    return post
