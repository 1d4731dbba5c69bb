"""One RabbitMQ for all tests of events."""

from collections.abc import Iterator

import pytest

from tests.ops.environment import PLACE
from tests.ops.rabbitmq import RabbitMQ


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    with RabbitMQ(PLACE / "rabbitmq") as running:
        yield running
