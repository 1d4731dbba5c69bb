"""Running the set-up's commands and turning their failures into one sentence each. Standard library only.

These scripts put off reading annotations (``from __future__``), so that an old Python gets as far as the sentence about
it.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence  # noqa: TC003 - plain imports read best; nothing here is slow
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType  # noqa: TC003
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PAUSE = 0.2  # seconds between two looks at a running command
GRACE = 5.0  # seconds a command gets to clean up when it is interrupted
INTERRUPTED = 130  # the exit code of a program ended by Ctrl-C

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


def say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def end_when_asked() -> None:
    """SIGTERM, as ``make`` hands it on, and a closed terminal interrupt as Ctrl-C does; ``nohup`` keeps its meaning."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def run(
    command: Sequence[str | Path],
    what: str,
    *,
    env: Mapping[str, str] | None = None,
    progress: Callable[[str], str] | None = None,
) -> None:
    """Run a command quietly. Interrupted, it ends with everything it has started.

    Args:
        command: program and arguments.
        what: what the command is for, as the beginning of a sentence ("The dependencies could not be installed").
        env: variables on top of this process's own.
        progress: makes the line that a terminal shows meanwhile out of what the command has said so far.

    Raises:
        SetupError: it failed.
    """
    with tempfile.TemporaryFile() as output:
        process = _start(command, what, output, env)
        with ExitStack() as interrupted:
            interrupted.callback(_end, process)  # by Ctrl-C too: what was started must not go on alone
            _wait(process, output, progress if sys.stderr.isatty() else None)
            interrupted.pop_all()
        if process.returncode != 0:
            raise SetupError(f"{what}: {_reason(_said(output))}")


def _start(
    command: Sequence[str | Path], what: str, output: IO[bytes], env: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - the set-up's own commands
            [str(part) for part in command],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that it can be ended with everything it has started
        )
    except OSError as error:
        raise SetupError(
            f"{what}: {command[0]} cannot be started ({error.strerror}). Remove .venv and try again."
        ) from error


def _wait(process: subprocess.Popen[bytes], output: IO[bytes], progress: Callable[[str], str] | None) -> None:
    while process.poll() is None:
        if progress is not None:
            sys.stderr.write(f"\r  {progress(_said(output)):<40}")
            sys.stderr.flush()
        with suppress(subprocess.TimeoutExpired):
            process.wait(PAUSE)
    if progress is not None:
        sys.stderr.write(f"\r{'':<42}\r")


def _said(output: IO[bytes]) -> str:
    """What the command has said so far; read beside the place where it goes on writing."""
    size = os.fstat(output.fileno()).st_size
    return os.pread(output.fileno(), size, 0).decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the command and all it has started to end, then end them."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # seconds at most, and nothing may interrupt them
    for number in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):  # PermissionError: macOS, when all are gone
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)


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
            f"{_last_line(output)} This machine may have no ready-made package. "
            "Use Linux on x86-64, or macOS 14 or later on Apple's own processors."
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
    return stamp.exists() and stamp.read_text(encoding="ascii", errors="replace") == content
