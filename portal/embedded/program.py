"""Start a program that ends when this process does. What keeps that promise is ``leash``; here it is put to use."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from portal.embedded.home import Account

LEASH = Path(__file__).with_name("leash.py")


class Program:
    """One running program, on a leash.

    Args:
        command: program and arguments.
        cwd: the folder it runs in.
        env: its whole environment; None hands on this process's own.
        log: where its output is appended; None shows it on this process's own output.
        stop_signal: what asks it to end.
        grace: seconds it gets to end before it is killed with everything it started.
        account: whom it runs as; None as this process.
        hold: an open lock file it inherits, see ``leash``.
    """

    def __init__(  # noqa: PLR0913 - each says one thing about a process, all but the command by name
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        grace: float = 10.0,
        account: Account | None = None,
        hold: int | None = None,
    ) -> None:
        self.grace = grace
        uid, gid = (account.uid, account.gid) if account else (-1, -1)
        leash = [sys.executable, "-I", LEASH, int(stop_signal), grace, uid, gid, -1 if hold is None else hold]
        output = None if log is None else os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the callers' commands are constants
                [str(part) for part in (*leash, *command)],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                cwd=cwd,
                env=env,
                pass_fds=() if hold is None else (hold,),
                start_new_session=True,
            )
        finally:
            if output is not None:
                os.close(output)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def running(self) -> bool:
        return self.exit_code() is None

    def exit_code(self) -> int | None:
        """None while it runs, else its exit code (128 + n: signal n ended it; 127: it could not be started)."""
        return self._process.poll()

    def wait(self) -> int:
        """Wait for the program's own end; its exit code."""
        code = self._process.wait()
        self._close()
        return code

    def stop(self) -> int:
        """End it, wait until it is gone, and give its exit code. Doing it twice equals doing it once."""
        self._close()
        return self._process.wait()

    def _close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
