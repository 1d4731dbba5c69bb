"""How the broker is reached: by TLS, knowing who it is, and being known by certificate or token."""

from pathlib import Path

import pytest
from kombu import Connection
from pytest_django import Settings

from borgerblik import eventing
from tests.events.consuming import QUEUE
from tests.ops.rabbitmq import RabbitMQ


@pytest.fixture(autouse=True)
def _known_by(settings: Settings, rabbitmq: RabbitMQ) -> None:
    assert rabbitmq.certificates is not None
    settings.EVENTS_QUEUE = QUEUE
    settings.AMQP_CA_FILE = str(rabbitmq.certificates.authority)


def connect() -> None:
    told = eventing.broker()
    with Connection(told.url, **told.options) as broker:
        broker.connect()


def test_a_broker_with_a_certificate_for_its_name_is_trusted(settings: Settings, rabbitmq: RabbitMQ) -> None:
    settings.AMQP_URL = rabbitmq.tls_url()
    connect()


def test_one_whose_certificate_is_for_another_name_is_not(settings: Settings, rabbitmq: RabbitMQ) -> None:
    settings.AMQP_URL = rabbitmq.tls_url("127.0.0.1")
    with pytest.raises(OSError, match="IP address mismatch"):
        connect()


def test_one_that_nobody_we_know_vouches_for_is_not(settings: Settings, rabbitmq: RabbitMQ) -> None:
    settings.AMQP_URL = rabbitmq.tls_url()
    settings.AMQP_CA_FILE = ""
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        connect()


def test_it_lets_us_in_by_our_certificate_alone(settings: Settings, rabbitmq: RabbitMQ) -> None:
    assert rabbitmq.certificates is not None
    settings.AMQP_URL = rabbitmq.tls_url(user="")
    settings.AMQP_CERTIFICATE_FILE = str(rabbitmq.certificates.client)
    connect()


def test_a_token_goes_along_as_it_stands_in_its_file_now(
    settings: Settings, rabbitmq: RabbitMQ, tmp_path: Path
) -> None:
    """RabbitMQ itself knows us by the certificate; what else is said by EXTERNAL is for those who ask for a token."""
    assert rabbitmq.certificates is not None
    settings.AMQP_URL = rabbitmq.tls_url(user="")
    settings.AMQP_CERTIFICATE_FILE = str(rabbitmq.certificates.client)
    settings.AMQP_TOKEN_FILE = str(tmp_path / "token")
    for token in (b"first\n", b"renewed\n"):
        (tmp_path / "token").write_bytes(token)
        (sent,) = eventing.broker().options["transport_options"]["authentication"]
        assert (sent.mechanism, sent.start(None)) == (b"EXTERNAL", token.strip())
    connect()
