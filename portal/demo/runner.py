"""Start everything the demo needs, watch it, and end it: nothing of it is left, however the end comes."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

import httpx

from indexes.rights import Role
from portal.demo.commands import COLLECT, Commands, Service, Step
from portal.demo.environment import demo_environment, kept_secrets
from portal.demo.errors import DemoError
from portal.demo.own_servers import look_at_broker, look_at_database
from portal.demo.port import refuse_taken_port
from portal.demo.roles import as_role, passwords_of, set_passwords
from portal.demo.static import static_is_current
from portal.demo.welcome import fetch_people, welcome
from portal.embedded.errors import EmbeddedError, remedy
from portal.embedded.home import Lock
from portal.embedded.ports import LOOPBACK, free_port
from portal.embedded.postgres import EmbeddedPostgres
from portal.embedded.program import Program
from portal.embedded.server import EmbeddedServer
from portal.embedded.valkey import EmbeddedValkey

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 60.0  # seconds until a service answers; a cold machine with two busy cores is the slow case
BY_SIGNAL = 128  # an exit code above it names the signal (embedded/program.py)
PAUSE = 0.1  # seconds between two looks
LAST_LINES = 8  # of a log, shown when its program has failed


class Ended(BaseException):
    """Someone asks for the end: Ctrl-C, SIGTERM, or the terminal was closed. Passes every handler of errors."""


def run_demo(commands: Commands, *, root: Path, port: int) -> int:
    """Run the demo until someone ends it; the exit code.

    Args:
        commands: what to run.
        root: the checkout; the data are kept in its ``.data``.
        port: where the pages are served.
    """
    try:
        with ExitStack() as started:
            try:
                for number in ENDINGS:
                    signal.signal(number, _end)
                Demo(commands, root=root, port=port, started=started).run()
            except Ended:
                say("\nEnding …")
            finally:
                _be_deaf()
    except (DemoError, EmbeddedError) as error:
        say(str(error), to_errors=True)
        return 1
    except OSError as error:
        say(
            f"The demo cannot use {error.filename or root} ({error.strerror}), so it ends everything. "
            f"{remedy(error, root / '.data')}",
            to_errors=True,
        )
        return 1
    return 0


def _end(_number: int, _frame: FrameType | None) -> None:
    _be_deaf()
    raise Ended


def _be_deaf() -> None:
    """Ending has begun and takes seconds at most: nothing may interrupt it."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)


def say(text: str, *, to_errors: bool = False) -> None:
    """Tell the terminal; one that is gone must not keep anything from ending."""
    with suppress(OSError):
        print(text, file=sys.stderr if to_errors else sys.stdout, flush=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Something that must run as long as the demo does, and its log."""

    name: str
    what: Program | EmbeddedServer
    log: Path


class Demo:
    """One run of the demo. Everything that is started stands in ``started`` and ends in the opposite order."""

    def __init__(self, commands: Commands, *, root: Path, port: int, started: ExitStack) -> None:
        self.commands = commands
        self.root = root
        self.data = root / ".data"
        self.logs = self.data / "logs"
        self.port = port
        self.mock_port = free_port()
        self.provider_port = free_port()
        self.url = f"http://{LOOPBACK}:{port}"
        self.indexes_url = f"http://{LOOPBACK}:{self.mock_port}"
        self.provider_url = f"http://{LOOPBACK}:{self.provider_port}"
        self.environment: dict[str, str] = {}
        self._passwords: dict[Role, str] = {}
        self._started = started
        self._embedded = True
        self._on_terminal = sys.stdout.isatty()
        self._watched: list[Watched] = []

    def run(self) -> None:
        """Returns never but by an error or by ``Ended``."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self._refuse_second_demo()
        refuse_taken_port(self.port)
        self._start_servers()
        self._start(self.commands.mock)
        self._start(self.commands.provider)
        self._wait_for(self.commands.mock, self.indexes_url)
        self._new_log("steps")
        for step in self.commands.steps:
            self._do(step)
        self._let_the_services_in()
        self._start(self.commands.web)
        self._do(self._on_our_database(self.commands.sync))
        self._start(self.commands.worker)
        if self.commands.events is not None:
            self._start(self.commands.events)
        people, consumer = fetch_people(self.indexes_url), self._consumer()
        self._wait_for(self.commands.provider, self.provider_url)
        self._wait_for(self.commands.web, self.url)
        say(welcome(url=self.url, people=people, consumer=consumer, logs=self.logs))
        while True:
            self._look_around()
            time.sleep(PAUSE)

    def _refuse_second_demo(self) -> None:
        lock = Lock(self.data / "demo.lock")
        where = lock.path.with_name("demo.url")
        if not lock.acquire():
            said = where.read_text(encoding="utf-8", errors="replace").strip() if where.exists() else ""
            address = said if said.startswith("http://") else "a port of its own"
            raise DemoError(
                f"A demo already runs in this checkout, at {address}, and two would share one database. "
                "Use that one, or end it with Ctrl-C in its terminal."
            )
        self._started.callback(lock.release)
        where.write_text(f"{self.url}/\n", encoding="utf-8")

    def _start_servers(self) -> None:
        """PostgreSQL and Valkey, unless the environment names servers of one's own."""
        keys = kept_secrets(self.data)
        database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
        self._embedded = not database_url
        if database_url:
            say(look_at_database(database_url))
        if redis_url:
            say(look_at_broker(redis_url))
        self.environment = demo_environment(
            os.environ,
            keys=keys,
            database_url=database_url or self._start_server(EmbeddedPostgres, "postgres"),
            redis_url=redis_url or self._start_server(EmbeddedValkey, "valkey"),
            indexes_url=self.indexes_url,
            provider_url=self.provider_url,
        )

    def _let_the_services_in(self) -> None:
        """The roles are there once the tables are made. Our own server asks nobody for a password."""
        if not self._embedded:
            self._passwords = passwords_of(self.environment["SECRET_KEY"])
            set_passwords(self.environment["DATABASE_URL"], self._passwords)

    def _on_our_database(self, step: Step) -> Step:
        return replace(step, command=step.command + step.embedded) if self._embedded else step

    def _start_server(self, kind: type[EmbeddedServer], name: str) -> str:
        server = kind(self.data / name, log=self._log(name))
        say(f"Starting {server.name} …")
        self._started.callback(server.stop)
        server.start()
        if server.running():  # and not another program's that we may use
            self._watched.append(Watched(name=server.name, what=server, log=server.log))
        return server.url

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _new_log(self, name: str) -> Path:
        """The log of one program, empty; each run begins its logs anew."""
        log = self._log(name)
        log.unlink(missing_ok=True)
        return log

    def _program(self, command: tuple[str, ...], log: Path | None, role: Role | None = None) -> Program:
        known = {
            "port": self.port,
            "mock_port": self.mock_port,
            "provider_port": self.provider_port,
            "broker": self.environment.get("AMQP_URL", ""),
            "queue": self.environment.get("EVENTS_QUEUE", ""),
        }
        filled = [part.format(**known) for part in command]
        return self._started.enter_context(Program(filled, cwd=self.root, env=self._environment_of(role), log=log))

    def _environment_of(self, role: Role | None) -> dict[str, str]:
        """What a program finds: the address of the database as its own role, for the pages also as the console's."""
        if role is None:
            return self.environment
        owner = self.environment["DATABASE_URL"]
        found = {"DATABASE_URL": as_role(owner, role, self._passwords)}
        if role is Role.WEB:
            found["CONSOLE_DATABASE_URL"] = as_role(owner, Role.CONSOLE, self._passwords)
        return {**self.environment, **found}

    def _start(self, service: Service) -> None:
        log = self._new_log(service.name)
        program = self._program(service.command, log, service.role)
        self._watched.append(Watched(name=service.name, what=program, log=log))

    def _wait_for(self, service: Service, url: str) -> None:
        """Wait until the service is ready."""
        deadline = time.monotonic() + PATIENCE
        while not _answers(f"{url}{service.ready}"):
            self._look_around()
            if time.monotonic() > deadline:
                what = f"The program {service.name} did not answer within {PATIENCE:.0f} seconds"
                raise _failure(what, self._log(service.name))
            time.sleep(PAUSE)

    def _do(self, step: Step) -> None:
        if step is COLLECT and static_is_current(self.root, self.data / "staticfiles"):
            return
        say(step.doing)
        log = None if step.shown else self._log("steps")
        program = self._program(step.command, log, step.role)
        while (code := program.exit_code()) is None:
            self._look_around()
            time.sleep(PAUSE)
        if code != 0:
            raise _failure(step.failing, log)

    def _consumer(self) -> str:
        done = subprocess.run(  # noqa: S603 - the demo's own command
            self.commands.consumer, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout if done.returncode == 0 else ""

    def _look_around(self) -> None:
        """Everything still runs, and the terminal is there: a closed one sends SIGHUP to its first program alone."""
        if self._on_terminal and not sys.stdout.isatty():
            raise Ended
        for watched in self._watched:
            if (code := watched.what.exit_code()) is not None:
                again = "Run `make demo` again. "
                raise _failure(f"The program {watched.name} {_how_it_ended(code)}", watched.log, remedy=again)


def _how_it_ended(code: int) -> str:
    if code <= BY_SIGNAL:
        return f"has ended by itself (exit code {code})"
    number = code - BY_SIGNAL
    perhaps = ", perhaps because memory ran out" if number == signal.SIGKILL else ""
    return f"was ended from outside by signal {number}{perhaps}"


def _failure(what: str, log: Path | None, *, remedy: str = "") -> DemoError:
    """One sentence, and the last lines of the log that may tell more; without a log they stand on the terminal."""
    if log is None:
        return DemoError(f"{what}; why stands above. Everything is ended.")
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    lines = "\n".join(f"  {line}" for line in text.splitlines()[-LAST_LINES:])
    return DemoError(f"{what}, so the demo ends everything. {remedy}The last lines of {log}:\n{lines}")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).is_success
    except httpx.TransportError:
        return False
