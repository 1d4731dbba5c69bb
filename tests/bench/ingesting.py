"""The whole way of a bulk load on one core: answers of the case index to rows, with progress, parties and documents.

The limit is what lxml and PostgreSQL cannot be faster than: walking the same bytes and taking nothing out, and a bare
binary COPY of the same rows into a table with the same indexes. All is CPU time, of this process and of its PostgreSQL
backend together, block by block in turn, so that it matters little who else uses the machine.
"""

import io
import os
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.db import connection
from lxml import etree
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb
from tqdm import tqdm

from borgerblik.wanted import wanted
from indexes import authorities
from indexes.collector import collect_seldom
from indexes.identity import citizens_for
from indexes.mock.__main__ import arguments_of, build
from indexes.mock.answers import Answerer, Source
from indexes.parse import tags
from indexes.parse.roles import SdiRoles
from indexes.parse.sdi import SdiAnswer, SdiSpellings
from indexes.records import Case, Item, Parsed
from indexes.requests import SdiRequests
from indexes.store import save
from indexes.store.known import HeldAsRead
from indexes.store.tables import CASE
from indexes.stream import read_whole
from tests.bench import ordinary
from tests.bench.measure import Line

PAGE: Final = 1000  # cases; what the mock gives at most
BLOCK: Final = 10  # pages stored together, as a bulk load does
LARGE: Final = 2_000_000  # cases
MORE: Final = 30_000  # cases that come on top of them
CITIZENS_A_CASE: Final = 7  # of all Denmark, that the mock's Copenhagen has so many cases
TICK: Final = os.sysconf("SC_CLK_TCK")
OF = authorities.by_code["0101"].cvr
NOW = datetime.now(UTC)
_END: Final = b"</sdi:SagFiltreretOejebliksbillede>"


def _cpu() -> float:
    """Seconds of CPU that this process and its PostgreSQL backend have used."""
    own = os.times()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rsplit(")", 1)[1].split()
    return own.user + own.system + (int(backend[11]) + int(backend[12])) / TICK


def _seconds(work: Callable[[], object]) -> float:
    began = _cpu()
    work()
    return _cpu() - began


@dataclass(slots=True)
class _Spent:
    """CPU seconds of each block, and how many cases it had."""

    cases: list[int] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    ordinary: list[float] = field(default_factory=list)  # for one page


def blocks(answerer: Answerer, cases: int, *, first: int = 0, cvr: str = OF) -> Iterator[list[bytes]]:
    """Pages of one authority's cases from a place on, some at a time."""
    requests = SdiRequests(SdiRoles())
    for start in range(first, first + cases, PAGE * BLOCK):
        firsts = range(start, min(first + cases, start + PAGE * BLOCK), PAGE)
        pages = [answerer.answer(Source.SDI, requests.by_owner(cvr, first=first, most=PAGE)) for first in firsts]
        if pages[-1].count(_END) < min(PAGE, first + cases - firsts[-1]):
            raise RuntimeError(f"The mock has fewer than {first + cases} cases. Give it more citizens.")
        yield pages


class Load:
    """What is measured of each block of an authority's cases."""

    def __init__(self, cvr: str = OF) -> None:
        self._cvr = cvr
        self._spellings = SdiSpellings(SdiRoles())
        self._wanted = wanted()

    def read(self, pages: Sequence[bytes]) -> list[Parsed]:
        """Each record, whether it is held or not."""
        items = [item for page in pages for item in read_whole(self._reading(None), page).items]
        return [item for item in items if isinstance(item, Parsed)]

    def ours(self, pages: Sequence[bytes]) -> None:
        """As a worker reads a portion: all items, those that cannot be used too."""
        self.store([item for page in pages for item in read_whole(self.reading(), page).items])

    def store(self, items: Sequence[Item]) -> None:
        save(items, wanted=self._wanted, now=NOW, since=NOW, owner_cvr=self._cvr)

    def walk(self, pages: Sequence[bytes]) -> None:
        for page in pages:
            for _, element in etree.iterparse(io.BytesIO(page), tag=tags.CASE):
                element.clear()

    def reading(self) -> SdiAnswer:
        """As a worker reads: what is held as it comes is passed over."""
        return self._reading(HeldAsRead(self._cvr, self._wanted))

    def _reading(self, held: HeldAsRead | None) -> SdiAnswer:
        return SdiAnswer(at=NOW, spellings=self._spellings, held=held)


def copy_into(table: str, records: Sequence[Case]) -> Callable[[], None]:
    """A bare COPY of these records' rows, made ready before."""
    citizens = citizens_for({record.cpr for record in records})
    facts_at = list(CASE.columns).index("facts")
    rows = [(citizens[record.cpr], NOW, bytes(32), None, *CASE.row(record)) for record in records]
    ready = [(*row[:facts_at], Jsonb(row[facts_at], dumps=lambda facts: facts), *row[facts_at + 1 :]) for row in rows]

    def copy() -> None:
        statement = f"COPY {table} ({', '.join(CASE.columns)}) FROM STDIN (FORMAT BINARY)"
        with connection.cursor() as cursor, cursor.copy(statement) as into:
            into.set_types(list(CASE.columns.values()))
            for row in ready:
                into.write_row(row)

    return copy


def ingest_lines(cases: int) -> Iterator[Line]:
    """The first load of so many cases against the limit, and the ordinary way of writing one; then all of it again.

    ``ingest-unchanged`` has the first load in place of the limit: nothing has changed. ``ingest-ordinary`` is how many
    times as fast as the ordinary way, which is measured on the first page of each block. ``ingest-large`` is what a
    table of two million cases makes of the rate: in place of the limit stands the rate at a tenth of it.
    """
    collect_seldom()
    answerer = build(arguments_of([f"--citizens={(cases + MORE) * CITIZENS_A_CASE}", "--seed=2031"])).answerer
    load, spent = Load(), _Spent()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE indexes_case; DROP TABLE IF EXISTS bare_case")
        cursor.execute("CREATE TABLE bare_case (LIKE indexes_case INCLUDING ALL)")
    ordinary.make_tables()
    for pages in tqdm(blocks(answerer, cases), total=-(-cases // (PAGE * BLOCK)), desc="ingest", file=sys.stderr):
        _measure(load, pages, spent)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare_case")
    ordinary.drop_tables()
    yield _line("ingest", spent.cases, ours=spent.first, limit=spent.limit)
    yield _line("ingest-unchanged", spent.cases, ours=spent.again, limit=spent.first)
    yield _line("ingest-ordinary", [PAGE] * len(spent.cases), ours=_each(spent, spent.first), limit=spent.ordinary)
    _grow(LARGE)
    more = [_seconds(lambda: load.ours(pages)) for pages in blocks(answerer, MORE, first=cases)]  # noqa: B023 - at once
    yield _line("ingest-large", [PAGE * BLOCK] * len(more), ours=more, limit=spent.first[-len(more) :])


def _grow(rows: int) -> None:
    """As many cases as that: those there are, again and again under other uuids."""
    columns = SQL(", ").join(Identifier(name) for name in CASE.columns if name != "uuid")
    more = SQL(
        "INSERT INTO indexes_case ({columns}, uuid) SELECT {columns}, gen_random_uuid() FROM indexes_case LIMIT %s"
    ).format(columns=columns)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM indexes_case")
        while (held := cursor.fetchone()[0]) < rows:
            cursor.execute(more, [rows - held])
            cursor.execute("SELECT count(*) FROM indexes_case")
        cursor.execute("VACUUM ANALYZE indexes_case")


def _measure(load: Load, pages: Sequence[bytes], spent: _Spent) -> None:
    records = [item.record for item in load.read(pages) if isinstance(item.record, Case)]
    copy = copy_into("bare_case", records)
    spent.cases.append(sum(page.count(_END) for page in pages))
    spent.limit.append(_seconds(lambda: load.walk(pages)) + _seconds(copy))
    spent.first.append(_seconds(lambda: load.ours(pages)))
    spent.again.append(_seconds(lambda: load.ours(pages)))
    spent.ordinary.append(_seconds(lambda: ordinary.load(pages[0])))


def _each(spent: _Spent, seconds: Sequence[float]) -> list[float]:
    """What a block took, for a page of it."""
    return [took * PAGE / number for number, took in zip(spent.cases, seconds, strict=True)]


def _line(name: str, cases: Sequence[int], *, ours: Sequence[float], limit: Sequence[float]) -> Line:
    return Line(
        name=name,
        ours=statistics.median(number / took for number, took in zip(cases, ours, strict=True)),
        limit=statistics.median(number / took for number, took in zip(cases, limit, strict=True)),
        ratio=statistics.median(bare / took for bare, took in zip(limit, ours, strict=True)),
        unit="cases/s of one core",
        n=sum(cases),
    )
