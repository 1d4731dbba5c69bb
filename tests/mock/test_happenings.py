"""What happens to a demo person's objects is in the index, and an event tells of it."""

from collections.abc import Iterator
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import httpx
import pytest
from kombu import Connection
from lxml import etree

from indexes.mock.answers import Source
from indexes.mock.events import Change, NoChangeError
from indexes.mock.server import Indexes, Server
from tests.mock import asking
from tests.mock.indexes import ask, indexes, text, texts

METTE = "6815859002"


@pytest.fixture
def queue() -> str:
    return f"events-{uuid4()}"


@pytest.fixture
def told(queue: str) -> Indexes:
    """A Denmark of its own, which tells a queue in this process."""
    return indexes("--citizens=0", "--events=memory://", f"--events-queue={queue}")


def messages(queue: str) -> Iterator[etree._Element]:
    """Everything that waits in the queue."""
    with Connection("memory://") as connection, connection.SimpleQueue(queue) as waiting:
        while waiting.qsize():
            message = waiting.get(block=False)
            message.ack()
            body: Any = message.body
            yield etree.fromstring(bytes(body))


def cases(mock: Indexes) -> etree._Element:
    return ask(mock.answerer, Source.SDI, asking.sdi(cpr=METTE))


@pytest.mark.parametrize("change", ["next", "hide", "delete", "passive"])
def test_the_event_holds_the_registration_that_the_index_has(told: Indexes, queue: str, change: str) -> None:
    happened = told.happenings.happen(Change(person="mette", change=change))
    (message,) = messages(queue)
    registered = message.findtext(".//{urn:oio:sts:sagdok:sag:6}Registrering/{urn:oio:sagdok:3.0.0}Tidspunkt")
    assert registered == happened["at"]
    assert registered in texts(cases(told), ".//sag:Registrering/sd:Tidspunkt")


def test_what_is_removed_is_gone_from_the_index_and_from_its_count(told: Indexes, queue: str) -> None:
    before = texts(cases(told), ".//sag:ObjektType/sd:UUIDIdentifikator")
    owned = text(ask(told.answerer, Source.SDI, asking.sdi(cvr="29189668")), "sdi:Antal/sdi:Antal")
    happened = told.happenings.happen(Change(person="mette", change="remove"))
    after = texts(cases(told), ".//sag:ObjektType/sd:UUIDIdentifikator")
    assert set(before) - set(after) == {happened["uuid"]}
    left = text(ask(told.answerer, Source.SDI, asking.sdi(cvr="29189668")), "sdi:Antal/sdi:Antal")
    assert int(owned or 0) - int(left or 0) == 1
    (message,) = messages(queue)
    assert message.find("{urn:oio:besked:kuvert:1.0}Beskeddata") is None


def test_it_goes_on_by_itself(told: Indexes, queue: str) -> None:
    stopping = Event()
    thread = told.happenings.go_on(0.01, stopping)
    seen: set[str] = set()
    while len(seen) < 3:
        seen.update(message.findtext(".//{*}ObjektId/{*}UUIDIdentifikator") or "" for message in messages(queue))
    stopping.set()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    "asked",
    [
        b"",
        b"[]",
        b'{"kind": "case"}',
        b'{"person": "nobody"}',
        b'{"person": "mette", "change": "burn"}',
        b'{"person": "mette", "kind": "plan"}',
        b'{"person": "mette", "kind": "grant", "change": "hide"}',
        b'{"person": "mette", "kind": "payment", "change": "delete"}',
        b'{"person": "mette", "uuid": "0"}',
    ],
)
def test_what_cannot_happen_is_said(told: Indexes, queue: str, asked: bytes) -> None:
    with pytest.raises(NoChangeError):
        told.happenings.happen(Change.read(asked))
    assert list(messages(queue)) == []


def test_it_is_asked_for_over_http(told: Indexes) -> None:
    with Server(("127.0.0.1", 0), told) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/_events"
        answers = [httpx.post(address, json={"person": person}, timeout=5) for person in ("nobody", "bo")]
        server.shutdown()
        thread.join()
    assert [answer.status_code for answer in answers] == [400, 200]
    assert answers[1].json()["kind"] == "case"
