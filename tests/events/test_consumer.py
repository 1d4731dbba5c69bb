"""The consumer with a real broker: killed and cut off it loses nothing, and counts nothing twice."""

import random
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from django.db import connection
from django.db.models import Sum

from borgerblik.models import AuthoritySettings
from indexes.events.consumer import AT_ONCE
from indexes.mock.events import publish
from indexes.models import Case, Citizen, EventCount, EventTaken, Fate, Quarantined, Tombstone
from portal.embedded.ports import free_port
from portal.embedded.postgres import EmbeddedPostgres
from tests.events.consuming import QUEUE, Consuming, until
from tests.events.makers import a_case, a_grant, a_payment, instant, minutes, rows, take, told
from tests.indexes.makers import SPACE
from tests.ops.environment import POSTGRES
from tests.ops.rabbitmq import RabbitMQ

pytestmark = pytest.mark.django_db(transaction=True)

ODENSE = "35209115"
PEOPLE = 120


@pytest.fixture(autouse=True)
def on_borgerblik(transactional_db: None) -> None:  # noqa: ARG001 - first the database
    for code in ("0730", "0360", "UDK"):
        AuthoritySettings.objects.update_or_create(code=code, defaults={"since": minutes(-100_000).date()})


def messages() -> list[bytes]:
    """What happened to some people's cases, grants and payments: out of order, some twice, with poison among it."""
    found: list[bytes] = []
    for number in range(PEOPLE):
        name = {"uuid": str(uuid5(SPACE, f"event {number}"))}
        first, grant, payment = a_case(**name), a_grant(**name), a_payment(**name)
        found += [told(first), told(grant), told(payment)]
        found.append(told(replace(first, status_text="så", registered=instant(minutes(1)))))
        if number % 3 == 0:
            found.append(told(replace(first, lifecycle="Slettet", registered=instant(minutes(2)))))
        if number % 3 == 1:
            found.append(told(grant, removed=minutes(2)))
        if number % 10 == 0:
            found += [told(first, recipient=ODENSE), told(first)[: 500 + number], told(replace(first, kle=None))]
    found += found[::7]
    random.Random(2026).shuffle(found)
    return found


def forget() -> None:
    for model in (Citizen, Quarantined, Tombstone, EventCount, EventTaken):
        model.objects.all().delete()


def undisturbed(told_of: Sequence[bytes]) -> dict[str, object]:
    """What is held after the messages, taken in order by nobody who was disturbed."""
    for first in range(0, len(told_of), AT_ONCE):
        take(*told_of[first : first + AT_ONCE], now=minutes(5 + first))
    held = held_now()
    forget()
    return held


def held_now() -> dict[str, object]:
    """Everything that must be the same, however it came about."""
    return {**rows(), "quarantined": sorted(Quarantined.objects.values_list("kind", "reason", "what"))}


def counted() -> int:
    return EventCount.objects.aggregate(all=Sum("events"))["all"] or 0


def different(told_of: Sequence[bytes]) -> int:
    return len(set(told_of))


def all_taken(rabbitmq: RabbitMQ, told_of: Sequence[bytes]) -> None:
    until(lambda: counted() >= different(told_of))
    until(lambda: rabbitmq.waiting(QUEUE) == 0)


def test_what_comes_is_applied_and_ends_with_a_word(rabbitmq: RabbitMQ) -> None:
    told_of = messages()
    expected = undisturbed(told_of)
    rabbitmq.declare(QUEUE)
    publish(rabbitmq.url, QUEUE, told_of)
    with Consuming(rabbitmq.url) as consumer:
        all_taken(rabbitmq, told_of)
        assert consumer.end() == 0
    assert held_now() == expected
    assert counted() == different(told_of)
    assert consumer.said.startswith("Stopped. Events: ")
    assert EventCount.objects.filter(fate=Fate.FOREIGN).aggregate(all=Sum("events"))["all"] == PEOPLE / 10


def test_killed_again_and_again_it_loses_nothing_and_counts_nothing_twice(rabbitmq: RabbitMQ) -> None:
    told_of = messages()
    expected = undisturbed(told_of)
    rabbitmq.declare(QUEUE)
    publish(rabbitmq.url, QUEUE, told_of)
    with Consuming(rabbitmq.url) as consumer:
        until(lambda: rabbitmq.waiting(QUEUE) < len(told_of))
        consumer.end(signal.SIGKILL)
    for _ in range(2):
        before = counted()
        with Consuming(rabbitmq.url) as consumer:
            until(lambda: counted() > before)  # noqa: B023 - asked at once
            consumer.end(signal.SIGKILL)
    assert counted() < different(told_of), "it was killed in the middle"
    with Consuming(rabbitmq.url):
        all_taken(rabbitmq, told_of)
    assert held_now() == expected
    assert counted() == different(told_of)


def test_two_at_once_do_it_once(rabbitmq: RabbitMQ) -> None:
    told_of = messages()
    expected = undisturbed(told_of)
    rabbitmq.declare(QUEUE)
    publish(rabbitmq.url, QUEUE, told_of)
    with Consuming(rabbitmq.url), Consuming(rabbitmq.url):
        all_taken(rabbitmq, told_of)
    assert held_now() == expected
    assert counted() == different(told_of)


def test_a_broker_that_is_restarted_is_waited_for(rabbitmq: RabbitMQ) -> None:
    told_of = messages()
    expected = undisturbed(told_of)
    rabbitmq.declare(QUEUE)
    half = len(told_of) // 2
    with Consuming(rabbitmq.url) as consumer:
        publish(rabbitmq.url, QUEUE, told_of[:half])
        until(lambda: counted() > 0)
        rabbitmq.stop()
        rabbitmq.start()
        publish(rabbitmq.url, QUEUE, told_of[half:])
        all_taken(rabbitmq, told_of)
        assert consumer.end() == 0
    assert held_now() == expected
    assert counted() == different(told_of)
    assert consumer.said.count("The broker is away") == 1
    assert consumer.said.count("Events are taken again.") == 1


def test_a_database_that_is_restarted_is_waited_for(rabbitmq: RabbitMQ) -> None:
    told_of = messages()
    expected = undisturbed(told_of)
    rabbitmq.declare(QUEUE)
    half = len(told_of) // 2
    with Consuming(rabbitmq.url) as consumer:
        publish(rabbitmq.url, QUEUE, told_of[:half])
        until(lambda: counted() > 0)
        restart(POSTGRES)
        publish(rabbitmq.url, QUEUE, told_of[half:])
        all_taken(rabbitmq, told_of)
        assert consumer.end() == 0
    assert held_now() == expected
    assert counted() == different(told_of)
    assert consumer.said.count("The database is away") == 1
    assert consumer.said.count("Events are taken again.") == 1


def test_a_database_that_is_away_at_the_beginning_is_waited_for(rabbitmq: RabbitMQ, tmp_path: Path) -> None:
    nowhere = f"postgresql://borgerblik_sync@127.0.0.1:{free_port()}/borgerblik"
    said = tmp_path / "said"
    with said.open("w") as log, Consuming(rabbitmq.url, log=log, DATABASE_URL=nowhere) as consumer:
        until(lambda: "The database is away" in said.read_text() or consumer.ended())
        assert consumer.end() == 0, said.read_text()


def test_a_queue_that_is_not_there_and_a_token_that_is_not_are_waited_for(rabbitmq: RabbitMQ, tmp_path: Path) -> None:
    rabbitmq.declare(QUEUE)
    rabbitmq.remove_queue(QUEUE)
    said, token = tmp_path / "said", tmp_path / "token"
    with said.open("w") as log, Consuming(rabbitmq.url, log=log, AMQP_TOKEN_FILE=str(token)) as consumer:
        until(lambda: "What the broker knows us by is away (FileNotFoundError)" in said.read_text())
        consumer.end()
    with said.open("w") as log, Consuming(rabbitmq.url, log=log):
        until(lambda: "The broker is away (NotFound)" in said.read_text())
        rabbitmq.declare(QUEUE)
        publish(rabbitmq.url, QUEUE, [told(a_case())])
        until(lambda: counted() == 1)


def restart(server: EmbeddedPostgres) -> None:
    """The tests' own server; of one that was given, every connection is cut instead."""
    if server.running():
        connection.close()
        server.stop()
        server.start()
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_message_of_any_size_is_refused_and_not_kept_whole(rabbitmq: RabbitMQ) -> None:
    rabbitmq.declare(QUEUE)
    publish(rabbitmq.url, QUEUE, [b"<a>" + b"x" * 30_000_000 + b"</a>", told(a_case())])
    with Consuming(rabbitmq.url, EVENTS_MAX_BYTES="100000"):
        until(lambda: counted() == 2)
    assert Case.objects.get().uuid == UUID(a_case().uuid)
    kept = Quarantined.objects.get()
    assert kept.what == "Haendelsesbesked (too large)"
    assert len(bytes(kept.sealed)) < 5_000


def test_the_same_consumer_takes_events_from_valkey(redis_url: str) -> None:
    """As the demo does: kombu speaks to both."""
    publish(redis_url, QUEUE, [told(a_case()), told(a_grant())])
    with Consuming(redis_url):
        until(lambda: counted() == 2)
    assert Case.objects.count() == 1
