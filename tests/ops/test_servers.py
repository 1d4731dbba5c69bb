"""The fixtures that other tests lean on: they give real servers, ready to use."""

import os

import httpx
import psycopg
import pytest
import redis
from django.db import connection

from tests.ops.mock_indexes import MockIndexes


@pytest.mark.django_db
def test_the_database_is_the_one_of_this_run() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == ("test_borgerblik",)
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        assert other.execute("SELECT current_database()").fetchone() == ("borgerblik",)


def test_the_broker_answers(redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url.replace("redis+socket://", "unix://"))
    assert client.ping()
    client.close()


def test_the_mock_indexes_answer_and_can_be_troubled(mock_indexes: MockIndexes) -> None:
    people = httpx.get(mock_indexes.people_url).json()
    assert "mette" in {person["key"] for person in people["citizens"]}
    with mock_indexes.trouble("sdi", "status503"):
        assert httpx.post(mock_indexes.sdi_url, content=b"<x/>").status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert httpx.post(mock_indexes.sdi_url, content=b"<x/>").status_code != httpx.codes.SERVICE_UNAVAILABLE
