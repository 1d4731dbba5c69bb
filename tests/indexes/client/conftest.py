"""What the tests of the client start."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.indexes.client.stand_in import Behaviour, StandIn, running


@pytest.fixture
def stand_in() -> Iterator[Callable[[Behaviour], StandIn]]:
    """Starts a server that behaves as the given function says; it ends with the test."""
    with ExitStack() as servers:
        yield lambda behave: servers.enter_context(running(behave))


@pytest.fixture
def unused_url() -> str:
    """An address of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/index"
