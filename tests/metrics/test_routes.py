"""Every task has a queue that was chosen for it: nobody who signs in waits behind a bulk load. And a time, too."""

from typing import Any

from celery import current_app
from celery.schedules import crontab
from django.conf import settings

from borgerblik.tasks import CalledSeldom

MINUTE, DAY = 60, 24 * 60 * 60  # seconds
CLOCK: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
OURS = ("borgerblik.", "portal.", "indexes.")


def queue_of(task: str) -> str:
    name: str = current_app.amqp.router.route({}, task)["queue"].name
    return name


def tasks() -> set[str]:
    current_app.loader.import_default_modules()
    return {name for name in current_app.tasks if name.startswith(OURS)}


def test_who_signs_in_waits_behind_nobodys_bulk_load() -> None:
    assert {name for name in tasks() if queue_of(name) == settings.CITIZENS} == {"borgerblik.tasks.refresh_citizen"}


def test_what_the_clock_begins_waits_behind_no_bulk_load_and_all_else_has_a_queue_of_its_choice() -> None:
    """A new task that no clock begins: say in ``CELERY_TASK_ROUTES`` where it waits."""
    by_the_clock = {entry["task"] for entry in CLOCK.values()}
    assert {name for name in tasks() if queue_of(name) == settings.UPKEEP} == by_the_clock


def test_each_task_goes_to_its_own_queue_alone() -> None:
    for queue in current_app.amqp.queues.values():
        assert (queue.exchange.name, queue.routing_key) == (queue.name, queue.name)


def test_each_message_of_the_clock_is_over_when_the_next_comes() -> None:
    assert CLOCK
    for name, entry in CLOCK.items():
        assert entry["options"]["expires"] == interval(entry), name


def test_what_the_clock_calls_for_seldom_is_not_lost_with_a_process_that_is_killed() -> None:
    seldom = {one["task"] for one in CLOCK.values() if interval(one) > MINUTE}
    assert seldom == {"borgerblik.tasks.sync_all", "portal.tasks.purge_expired"}
    assert all(isinstance(current_app.tasks[name], CalledSeldom) for name in seldom)
    assert CalledSeldom.retry_on_worker_lost


def interval(entry: dict[str, Any]) -> float:
    """Seconds from one call to the next."""
    if isinstance(entry["schedule"], crontab):
        assert entry["schedule"] == crontab(hour=3, minute=20), "another needs its own interval here"
        return DAY
    return float(entry["schedule"])
