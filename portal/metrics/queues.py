"""How much waits in Celery's queues, asked of the broker."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from redis import Redis

PATIENCE: Final = 2.0  # seconds: whoever scrapes waits
WORKED_ON: Final = "unacked"  # where kombu's Redis transport keeps what a worker has taken and not yet answered for
_SOCKET: Final = "redis+socket:"  # as kombu spells what redis-py calls "unix:"


def lengths() -> Iterator[tuple[str, int]]:
    """Each queue with how many tasks wait in it.

    Raises:
        RedisError: the broker does not answer.
    """
    with _broker() as broker:
        for name in sorted(settings.QUEUES):
            yield name, int(broker.llen(name))


def worked_on() -> int:
    """How many tasks workers have taken: those at work, and the few that each holds ready.

    Raises:
        RedisError: the broker does not answer.
    """
    with _broker() as broker:
        return int(broker.hlen(WORKED_ON))


def _broker() -> Redis:
    url = settings.CELERY_BROKER_URL
    if url.startswith(_SOCKET):
        url = f"unix:{url.removeprefix(_SOCKET)}"
    return Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
