"""The Celery application: ``celery -A portal worker``."""

import os
from logging.config import dictConfig

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from django.conf import settings

from indexes.collector import collect_seldom

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["borgerblik", "portal"])


@setup_logging.connect
def log_as_the_pages_do(**_: object) -> None:
    """Celery would otherwise put handlers of its own in place of ours, and they mask nothing."""
    dictConfig(settings.LOGGING)


@worker_process_init.connect
def collect_garbage_seldom(**_: object) -> None:
    """In each process that reads the indexes."""
    collect_seldom()
