"""That what the clock calls for is kept as done when it has ended well, and is tried again as any other task."""

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module

import pytest
from celery import Task, current_app, shared_task
from django.db import OperationalError, connection
from django.db.migrations import RunSQL
from pytest_django import Settings

from borgerblik.models import Done
from borgerblik.tasks import AWAY, CalledSeldom, EachMinute
from portal.retention import PURGE
from portal.tasks import purge_expired

pytestmark = pytest.mark.django_db
TIMES = 2


@pytest.fixture
def runs() -> Iterator[list[int]]:
    """How often the task ``trying`` has run; it is well the last time that it may be tried."""
    ran: list[int] = []

    @shared_task(base=EachMinute, autoretry_for=AWAY, max_retries=TIMES, default_retry_delay=0)
    def trying() -> None:
        ran.append(1)
        if len(ran) <= TIMES:
            raise OperationalError

    yield ran
    current_app.tasks.unregister(trying.name)


def test_the_nightly_deleting_is_counted_from_the_beginning_so_that_one_that_is_never_done_is_late() -> None:
    Done.objects.all().delete()
    made = import_module("borgerblik.migrations.0022_what_the_clock_calls_for_was_done")
    with connection.cursor() as cursor:
        cursor.execute(str(next(step.sql for step in made.Migration.operations if isinstance(step, RunSQL))))
    assert len(done(PURGE)) == 1


def done(task: str) -> list[datetime]:
    return list(Done.objects.filter(task=task).values_list("at", flat=True))


def called_by_the_clock() -> Task[..., None]:
    return next(task for name, task in current_app.tasks.items() if name.endswith(".trying"))


def test_what_is_tried_again_has_been_done_when_it_has_ended_well(runs: list[int]) -> None:
    called_by_the_clock().apply()
    assert len(runs) == TIMES + 1
    assert len(done("trying")) == 1


def test_what_fails_has_not_been_done(runs: list[int]) -> None:
    with pytest.raises(OperationalError):
        called_by_the_clock()()
    assert runs == [1]
    assert not done("trying")


def test_each_task_of_the_clock_says_when_it_was_done_or_waits_for_a_database_that_is_away(settings: Settings) -> None:
    """The nightly deleting does both: that it was done is kept where it is done, by hand as well."""
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        kind = EachMinute if entry["schedule"] == 60 else CalledSeldom
        assert isinstance(current_app.tasks[entry["task"]], kind), entry["task"]
    assert isinstance(purge_expired, CalledSeldom)
