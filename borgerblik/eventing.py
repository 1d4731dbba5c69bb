"""Which events are taken, and from where: those of the authorities on Borgerblik, of what the stage plan holds.

The command calls this; what an event does is ``indexes.events``.
"""

import ssl
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag
from typing import Any, Final
from urllib.parse import urlsplit

from amqp.sasl import SASL
from django.conf import settings

from borgerblik.models import SettingChange
from borgerblik.syncing import on_borgerblik
from borgerblik.wanted import wanted
from indexes.events.consumer import Broker, EventConsumer
from indexes.events.decode import Terms
from indexes.events.payload import Roles
from indexes.sync.authority import utc_now

ASKED_EVERY: Final = 10.0  # seconds until it holds for events, too, that a day or an edition of KLE has begun
HEARTBEAT: Final = 30  # seconds; a broker that says nothing for twice as long is away
CONNECT: Final = 5.0  # seconds


class Token(SASL):
    """SASL EXTERNAL by a token: what Beskedfordeler asks for."""

    mechanism = b"EXTERNAL"

    def __init__(self, token: bytes) -> None:
        self._token = token

    def start(self, connection: object) -> bytes:  # noqa: ARG002 - as the base class has it
        return self._token


def terms() -> Terms:
    """What events are held to, as the settings and the console say now."""
    ours = frozenset(authority.cvr for authority in on_borgerblik())
    return Terms(
        wanted=wanted(),
        authorities=ours,
        recipients=frozenset(settings.EVENTS_RECIPIENTS) or ours,
        roles=Roles(sdi=settings.SDI_ROLES, yi=settings.YI_ROLES),
        events=settings.EVENT_ROLES,
    )


def _newest_decision() -> int | None:
    return SettingChange.objects.order_by("-pk").values_list("pk", flat=True).first()


def asked_now_and_then(ask: Callable[[], Terms], *, clock: Callable[[], float] = time.monotonic) -> Callable[[], Terms]:
    """``ask``, at most every so often, and after each decision: each batch would otherwise read the whole stage plan.

    What has left, or is used no more, is taken away at once, and an event must not bring it back.
    """
    known: list[tuple[float, int | None, Terms]] = []

    def answer() -> Terms:
        newest = _newest_decision()
        if not known or known[0][1] != newest or clock() - known[0][0] > ASKED_EVERY:
            known[:] = [(clock(), newest, ask())]
        return known[0][2]

    return answer


def broker() -> Broker:
    """The broker, as the settings say."""
    options: dict[str, Any] = {"heartbeat": HEARTBEAT, "connect_timeout": CONNECT}
    if settings.AMQP_URL.startswith("amqps://"):
        options["ssl"] = _tls()
    if settings.AMQP_TOKEN_FILE:
        token = Path(settings.AMQP_TOKEN_FILE).read_bytes().strip()
        options["transport_options"] = {"authentication": (Token(token),)}
    elif settings.AMQP_CERTIFICATE_FILE:
        options["login_method"] = "EXTERNAL"
    return Broker(
        url=settings.AMQP_URL, queue=settings.EVENTS_QUEUE, max_bytes=settings.EVENTS_MAX_BYTES, options=options
    )


def _tls() -> dict[str, Any]:
    """The broker is always asked who it is, and must be whom the address names."""
    return {
        "cert_reqs": ssl.CERT_REQUIRED,
        "server_hostname": urlsplit(settings.AMQP_URL).hostname,  # without it no name would be looked at
        "tls_minimum_version": ssl.TLSVersion.TLSv1_2,
        "ca_certs": settings.AMQP_CA_FILE or None,
        "certfile": settings.AMQP_CERTIFICATE_FILE or None,
    }


def consumer(stopping: Flag) -> EventConsumer:
    """One that takes events until it is told to stop."""
    return EventConsumer(broker, asked_now_and_then(terms), clock=utc_now, stopping=stopping)
