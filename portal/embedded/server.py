"""What the two embedded servers share: one server a data folder, reused by whoever comes next, ended by its starter."""

import re
import time
from abc import ABC, abstractmethod
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from portal.embedded.errors import EmbeddedError
from portal.embedded.home import Home, Lock, make_home, plan_home, remove_home
from portal.embedded.program import Program

PATIENCE = 30.0  # seconds a server may take to answer; recovery after a crash is the slow case
PAUSE = 0.02  # seconds between two looks
COMPLAINT = re.compile(r"FATAL|PANIC|error:|Fatal error|Failed")  # of PostgreSQL, initdb and Valkey
OUR_OWN_LOOKS = "the database system is starting up"  # PostgreSQL's answer to our asking whether it is ready


class EmbeddedServer(ABC):
    """One server on a unix socket, private to this account.

    ``start`` reuses the server that already runs on the same data folder, whoever started it; ``stop`` ends only one's
    own. A server never outlives the process that started it.

    Args:
        data_dir: the server's data folder; beside it lie ``<name>.lock`` and ``<name>.log``.
        log: where the server writes instead.
    """

    name: str

    def __init__(self, data_dir: Path, *, log: Path | None = None) -> None:
        self.data_dir = data_dir.absolute()
        self.log = log or data_dir.with_name(f"{data_dir.name}.log")
        self.home = plan_home(self.data_dir)
        self._lock = Lock(self.data_dir.with_name(f"{data_dir.name}.lock"))
        self._program: Program | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    @abstractmethod
    def url(self) -> str:
        """Where the server is found; known before it runs."""

    def start(self) -> None:
        """Start the server, or find the one that runs.

        Raises:
            EmbeddedError: it cannot run here; the message is for a terminal.
        """
        if self.running():
            return
        self.stop()
        self.home = make_home(self.data_dir)
        deadline = time.monotonic() + PATIENCE
        while not self._lock.acquire():  # taken: it runs, starts or ends at this moment
            if self._answers():
                return
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"{self.name} on {self.data_dir} has been starting or stopping for {PATIENCE:.0f} seconds "
                    "without an answer, so nothing can use it. End the program that started it and try again."
                )
            time.sleep(PAUSE)
        with ExitStack() as at_the_end:
            at_the_end.callback(self._lock.release)  # the server holds it then
            half_started = at_the_end.enter_context(ExitStack())
            half_started.callback(self.stop)  # by Ctrl-C too: such a server must not stay behind
            self.log.unlink(missing_ok=True)  # what it says from now on is about this start
            self._program = self._launch(self.home, self._lock.file)
            self._wait_until_it_answers(self._program, deadline)
            self._prepare()
            half_started.pop_all()

    def running(self) -> bool:
        """Whether the server started here is alive."""
        return self._program is not None and self._program.running()

    def exit_code(self) -> int | None:
        """How the server started here has ended (``Program.exit_code``); None while it runs."""
        return None if self._program is None else self._program.exit_code()

    def stop(self) -> None:
        """End the server if it was started here. Doing it twice equals doing it once."""
        program, self._program = self._program, None
        if program is not None:
            program.stop()

    def remove(self) -> None:
        """Stop the server and delete its data, its log and its lock."""
        self.stop()
        remove_home(self.data_dir)
        for file in (self.log, self._lock.path):
            file.unlink(missing_ok=True)

    @abstractmethod
    def _launch(self, home: Home, hold: int) -> Program:
        """Start the server's program; it inherits the lock ``hold``."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether a server answers on the socket of this data folder."""

    @abstractmethod
    def _prepare(self) -> None:
        """What is done each time once the server answers."""

    def _wait_until_it_answers(self, program: Program, deadline: float) -> None:
        while not self._answers():
            if not program.running():
                raise self._failure(f"{self.name} did not start")
            if time.monotonic() > deadline:
                raise self._failure(f"{self.name} did not answer within {PATIENCE:.0f} seconds")
            time.sleep(PAUSE)

    def _failure(self, what: str) -> EmbeddedError:
        """One sentence with the server's own last complaint."""
        why = _last_complaint(self.log)
        if "No space left on device" in why:
            return EmbeddedError(f"{what}: the disk is full. Make room and try again; the log is {self.log}.")
        return EmbeddedError(
            f"{what}: {why} Its data in {self.data_dir} may be damaged: run `make clean-data` to begin afresh "
            f"(everything in it can be made again). The log is {self.log}."
        )


def _last_complaint(log: Path) -> str:
    """The last line of the log that says what is wrong, else its last line."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    lines = [line.strip() for line in text.splitlines() if line.strip() and OUR_OWN_LOOKS not in line]
    if not lines:
        return "it said nothing."
    wrong = [line for line in lines if COMPLAINT.search(line)]
    line = (wrong or lines)[-1]
    return line if line.endswith(".") else f"{line}."
