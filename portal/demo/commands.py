"""What the demo runs, as data: the runner knows how, this knows what. A test hands the runner other commands.

``{mock_port}``, ``{provider_port}``, ``{port}``, ``{broker}`` and ``{queue}`` (of events) in a command are filled in by
the runner.
"""

import sys
from dataclasses import dataclass

from indexes.rights import Role

PYTHON = sys.executable
MANAGE = (PYTHON, "manage.py")
HOSTS = ("127.0.0.1", "localhost")  # the names that one may type


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command that must succeed before the next one begins.

    Attributes:
        doing: what the terminal says meanwhile.
        failing: the beginning of the sentence when it fails.
        shown: its output belongs on the terminal (a progress bar), not in the log.
        embedded: what is added to the command when the database is the demo's own server, which holds nothing else.
        role: as which role it asks the database; None is the owner.
    """

    doing: str
    failing: str
    command: tuple[str, ...]
    shown: bool = False
    embedded: tuple[str, ...] = ()
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A command that runs as long as the demo does.

    Attributes:
        name: its name in sentences, and of its log file.
        ready: the path under its own address that answers 200 when it is ready; empty when nobody waits for it.
        role: as which role it asks the database; None is the owner, or none at all.
    """

    name: str
    command: tuple[str, ...]
    ready: str = ""
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Everything, in the order in which it is started.

    Attributes:
        mock: the mock indexes, on ``{mock_port}``.
        provider: the identity provider, on ``{provider_port}``.
        steps: what is done before the pages can start.
        web: the pages, on ``{port}``; they come up while the indexes are read.
        sync: reads the indexes.
        worker: what works in the background, and would disturb the reading.
        events: takes what happens in the mock indexes meanwhile.
        consumer: prints the demo REST consumer's id and secret on one line.
    """

    mock: Service
    provider: Service
    steps: tuple[Step, ...]
    web: Service
    sync: Step
    worker: Service
    consumer: tuple[str, ...]
    events: Service | None = None


MOCK = Service(
    name="mock",
    # In this seed each demo municipality has something in every index: one that has nothing at all is not believed.
    command=(
        *(PYTHON, "-m", "indexes.mock", "--port={mock_port}", "--citizens=600", "--seed=2028", "--neighbours"),
        *("--events={broker}", "--events-queue={queue}"),
    ),
    ready="/healthz",
)
PROVIDER = Service(
    name="provider",
    command=(
        *(PYTHON, "-m", "portal.demo.provider", "--port={provider_port}"),
        "--people=http://127.0.0.1:{mock_port}/_people",
        *(f"--redirect=http://{host}:{{port}}/log-ind/svar/" for host in HOSTS),
        *(f"--after-sign-out=http://{host}:{{port}}/log-ind/logget-af/" for host in HOSTS),
    ),
    ready="/healthz",
)
MIGRATE = Step(
    doing="Making the tables …",
    failing="The tables could not be made",
    command=(*MANAGE, "migrate", "--no-input", "--verbosity=0"),
)
LOAD = Step(
    doing="Loading the demo's municipalities and areas …",
    failing="The demo's municipalities and areas could not be loaded",
    command=(*MANAGE, "load_demo"),
)
COLLECT = Step(
    doing="Collecting style sheets and pictures …",
    failing="Style sheets and pictures could not be collected",
    command=(*MANAGE, "collectstatic", "--no-input", "--clear", "--verbosity=0"),
)
SYNC = Step(
    doing="Reading the indexes …",
    failing="The indexes could not be read",
    command=(*MANAGE, "sync_indexes"),
    shown=True,
    # The made-up Denmark moves with the calendar: after some weeks much of what is held is rightly gone.
    embedded=("--confirm",),
    role=Role.SYNC,
)
WEB = Service(
    name="web",
    # as many workers as cores and one thread each: more threads than cores are slower (docs/adr/0001)
    command=(
        *(PYTHON, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1", "--port={port}"),
        *("--workers=2", "--blocking-threads=1", "portal.wsgi:application"),
    ),
    ready="/healthz",
    role=Role.WEB,
)
WORKER = Service(
    name="worker",
    command=(
        *(PYTHON, "-m", "celery", "--app=portal", "worker", "--beat", "--concurrency=1"),
        *("--schedule=.data/celerybeat-schedule", "--loglevel=INFO"),
    ),
    role=Role.SYNC,
)
EVENTS = Service(name="events", command=(*MANAGE, "consume_events"), role=Role.SYNC)
DEMO = Commands(
    mock=MOCK,
    provider=PROVIDER,
    steps=(MIGRATE, LOAD, COLLECT),
    web=WEB,
    sync=SYNC,
    worker=WORKER,
    consumer=(*MANAGE, "load_demo", "--show-consumer"),
    events=EVENTS,
)
