"""The environment of the whole test run, set before Django reads its settings.

Loaded as a plugin (``-p`` in pyproject.toml): pytest-django imports the settings before any conftest. Only
addresses are decided here: no server starts until a test asks for it (``tests/conftest.py``). What the environment
already holds is left alone, so ``DATABASE_URL`` and ``REDIS_URL`` can name servers of one's own. Of a run in several
processes (pytest-xdist) each is a test run by itself: servers and a folder that it shares with none of the others.
"""

import os
from pathlib import Path

import pytest

from portal.embedded.home import Lock
from portal.embedded.postgres import EmbeddedPostgres
from portal.embedded.valkey import EmbeddedValkey

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".data" / "tests"  # clusters are kept between runs: a start of 0.1 s instead of 1.1 s


def _place() -> tuple[Path, Lock]:
    """A folder that no other test run of this checkout uses at this moment."""
    number = 1
    while True:
        folder = KEPT / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        lock = Lock(folder / "in-use.lock")
        if lock.acquire():
            return folder, lock
        number += 1


PLACE, _LOCK = _place()
POSTGRES = EmbeddedPostgres(PLACE / "postgres", durable=False)
VALKEY = EmbeddedValkey(PLACE / "valkey")

_ADDRESSES = {"DATABASE_URL": POSTGRES.url, "REDIS_URL": VALKEY.url}
if "PYTEST_XDIST_WORKER" in os.environ:  # what the environment holds is the starter's, which runs no test
    os.environ.update(_ADDRESSES)
GIVEN = sorted(name for name in _ADDRESSES if os.environ.setdefault(name, _ADDRESSES[name]) != _ADDRESSES[name])
os.environ.setdefault("DEMO", "1")
os.environ.setdefault("SECRET_KEY", "of-the-test-run-only")
os.environ.setdefault("CPR_KEYS", "1:of-the-test-run-only")
# The whole run comes from one address; how often one may knock is tried with limits of its own (tests/login).
os.environ.setdefault("SIGN_INS_PER_ADDRESS", "1000000")
os.environ.setdefault("SIGN_INS_PER_MINUTE", "1000000")
os.environ.setdefault("API_CALLS_PER_MINUTE", "1000000")
# Playwright's synchronous API runs an event loop in the tests' own thread; Django would take it for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_configure(config: pytest.Config) -> None:
    """Roles are those of a whole server, and queues have one name: nobody shares a server with another process."""
    if GIVEN and config.getoption("numprocesses", None):
        raise pytest.UsageError(
            f"{' and '.join(GIVEN)} of your own can serve one process, and {config.getoption('numprocesses')} were "
            "asked for. Ask for one: make test PROCESSES=1"
        )
