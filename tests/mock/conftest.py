"""The mock indexes for their own tests: one Denmark, asked directly or over HTTP."""

from collections.abc import Iterator
from threading import Thread

import httpx
import pytest

from indexes.mock.answers import Answerer
from indexes.mock.server import Indexes, Server
from tests.mock.indexes import indexes


@pytest.fixture(scope="session")
def mock() -> Indexes:
    """600 citizens, on a fixed day."""
    return indexes()


@pytest.fixture(scope="session")
def answerer(mock: Indexes) -> Answerer:
    return mock.answerer


@pytest.fixture(scope="session")
def server(mock: Indexes) -> Iterator[Server]:
    with Server(("127.0.0.1", 0), mock) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """Talks to the server over kept-alive connections; every trouble is over afterwards."""
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}", timeout=5) as talking:
        yield talking
        for source in ("sdi", "yi", "plan"):
            talking.post("/_trouble", json={"source": source, "kind": None})
