"""``/.well-known/security.txt`` is as RFC 9116 wants it, and never out of date."""

import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

WHERE = "/.well-known/security.txt"
LINE = re.compile(r"(?:Contact|Expires|Preferred-Languages|Canonical|Policy): \S.*")


def fields(client: Client) -> dict[str, list[str]]:
    answer = client.get(WHERE)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    found: dict[str, list[str]] = {}
    for line in answer.content.decode().splitlines():
        assert LINE.fullmatch(line), line
        name, _, value = line.partition(": ")
        found.setdefault(name, []).append(value)
    return found


def test_it_says_whom_to_tell(client: Client, settings: Settings) -> None:
    contacts = ["mailto:sikkerhed@kommune.example", "https://kommune.example/saarbarhed"]
    told = {"security_contact": contacts, "security_policy": "https://kommune.example/politik"}
    settings.CONFIG = django_settings.CONFIG.model_copy(update=told)
    found = fields(client)
    assert found["Contact"] == contacts
    assert found["Policy"] == ["https://kommune.example/politik"]
    assert found["Preferred-Languages"] == ["da, en"]
    assert found["Canonical"] == [f"http://testserver{WHERE}"]


def test_it_is_good_for_less_than_a_year(client: Client) -> None:
    (expires,) = fields(client)["Expires"]
    left = datetime.fromisoformat(expires) - timezone.now()
    assert timedelta(days=30) < left < timedelta(days=366)


def test_without_a_policy_it_names_none(client: Client) -> None:
    assert "Policy" not in fields(client)


@pytest.mark.parametrize("host", ["elsewhere.example", "testserver@elsewhere.example"])
def test_nobody_else_can_be_named_as_its_place(client: Client, host: str) -> None:
    assert client.get(WHERE, headers={"host": host}).status_code == 400
