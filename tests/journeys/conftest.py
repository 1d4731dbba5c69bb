"""The whole chain, once: the mock indexes are read over HTTP into a real database, then people sign in and look.

The reading is done once for all journeys of a process; each journey's own changes are rolled back.
"""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings

from tests.journeys.visitors import Demo, Visitor
from tests.ops.demo_provider import DemoProvider
from tests.ops.mock_indexes import MockIndexes
from tests.pages.conftest import pytest_collection_modifyitems, strict_templates

__all__ = ["pytest_collection_modifyitems", "strict_templates"]

MUNICIPALITIES = ("0730", "0360", "0461", "UDK")
DEMO_SEED = 2030  # in which each demo municipality has something in every index


@pytest.fixture(scope="package")
def demo(
    start_mock_indexes: Callable[..., MockIndexes],
    identity_provider: DemoProvider,
    django_db_setup: None,  # noqa: ARG001
    django_db_blocker: Any,
) -> Iterator[Demo]:
    indexes = start_mock_indexes(citizens=300, seed=DEMO_SEED)
    people = httpx.get(indexes.people_url, timeout=20).json()["citizens"]
    urls: dict[str, Any] = {
        "CONFIG": identity_provider.config(),
        "SDI_URL": indexes.sdi_url,
        "YI_URL": indexes.yi_url,
        "PLAN_URL": indexes.plan_url,
        "SOURCE_TIMEOUT": 1.5,
    }
    with django_db_blocker.unblock(), override_settings(**urls):
        call_command("load_demo", verbosity=0)
        call_command("sync_indexes", municipality=list(MUNICIPALITIES), verbosity=0)
        yield Demo(indexes=indexes, people={person["key"]: person for person in people})
        call_command("flush", interactive=False, verbosity=0)
        connection.close()  # after a browser it may be one that nobody else would close (tests/pages/conftest.py)


@pytest.fixture
def visit(demo: Demo, db: None) -> Callable[..., Visitor]:  # noqa: ARG001 - the people and the tables
    """Sign in: ``visit("mette")``, or ``visit("karen", staff=True)`` to the console."""
    return Visitor
