"""Celery's tasks of the portal itself. Those that read the indexes are in ``borgerblik.tasks``."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_expired() -> None:
    """Delete the sessions and the access tokens that have expired: neither Django nor its OAuth toolkit does so."""
    call_command("clearsessions")
    call_command("cleartokens")
