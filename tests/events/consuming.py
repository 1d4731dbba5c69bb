"""``manage.py consume_events`` as a process of its own on the tests' database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Self
from urllib.parse import urlsplit

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0  # seconds
QUEUE = "dueslag"


def until(what: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "It did not become true."
        time.sleep(0.02)


class Consuming:
    """A consumer that runs while inside; what it says is in ``said`` at its end, or in a log."""

    def __init__(self, broker: str, *, log: IO[str] | None = None, **settings: str) -> None:
        server = urlsplit(os.environ["DATABASE_URL"])
        self._env = {
            **os.environ,
            "DATABASE_URL": server._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
            "AMQP_URL": broker,
            "EVENTS_QUEUE": QUEUE,
            **settings,
        }
        self._log = log
        self.said = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "manage.py", "consume_events", "--skip-checks"],
            cwd=ROOT,
            env=self._env,
            stdout=self._log or subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self._process.poll() is not None

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; answers its exit code. Twice is as once."""
        if self._process.poll() is None:
            self._process.send_signal(how)
        said, _ = self._process.communicate(timeout=PATIENCE)
        self.said = said or self.said
        return self._process.returncode
