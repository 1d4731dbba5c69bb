"""The staff of the demo, and a browser of theirs that keeps to plain file names for styles."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.staff import employee


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """Hashing a secret slowly is Django's own affair; here it would only take time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def plain_static(settings: Settings) -> None:
    """These tests look at words, not at files: names need not have been collected."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def karen(client: Client, db: None) -> Client:  # noqa: ARG001 - she lies in the database
    """The administrator of Randers and Lolland."""
    client.force_login(employee("administrator", "0730", "0360"))
    return client


@pytest.fixture
def ulla(client: Client, db: None) -> Client:  # noqa: ARG001
    """The administrator of Udbetaling Danmark."""
    client.force_login(employee("udk_administrator"))
    return client


@pytest.fixture
def henrik(client: Client, db: None) -> Client:  # noqa: ARG001
    """A coordinating caseworker."""
    client.force_login(employee("coordinator", "0730"))
    return client
