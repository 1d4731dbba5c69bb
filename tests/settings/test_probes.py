"""What strangers ask of the server wrongly is answered and not logged: the operator's log is for the operator."""

import pytest
from django.test import Client
from pytest_django import Settings


@pytest.mark.parametrize("host", ["probe.example", "127.0.0.1:8000@probe.example", "_"])
def test_a_foreign_host_name_is_refused_and_leaves_no_line(
    client: Client, caplog: pytest.LogCaptureFixture, host: str
) -> None:
    assert client.get("/sager/", headers={"host": host}).status_code == 400
    assert caplog.text == ""


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_load_balancer_asks_by_address_and_is_answered(client: Client, settings: Settings, path: str) -> None:
    settings.ALLOWED_HOSTS = ["overblik.kommune.dk"]
    assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
