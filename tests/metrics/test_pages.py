"""``/metrics``: every answer of every process counts once, under a label that holds nothing of who asked for what."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.embedded.ports import free_port

TOKEN = "thirty-two characters or more, of tests"
OURS = {"Authorization": f"Bearer {TOKEN}"}
PATIENCE = 120.0  # seconds: a busy machine starts a process slowly
SERIES = re.compile(
    r'^borgerblik_request_seconds_count\{method="(\w+)",route="([^"]+)",status="(\w+)"\} ([\d.]+)$', re.MULTILINE
)


def counts(told: str) -> dict[tuple[str, str, str], float]:
    """(method, route, status) -> how many."""
    return {(method, route, status): float(number) for method, route, status, number in SERIES.findall(told)}


@pytest.fixture
def opened(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def read(client: Client) -> dict[tuple[str, str, str], float]:
    return counts(client.get("/metrics", headers=OURS).content.decode())


def test_without_a_token_of_its_own_there_is_no_such_address(client: Client) -> None:
    assert client.get("/metrics", headers=OURS).status_code == 404


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN])
def test_who_does_not_send_the_token_reads_nothing(client: Client, sent: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": sent} if sent else {})
    assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.usefixtures("opened")
def test_whatever_the_server_is_called_in_the_network_it_is_read(client: Client) -> None:
    assert client.get("/metrics", headers={**OURS, "host": "10.0.3.7:8000"}).status_code == 200
    assert client.get("/metrics", headers={"host": "10.0.3.7:8000"}).status_code == 401


@pytest.mark.usefixtures("opened")
def test_no_cache_keeps_them(client: Client) -> None:
    answer = client.get("/metrics", headers=OURS)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("method", "path", "series"),
    [
        ("GET", "/healthz", ("GET", "healthz", "2xx")),
        ("HEAD", "/healthz", ("HEAD", "healthz", "2xx")),
        ("POST", "/healthz", ("POST", "healthz", "4xx")),
        ("BREW", "/healthz", ("other", "healthz", "4xx")),
        ("GET", "/sager/0a1b2c3d-0000-4000-8000-000000000000/", ("GET", "case", "3xx")),
        ("GET", "/611301-1234/", ("GET", "unknown", "4xx")),
        ("GET", "/static/nothing.css", ("GET", "static", "4xx")),
        ("GET", "/metrics", ("GET", "metrics", "4xx")),
    ],
)
@pytest.mark.django_db
def test_an_answer_counts_under_its_route(client: Client, method: str, path: str, series: tuple[str, str, str]) -> None:
    before = read(client).get(series, 0)
    client.generic(method, path)
    assert read(client)[series] == before + 1


@pytest.mark.usefixtures("opened")
@pytest.mark.django_db
def test_a_systems_call_that_passes_by_the_pages_counts_under_its_route_too(client: Client) -> None:
    address = reverse("api_citizen_summaries")
    assert client.post(address).status_code == 401
    assert ("POST", "api_citizen_summaries", "4xx") in read(client)


@contextmanager
def served(folder: Path, *, workers: int) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Pages without a database, served by several processes: the port, and the first of them."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface=wsgi", f"--workers={workers}", "--blocking-threads=1"]
    environment = {
        **os.environ,
        "METRICS_TOKEN": TOKEN,
        "METRICS_DIR": str(folder / "metrics"),
        "DATABASE_URL": "postgresql://borgerblik_web@127.0.0.1:9/nowhere",
    }
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - our own application
            [*command, f"--port={port}", "portal.wsgi:application"],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield port, server
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=30)
        with suppress(ProcessLookupError):  # of its processes none is left, whatever went wrong
            os.killpg(server.pid, signal.SIGKILL)


def asked(port: int, path: str) -> tuple[int, str]:
    # A new connection: any process may take it; while none is ready it waits.
    answer = httpx.get(f"http://127.0.0.1:{port}{path}", headers=OURS, timeout=PATIENCE)
    return answer.status_code, answer.text


def until_counted_by(processes: int, folder: Path, port: int, *, starting: bool = False) -> int:
    """Ask until so many processes have answered at least once; how often that was. None may fail once it has begun."""
    answered, until = 0, time.monotonic() + PATIENCE
    while time.monotonic() < until and len(list((folder / "metrics").glob("*.db"))) < processes:
        with suppress(httpx.ConnectError) if starting and not answered else nullcontext():
            assert asked(port, "/healthz") == (200, "ok\n")
            answered += 1
    assert len(list((folder / "metrics").glob("*.db"))) == processes
    return answered


def test_whichever_process_is_asked_tells_of_all_and_none_is_missed_when_they_are_changed(tmp_path: Path) -> None:
    """SIGHUP puts new processes in place of the old ones, as docs/operations.md says of an upgrade."""

    def told() -> float:
        return counts(asked(port, "/metrics")[1])["GET", "healthz", "2xx"]

    with served(tmp_path, workers=2) as (port, first):
        answered = until_counted_by(2, tmp_path, port, starting=True)
        assert [told() for _ in range(10)] == [answered] * 10
        first.send_signal(signal.SIGHUP)
        answered += until_counted_by(4, tmp_path, port)
        assert [told() for _ in range(10)] == [answered] * 10
