"""Bulk loads by processes of their own: two on two cores against the limit of one, and how much memory one takes."""

import multiprocessing
import statistics
import time
from collections.abc import Iterator, Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Final

from django.db import connection, connections

from indexes import authorities
from indexes.collector import collect_seldom
from indexes.mock.__main__ import arguments_of, build
from indexes.records import Case
from tests.bench.environment import PLACE
from tests.bench.ingesting import Load, blocks, copy_into
from tests.bench.measure import Line, seconds

OF: Final = tuple(authorities.by_code[code].cvr for code in ("0101", "0751"))  # one authority for each process
CASES: Final = 10_000  # of each
CITIZENS: Final = 200_000  # of all Denmark: the second largest authority then has so many
ROUNDS: Final = 3
MOST_MEMORY: Final = 300  # MB
LARGEST_PAGE: Final = 60 * 2**20  # bytes: near SOURCE_MAX_BYTES
OBJECT: Final = b"<sdi:SagFiltreret"
END: Final = b"</sdi:FremsoegSag"

_spawn = multiprocessing.get_context("spawn")


def worker_lines() -> Iterator[Line]:
    """Two processes by the clock, each with an authority of its own; then the memory of one."""
    pairs = [_both() for _ in range(ROUNDS)]
    yield Line(
        name="ingest-two",
        ours=statistics.median(ours for ours, _ in pairs),
        limit=statistics.median(limit for _, limit in pairs),
        ratio=statistics.median(ours / limit for ours, limit in pairs),
        unit="cases/s by the clock, limit of one core",
        n=CASES * len(OF),
    )
    memory = _memory()
    yield Line(
        name="memory", ours=memory, limit=MOST_MEMORY, ratio=MOST_MEMORY / memory, unit="MB of a worker", n=CASES
    )


def _both() -> tuple[float, float]:
    """Cases a second of two processes together, and of the limit in one."""
    limit = bare_rate()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE indexes_case")
    ready, told = _spawn.Barrier(len(OF) + 1), _spawn.SimpleQueue()
    workers = [_spawn.Process(target=_load, args=(cvr, ready, told)) for cvr in OF]
    for worker in workers:
        worker.start()
    ready.wait()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise RuntimeError(
                "A process that loads ended in an error, so nothing was measured. See what it said above."
            )
    times = [told.get() for _ in OF]
    took = max(ended for _, ended in times) - min(started for started, _ in times)
    return CASES * len(OF) / took, limit


def bare_rate() -> float:
    """Cases a second of one core that walks the bytes and copies the rows, by the clock, while nobody else loads."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_case; CREATE TABLE bare_case (LIKE indexes_case INCLUDING ALL)")
    load = Load(OF[0])
    pages = _pages(OF[0])
    copy = copy_into("bare_case", [item.record for item in load.read(pages) if isinstance(item.record, Case)])
    took = seconds(lambda: load.walk(pages)) + seconds(copy)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare_case")
    return CASES / took


def _pages(cvr: str) -> list[bytes]:
    answerer = build(arguments_of([f"--citizens={CITIZENS}", "--seed=2032"])).answerer
    return [page for block in blocks(answerer, CASES, cvr=cvr) for page in block]


def _load(cvr: str, ready: Barrier, told: "multiprocessing.SimpleQueue[tuple[float, float]]") -> None:
    """What one process does: wait until all are there, then load. Tells when it began and ended."""
    collect_seldom()
    load, pages = Load(cvr), _pages(cvr)
    ready.wait()
    began = time.monotonic()
    for start in range(0, len(pages), 2):  # a portion of 2,000
        load.ours(pages[start : start + 2])
    told.put((began, time.monotonic()))
    connections.close_all()


def _memory() -> float:
    """The most memory, in MB, of a process that loads one answer as large as one may be, and then many smaller ones."""
    pages = _pages(OF[0])
    files = [PLACE / f"page{number}.xml" for number in range(len(pages) + 1)]
    for file, page in zip(files, [_as_one(pages), *pages], strict=True):
        file.write_bytes(page)
    told: multiprocessing.SimpleQueue[float] = _spawn.SimpleQueue()
    worker = _spawn.Process(target=_load_files, args=(files, told))
    worker.start()
    worker.join()
    for file in files:
        file.unlink()
    if worker.exitcode:
        raise RuntimeError("The process whose memory was to be measured ended in an error. See what it said above.")
    return told.get()


def _as_one(pages: Sequence[bytes]) -> bytes:
    """As many of the pages' objects as one answer may hold."""
    objects = [page[page.index(OBJECT) : page.rindex(END)] for page in pages]
    most, size = [], 0
    for written in objects:
        size += len(written)
        if size > LARGEST_PAGE:
            break
        most.append(written)
    return pages[0][: pages[0].index(OBJECT)] + b"".join(most) + pages[0][pages[0].rindex(END) :]


def _load_files(files: Sequence[Path], told: "multiprocessing.SimpleQueue[float]") -> None:
    """Load answers piece by piece, as they come by HTTP."""
    collect_seldom()
    load = Load(OF[0])
    for file in files:
        reading = load.reading()
        with file.open("rb") as answer:
            while piece := answer.read(2**16):
                reading.feed(piece)
        load.store(reading.close().items)
    told.put(_most_memory())
    connections.close_all()


def _most_memory() -> float:
    """MB that this process has held at most; what getrusage says has its parent's in it."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
