"""Django's entry for this package."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
