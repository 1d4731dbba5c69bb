"""What has expired does not stay in the database: Django's sessions and the access tokens of other systems."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from oauth2_provider.models import AccessToken

from portal import tasks

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_what_has_expired_is_gone_and_the_rest_stays() -> None:
    now = timezone.now()
    for name, expires in (("over", now - HOUR), ("going on", now + HOUR)):
        Session.objects.create(session_key=name, session_data="", expire_date=expires)
        AccessToken.objects.create(token=name, expires=expires, scope="summary")
    tasks.clear_expired()
    assert [session.session_key for session in Session.objects.all()] == ["going on"]
    assert [token.token for token in AccessToken.objects.all()] == ["going on"]


def test_it_is_done_every_day() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["clear-expired"]
    assert entry == {"task": tasks.clear_expired.name, "schedule": timedelta(days=1).total_seconds()}
