"""Celery's tasks of the portal itself. Those that read the indexes are in ``borgerblik.tasks``."""

import logging

from celery import shared_task
from django.utils import timezone

from borgerblik.tasks import CalledSeldom
from portal import retention

log = logging.getLogger(__name__)


@shared_task(base=CalledSeldom)
def purge_expired() -> None:
    """Delete what is held longer than it may be. What is not believed is left for somebody to look at."""
    report = retention.purge_expired(timezone.now())
    log.info("%d rows were deleted whose time was over: %s", report.gone.total(), dict(+report.gone))
    for doubt in report.doubts:
        log.error("%s", doubt)
