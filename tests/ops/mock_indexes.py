"""The mock indexes as a running program, for tests that talk to them over HTTP."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import httpx

from portal.embedded.ports import free_port
from portal.embedded.program import Program

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0  # seconds


class MockIndexes:
    """``python -m indexes.mock`` on a free port.

    Args:
        log: where its output goes.
        options: its own options, such as ``citizens=300``, ``seed=2026``, ``today="2026-11-24"``.
    """

    def __init__(self, *, log: Path, **options: int | str) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self._log = log
        flags = [f"--{name}={value}" for name, value in {"port": port, **options}.items()]
        self._program = Program([sys.executable, "-m", "indexes.mock", *flags], cwd=ROOT, log=log)

    @property
    def sdi_url(self) -> str:
        return f"{self.url}/sagdokumentindeks/6"

    @property
    def yi_url(self) -> str:
        return f"{self.url}/ydelseindeks/6"

    @property
    def plan_url(self) -> str:
        return f"{self.url}/planindeks/1"

    @property
    def people_url(self) -> str:
        return f"{self.url}/_people"

    def __enter__(self) -> Self:
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self._program.exit_code() is not None or time.monotonic() > deadline:
                self._program.stop()
                raise RuntimeError(f"The mock indexes did not start: {self._log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self._program.stop()

    @contextmanager
    def trouble(self, source: str, kind: str) -> Iterator[None]:
        """One source (sdi, yi, plan) in one kind of trouble while the block runs."""
        self.put_trouble(source, kind)
        try:
            yield
        finally:
            self.put_trouble(source, None)

    def put_trouble(self, source: str, kind: str | None) -> None:
        httpx.post(f"{self.url}/_trouble", json={"source": source, "kind": kind}, timeout=10).raise_for_status()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).is_success
        except httpx.TransportError:
            return False
