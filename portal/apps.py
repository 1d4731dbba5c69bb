"""Django's entry for this package."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from portal.login import clock


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        """However an employee is signed in, the time of the session begins then."""
        user_logged_in.connect(_start_clock, dispatch_uid="portal.start_clock")


def _start_clock(request: HttpRequest, **_: Any) -> None:
    clock.start(request.session, timezone.now())
