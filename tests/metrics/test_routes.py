"""Every task has a queue that was chosen for it: nobody who signs in waits behind a bulk load."""

from celery import current_app
from django.conf import settings

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
    by_the_clock = {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {name for name in tasks() if queue_of(name) == settings.UPKEEP} == by_the_clock


def test_each_task_goes_to_its_own_queue_alone() -> None:
    for queue in current_app.amqp.queues.values():
        assert (queue.exchange.name, queue.routing_key) == (queue.name, queue.name)
