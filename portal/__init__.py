"""What people meet: citizen pages, municipal console, REST, sign-in, and Django's settings."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
