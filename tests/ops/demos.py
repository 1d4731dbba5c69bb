"""Demos with stub commands: started, waited for, and looked after when they have ended."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from portal.embedded.home import Lock
from portal.embedded.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
MARK = "BORGERBLIK_TEST_MARK"
NOTHING: Mapping[str, str] = {}
DATABASE = f"demo_{os.getpid()}"
OWN_SERVERS = {
    "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{DATABASE}").geturl(),
    "REDIS_URL": os.environ["REDIS_URL"],
}


@contextmanager
def own_database() -> Iterator[None]:
    """The database that ``OWN_SERVERS`` names, empty."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        name = sql.Identifier(DATABASE)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A demo with stub commands, as far as a test has waited for it."""

    process: subprocess.Popen[str]
    port: int
    mark: str
    said: str

    def end(self, ending: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(ending)
        return self.process.wait(timeout=30)


def start(  # noqa: PLR0913 - each says one thing about the demo
    root: Path,
    port: int,
    mark: str,
    *,
    kind: str,
    embedded: bool,
    stdout: int = subprocess.PIPE,
    environment: Mapping[str, str] = NOTHING,
) -> subprocess.Popen[str]:
    """A demo that starts its own servers, or is told that there are some."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN_SERVERS}
    return subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-m", "tests.ops.stub_demo", root, str(port), kind],
        cwd=ROOT,
        env={**kept, MARK: mark, **({} if embedded else OWN_SERVERS), **environment},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def demo(
    root: Path,
    *,
    kind: str = "plain",
    until: str = "Ctrl-C ends everything",
    embedded: bool = False,
    environment: Mapping[str, str] = NOTHING,
) -> Iterator[Running]:
    """A demo that has come as far as saying ``until``."""
    port, mark, said = free_port(), uuid.uuid4().hex, ""
    with start(root, port, mark, kind=kind, embedded=embedded, environment=environment) as process:
        assert process.stdout is not None
        try:
            while until not in said:
                line = process.stdout.readline()
                assert line, f"the demo ended with: {said}"
                said += line
            yield Running(process=process, port=port, mark=mark, said=said)
        finally:
            process.kill()


def complaint(
    root: Path,
    *,
    port: int | None = None,
    kind: str = "plain",
    embedded: bool = False,
    environment: Mapping[str, str] = NOTHING,
) -> str:
    """What a demo says that fails by itself."""
    port = port or free_port()
    with start(root, port, "failing", kind=kind, embedded=embedded, environment=environment) as process:
        _, complaint = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in complaint
    return complaint


def left_over(mark: str) -> list[str]:
    """Command lines of living processes that carry the mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it has ended meanwhile
    return found


def locks_are_free(data: Path) -> bool:
    locks = [Lock(path) for path in data.glob("*.lock")]
    free = [lock.acquire() for lock in locks]
    for lock in locks:
        lock.release()
    return all(free)
