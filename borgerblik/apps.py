"""Django's entry for this package."""

from django.apps import AppConfig


class BorgerblikConfig(AppConfig):
    name = "borgerblik"
