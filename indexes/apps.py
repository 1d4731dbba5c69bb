"""Django's entry for this package."""

from django.apps import AppConfig


class IndexesConfig(AppConfig):
    name = "indexes"
