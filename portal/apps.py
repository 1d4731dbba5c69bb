"""Django's entry for this package."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.http import HttpRequest
from django.utils import timezone

from portal import rights
from portal.login import clock


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        """An employee's session begins however they are signed in; rights are given after each migration."""
        user_logged_in.connect(_start_clock, dispatch_uid="portal.start_clock")
        post_migrate.connect(rights.give_after_migrate, sender=self)


def _start_clock(request: HttpRequest, **_: Any) -> None:
    clock.start(request.session, timezone.now())
