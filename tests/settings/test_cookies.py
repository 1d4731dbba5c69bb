"""In production every cookie stays on encrypted connections; the demo is plain HTTP on this machine."""

import pytest
from django.test import Client
from pytest_django import Settings


@pytest.mark.django_db
@pytest.mark.parametrize("secure", [True, False])
def test_the_choice_of_language_is_as_secure_as_the_session(
    client: Client, settings: Settings, *, secure: bool
) -> None:
    settings.SECURE = secure
    client.get("/om-dine-data/?sprog=en")
    assert bool(client.cookies["sprog"]["secure"]) is secure
