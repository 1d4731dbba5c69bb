"""Celery's queue of bulk loads, and its tasks done one after the other where a worker would do them side by side."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from celery import current_app
from django.conf import settings
from django.utils import timezone

Queue = Callable[[], list[list[Any]]]


@contextmanager
def loads(redis_url: str) -> Iterator[Queue]:
    """What lies in the queue, each message's task and arguments; emptied before and after."""
    with current_app.connection_for_read(redis_url) as connection:
        simple = connection.SimpleQueue(settings.LOADS)
        simple.clear()

        def waiting() -> list[list[Any]]:
            found = []
            with suppress(simple.Empty):
                while True:
                    message = simple.get_nowait()
                    message.ack()
                    found.append([message.headers["task"], *message.payload[0]])
            return found

        yield waiting
        simple.clear()
        simple.close()


def times(redis_url: str) -> list[float]:
    """In how many seconds each message in the queue is over; they are taken out."""
    found = []
    with current_app.connection_for_read(redis_url) as connection:
        simple = connection.SimpleQueue(settings.LOADS)
        with suppress(simple.Empty):
            while True:
                message = simple.get_nowait()
                message.ack()
                over = datetime.fromisoformat(message.headers["expires"])
                found.append((over - timezone.now()).total_seconds())
        simple.close()
    return found


def work(queue: Queue) -> int:
    """Do what lies in the queue, and what comes of it; answers how many tasks that were."""
    done = 0
    while waiting := queue():
        for name, *arguments in waiting:
            current_app.tasks[name](*arguments)
            done += 1
    return done
