"""Events while the load goes on: told by the mock indexes, kept by this, and sent until the broker has confirmed each.

The mock tells a queue of the suite's own Valkey, which nothing befalls, so it is known of every message that it was
sent. On its way on some come twice, late or in the wrong order; some are broken, and some are meant for others.
"""

import random
import re
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from queue import Empty
from typing import Any, Final, Self
from uuid import UUID, uuid4

import httpx
from amqp.exceptions import AMQPError
from kombu import Connection, Producer
from kombu.exceptions import OperationalError

from tests.ops.mock_indexes import MockIndexes

OUTBOX: Final = "faults-outbox"
KINDS: Final = ("case", "grant", "payment")
CHANGES: Final = ("next",) * 8 + ("delete", "passive", "remove", "remove")
# A case that was exempt from view stays, bare, until a complete reading an hour later, whatever is said of it. So
# nobody has one that is first hidden and then taken away: in one batch it would be gone, in two it would be there.
HIDDEN: Final = {"mette", "bo", "kim", "freja"}
CHANGES_OF_HIDDEN: Final = ("next",) * 12 + ("hide",)
EVERY: Final = 0.2  # seconds
PAUSE: Final = 0.2  # seconds until a broker that is away is tried again
CONFIRMED: Final = 5.0  # seconds
_ID: Final = re.compile(rb"<k:BeskedId>.*?([0-9a-f]{8}-[0-9a-f-]{27})", re.DOTALL)
_OBJECT: Final = re.compile(rb"<k:ObjektId>.*?([0-9a-f]{8}-[0-9a-f-]{27})", re.DOTALL)
_RECIPIENT: Final = re.compile(rb"(<k:TilladtModtager>.*?)\d{8}", re.DOTALL)
AWAY: Final = (OperationalError, AMQPError, OSError)
FOREIGN: Final = rb"\g<1>99999999"


@dataclass(slots=True)
class Sent:
    """What has been told: every message once, in the order in which they came to be."""

    messages: list[bytes] = field(default_factory=list)
    readable: set[UUID] = field(default_factory=set)
    broken: int = 0
    foreign: int = 0


class Post:
    """Lets things happen to the demo people and sends word of it, from entry to exit."""

    def __init__(self, mock: MockIndexes, *, outbox: str, broker: str, queue: str, chance: random.Random) -> None:
        self.sent = Sent()
        self._mock, self._outbox, self._broker, self._queue = mock, outbox, broker, queue
        self._chance = chance
        self._versions: defaultdict[UUID, list[bytes]] = defaultdict(list)
        self._stopping = threading.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")

    def __enter__(self) -> Self:
        self._people = [one["key"] for one in httpx.get(self._mock.people_url, timeout=10).json()["citizens"]]
        self._running = self._thread.submit(self._run)
        return self

    def __exit__(self, *_: object) -> None:
        """All that has happened is told, and confirmed by the broker, when this returns."""
        self._stopping.set()
        self._thread.shutdown()
        self._running.result()

    def _run(self) -> None:
        late: list[bytes] = []
        with Connection(self._outbox) as outbox, closing(outbox.SimpleQueue(OUTBOX)) as queue:
            queue.clear()
            while not self._stopping.wait(EVERY):
                self._happen()
                late.extend(self._taken(queue) + self._again())
                self._chance.shuffle(late)
                held_back = self._chance.randint(0, 3)
                self._send(late[held_back:])
                del late[held_back:]
            late.extend(self._taken(queue))
            self._send(late)

    def _happen(self) -> None:
        """Something to somebody; it may be that it cannot."""
        person = self._chance.choice(self._people)
        change = self._chance.choice(CHANGES_OF_HIDDEN if person in HIDDEN else CHANGES)
        told = {"person": person, "kind": self._chance.choice(KINDS), "change": change}
        answer = httpx.post(f"{self._mock.url}/_events", json=told, timeout=30)
        assert answer.status_code in {200, 400}, answer.text
        assert "cannot be told" not in answer.text, answer.text

    def _taken(self, queue: Any) -> list[bytes]:
        """What the mock has told, and what becomes of it on the way."""
        taken: list[bytes] = []
        while True:
            try:
                message = queue.get(block=False)
            except Empty:
                return taken
            taken.extend(self._with_others(bytes(message.body)))
            message.ack()

    def _with_others(self, message: bytes) -> list[bytes]:
        sent, chance = self.sent, self._chance.random()
        self._versions[_found(_OBJECT, message)].append(message)
        sent.messages.append(message)
        sent.readable.add(_id(message))
        if chance < 0.1:
            foreign = _RECIPIENT.sub(FOREIGN, _renamed(message), count=1)
            sent.messages.append(foreign)
            sent.readable.add(_id(foreign))
            sent.foreign += 1
            return [message, foreign]
        if chance < 0.2:
            broken = message[: self._chance.randrange(200, 400)] + str(uuid4()).encode()
            sent.messages.append(broken)
            sent.broken += 1
            return [message, broken]
        return [message]

    def _again(self) -> list[bytes]:
        """Now and then how something was once, long after it has changed or gone."""
        if not self._versions or self._chance.random() < 0.5:
            return []
        return [self._chance.choice(self._versions[self._chance.choice(list(self._versions))])]

    def _send(self, messages: list[bytes]) -> None:
        """Each until it is confirmed: the broker may have it twice by that, never less than once."""
        left = list(messages)
        while left:
            try:
                with (
                    Connection(self._broker, connect_timeout=2, transport_options={"confirm_publish": True}) as broker,
                    broker.Producer() as producer,
                ):
                    while left:
                        self._publish(producer, left[0])
                        del left[0]
            except AWAY:
                time.sleep(PAUSE)

    def _publish(self, producer: Producer, message: bytes) -> None:
        producer.publish(
            message,
            routing_key=self._queue,
            exchange="",
            content_type="application/xml",
            content_encoding="binary",
            delivery_mode=2,
            mandatory=True,
            confirm_timeout=CONFIRMED,
        )


def _found(tag: re.Pattern[bytes], message: bytes) -> UUID:
    found = tag.search(message)
    assert found
    return UUID(found.group(1).decode())


def _id(message: bytes) -> UUID:
    return _found(_ID, message)


def _renamed(message: bytes) -> bytes:
    """The same with an id of its own."""
    return message.replace(str(_id(message)).encode(), str(uuid4()).encode(), 1)
