"""The servers and the browser that tests run against: real ones, each started when the first test asks for it.

``ops/environment.py`` has already said where they will be. Fixtures of one area stand in that area's own conftest.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.db import connection
from django.utils.functional import empty

from indexes.keys import believe
from indexes.rights import Role
from portal.demo.static import static_is_current
from portal.embedded.home import Lock
from tests.ops.demo_provider import DemoProvider
from tests.ops.environment import KEPT, PLACE, POSTGRES, ROOT, VALKEY
from tests.ops.mock_indexes import MockIndexes

# A busy machine is no defect: no example is held to a time, and a test that hangs ends by pytest's own limit.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

BROWSER_ARGUMENTS = [
    "--no-sandbox",  # the suite may run as root, and opens only its own pages
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# What takes minutes, the longest first: whoever takes it last keeps the others waiting.
LONG = (
    "tests/wall/test_every_page_in_browser.py",
    "tests/pages/test_pages_in_browser.py",
    "tests/wall/test_crawl.py",
    "tests/faults/test_faults.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Processes that share a run begin with the longest files (of the browser's: ``tests/pages/conftest.py``)."""
    if hasattr(config, "workerinput"):
        order = {file: at for at, file in enumerate(LONG)}
        items.sort(key=lambda item: order.get(item.nodeid.partition("::")[0], len(order)))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Start PostgreSQL just before Django makes the test database, unless DATABASE_URL names another."""
    if os.environ["DATABASE_URL"] != POSTGRES.url:
        yield
        return
    with POSTGRES:
        yield


@pytest.fixture(scope="session", autouse=True)
def _requests_run_as_the_services() -> None:
    """Every request of the suite's own browser runs under the services' roles, not the owner's."""
    settings.MIDDLEWARE = ["tests.roles.as_the_services", *settings.MIDDLEWARE]


@pytest.fixture(autouse=True)
def _keys_are_believed() -> None:
    """As in a process that has compared them (``keys``); a test that changes them has them compared."""
    believe(settings.CPR_KEYS)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:  # noqa: ARG001 - first the database
    """The owner may become any of the roles; outside the suite it may not."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for role in Role:
            cursor.execute(f"GRANT {role} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE")


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Celery's broker, running; spelled as REDIS_URL."""
    if os.environ["REDIS_URL"] != VALKEY.url:
        yield os.environ["REDIS_URL"]
        return
    with VALKEY:
        yield VALKEY.url


@pytest.fixture(scope="session")
def start_mock_indexes() -> Iterator[Callable[..., MockIndexes]]:
    """Start mock indexes of one's own: ``start_mock_indexes(citizens=300, seed=2026)``. They end with the run."""
    with ExitStack() as running:

        def start(**options: int | str) -> MockIndexes:
            return running.enter_context(MockIndexes(log=PLACE / "mock.log", **options))

        yield start


@pytest.fixture(scope="session")
def mock_indexes(start_mock_indexes: Callable[..., MockIndexes]) -> MockIndexes:
    """The mock indexes that tests share; whoever makes trouble lifts it again (``with mock_indexes.trouble(…)``)."""
    return start_mock_indexes(citizens=300, seed=2026)


@pytest.fixture(scope="session")
def identity_provider(mock_indexes: MockIndexes) -> Iterator[DemoProvider]:
    """The demo's identity provider, which knows the people of the mock indexes."""
    log = PLACE / "provider.log"
    log.unlink(missing_ok=True)
    with DemoProvider(log=log, people=mock_indexes.people_url, sites=["http://testserver"]) as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def collected_static() -> None:
    """The design system and our own files as production serves them; pages need the list of their far-future names."""
    lock = Lock(KEPT / "static.lock")
    lock.acquire_patiently()
    try:
        if not static_is_current(ROOT, Path(settings.STATIC_ROOT)):
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    finally:
        lock.release()
    staticfiles_storage._wrapped = empty  # type: ignore[attr-defined] # it may have looked for the list before it was there


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Chromium of the machine, not Playwright's own download."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail(
            "There is no Chromium on this machine, so no page can be opened. Install it "
            "(Debian and Ubuntu: apt-get install chromium) and run `make test` again."
        )
    return {**browser_type_launch_args, "executable_path": chromium, "args": BROWSER_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """A visitor in Denmark."""
    return {**browser_context_args, "locale": "da-DK", "timezone_id": "Europe/Copenhagen"}
