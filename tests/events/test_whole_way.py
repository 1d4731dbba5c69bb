"""From a change in the mock indexes to the tables: events leave what a reading would have found."""

from collections.abc import Callable

import httpx
import pytest
from django.core.management import call_command
from pytest_django import Settings

from borgerblik.models import AuthoritySettings
from indexes.models import Citizen, EventCount, EventTaken, SourceState, Tombstone
from tests.events.consuming import QUEUE, Consuming, until
from tests.events.makers import minutes, rows
from tests.ops.mock_indexes import MockIndexes
from tests.ops.rabbitmq import RabbitMQ

pytestmark = pytest.mark.django_db(transaction=True)

HAPPENS = (
    {"person": "mette", "kind": "case"},
    {"person": "mette", "kind": "payment"},
    {"person": "bo", "kind": "case", "change": "remove"},
    {"person": "lis", "kind": "grant", "change": "delete"},
    {"person": "lis", "kind": "payment", "change": "remove"},
    {"person": "per", "kind": "case", "change": "passive"},
    {"person": "kim", "kind": "grant"},
    {"person": "freja", "kind": "case", "change": "hide"},
    {"person": "mette", "kind": "case"},
)


def read() -> None:
    call_command("sync_indexes", "--municipality", "0730", "0360", "0461", "UDK", "--confirm", skip_checks=True)


def counted() -> int:
    return sum(EventCount.objects.exclude(fate="quarantined").values_list("events", flat=True))


def test_events_leave_what_a_reading_would_have_found(
    settings: Settings, start_mock_indexes: Callable[..., MockIndexes], rabbitmq: RabbitMQ
) -> None:
    mock = start_mock_indexes(citizens=60, seed=2028, events=rabbitmq.url, **{"events-queue": QUEUE})
    settings.SDI_URL, settings.YI_URL, settings.PLAN_URL = mock.sdi_url, mock.yi_url, mock.plan_url
    for code in ("0730", "0360", "0461", "UDK"):
        AuthoritySettings.objects.update_or_create(code=code, defaults={"since": minutes(-100_000).date()})
    rabbitmq.declare(QUEUE)
    read()
    before = rows()
    with Consuming(rabbitmq.url, SDI_URL=mock.sdi_url, YI_URL=mock.yi_url):
        for happens in HAPPENS:
            httpx.post(f"{mock.url}/_events", json=happens, timeout=10).raise_for_status()
        until(lambda: counted() == len(HAPPENS))
    by_events = rows()
    assert {kind for kind in before if before[kind] != by_events[kind]} == {"case", "grant", "payment"}
    for model in (Citizen, Tombstone, EventCount, EventTaken, SourceState):
        model.objects.all().delete()
    read()
    assert rows() == by_events
