"""A summary by REST is one round trip to the database, counted on the wire: token, grant, log, decisions and rows."""

import re
from pathlib import Path

import pytest
from django.db import connection

from borgerblik.models import AuthoritySettings
from tests.api.test_api_summaries import BODY, Ask

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]


def completed(trace: str) -> list[str]:
    """What the server has completed, in libpq's trace: a line each; but for the suite's own changes of role."""
    return [tag for tag in re.findall(r'CommandComplete\t "(.*)"', trace) if tag != "SET"]


def test_a_summary_is_one_round_trip(ask: Ask, tmp_path: Path) -> None:
    AuthoritySettings.objects.create(code=BODY["municipality"])
    for _ in range(2):  # the statement is prepared, and the decisions are read, once a process
        assert ask(BODY).status_code == 200
    with (tmp_path / "wire").open("wb") as wire:
        connection.connection.pgconn.trace(wire.fileno())
        ask(BODY)
        connection.connection.pgconn.untrace()
    assert completed((tmp_path / "wire").read_text()) == ["SELECT 1"]
