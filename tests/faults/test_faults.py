"""Everything goes wrong in a load, and in the end all is as if nothing had.

What goes wrong when is told on the way, with the seed it was drawn by: FAULTS_SEED in the environment gives the same
course again, though not the same moments of the programs.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from celery import Celery

from borgerblik import syncing
from indexes import authorities
from indexes.mock.events import publish
from indexes.mock.troubles import Trouble
from indexes.records import Source
from portal.embedded.postgres import DATABASE
from tests.faults import held
from tests.faults.course import KILLS, Course
from tests.faults.post import OUTBOX, Post, Sent
from tests.faults.programs import CONSUMER, WORKER, ClockWork, Process, run
from tests.faults.servers import UNDISTURBED, Servers, running
from tests.indexes.makers import LOLLAND
from tests.ops.environment import PLACE
from tests.ops.mock_indexes import MockIndexes

CODES = ("0360", "0461", "0730", "UDK")
PAIRS = syncing.pairs(Source, [authorities.by_code[code] for code in CODES])
QUEUE, AGAIN = "faults", "faults-again"
CALM = 150.0  # seconds: an index that failed often is left alone for up to one minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What runs, and how our own programs are told of it; what they say is in ``log``."""

    servers: Servers
    mock: MockIndexes
    outbox: str
    log: Path

    @property
    def env(self) -> dict[str, str]:
        """Short patience and small portions; slow indexes, so that few data are read for long."""
        return {
            **os.environ,
            "DATABASE_URL": self.servers.database_url(),
            "REDIS_URL": self.servers.valkey.url,
            "AMQP_URL": self.servers.rabbitmq.url,
            "EVENTS_QUEUE": QUEUE,
            "SDI_URL": self.mock.sdi_url,
            "YI_URL": self.mock.yi_url,
            "PLAN_URL": self.mock.plan_url,
            "SOURCE_TIMEOUT": "2",
            "SOURCE_PAGE_SIZE": "20",
            "SOURCE_PORTION_SIZE": "60",
            "SOURCE_CALLS_AT_ONCE": "sdi=3,yi=3,plan=3",
            "SOURCE_CALLS_PER_SECOND": "sdi=20,yi=20,plan=20",
            "LOCK_TIMEOUT": "5",
        }

    def prepare(self) -> None:
        """Two databases alike: the authorities are on Borgerblik, and nothing has been read."""
        run("migrate", "-v0", env=self.env)
        with self.servers.connect() as connection:
            for code in CODES:
                connection.execute(
                    "INSERT INTO borgerblik_authoritysettings (code, since, etaper) VALUES (%s, '2026-01-01', '{}')",
                    [code],
                )
        self.servers.copy_database()
        with self.servers.connect() as connection:
            held.watch(connection)
        for queue in (QUEUE, AGAIN):
            self.servers.rabbitmq.declare(queue)

    def until_none(self, missing: Callable[[], object], what: str) -> None:
        """Wait until nothing is missing."""
        end = time.monotonic() + CALM
        while left := missing():
            if time.monotonic() > end:
                said = self.said("WARNING") + self.said("ERROR")
                pytest.fail(f"{what} after {CALM:.0f} s: {left}\n{said[-4000:]}")
            time.sleep(0.1)

    def untaken(self, sent: Sent, name: str = DATABASE) -> int:
        """How many messages have not been applied."""
        with self.servers.connect(name) as connection:
            return len(sent.messages) - len(held.messages(connection))

    def said(self, word: str) -> str:
        """The lines of our own programs with a word in them."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(line for line in lines if word in line)

    def read(self) -> set[tuple[str, str]]:
        """Which indexes have been read in full, and for whom (CVR numbers)."""
        with self.servers.connect() as connection:
            return set(
                connection.execute(
                    "SELECT source, authority_cvr FROM indexes_sourcestate WHERE last_success IS NOT NULL"
                ).fetchall()
            )

    def open_loads(self) -> list[tuple[object, ...]]:
        with self.servers.connect() as connection:
            return connection.execute("SELECT source, authority_cvr, stopped FROM indexes_load").fetchall()


def tell(words: str) -> None:
    """What a test that fails shows."""
    sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S.%f} {words}\n")


@pytest.fixture(scope="module")
def scene(start_mock_indexes: Callable[..., MockIndexes], redis_url: str) -> Iterator[Scene]:
    log = PLACE / "faults.log"
    log.unlink(missing_ok=True)
    mock = start_mock_indexes(municipalities=3, citizens=120, seed=2029, events=redis_url, **{"events-queue": OUTBOX})
    with running(PLACE) as servers:
        scene = Scene(servers=servers, mock=mock, outbox=redis_url, log=log)
        scene.prepare()
        yield scene


def test_what_is_called_for_while_the_database_is_away_is_read_when_it_is_back(scene: Scene) -> None:
    """Even if the clock does not call for it again before the next hour."""
    worker = Process("worker", [*WORKER, "--concurrency=1"], env=scene.env, log=scene.log)
    try:
        scene.servers.postgres.stop()
        with Celery("once", broker=scene.servers.valkey.url, set_as_current=False) as app:
            app.send_task("borgerblik.tasks.read_portion", queue="loads")
            app.send_task("borgerblik.tasks.sync_one", ["plan", "0360"], queue="loads")
        scene.until_none(lambda: "read_portion is not done now" not in scene.said("is away"), "Nobody says why")
        assert scene.said("raised unexpected") == ""
        scene.until_none(lambda: "sync_one" not in scene.said("OperationalError"), "It has not been tried")
        scene.servers.postgres.start()
        scene.until_none(lambda: ("plan", LOLLAND) not in scene.read(), "It has not been read")
    finally:
        worker.kill()


@pytest.mark.timeout(600)
def test_whatever_goes_wrong_in_a_load_nothing_is_lost_and_nothing_counted_twice(scene: Scene) -> None:
    seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(1_000_000))
    tell(f"FAULTS_SEED={seed}")
    sent = disturbed(scene, random.Random(seed))
    tell("the same undisturbed")
    undisturbed(scene, sent)
    tell("compared")
    compare(scene.servers, sent)


def disturbed(scene: Scene, chance: random.Random) -> Sent:
    """A load in the middle of it all, and then calm until all has been read; gives what events have told meanwhile."""
    servers, env, log = scene.servers, scene.env, scene.log
    workers = [
        Process(name, [*WORKER, "--concurrency=2", f"--hostname={name}"], env=env, log=log)
        for name in ("worker-1", "worker-2")
    ]
    programs = [*workers, consumer := Process("consumer", CONSUMER, env=env, log=log)]
    course = Course(servers=servers, workers=workers, consumer=consumer, mock=scene.mock, chance=chance, tell=tell)
    post = Post(
        scene.mock, outbox=scene.outbox, broker=servers.rabbitmq.url, queue=QUEUE, chance=random.Random(chance.random())
    )
    try:
        with ClockWork(servers, PAIRS) as clock:
            with post:
                course.run()
            tell("calm")
            scene.until_none(lambda: scene.untaken(post.sent), "Messages have not been applied")
            clock.calm(datetime.now(UTC))
            scene.until_none(clock.behind, "Not all has been read in full")
            scene.until_none(scene.open_loads, "Loads are left over")
        assert all(program.alive() for program in programs), "a program has ended by itself"
    finally:
        for program in programs:
            program.kill()
    assert course.met["kill a worker"] == KILLS
    assert all(course.met[trouble] for trouble in Trouble)
    return post.sent


def undisturbed(scene: Scene, sent: Sent) -> None:
    """The same events, each once and in order, and one reading of everything."""
    env = scene.env | {"DATABASE_URL": scene.servers.database_url(UNDISTURBED), "EVENTS_QUEUE": AGAIN}
    env |= {"SOURCE_CALLS_PER_SECOND": "sdi=1000,yi=1000,plan=1000"}
    publish(scene.servers.rabbitmq.url, AGAIN, sent.messages)
    consumer = Process("undisturbed", CONSUMER, env=env, log=scene.log)
    try:
        scene.until_none(lambda: scene.untaken(sent, UNDISTURBED), "Messages have not been applied")
    finally:
        consumer.kill()
    run("sync_indexes", "--skip-checks", "--workers=4", env=env)


def compare(servers: Servers, sent: Sent) -> None:
    """Both hold and tell the same, and what was counted on the way adds up."""
    with servers.connect() as connection, servers.connect(UNDISTURBED) as other:
        found, expected = held.rows(connection), held.rows(other)
        for kind, of_kind in expected.items():
            assert of_kind, f"There is nothing to compare: no {kind}."
            assert held.differences(found[kind], of_kind, "uuid") == [], kind
        for ask, key in (
            (held.quarantined, ("digest",)),
            (held.defects, ("authority_cvr", "source", "fagsystem", "defect")),
            (held.states, ("authority_cvr", "source")),
        ):
            assert held.differences(ask(connection), ask(other), *key) == [], ask.__doc__
        assert held.events(connection) == {
            "all": len(sent.messages),
            "foreign": sent.foreign,
            "quarantined": sent.broken,
        }
        assert sent.readable <= held.messages(connection)
        for source, cvr, outcome, counts in held.runs(connection):
            assert counts["read"] == held.came_to(counts), (source, cvr, outcome, counts)
        went, counted = held.gone(connection)
        assert went == counted
