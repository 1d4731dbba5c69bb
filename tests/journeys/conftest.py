"""The whole chain, once: the mock indexes are read over HTTP into a real database, then people sign in and look.

The reading is done once for all journeys and stays; each journey's own changes are rolled back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings

from tests.ops.mock_indexes import MockIndexes

MUNICIPALITIES = ("0730", "0360", "0461", "UDK")
DEMO_SEED = 2030


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The running mock indexes and the people in them."""

    indexes: MockIndexes
    people: dict[str, dict[str, Any]]


def read_all(*, confirm: bool = False) -> None:
    """What ``make demo`` does before it serves pages."""
    call_command("sync_indexes", municipality=list(MUNICIPALITIES), confirm=confirm, verbosity=0)


@pytest.fixture(scope="module")
def demo(
    start_mock_indexes: Callable[..., MockIndexes],
    redis_url: str,  # noqa: ARG001 - sign-in asks Celery for a refresh
    django_db_setup: None,  # noqa: ARG001
    django_db_blocker: Any,
) -> Iterator[Demo]:
    indexes = start_mock_indexes(citizens=300, seed=DEMO_SEED)
    people = httpx.get(indexes.people_url, timeout=20).json()["citizens"]
    urls: dict[str, Any] = {
        "CONFIG": settings.CONFIG.model_copy(update={"demo_people_url": indexes.people_url}),
        "SDI_URL": indexes.sdi_url,
        "YI_URL": indexes.yi_url,
        "PLAN_URL": indexes.plan_url,
        "SOURCE_TIMEOUT": 1.5,
    }
    with django_db_blocker.unblock(), override_settings(**urls):
        call_command("load_demo", verbosity=0)
        read_all()
        yield Demo(indexes=indexes, people={person["key"]: person for person in people})
        call_command("flush", interactive=False, verbosity=0)


class Visitor:
    """Somebody with a browser, signed in through the sign-in page as one of the demo's people."""

    def __init__(self, key: str, *, staff: bool = False) -> None:
        self.client = Client()
        answer = self.client.post("/log-ind/", {"staff" if staff else "citizen": key})
        assert answer.status_code == 302, answer.content.decode()

    def page(self, path: str = "/") -> str:
        """A page's HTML, with hard spaces made soft."""
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.content.decode().replace("\xa0", " ")

    def summary(self) -> dict[str, Any]:
        """The same overview by REST."""
        answer = self.client.get("/api/v1/me/summary")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def visit(demo: Demo, db: None) -> Callable[..., Visitor]:  # noqa: ARG001 - the people and the tables
    """Sign in: ``visit("mette")``, or ``visit("karen", staff=True)``."""
    return Visitor
