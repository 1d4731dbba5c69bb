"""The running demo as the tests of the wall meet it: its address, people and servers, and browsers that remember."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import redis

from portal.embedded.postgres import OWNER, EmbeddedPostgres
from portal.embedded.valkey import EmbeddedValkey
from tests.login.walking import choose
from tests.ops.environment import ROOT

NEEDED = ("manage.py", "portal", "indexes", "borgerblik", "templates", "static", "requirements.lock")
WEB, SYNC, CONSOLE = "borgerblik_web", "borgerblik_sync", "borgerblik_console"
CITIZENS = ("mette", "bo", "amina", "jens", "sara", "ole", "kim", "freja", "per", "lis")
OF_THE_SUITE = ("DATABASE_URL", "CONSOLE_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "CPR_KEYS", "DJANGO_SETTINGS_MODULE")
STAFF = ("karen", "ulla", "henrik")
PATIENCE = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One answer of the site, with what was asked."""

    address: str
    status: int
    headers: str
    body: bytes
    ours: bool  # the address is one of the site's own making, and not what a test typed


@dataclass(slots=True, kw_only=True)
class Site:
    """One running demo and everything it has said."""

    root: Path
    url: str
    indexes_url: str
    people: Mapping[str, Mapping[str, Any]]
    consumer: tuple[str, str]
    told: list[Told] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.root / ".data"

    @property
    def postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.data / "postgres")

    def connect(self, role: str = OWNER) -> "psycopg.Connection[tuple[Any, ...]]":
        """A session of one's own, as whoever has the role's password has."""
        return psycopg.connect(
            host=str(self.postgres.home.sockets), user=role, dbname="borgerblik", autocommit=True, connect_timeout=5
        )

    @contextmanager
    def valkey(self) -> Iterator["redis.Redis"]:
        with redis.Redis.from_url(EmbeddedValkey(self.data / "valkey").client_url) as client:
            yield client

    def browser(self, *, ours: bool = True) -> httpx.Client:
        """A browser whose answers are remembered."""

        def remember(answer: httpx.Response) -> None:
            answer.read()
            headers = f"{answer.headers.multi_items()} {answer.request.headers.multi_items() if ours else ''}"
            address = str(answer.request.url)
            one = Told(address=address, status=answer.status_code, headers=headers, body=answer.content, ours=ours)
            self.told.append(one)

        return httpx.Client(base_url=self.url, timeout=PATIENCE, event_hooks={"response": [remember]}, trust_env=False)

    @contextmanager
    def signed_in(self, person: str) -> Iterator[httpx.Client]:
        """A browser of somebody who has signed in at the demo's provider."""
        with self.browser() as browser:
            begun = browser.get("/log-ind/start/")
            assert begun.status_code == 302, begun.text
            back = browser.get(choose(begun.headers["location"], person))
            assert back.status_code == 302, back.text
            yield browser

    def token(self) -> str:
        """A token of the demo's consumer."""
        with self.browser() as browser:
            answer = browser.post(
                "/api/v1/oauth/token", data={"grant_type": "client_credentials"}, auth=httpx.BasicAuth(*self.consumer)
            )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])


def make_root(root: Path) -> None:
    """A folder that looks like the checkout, with data of its own."""
    for name in NEEDED:
        (root / name).symlink_to(ROOT / name)
    (root / ".data").mkdir()
    (root / ".data" / "staticfiles").symlink_to(ROOT / ".data" / "staticfiles")


@contextmanager
def running(root: Path, port: int, environment: Mapping[str, str]) -> Iterator[str]:
    """The demo, started as ``make demo`` starts it; what it says when it is ready."""
    command = [sys.executable, "-m", "tests.wall.full_demo", str(root), str(port)]
    with subprocess.Popen(  # noqa: S603 - our own
        command, cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = ""
        try:
            while "Ctrl-C ends everything" not in said:
                line = process.stdout.readline()
                assert line, f"the demo ended with: {said}"
                said += line
            yield said
        finally:
            process.terminate()
            process.wait(timeout=60)


def consumer_of(said: str) -> tuple[str, str]:
    """The consumer that the demo's welcome shows."""
    found = re.search(r"-u (\S+?):(\S+)", said)
    assert found, said
    return found[1], found[2]
