"""Running the set-up's commands and turning their failures into one sentence each. Standard library only.

These scripts put off reading annotations (``from __future__``), so that an old Python gets as far as the sentence about
it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping, Sequence  # noqa: TC003 - plain imports read best; nothing here is slow
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"

NO_NETWORK = (
    "NewConnectionError",
    "Temporary failure in name resolution",
    "Name or service not known",
    "ConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "EAI_AGAIN",
    "ENOTFOUND",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "Network is unreachable",
    "Temporary failure resolving",
)


class SetupError(Exception):
    """Set-up cannot go on. The message says what happened, what it means and what to do."""


def venv_python() -> Path:
    """The Python of ``.venv``."""
    return VENV / "bin" / "python"


def run(command: Sequence[str | Path], what: str, *, env: Mapping[str, str] | None = None) -> None:
    """Run a command quietly.

    Args:
        command: program and arguments.
        what: what the command is for, as the beginning of a sentence ("The dependencies could not be installed").
        env: variables on top of this process's own.

    Raises:
        SetupError: it failed.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the set-up's own commands
            [str(part) for part in command],
            check=False,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise SetupError(
            f"{what}: {command[0]} cannot be started ({error.strerror}). Remove .venv and try again."
        ) from error
    if done.returncode != 0:
        raise SetupError(f"{what}: {_reason(done.stdout)}")


def _reason(output: str) -> str:
    """What the output of a failed command means, and what to do."""
    if "No space left on device" in output or "ENOSPC" in output:
        return "the disk is full. Make room and run the same command again; it goes on where it stopped."
    if "DO NOT MATCH THE HASHES" in output or "EINTEGRITY" in output:
        return (
            "a downloaded file is not the one that the lock file names. Do not go round this: try again, "
            "and if it stays, find out who serves another file."
        )
    if any(mark in output for mark in NO_NETWORK):
        return "the package registry cannot be reached. Check the network or the proxy and run the same command again."
    if "No matching distribution found" in output:
        return (
            f"{_last_line(output)} This machine or this version of Python may have no ready-made package. "
            "Use Python 3.11 to 3.13 on Linux or macOS."
        )
    return _last_line(output)


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if not lines:
        return "it said nothing."
    complaints = [line for line in lines if line.lower().startswith(("error", "npm error", "e: "))]
    line = (complaints or lines)[-1]
    return line if line.endswith(".") else f"{line}."


def fingerprint(*files: Path) -> str:
    """Changes when one of the files does."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current(stamp: Path, content: str) -> bool:
    """Whether the stamp says that this very content is in place already."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == content
