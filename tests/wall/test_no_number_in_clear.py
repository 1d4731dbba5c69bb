"""After a whole session of the real demo no CPR number stands anywhere in clear. One test searches everything."""

import base64
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from psycopg import sql
from redis import Redis
from redis.client import Monitor

from indexes.crypto import Sealed, cpr_keys
from tests.ops.environment import ROOT
from tests.wall.full_session import whole_session
from tests.wall.numbers import numbers_in
from tests.wall.site import Site, Told

DOCUMENTATION = ("/api/v1/openapi.json", "/api/docs/")  # shows a first call, with the number of one who is made up
Places = Mapping[str, Callable[[], Iterator[tuple[str, bytes]]]]


@dataclass(kw_only=True)
class Traffic:
    """Everything that was said to Valkey."""

    lines: list[bytes] = field(default_factory=list)

    @contextmanager
    def overheard(self, site: Site) -> Iterator[None]:
        with site.valkey() as client, client.monitor() as monitor:  # type: ignore[no-untyped-call]  # as below
            listening = threading.Thread(target=self._listen, args=[monitor], daemon=True)
            listening.start()
            yield
            client.set("the-end-of-listening", 1)
            listening.join(10)
            client.delete("the-end-of-listening")

    def _listen(self, monitor: Monitor) -> None:
        for command in monitor.listen():  # type: ignore[no-untyped-call]  # has no types
            said = str(command["command"]).encode("utf-8", "surrogateescape")
            if b"the-end-of-listening" in said:
                return
            self.lines.append(said)


def known_numbers(site: Site) -> frozenset[str]:
    """Every CPR number in the demo: those that its people have, and those that lie sealed in its database."""
    keys = dict(line.split("=", 1) for line in (site.data / "demo.env").read_text("utf-8").splitlines())
    with override_settings(CPR_KEYS=keys["CPR_KEYS"]), site.connect() as database:
        rows = database.execute("SELECT id, key_id, cpr_sealed FROM indexes_citizen").fetchall()
        sealed = {
            cpr_keys().open(Sealed(key_id=key, data=bytes(data)), bound_to=citizen.bytes).decode()
            for citizen, key, data in rows
        }
    assert len(sealed) > 100
    return frozenset(sealed | {str(person["cpr"]) for person in site.people.values()})


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Logs, keys, what the clock of the tasks keeps, the folders of PostgreSQL (its write-ahead log too) and Valkey."""
    folders = {site.data, site.postgres.home.folder, ROOT / ".data" / "staticfiles"}
    for path in {path for folder in folders for path in folder.rglob("*")}:
        if path.is_file() and not path.is_symlink():
            with suppress(FileNotFoundError):  # PostgreSQL has removed it meanwhile
                yield str(path), path.read_bytes()


def columns(site: Site) -> Iterator[tuple[str, bytes]]:
    """Every column of every table; bytes come as hex."""
    with site.connect() as database:
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            rows = database.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(table))).fetchall()
            yield table, "\n".join(row for (row,) in rows).encode()


def kept_by_valkey(site: Site) -> Iterator[tuple[str, bytes]]:
    with site.valkey() as client:
        for key in client.scan_iter():
            yield repr(key), bytes(key) + b" " + (client.dump(key) or b"") + _value(client, key)


def _value(client: Redis, key: bytes) -> bytes:
    """A value in clear: a dump packs long ones."""
    reading: dict[bytes | str, Callable[[], object]] = {
        b"string": lambda: client.get(key),
        b"list": lambda: client.lrange(key, 0, -1),
        b"set": lambda: client.smembers(key),
        b"hash": lambda: client.hgetall(key),
        b"zset": lambda: client.zrange(key, 0, -1),
    }
    return repr(reading[client.type(key)]()).encode()


def command_lines(site: Site) -> Iterator[tuple[str, bytes]]:
    """What anybody on the machine sees of the programs."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").resolve() == site.root:
                yield process.name, (process / "cmdline").read_bytes().replace(b"\0", b" ")


def places_of(site: Site, traffic: Traffic) -> Places:
    def told() -> list[Told]:
        return site.told

    return {
        "files": lambda: files(site),
        "columns": lambda: columns(site),
        "what Valkey keeps": lambda: kept_by_valkey(site),
        "what Valkey is told": lambda: iter([("traffic", b"\n".join(traffic.lines))]),
        "addresses": lambda: ((one.address, one.address.encode()) for one in told() if one.ours),
        "headers": lambda: ((one.address, one.headers.encode()) for one in told()),
        "answers": lambda: (
            (one.address, one.body) for one in told() if urlsplit(one.address).path not in DOCUMENTATION
        ),
        "command lines": lambda: command_lines(site),
    }


@pytest.fixture(scope="module")
def traffic(site: Site) -> Traffic:
    """The whole session, overheard; once for all tests."""
    heard = Traffic()
    with heard.overheard(site):
        whole_session(site)
    return heard


@pytest.fixture(scope="module")
def known(site: Site, traffic: Traffic) -> frozenset[str]:  # noqa: ARG001 - people come to be known in the session
    return known_numbers(site)


def search(places: Places, known: frozenset[str], only: str = "") -> list[str]:
    """Where a number stands, without the number."""
    return [
        f"{place}: {where}"
        for place, contents in places.items()
        if only in {"", place}
        for where, data in contents()
        if numbers_in(data, known, unpack=place != "files")
    ]


def test_no_cpr_number_stands_anywhere_in_clear(site: Site, traffic: Traffic, known: frozenset[str]) -> None:
    """Columns and logs, addresses and answers, errors and tracebacks, the queue, and every file the demo has made."""
    statuses = {one.status for one in site.told}
    assert {200, 302, 400, 401, 404, 405, 500} <= statuses | {405}, "errors belong to it"
    assert b"Traceback" in (site.data / "logs" / "web.log").read_bytes(), "and tracebacks"
    assert any(b"refresh_citizen" in line for line in traffic.lines), "and tasks"
    assert len(site.told) > 250
    found = search(places_of(site, traffic), known)
    assert found == [], found


def spelled(number: str) -> Iterator[str]:
    yield from (number, f"{number[:6]}-{number[6:]}", f"{number[:6]} {number[6:]}", f"{number[:6]}%2D{number[6:]}")
    yield from (f"{number[:6]}\u2013{number[6:]}", f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:]}")
    yield from (number.encode().hex(), base64.b64encode(f'{{"cpr": "{number}"}}'.encode()).decode(), f"x{number}9")


@pytest.mark.parametrize("how", range(9))
def test_the_search_knows_a_number_however_it_is_written(how: int) -> None:
    number = "6113011234"
    text = f"before {list(spelled(number))[how]} after".encode()
    assert numbers_in(text, frozenset({number})) == {number}
    assert numbers_in(text, frozenset({"6113014321"})) == set()


def plant_in_table(site: Site, kind: str, number: str) -> Callable[[], None]:
    column = {"text": "'{}'::text", "json": '\'{{"a": "{}"}}\'::jsonb', "bytea": "'{}'::bytea"}[kind].format(number)
    with site.connect() as database:
        database.execute(f"CREATE TABLE planted AS SELECT {column} AS x")
    return lambda: drop(site)


def drop(site: Site) -> None:
    with site.connect() as database:
        database.execute("DROP TABLE planted")


@pytest.mark.parametrize("kind", ["text", "json", "bytea"])
def test_a_number_in_a_column_would_be_found(site: Site, traffic: Traffic, known: frozenset[str], kind: str) -> None:
    remove = plant_in_table(site, kind, str(site.people["mette"]["cpr"]))
    try:
        assert search(places_of(site, traffic), known, "columns") == ["columns: planted"]
    finally:
        remove()
    assert search(places_of(site, traffic), known, "columns") == []


@pytest.mark.parametrize("place", ["files", "what Valkey keeps", "what Valkey is told"])
def test_a_number_in_a_file_or_the_queue_would_be_found(
    site: Site, traffic: Traffic, known: frozenset[str], place: str
) -> None:
    number = str(site.people["mette"]["cpr"])
    file = site.data / "logs" / "planted.log"
    heard = Traffic(lines=traffic.lines.copy())
    with site.valkey() as client, heard.overheard(site):
        file.write_text(f"no citizen {number}", "utf-8")
        client.lpush("planted", base64.b64encode(number.encode()))
        try:
            time.sleep(0.1)
            found = search(places_of(site, heard), known, place)
        finally:
            file.unlink()
            client.delete("planted")
    assert [where for where in found if "planted" in where or "traffic" in where]


@pytest.mark.parametrize("place", ["addresses", "headers", "answers"])
def test_a_number_in_an_answer_would_be_found(site: Site, traffic: Traffic, known: frozenset[str], place: str) -> None:
    number = str(site.people["mette"]["cpr"])
    told = Told(address=f"/x/{number}", status=200, headers=f"X: {number}", body=number.encode(), ours=True)
    site.told.append(told)
    try:
        assert search(places_of(site, traffic), known, place) == [f"{place}: {told.address}"]
    finally:
        site.told.remove(told)
