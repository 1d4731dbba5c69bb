"""The troubles that can be switched on for each index, and what each does to an answer on its way out."""

import select
import socket
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Condition

from indexes.mock.answers import Source

SLOW_SECONDS = 8.0
_LOOK_EVERY = 0.2  # seconds between looks at whether a hanging client has left


class Trouble(StrEnum):
    """What can be wrong with an index."""

    SLOW = "slow"  # waits, then answers
    STATUS503 = "status503"  # HTTP 503
    HANG = "hang"  # keeps the connection open and answers only when the trouble is over
    MALFORMED = "malformed"  # not well-formed XML
    TRUNCATED = "truncated"  # cut short: by turns in the middle of the HTTP body and in the middle of the XML
    FAULT = "fault"  # HTTP 500 with a SOAP Fault (the plan index: its own failure)
    DUPLICATE = "duplicate"  # every object twice, the outdated one last
    EMPTY = "empty"  # a valid answer with nothing in it
    OFF = "off"  # the connection is closed without a byte


@dataclass(slots=True)
class Troubles:
    """Which index has which trouble. Shared between the threads that answer."""

    slow_seconds: float = SLOW_SECONDS
    _current: dict[Source, Trouble | None] = field(default_factory=lambda: dict.fromkeys(Source))
    _asked: dict[Source, int] = field(default_factory=lambda: dict.fromkeys(Source, 0))
    _changed: Condition = field(default_factory=Condition)

    def put(self, source: Source, trouble: Trouble | None) -> None:
        """Switch a trouble on, or with None off, and let go of those who hang in it."""
        with self._changed:
            self._current[source] = trouble
            self._asked[source] = 0
            self._changed.notify_all()

    def all(self) -> dict[Source, Trouble | None]:
        with self._changed:
            return dict(self._current)

    def meet(self, source: Source) -> tuple[Trouble | None, int]:
        """The trouble that a request meets, and the number of requests that met it before: what "by turns" goes by."""
        with self._changed:
            self._asked[source] += 1
            return self._current[source], self._asked[source] - 1

    def hang(self, source: Source, connection: socket.socket) -> bool:
        """Wait until the trouble is over (True) or the client has left (False)."""
        with self._changed:
            while self._current[source] is Trouble.HANG:
                if _left(connection):
                    return False
                self._changed.wait(_LOOK_EVERY)
        return True


def _left(connection: socket.socket) -> bool:
    readable, _, _ = select.select([connection], [], [], 0)
    if not readable:
        return False
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except ConnectionError:
        return True


def malformed(xml: bytes) -> bytes:
    """``xml`` with its last closing tag spoilt."""
    return xml[:-2] + b"<>"


def cut(xml: bytes) -> bytes:
    """The first two thirds of ``xml``, which never end between two whole elements of the document."""
    return xml[: len(xml) * 2 // 3]
