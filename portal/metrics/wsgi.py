"""The machine room's own server: ``granian --interface=wsgi --port=9100 portal.metrics.wsgi:application``.

One process, on a port that no proxy leads to, as the role of the worker: it asks the database once for all the servers
of pages, and a slow answer takes no page's turn. ``/healthz`` is for the container.
"""

import os
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import django
from django.core.signals import request_started
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PGCONNECT_TIMEOUT", "5")  # seconds: a database that is not there is told before a scrape ends
django.setup()

from portal.metrics import door  # noqa: E402 - Django's settings first
from portal.metrics.room import Room  # noqa: E402

_PLAIN: Final = "text/plain; charset=utf-8"
REGISTRY: Final = CollectorRegistry()
REGISTRY.register(Room())


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """``/metrics`` for whoever sends METRICS_TOKEN; ``/healthz`` for anybody."""
    request_started.send(sender=application, environ=environ)  # as Django's own handler: a broken connection is renewed
    match environ["PATH_INFO"]:
        case "/healthz":
            status, kind, body = HTTPStatus.OK, _PLAIN, b"ok\n"
        case "/metrics" if door.may_read(environ.get("HTTP_AUTHORIZATION", "")):
            status, kind, body = HTTPStatus.OK, CONTENT_TYPE_PLAIN_0_0_4, generate_latest(REGISTRY)
        case "/metrics":
            status, kind, body = HTTPStatus.UNAUTHORIZED, _PLAIN, b""
        case _:
            status, kind, body = HTTPStatus.NOT_FOUND, _PLAIN, b""
    start_response(f"{status.value} {status.phrase}", [("Content-Type", kind), ("Cache-Control", "no-store")])
    return [body]
