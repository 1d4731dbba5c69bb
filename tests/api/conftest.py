"""A registered consumer, its token, and citizens whose CPR numbers are impossible dates."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from oauth2_provider.models import Application
from pytest_django import Settings

Answer = Any  # what Django's test client gives back: an HttpResponse with more
SECRET = "the-secret-of-a-consumer-in-tests"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """Hashing a secret slowly is Django's own affair; here it would only take time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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
    return Application.objects.create(
        client_id="test-consumer",
        client_secret=SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )


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
