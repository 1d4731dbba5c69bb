"""Events taken off the queue: some at a time, written, and only then acknowledged.

What is taken and not acknowledged comes again: to another consumer, or after this one was killed, or cut off from
broker or database. Applied twice it changes nothing (``apply``), so nothing is lost.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event as Flag
from typing import Any, Final, Protocol

from django.db import InterfaceError, OperationalError, connection
from kombu import Connection, Consumer, Queue

from indexes import keys
from indexes.errors import UNFORESEEN
from indexes.events.apply import apply
from indexes.events.decode import Event, Message, Terms, decode, unexpected
from indexes.locked import LockedError
from indexes.models import Fate
from indexes.sources import Clock

log = logging.getLogger(__name__)

AT_ONCE: Final = 200  # in one transaction; the broker gives out no more that are not acknowledged
AT_ONCE_BYTES: Final = 8 * 1024 * 1024  # read, sealed and on the way to the database they take some ten times as much
GATHER: Final = 0.1  # seconds that the first of a batch waits for others
QUIET: Final = 0.01  # seconds without another that end a batch
LOOK: Final = 1.0  # seconds between two looks at whether to stop
PAUSES: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before trying again, the last one for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where events come from. ``options`` are kombu's own, for TLS and how to log in."""

    url: str = field(repr=False)
    queue: str
    max_bytes: int
    options: dict[str, Any] = field(default_factory=dict, repr=False)


class Taken(Protocol):
    """A message as kombu gives it."""

    body: Any

    def ack(self) -> None: ...


class EventConsumer:
    """Applies what comes, until it is told to stop.

    Args:
        broker: where from; asked at each connection, since what we log in with may have been renewed.
        terms: what events are held to; asked for each batch.
        clock: the time.
        stopping: set when it is to stop after the batch at hand.
    """

    def __init__(
        self, broker: Callable[[], Broker], terms: Callable[[], Terms], *, clock: Clock, stopping: Flag
    ) -> None:
        self._broker = broker
        self._terms = terms
        self._clock = clock
        self._stopping = stopping
        self._failures = 0
        self.fates = Counter[Fate]()

    def run(self) -> None:
        """Until told to stop. Who is away is waited for: a sentence in the log says so, and one when they are back.

        Raises:
            crypto.KeyRingError: CPR_KEYS are not the database's.
        """
        while not self._stopping.is_set():
            trouble = self._take()
            if trouble is not None:
                self._wait(trouble)

    def _take(self) -> str | None:
        """Take and apply until told to stop, or until that cannot be done now: why.

        What was not acknowledged goes back to the queue with the connection.
        """
        try:
            told = self._broker()
        except OSError as error:
            return _away("What the broker knows us by", error)
        with Connection(told.url, **told.options) as broker:
            broken = (*broker.connection_errors, *broker.channel_errors)
            try:
                self._consume(broker, told)
            except LockedError as error:
                connection.close()
                return str(error)
            except (OperationalError, InterfaceError) as error:
                connection.close()
                return _away("The database", error)
            except broken as error:
                return _away("The broker", error)
        return None

    def _wait(self, trouble: str) -> None:
        """Wait before trying again, longer each time."""
        if self._failures == 0:
            log.warning("No events are taken now: nothing is lost, and it is tried again. %s", trouble)
        self._stopping.wait(PAUSES[min(self._failures, len(PAUSES) - 1)])
        self._failures += 1

    def _consume(self, broker: Connection, told: Broker) -> None:
        waiting: list[Taken] = []
        connection.ensure_connection()  # before anything is taken that could not be written
        keys.trusted()
        queue = Queue(told.queue, no_declare=True)
        with broker.channel() as channel:
            taking = Consumer(channel, [queue], on_message=waiting.append, auto_declare=False)
            taking.qos(prefetch_count=AT_ONCE)
            with taking:
                while not self._stopping.is_set():
                    broker.heartbeat_check()
                    _drain(broker, waiting)
                    if waiting:
                        self._apply(waiting, told.max_bytes)
                    self._taking()

    def _taking(self) -> None:
        if self._failures:
            log.warning("Events are taken again.")  # as loud as that they were not
        self._failures = 0

    def _apply(self, waiting: list[Taken], max_bytes: int) -> None:
        """Write, commit, acknowledge."""
        taken = waiting[:]
        waiting.clear()
        terms, now = self._terms(), self._clock()
        events = [self._decode(Message.of(_bytes(one.body), max_bytes=max_bytes), terms, now) for one in taken]
        self.fates += apply(events, terms=terms, clock=self._clock)
        for message in taken:
            message.ack()

    def _decode(self, message: Message, terms: Terms, now: datetime) -> Event:
        try:
            return decode(message, terms=terms, now=now)
        except UNFORESEEN as error:  # one message must never stop the queue; it is kept for whoever mends the fault
            told = type(error).__name__  # and no more: its own words may be the message's
            log.error("A message could not be read, by a fault of ours (%s): it is in quarantine.", told)  # noqa: TRY400
            return unexpected(message)


def _away(who: str, error: BaseException) -> str:
    return f"{who} is away ({type(error).__name__})."


def _drain(broker: Connection, waiting: list[Taken]) -> None:
    """Wait for a message, and gather those that come right after it."""
    end, size, met = time.monotonic() + LOOK, 0, 0
    while len(waiting) < AT_ONCE and size < AT_ONCE_BYTES and (left := end - time.monotonic()) > 0:
        try:
            broker.drain_events(timeout=min(left, QUIET) if waiting else left)
        except TimeoutError:  # no other came; a connection that is gone is told by the next wait
            return
        if met == 0 and waiting:
            end = time.monotonic() + GATHER
        size += sum(len(message.body) for message in waiting[met:])
        met = len(waiting)


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)
