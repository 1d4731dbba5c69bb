"""Run one program and end it when the starter ends, however the starter ends: also by SIGKILL.

Started by ``program.Program`` and never imported. Standard input is a pipe whose other end only the starter holds; when
it closes, the program gets its stop signal, then a grace period, then SIGKILL with its whole process group. Stands in a
session of its own, so that Ctrl-C in the terminal reaches the starter alone, which then ends things in order.

    python -I leash.py STOP_SIGNAL GRACE_SECONDS UID GID HOLD_FD PROGRAM [ARGUMENT …]

UID, GID and HOLD_FD are -1 for "as it is". HOLD_FD is an open lock that the program inherits: the lock is free once the
program and all its children are gone. The exit code is the program's, 128 + n when signal n ended it, 127 when it could
not be started.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Ended(Exception):  # noqa: N818 - not an error: the starter has gone or asks for the end
    """The starter has closed its end of the pipe."""


def _end(_number: int, _frame: FrameType | None) -> None:
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise Ended


def _tell_when_starter_ends() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing is ever written: this returns when the pipe is closed
    os.kill(os.getpid(), signal.SIGTERM)


def _wait(child: subprocess.Popen[bytes], stop_signal: int, grace: float) -> int:
    """The program's exit code; ends the program first when the starter ends."""
    try:
        for number in ENDING:
            signal.signal(number, _end)
        threading.Thread(target=_tell_when_starter_ends, daemon=True).start()
        return child.wait()
    except Ended:
        child.send_signal(stop_signal)
    with contextlib.suppress(subprocess.TimeoutExpired):
        return child.wait(grace)
    child.kill()
    return child.wait()


def main(argv: list[str]) -> int:
    stop_signal, grace, uid, gid, hold = int(argv[0]), float(argv[1]), int(argv[2]), int(argv[3]), int(argv[4])
    try:
        child = subprocess.Popen(  # noqa: S603 - runs what its starter asks for
            argv[5:],
            stdin=subprocess.DEVNULL,
            process_group=0,
            pass_fds=() if hold < 0 else (hold,),
            user=None if uid < 0 else uid,
            group=None if gid < 0 else gid,
            extra_groups=None if gid < 0 else [],
            umask=0o077 if uid >= 0 else -1,
        )
    except OSError as error:
        sys.stderr.write(f"{argv[5]} cannot be started: {error.strerror}.\n")
        return 127
    try:
        code = _wait(child, stop_signal, grace)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # PermissionError: macOS, when all are gone
            os.killpg(child.pid, signal.SIGKILL)  # what the program itself left behind
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
