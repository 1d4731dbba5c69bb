"""What happens to a demo person's objects while the mock runs: it changes in the index, and an event tells of it.

The broker is any that kombu speaks to. Without ``--events`` nothing happens, and nobody is told.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event, Lock, Thread
from typing import Any

from kombu import Connection
from kombu.exceptions import OperationalError

from indexes.mock.days import COPENHAGEN
from indexes.mock.demo.people import DemoPopulation
from indexes.mock.dice import Kind
from indexes.mock.objects import Case, Grant, Payment, State
from indexes.mock.writing.event import Told, event

_NEXT = {"Opstaaet": "Oplyst", "Oplyst": "Afgjort", "Afgjort": "Afsluttet", "Afsluttet": "Opstaaet"}
_CONNECT = 5.0  # seconds


class NoChangeError(ValueError):
    """What was asked for cannot happen; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to happen, as ``POST /_events`` says it.

    ``change`` is next (the case's next state, the payment's receipt), hide, delete and passive (a lifecycle), or remove
    (fjern). Of what: the object with ``uuid``, else the person's first of the ``kind``.
    """

    person: str
    kind: Kind = Kind.CASE
    change: str = "next"
    uuid: str | None = None

    @classmethod
    def read(cls, body: bytes) -> "Change":
        try:
            told = json.loads(body)
            kind = Kind[told.pop("kind", "case").upper()]
            return cls(kind=kind, **told)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NoChangeError(
                'That is no change. Send {"person": …, "kind": "case", "change": "next", "uuid": null}: '
                f"kinds are case, grant and payment, changes {', '.join(_CHANGES)}."
            ) from error


def _now() -> str:
    return datetime.now(COPENHAGEN).isoformat(timespec="milliseconds")


def _next(thing: Told, now: str) -> Told:
    if isinstance(thing, Payment):
        return replace(thing, registered=now, paid=thing.sent)
    if isinstance(thing, Grant):
        return replace(thing, registered=now)
    current = thing.states[-1]
    closed = replace(current, end=now)
    return replace(
        thing, registered=now, states=(*thing.states[:-1], closed, State(code=_NEXT[current.code], start=now))
    )


def _hide(thing: Told, now: str) -> Told:
    if not isinstance(thing, Case):
        raise NoChangeError("Only a case can be hidden: send a change of a case.")
    return replace(thing, registered=now, hidden=True)


def _living(lifecycle: str) -> Callable[[Told, str], Told]:
    def change(thing: Told, now: str) -> Told:
        if isinstance(thing, Payment):
            raise NoChangeError("A payment has no such lifecycle here: remove it.")
        return replace(thing, registered=now, lifecycle=lifecycle)

    return change


_CHANGES: dict[str, Callable[[Told, str], Told]] = {
    "next": _next,
    "hide": _hide,
    "delete": _living("Slettet"),
    "passive": _living("Passiveret"),
    "remove": lambda thing, _: thing,
}


class Happenings:
    """Lets things happen, and tells a queue.

    Args:
        people: whose objects change.
        changed: called after each change: what was counted of them is not true any more.
        broker: where to tell, as kombu spells it; None: nobody.
        queue: its name.
    """

    def __init__(self, people: DemoPopulation, changed: Callable[[], None], broker: str | None, queue: str) -> None:
        self._people = people
        self._changed = changed
        self._broker = broker
        self._queue = queue
        self._lock = Lock()
        self._turn = 0

    def happen(self, change: Change) -> dict[str, Any]:
        """Change an object and tell of it; answers which it was.

        Raises:
            NoChangeError: there is no such person or object, or the broker cannot be told.
        """
        with self._lock:
            thing = self._thing(change)
            now = _now()
            try:
                after = _CHANGES[change.change](thing, now)
            except KeyError as error:
                raise NoChangeError(f"There is no change {change.change}: use {', '.join(_CHANGES)}.") from error
            removed = now if change.change == "remove" else None
            self._people.put(change.kind, thing.uuid, None if removed else after)
            self._changed()
            self._tell([event(after, made=now, removed=removed)])
            return {"uuid": thing.uuid, "kind": change.kind.name.lower(), "change": change.change, "at": now}

    def _thing(self, change: Change) -> Told:
        things = [
            thing
            for thing in self._people.of(change.person, change.kind)
            if change.uuid in {None, thing.uuid} and isinstance(thing, Case | Grant | Payment)
        ]
        if not things:
            raise NoChangeError(f"{change.person} has no such {change.kind.name.lower()}: see /_people.")
        return things[0]

    def _tell(self, messages: Sequence[bytes]) -> None:
        if self._broker is None:
            return
        try:
            publish(self._broker, self._queue, messages)
        except OperationalError as error:
            raise NoChangeError(f"It happened, but the broker cannot be told ({type(error).__name__}).") from error

    def go_on(self, every: float, stopping: Event) -> Thread:
        """Let something happen to one person after another, every so many seconds, in a thread of its own."""

        def run() -> None:
            while not stopping.wait(every):
                self._one_more()

        thread = Thread(target=run, name="happenings", daemon=True)
        thread.start()
        return thread

    def _one_more(self) -> None:
        keys = self._people.keys()
        self._turn += 1
        try:
            self.happen(Change(person=keys[self._turn % len(keys)]))
        except NoChangeError as error:
            print(error, file=sys.stderr, flush=True)


def publish(broker: str, queue: str, messages: Sequence[bytes]) -> None:
    """Send messages to a queue that is there. Raises kombu's OperationalError when the broker is away."""
    with Connection(broker, connect_timeout=_CONNECT) as connection, connection.Producer() as producer:
        for message in messages:
            producer.publish(
                message,
                routing_key=queue,
                exchange="",
                content_type="application/xml",
                content_encoding="binary",
                delivery_mode=2,
            )
