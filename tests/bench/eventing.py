"""Events: from the broker to what a citizen's page reads, one at a time and many at once.

The limits are bare: the same bytes through the same broker and one row written and committed; and the same messages
parsed by lxml, with nothing taken out of them, and their rows copied into the same table with the same indexes.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

from django.db import connection
from kombu import Connection
from lxml import etree
from psycopg.types.json import Jsonb

from indexes.events.decode import Message, decode
from indexes.identity import citizens_for
from indexes.mock.events import publish
from indexes.mock.objects import Case
from indexes.mock.writing.event import event
from indexes.models import Citizen, EventCount, EventTaken, SourceState, Tombstone
from indexes.records import Case as CaseRecord
from indexes.records import Parsed
from indexes.store.tables import BY_TYPE
from tests.bench.environment import PLACE
from tests.bench.measure import Line, seconds
from tests.events.consuming import QUEUE, Consuming
from tests.events.makers import MAX_BYTES, TERMS, a_case
from tests.indexes.makers import SPACE
from tests.ops.rabbitmq import RabbitMQ

ONE_BY_ONE = 60
MANY = 4_000
LOOK = 0.002  # seconds
BARE = "bare"


def event_lines() -> Iterator[Line]:
    """How long one event takes, in events a second one after another, and how many go through at once."""
    with RabbitMQ(PLACE / "rabbitmq") as broker:
        for queue in (QUEUE, BARE):
            broker.declare(queue)
        _forget()
        with Consuming(broker.url):
            yield _one_by_one(broker.url)
            yield _many(broker.url)
        _forget()


def _forget() -> None:
    for model in (Citizen, EventCount, EventTaken, Tombstone, SourceState):
        model.objects.all().delete()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _case(number: int) -> Case:
    return a_case(uuid=str(uuid5(SPACE, f"bench {number}")), registered=_now(), documents=())


def _held(uuid: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM indexes_case WHERE uuid = %s)", [uuid])
        return bool(cursor.fetchone()[0])


def _until_held(uuid: str) -> None:
    while not _held(uuid):
        time.sleep(LOOK)


def _one_by_one(url: str) -> Line:
    """From sending an event until a reader of the tables sees it, against the way through the broker and one row."""
    _until_applied(url, _case(-1))  # the consumer is up
    ours, limit = [], []
    for number in range(ONE_BY_ONE):
        case = _case(number)
        ours.append(seconds(lambda: _until_applied(url, case)))  # noqa: B023 - called at once
        limit.append(seconds(lambda: _bare(url, case)))  # noqa: B023
    return Line(
        name="event",
        ours=1 / statistics.median(ours),
        limit=1 / statistics.median(limit),
        ratio=statistics.median(bare / mine for mine, bare in zip(ours, limit, strict=True)),
        unit="events/s, one after another",
        n=ONE_BY_ONE,
    )


def _until_applied(url: str, case: Case) -> None:
    publish(url, QUEUE, [event(case, made=_now())])
    _until_held(case.uuid)


def _bare(url: str, case: Case) -> None:
    publish(url, BARE, [event(case, made=_now())])
    with Connection(url) as taking, taking.SimpleQueue(BARE) as queue:
        message = queue.get(timeout=5)
        SourceState.objects.update_or_create(
            source="sdi", authority_cvr="00000000", defaults={"last_attempt": datetime.now(UTC)}
        )
        message.ack()


def _many(url: str) -> Line:
    cases = [_case(1_000_000 + number) for number in range(MANY)]
    messages = [event(case, made=_now()) for case in cases]
    before = _counted()

    def through() -> None:
        publish(url, QUEUE, messages)
        while _counted() < before + MANY:
            time.sleep(10 * LOOK)

    ours = MANY / seconds(through)
    limit = MANY / (seconds(lambda: [etree.fromstring(message) for message in messages]) + _copied(messages))
    return Line(name="events", ours=ours, limit=limit, ratio=ours / limit, unit="events/s", n=MANY)


def _counted() -> int:
    return sum(EventCount.objects.values_list("events", flat=True))


def _copied(messages: Sequence[bytes]) -> float:
    """Seconds of a COPY of the messages' rows."""
    now, table = datetime.now(UTC), BY_TYPE[CaseRecord]
    items = [decode(Message.of(each, max_bytes=MAX_BYTES), terms=TERMS, now=now).things[0].item for each in messages]
    records = [item.record for item in items if isinstance(item, Parsed)]
    citizens = citizens_for(record.cpr for record in records)
    rows = [
        (citizens[record.cpr], now, None, None, UUID(int=number), *table.row(record)[1:])
        for number, record in enumerate(records, start=1)
    ]
    facts_at = list(table.columns).index("facts")
    ready = [(*row[:facts_at], Jsonb(row[facts_at], dumps=lambda facts: facts), *row[facts_at + 1 :]) for row in rows]
    statement = f"COPY {table.name} ({', '.join(table.columns)}) FROM STDIN (FORMAT BINARY)"

    def copy() -> None:
        with connection.cursor() as cursor, cursor.copy(statement) as into:
            into.set_types(list(table.columns.values()))
            for row in ready:
                into.write_row(row)

    return seconds(copy)
