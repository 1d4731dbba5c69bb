"""Reads of a filled database: 200,000 citizens, a million cases, four million payments, a few people read most often.

Eight connections ask at once; each kind of read in turn, round by round. Rates are requests a CPU second of the servers
and PostgreSQL together, since the load comes from this same machine; times are the slowest hundredth, in milliseconds.
"""

import http.client
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from uuid import UUID

import orjson
from django.conf import settings
from django.db import connection
from django.test import RequestFactory
from tqdm import tqdm

from indexes.identity import citizens_for
from indexes.rights import Role
from portal.demo.roles import as_role
from portal.login.claims import Citizen
from portal.login.identity import sign_in
from portal.login.sessions import SessionStore
from tests.bench import summary
from tests.bench.measure import Line
from tests.scale.filling import Size, cpr, fill

SIZE = Size(citizens=200_000, cases=1_000_000, payments=4_000_000, biggest=(2_000, 10_000))
BIGGEST = 0
CONNECTIONS, REQUESTS, ROUNDS = 8, 800, 5
SKEW = 1.0  # Zipf's: the hundredth most eager reads a hundredth as often as the first
MOST_MS = 300  # what the biggest citizen may wait
WORKERS = 2
_LOAD = "from tests.bench import environment, loading; loading.load()"

Call = Callable[[http.client.HTTPConnection, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one round of a kind of read took."""

    cpu: float
    slowest: float  # p99 in milliseconds


def lines(postgres: int, logs: Path) -> Iterator[Line]:
    """Fill, then measure; ``postgres`` is the postmaster's process."""
    with tqdm(total=SIZE.portions(), desc="Filling", file=sys.stderr, leave=False) as progress:
        for _ in fill(SIZE):
            progress.update()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    readers = _readers()
    ids = citizens_for({cpr(number) for number in {*readers, BIGGEST}})
    sessions = {number: _session(number) for number in tqdm({*readers, BIGGEST}, desc="Signing in", file=sys.stderr)}
    with _calls(readers, ids, sessions, logs) as calls:
        yield from _compared(calls, postgres)
        yield from _biggest(calls)


def _readers() -> Sequence[int]:
    """Who reads, request by request; number 0, who has most, does not: how long that takes is a line of its own."""
    chance = random.Random(2030)
    eager = list(range(1, SIZE.citizens))
    chance.shuffle(eager)
    weights = list(accumulate(1 / (rank + 1) ** SKEW for rank in range(len(eager))))
    return chance.choices(eager, cum_weights=weights, k=REQUESTS)


def _session(number: int) -> str:
    """The key of a session in which this citizen is signed in."""
    request = RequestFactory().get("/")
    session = SessionStore()
    request.session = session
    someone = Citizen(cpr=cpr(number), name="Nogen", given_name="Nogen", birth_date=None, municipality="0730")
    sign_in(request, someone)
    session.save()
    return session.session_key or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A way to read: where its server is, and a request of it by the reader's place in the row, or of the biggest."""

    port: int
    server: int
    call: Call


@contextmanager
def _calls(
    readers: Sequence[int], ids: Mapping[str, UUID], sessions: Mapping[int, str], logs: Path
) -> Iterator[Mapping[str, Kind]]:
    """The kinds of read, each with its server. ``index`` -1 is the biggest citizen."""
    owner = os.environ["DATABASE_URL"]
    ordinary = {"DJANGO_SETTINGS_MODULE": "tests.bench.serializers_settings"}

    def who(index: int) -> int:
        return BIGGEST if index < 0 else readers[index % len(readers)]

    with ExitStack() as running:

        def served(application: str, name: str, url: str, more: Mapping[str, str] | None = None) -> tuple[int, int]:
            with_workers = summary.served(application, logs / f"{name}.log", url, workers=WORKERS, more=more or {})
            return running.enter_context(with_workers)

        bare = served("tests.bench.bare:application", "bare", owner)
        drf = served("tests.bench.serializers_wsgi:application", "ordinary", owner, ordinary)
        ours = served("portal.wsgi:application", "ours", as_role(owner, Role.WEB, {}))
        bearer = summary.token(http.client.HTTPConnection("127.0.0.1", ours[0]))
        asking = {"Content-Type": "application/json", "Authorization": f"Bearer {bearer}"}

        def by_id(connection: http.client.HTTPConnection, index: int) -> None:
            summary.done(connection, "GET", f"/{ids[cpr(who(index))]}", None, {})

        def by_rest(connection: http.client.HTTPConnection, index: int) -> None:
            body = orjson.dumps({"cpr": cpr(who(index)), "municipality": "0730", "language": "da"})
            summary.done(connection, "POST", "/api/v1/citizen-summaries", body, asking)

        def page(connection: http.client.HTTPConnection, index: int) -> None:
            cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={sessions[who(index)]}"}
            summary.done(connection, "GET", "/", None, cookie)

        yield {
            "bare": Kind(port=bare[0], server=bare[1], call=by_id),
            "ordinary": Kind(port=drf[0], server=drf[1], call=by_id),
            "summary": Kind(port=ours[0], server=ours[1], call=by_rest),
            "overview": Kind(port=ours[0], server=ours[1], call=page),
        }


def _read(kind: Kind, postgres: int) -> Reading:
    """All readers once, eight at a time."""

    def some(first: int) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", kind.port, timeout=30)
        took = []
        for index in range(first, REQUESTS, CONNECTIONS):
            began = time.perf_counter()
            kind.call(connection, index)
            took.append(time.perf_counter() - began)
        connection.close()
        return took

    before = summary.cpu_seconds({kind.server, postgres})
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        took = [each for part in pool.map(some, range(CONNECTIONS)) for each in part]
    return Reading(
        cpu=summary.cpu_seconds({kind.server, postgres}) - before, slowest=1000 * statistics.quantiles(took, n=100)[98]
    )


def _compared(calls: Mapping[str, Kind], postgres: int) -> Iterator[Line]:
    """All kinds in turn, round by round; then ours again beside a bulk load."""
    for kind in calls.values():
        _read(kind, postgres)  # warms up
    rounds = [{name: _read(kind, postgres) for name, kind in calls.items()} for _ in range(ROUNDS)]
    yield _rates("summary-at-size", rounds, "bare", "summary")
    yield _times("summary-at-size-p99", rounds, "bare", "summary")
    yield _rates("summary-against-serializers", rounds, "ordinary", "summary")
    yield _rates("overview-at-size", rounds, "bare", "overview")
    yield _times("overview-at-size-p99", rounds, "bare", "overview")
    for name in ("summary", "overview"):
        beside: list[dict[str, Reading]] = []
        for _ in range(ROUNDS):
            quiet = _read(calls[name], postgres)
            with _loading():
                beside.append({"quiet": quiet, "loading": _read(calls[name], postgres)})
        yield _times(f"{name}-while-loading-p99", beside, "quiet", "loading")


@contextmanager
def _loading() -> Iterator[None]:
    """A worker stores into the same tables while this lasts; it has stored some when this begins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM indexes_citizen")
        before = cursor.fetchone()[0]
        worker = subprocess.Popen([sys.executable, "-c", _LOAD], cwd=summary.ROOT)  # noqa: S603 - our own
        try:
            while worker.poll() is None:
                cursor.execute("SELECT count(*) FROM indexes_citizen")
                if cursor.fetchone()[0] > before:
                    break
                time.sleep(0.1)
            else:
                raise RuntimeError("The load beside which reads were to be measured has ended. See its error above.")
            yield
        finally:
            worker.terminate()
            worker.wait(timeout=20)


def _biggest(calls: Mapping[str, Kind]) -> Iterator[Line]:
    """How long the citizen who has most waits, asked alone; ``ratio`` under 1 keeps the goal."""
    for name in ("overview", "summary"):
        one = http.client.HTTPConnection("127.0.0.1", calls[name].port, timeout=60)
        took = []
        for _ in range(2 * WORKERS + 2 * ROUNDS + 1):  # each worker makes its connection in the first ones
            began = time.perf_counter()
            calls[name].call(one, -1)
            took.append(1000 * (time.perf_counter() - began))
        ms = statistics.median(took[2 * WORKERS :])
        yield Line(name=f"{name}-of-the-biggest", ours=ms, limit=MOST_MS, ratio=ms / MOST_MS, unit="ms", n=len(took))


def _rates(name: str, rounds: Sequence[Mapping[str, Reading]], limit: str, ours: str) -> Line:
    return Line(
        name=name,
        ours=statistics.median(REQUESTS / each[ours].cpu for each in rounds),
        limit=statistics.median(REQUESTS / each[limit].cpu for each in rounds),
        ratio=statistics.median(each[limit].cpu / each[ours].cpu for each in rounds),
        unit="requests/CPU second",
        n=REQUESTS,
    )


def _times(name: str, rounds: Sequence[Mapping[str, Reading]], limit: str, ours: str) -> Line:
    """``ratio`` is how many times as long as the limit's: here less is better."""
    return Line(
        name=name,
        ours=statistics.median(each[ours].slowest for each in rounds),
        limit=statistics.median(each[limit].slowest for each in rounds),
        ratio=statistics.median(each[ours].slowest / each[limit].slowest for each in rounds),
        unit="ms, p99",
        n=REQUESTS,
    )
