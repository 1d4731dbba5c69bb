"""What keeps a production from starting that takes events, and what cannot be read at all."""

from typing import Any

import pytest
from pydantic import ValidationError

from indexes.events.roles import EventRoles
from portal.config import Config

GIVEN = {
    "amqp_url": "amqps://broker.example:5671/BF",
    "events_queue": "3f0c0a4e-0000-4000-8000-000000000001",
    "event_roles": "remove=3f0c0a4e-0000-4000-8000-000000000002",
}


def problems(**changes: Any) -> list[str]:
    return list(Config.model_validate({**GIVEN, **changes}).problems_of_events())


def test_whoever_takes_events_or_takes_none_starts() -> None:
    assert problems() == []
    assert problems(amqp_url="", events_queue="", event_roles="") == []
    assert problems(amqp_url="amqp://127.0.0.1/BF") == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amqp_url": "amqp://broker.example/BF"}, "AMQP_URL does not begin with amqps://"),
        ({"events_queue": ""}, "EVENTS_QUEUE is missing"),
        ({"event_roles": ""}, "EVENT_ROLES does not hold the real remove"),
        ({"event_roles": f"remove={EventRoles().remove}"}, "EVENT_ROLES does not hold the real remove"),
        ({"amqp_token_file": "/no/such/token"}, "AMQP_TOKEN_FILE names a file that is not there"),
        ({"amqp_ca_file": "/no/such/ca"}, "AMQP_CA_FILE names a file that is not there"),
        ({"amqp_certificate_file": "/no/such/pem"}, "AMQP_CERTIFICATE_FILE names a file that is not there"),
    ],
)
def test_what_would_harm_is_said(changes: dict[str, str], sentence: str) -> None:
    (said,) = problems(**changes)
    assert said.startswith(sentence)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"events_recipients": "29189668,Randers"}, "EVENTS_RECIPIENTS holds what is no CVR number"),
        ({"event_roles": "fjern=3f0c0a4e-0000-4000-8000-000000000002"}, "EVENT_ROLES names fjern"),
        ({"event_roles": f"remove={EventRoles().case}"}, "EVENT_ROLES gives two names the same UUID"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_start(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        problems(**changes)


def test_recipients_are_given_by_their_numbers() -> None:
    assert Config.model_validate({"events_recipients": "29189668, 29188572"}).events_recipients == [
        "29189668",
        "29188572",
    ]
