"""Workers and a consumer of events as processes of their own, and the clock that calls for loads."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import LiteralString, Self

import psycopg
from celery import Celery
from kombu.exceptions import OperationalError

from borgerblik.syncing import Pair
from tests.faults.servers import Servers

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0  # seconds
TICK = 1.0  # seconds between two beats of the clock

WORKER = ("-m", "celery", "--app=portal", "worker", "--loglevel=INFO", "--without-gossip", "--without-mingle")
CONSUMER = ("-X", "utf8", "manage.py", "consume_events", "--skip-checks")

_OPEN = "SELECT source, authority_cvr FROM indexes_load WHERE NOT stopped"
_READ = "SELECT source, authority_cvr FROM indexes_sourcestate WHERE error = '' AND last_success >= %s"


class Process:
    """One program in a session of its own, started again and again; the database knows its sessions by ``name``."""

    def __init__(self, name: str, command: Sequence[str], *, env: Mapping[str, str], log: Path) -> None:
        self.name = name
        self._command = [sys.executable, *command]
        self._env = {**env, "PGAPPNAME": name}
        self._log = log
        self._start()

    def _start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own commands
                self._command, cwd=ROOT, env=self._env, stdout=log, stderr=log, start_new_session=True
            )

    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """With all that it has started; it is gone when this returns."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)

    def kill_and_start(self) -> None:
        self.kill()
        self._start()

    def end_and_start(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._start()


def run(*arguments: str, env: Mapping[str, str]) -> None:
    """A command of ours to its end; what it said is in the error of one that failed."""
    done = subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, "-X", "utf8", "manage.py", *arguments],
        cwd=ROOT,
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()


class ClockWork:
    """Beats as Celery's clock does, only faster, and as somebody who reads by hand what is left alone.

    Every load that is over is begun again, until ``calm``.
    """

    def __init__(self, servers: Servers, pairs: Sequence[Pair]) -> None:
        self._servers = servers
        self._pairs = {(pair.source.value, pair.authority.cvr): pair for pair in pairs}
        self._since: datetime | None = None
        self._stopping = threading.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="clock")

    def __enter__(self) -> Self:
        self._running = self._thread.submit(self._run)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.shutdown()
        self._running.result()

    def _run(self) -> None:
        with Celery("clock", broker=self._servers.valkey.url, set_as_current=False) as app:
            app.conf.broker_transport_options = {"socket_connect_timeout": 2, "socket_timeout": 2}
            while not self._stopping.wait(TICK):
                with suppress(OperationalError, psycopg.OperationalError):  # a server is away: the next beat is soon
                    self._beat(app)

    def _beat(self, app: Celery) -> None:
        if self._since is None:
            app.send_task("borgerblik.tasks.sync_all", queue="upkeep", retry=False)
        app.send_task("borgerblik.tasks.sync_failing", queue="upkeep", retry=False)
        for source, cvr in self.behind() - self._asked(_OPEN):
            about = [source, self._pairs[source, cvr].authority.code]
            app.send_task("borgerblik.tasks.sync_one", about, queue="loads", retry=False)

    def calm(self, since: datetime) -> None:
        """From now on only what has not been read in full since then."""
        self._since = since

    def behind(self) -> set[tuple[str, str]]:
        """What has not been read in full since the moment that counts."""
        return set(self._pairs) - (set() if self._since is None else self._asked(_READ, self._since))

    def _asked(self, statement: LiteralString, *arguments: object) -> set[tuple[str, str]]:
        with self._servers.connect() as connection:
            return set(connection.execute(statement, arguments).fetchall())
