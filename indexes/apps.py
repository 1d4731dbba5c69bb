"""Django's entry for this package."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from indexes import rights


class IndexesConfig(AppConfig):
    name = "indexes"

    def ready(self) -> None:
        """After each migration the services' roles get their rights anew."""
        post_migrate.connect(rights.give_after_migrate, sender=self)
