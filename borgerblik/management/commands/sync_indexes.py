"""``manage.py sync_indexes``: read the indexes now, as the tasks do on their own every hour, by the very same plan."""

import signal
import threading
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType
from typing import Any, Self

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from tqdm import tqdm

from borgerblik import settings_store, syncing
from indexes import authorities
from indexes.authorities import Authority
from indexes.collector import collect_seldom
from indexes.crypto import KeyRingError
from indexes.locked import LockedError
from indexes.models import Load
from indexes.records import Source
from indexes.store import Counts
from indexes.sync import RunResult, result_of
from indexes.sync.progress import told_of

INTERRUPTED = 130  # the exit code of a program ended by Ctrl-C


class Command(BaseCommand):
    help = "Reads the indexes for the authorities on Borgerblik. Safe to run again: the newest registration wins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", action="append", choices=[source.value for source in Source])
        parser.add_argument("--municipality", nargs="+", action="extend", metavar="CODE", help="kommune code, or UDK")
        parser.add_argument(
            "--workers",
            type=int,
            default=1,
            help="how many portions are read at the same time; for another core, run the command once more beside it",
        )
        parser.add_argument(
            "--confirm", action="store_true", help="believe an answer that is empty or lacks much of what is held"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["workers"] < 1:
            raise CommandError("--workers is 1 or more: nothing was read.")
        collect_seldom()
        sources = [Source(source) for source in options["source"] or list(Source)]
        asked = _asked(options["municipality"])
        if not asked:
            self.stdout.write(
                "No authority is on Borgerblik yet, so there is nothing to read: "
                "put one on in the console, or name some with --municipality."
            )
            return
        pairs = syncing.pairs(sources, asked)
        try:
            loads = [syncing.begin(pair, confirmed=options["confirm"]) for pair in pairs]
        except (KeyRingError, LockedError) as error:
            raise CommandError(str(error)) from None
        try:
            _read(loads, workers=options["workers"])
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped before all was read. What was read is kept; run the command again to read the rest.",
                returncode=INTERRUPTED,
            ) from None
        results = [result_of(load) for load in loads]
        for source in sources:
            self.stdout.write(_summary(source, [result for result in results if result.source is source]))
        troubles = [
            f"{result.source}, {result.authority.name}: {result.trouble.message}"
            for result in results
            if result.trouble
        ]
        if troubles:
            raise CommandError("\n".join(troubles))


def _asked(codes: Sequence[str] | None) -> tuple[Authority, ...]:
    if codes is None:
        return syncing.on_borgerblik()
    if unknown := sorted(set(codes) - authorities.by_code.keys()):
        raise CommandError(
            f"There is no authority with the code {', '.join(unknown)}: nothing was read. "
            "Give the four digits of a kommune, or UDK."
        )
    if left := sorted(set(codes) & set(settings_store.left())):
        raise CommandError(
            f"Nothing was read, for {', '.join(left)} has left Borgerblik or has no day yet: nobody would see what is "
            "held of it, or take it away. Give it a day in the console first."
        )
    return tuple(authorities.by_code[code] for code in dict.fromkeys(codes))


def _read(loads: Sequence[Load], *, workers: int) -> None:
    """Read portion after portion, or several at the same time, until all is concluded.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed, and every worker has ended after the page at hand.
    """
    numbers = [load.pk for load in loads]
    with (
        tqdm(unit=" records", unit_scale=True, disable=None) as bar,
        _Meter(bar, numbers) as meter,
        _stopping_between_pages() as stop,
    ):

        def show(objects: int) -> None:
            meter.show(objects)
            if stop.is_set():
                raise KeyboardInterrupt

        def read() -> None:
            with syncing.worker(progress=show) as worker:
                worker.read_all(numbers)

        def read_in_thread(_number: int) -> None:
            try:
                read()
            finally:
                connections.close_all()  # this thread's own

        if workers == 1:
            read()
            return
        with ThreadPoolExecutor(max_workers=workers) as pool:
            list(pool.map(read_in_thread, range(workers)))


@contextmanager
def _stopping_between_pages() -> Iterator[threading.Event]:
    """Ctrl-C sets the event instead of breaking into a query; a second one ends the program at once."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class _Meter:
    """One bar for everything that is read, by whomever. Looked up again when a page has come."""

    def __init__(self, bar: "tqdm[Any]", loads: Sequence[int]) -> None:
        self._bar = bar
        self._loads = loads
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        """Everything is read, also when an index had announced some more: the bar ends at 100 %."""
        if error is None:
            self._bar.total = self._bar.n
            self._bar.refresh()

    def show(self, objects: int) -> None:
        """Called after each page, from the thread that read it."""
        with self._lock:
            told = told_of(self._loads)
            self._bar.total = max(self._bar.total or 0, told, self._bar.n + objects)
            self._bar.update(objects)


def _summary(source: Source, results: Iterable[RunResult]) -> str:
    """One line of exact numbers; what is seldom is only named when there is any."""
    counts = Counts()
    for result in results:
        counts.add(result.counts)
    parts = [
        (counts.read, "read", True),
        (counts.new, "new", True),
        (counts.changed, "changed", True),
        (counts.unchanged, "unchanged", True),
        (counts.older, "older", False),
        (counts.over, "past keeping", False),
        (counts.withdrawn.total(), "withdrawn", False),
        (counts.unwanted.total(), "of no area", False),
        (counts.retired, "of retired fagsystemer", False),
        (counts.elsewhere, "of other authorities", False),
        (counts.removed, "removed", True),
        (counts.refused.total(), f"in quarantine{_reasons(counts.refused)}", True),
    ]
    return f"{source}: " + ", ".join(f"{number:,} {what}" for number, what, always in parts if number or always)


def _reasons(refused: Counter[str]) -> str:
    named = ", ".join(f"{reason} {number:,}" for reason, number in sorted(refused.items()))
    return f" ({named})" if named else ""
