"""The demo's identity provider as a running program, for tests that sign in through it."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import httpx
from django.conf import settings
from pydantic import SecretStr

from portal.config import Config
from portal.embedded.ports import free_port
from portal.embedded.program import Program

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds; a machine that does other things besides
CLIENT = "borgerblik-demo"
SECRET = "of-the-test-run-only"
DELEGATIONS = {"29188572": "29189668"}  # as in the demo: Karen works in Randers, and acts for Lolland too


class DemoProvider:
    """``python -m portal.demo.provider`` on a free port.

    Args:
        log: where its output goes.
        people: where the mock indexes list the people.
        sites: the addresses of the sites that sign in through it, such as ``http://testserver``.
    """

    def __init__(self, *, log: Path, people: str, sites: Sequence[str]) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.log = log
        flags = [f"--port={port}", f"--people={people}"]
        flags += [f"--redirect={site}/log-ind/svar/" for site in sites]
        flags += [f"--after-sign-out={site}/log-ind/logget-af/" for site in sites]
        self._program = Program(
            [sys.executable, "-m", "portal.demo.provider", *flags],
            cwd=ROOT,
            env={**os.environ, "OIDC_CLIENT_SECRET": SECRET},
            log=log,
        )

    def config(self) -> Config:
        """The settings of this process, with this provider to sign in by."""
        told: dict[str, object] = {
            "oidc_issuer": self.url,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SecretStr(SECRET),
            "oidc_delegations": DELEGATIONS,
        }
        return settings.CONFIG.model_copy(update=told)

    def __enter__(self) -> Self:
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self._program.exit_code() is not None or time.monotonic() > deadline:
                self._program.stop()
                raise RuntimeError(f"The provider did not start: {self.log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self._program.stop()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).is_success
        except httpx.TransportError:
            return False
