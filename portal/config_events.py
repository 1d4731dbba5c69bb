"""The settings of events (Beskedfordeler): where they come from, and whom they may be meant for.

The rest, and how settings are read, is in ``config``.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, NoDecode

from indexes.events.roles import EventRoles, event_roles

CVR = re.compile(r"[0-9]{8}", re.ASCII)
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1", None})


class Events(BaseSettings):
    """What ``Config`` has of events."""

    amqp_url: str = Field(
        default="",
        description="The broker that events come from, with its virtual host: amqps://host:5671/BF. Empty: no events "
        "are taken, and what has changed is known after the next reading. The demo's come by its Valkey.",
    )
    amqp_token_file: str = Field(
        default="",
        description="A file with the token by which the broker knows us (SASL EXTERNAL), read at each connection. "
        "Empty: the name and password in AMQP_URL, or the certificate.",
    )
    amqp_certificate_file: str = Field(
        default="",
        description="A file with our certificate and its key (PEM), shown to the broker. Empty: none is shown.",
    )
    amqp_ca_file: str = Field(
        default="",
        description="A file with the certificates (PEM) by which the broker is known. Empty: those of the system.",
    )
    events_queue: str = Field(default="", description="The queue that events come in: the UUID of the Dueslag.")
    events_recipients: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="CVR numbers that an event may be meant for (TilladtModtager), separated by commas. Empty: the "
        "authorities on Borgerblik.",
    )
    event_roles: Annotated[dict[str, UUID], NoDecode] = Field(
        default={},
        description="The UUIDs by which an event says what has happened, 'name=uuid' separated by commas: remove (the "
        "handling of an object that was removed), case, grant and payment (its type). Production must give remove when "
        "it takes events.",
    )
    events_max_bytes: int = Field(
        default=2 * 1024 * 1024,
        gt=0,
        description="The largest event that is read, in bytes; of a larger one the beginning is kept in quarantine.",
    )

    @model_validator(mode="after")
    def _check_events(self) -> Self:
        self.roles_of_events()
        if not all(CVR.fullmatch(number) for number in self.events_recipients):
            raise ValueError(
                "EVENTS_RECIPIENTS holds what is no CVR number, so events meant for it would be refused: give eight "
                "digits each."
            )
        return self

    def roles_of_events(self) -> EventRoles:
        return event_roles(self.event_roles)

    def problems_of_events(self) -> Iterator[str]:
        """What keeps a production from starting that takes events."""
        if not self.amqp_url:
            return
        address = urlsplit(self.amqp_url)
        if address.scheme == "amqp" and address.hostname not in THIS_MACHINE:
            yield ("AMQP_URL does not begin with amqps://: people's data could be read on their way. Use TLS, at 5671.")
        if not self.events_queue:
            yield "EVENTS_QUEUE is missing: there is nowhere to take events from. Set the UUID of your Dueslag."
        if self.roles_of_events().remove == EventRoles().remove:
            yield (
                "EVENT_ROLES does not hold the real remove: what an index removes would stay until the next reading. "
                "Set 'remove=uuid' with the handling of an object that was removed, or take no events (AMQP_URL)."
            )
        for name in ("amqp_token_file", "amqp_certificate_file", "amqp_ca_file"):
            if (file := getattr(self, name)) and not Path(file).is_file():
                yield f"{name.upper()} names a file that is not there, so the broker would not let us in."
