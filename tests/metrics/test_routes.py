"""Every task has a queue that was chosen for it: nobody who signs in waits behind a bulk load."""

from celery import current_app
from django.conf import settings

OURS = ("borgerblik.", "portal.", "indexes.")
CLOCK = {
    "borgerblik.tasks.sync_all",
    "borgerblik.tasks.sync_failing",
    "borgerblik.tasks.seal_access_log",
    "borgerblik.tasks.seal_settings_history",
    "portal.tasks.purge_expired",
}


def queue_of(task: str) -> str:
    name: str = current_app.amqp.router.route({}, task)["queue"].name
    return name


def tasks() -> set[str]:
    current_app.loader.import_default_modules()
    return {name for name in current_app.tasks if name.startswith(OURS)}


def test_who_signs_in_waits_behind_nobodys_bulk_load() -> None:
    assert {name for name in tasks() if queue_of(name) == settings.CITIZENS} == {"borgerblik.tasks.refresh_citizen"}


def test_what_is_short_and_comes_by_the_clock_waits_behind_no_bulk_load_either() -> None:
    assert {name for name in tasks() if queue_of(name) == settings.UPKEEP} == CLOCK


def test_each_task_goes_to_its_own_queue_alone() -> None:
    for queue in current_app.amqp.queues.values():
        assert (queue.exchange.name, queue.routing_key) == (queue.name, queue.name)
