"""The summary by REST, against the bare limit on the same rows: requests a CPU second, servers and PostgreSQL together.

CPU time and not the clock: the load comes from this same machine, which others use too.
"""

import http.client
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import orjson
from django.db import connection

from borgerblik.models import AccessEntry
from borgerblik.wanted import wanted
from indexes import authorities
from indexes.identity import citizens_for
from indexes.models import SourceState
from indexes.records import (
    Benefit,
    Case,
    CaseStatus,
    Grant,
    Parsed,
    Payment,
    PaymentLine,
    Period,
    Sensitivity,
    Source,
    Step,
)
from indexes.rights import Role
from indexes.store import save
from portal import demo_data
from portal.demo.roles import as_role
from portal.embedded.ports import free_port
from tests.bench.measure import Line, rates
from tests.bench.unguarded import unguarded

ROOT = Path(__file__).resolve().parents[2]
CITIZENS, REQUESTS, MONTHS = 500, 400, 20
OWNER = authorities.by_code["0730"].cvr
KLE = ("32.30.04", "32.24.04", "15.17.06", "27.60.04", "32.21.12")
TICKS = os.sysconf("SC_CLK_TCK")
NOW = datetime.now(UTC)


def _citizen_records(cpr: str) -> Iterator[Parsed]:
    """Five cases, one grant and twenty payments: the mean of a citizen who has something."""
    common: dict[str, Any] = {"registered": NOW, "holds": Period(), "owner_cvr": OWNER, "cpr": cpr}
    case = uuid4()
    for number, kle in enumerate(KLE):
        yield Parsed(
            record=Case(
                uuid=case if number == 0 else uuid4(),
                kle=kle,
                fagsystem="KY",
                sensitivity=Sensitivity.CONFIDENTIAL,
                hidden=False,
                opened=date(2025, 1, 1),
                title="Sag",
                unit="Ydelsesafdelingen",
                progress=(Step(status=CaseStatus.INFORMED, period=Period(start=NOW - timedelta(days=90))),),
                **common,
            )
        )
    grant = Grant(
        uuid=uuid4(),
        case_uuid=case,
        sensitivity=Sensitivity.CONFIDENTIAL,
        fagsystem="KY",
        start=date(2025, 1, 1),
        benefits=(Benefit(id="1", name=None, kle=KLE[0], start=None, end=None),),
        **common,
    )
    yield Parsed(record=grant)
    for month in range(MONTHS):
        day = NOW.date() - timedelta(days=30 * month)
        line = PaymentLine(kle=KLE[0], amount=Decimal(18628), start=day, end=day, grant_uuid=grant.uuid, benefit_id="1")
        yield Parsed(
            record=Payment(
                uuid=uuid4(),
                available=day,
                start=day,
                end=day,
                gross=Decimal(18628),
                after_tax=Decimal(13412),
                sent=Decimal(13412),
                paid=Decimal(13412),
                lines=(line,),
                **common,
            )
        )


def make_citizens() -> dict[str, UUID]:
    """CPR number -> id of citizens with rows, whose sources are fresh."""
    cprs = [f"6113{index:06d}" for index in range(CITIZENS)]
    save(itertools.chain.from_iterable(map(_citizen_records, cprs)), wanted=wanted(), now=NOW)
    for source in Source:
        for cvr in (OWNER, authorities.by_code[authorities.UDK].cvr):
            SourceState.objects.update_or_create(
                source=source, authority_cvr=cvr, defaults={"last_attempt": NOW, "last_success": NOW}
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as in a database that has stood a night: nothing tidies up while we measure
    return citizens_for(cprs)


def token(connection: http.client.HTTPConnection) -> str:
    """A token of the demo's consumer, as any consumer gets it."""
    consumer = demo_data.consumer()
    asked = {
        "grant_type": "client_credentials",
        "client_id": consumer.client_id,
        "client_secret": consumer.secret,
        "scope": "summary",
    }
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    said = orjson.loads(done(connection, "POST", "/api/v1/oauth/token", urlencode(asked).encode(), form))
    token: str = said["access_token"]
    return token


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def cpu_seconds(parents: set[int]) -> float:
    """CPU time used so far by these processes and all their children, ended ones included."""
    used, family = 0.0, set(parents)
    stats = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except FileNotFoundError:
                continue  # it ended while we looked
            stats[int(entry.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    for pid in sorted(stats):
        parent, ticks = stats[pid]
        if pid in family or parent in family:
            family.add(pid)
            used += ticks / TICKS
    return used


@contextmanager
def served(
    application: str, log: Path, database_url: str, *, workers: int = 1, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[int, int]]:
    """A granian serving this application from this database: its port and its process. ``more`` is its environment."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--workers",
        str(workers),
        "--blocking-threads",
        "1",
    ]
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - our own applications
            [*command, "--port", str(port), application],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database_url, **more},
            stdout=output,
            stderr=output,
        )
    try:
        _wait_for(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The server did not start within ten seconds.")


def summary_lines(citizens: dict[str, UUID], postgres: int, logs: Path) -> Iterator[Line]:
    """With grant, row-level security and access log; then without, so that it is seen what they cost."""
    before = AccessEntry.objects.count()
    yield _line("summary", citizens, postgres, logs)
    logged = AccessEntry.objects.count()
    if logged < before + REQUESTS:
        raise RuntimeError("Summaries were read and not written down, so nothing was measured. See what reads.")
    with unguarded():
        yield _line("summary-unguarded", citizens, postgres, logs)
    if AccessEntry.objects.count() != logged:
        raise RuntimeError("The guard was not off, so its cost was not measured. Bring unguarded.py up to date.")


def _line(name: str, citizens: dict[str, UUID], postgres: int, logs: Path) -> Line:
    """The whole way of a consumer's call against the bare limit; ``postgres`` is the postmaster's process.

    Ours asks as the pages' role; the limit as the owner, whom no policy holds up.
    """
    owner = os.environ["DATABASE_URL"]
    people = list(citizens.items())
    headers = {"Content-Type": "application/json"}

    def bare(connection: http.client.HTTPConnection, index: int) -> None:
        done(connection, "GET", f"/{people[index % len(people)][1]}", None, {})

    def ours(connection: http.client.HTTPConnection, index: int) -> None:
        body = orjson.dumps({"cpr": people[index % len(people)][0], "municipality": "0730", "language": "da"})
        done(connection, "POST", "/api/v1/citizen-summaries", body, headers)

    with (
        served("tests.bench.bare:application", logs / "bare.log", owner) as limit_server,
        served("portal.wsgi:application", logs / "ours.log", as_role(owner, Role.WEB, {})) as our_server,
    ):
        headers["Authorization"] = f"Bearer {token(http.client.HTTPConnection('127.0.0.1', our_server[0]))}"
        return rates(
            name,
            unit="requests/CPU second",
            n=REQUESTS,
            limit=lambda: _cpu_of(bare, *limit_server, postgres),
            ours=lambda: _cpu_of(ours, *our_server, postgres),
        )


def _cpu_of(call: Callable[[http.client.HTTPConnection, int], None], port: int, server: int, postgres: int) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    before = cpu_seconds({server, postgres})
    for index in range(REQUESTS):
        call(connection, index)
    connection.close()
    return cpu_seconds({server, postgres}) - before


def done(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str]
) -> bytes:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{method} {path.partition('?')[0]} answered {answer.status}, {len(said)} bytes.")
    return said
