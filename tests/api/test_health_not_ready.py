"""``/readyz`` when we cannot do our work: 503, and a sentence for the operator."""

from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from indexes.identity import citizen_id_for
from tests.api.conftest import no_database
from tests.indexes.makers import METTE


@pytest.mark.django_db
def test_waiting_migrations_are_not_ready(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="borgerblik").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert "manage.py migrate" in answer.json()["migrations"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_not_ready_and_is_not_named(client: Client) -> None:
    with no_database():
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"].startswith("OperationalError.")
    assert "no_such_database" not in answer.content.decode()


@pytest.mark.django_db
def test_with_other_keys_than_the_databases_it_is_not_ready(client: Client, settings: Settings) -> None:
    settings.CPR_KEYS = "1:sixteen-characters-at-least"
    citizen_id_for(METTE)
    settings.CPR_KEYS = "1:another-sixteen-characters"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert "another secret for the key '1'" in answer.json()["keys"]


@pytest.mark.django_db
def test_without_collected_style_sheets_it_is_not_ready(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert "manage.py collectstatic" in answer.json()["static"]
