"""Broken messages taken in: decoded, stored, counted, put in quarantine, as by the consumer and by a reading."""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from django.db.models import Sum
from tqdm import tqdm

from indexes import quarantine
from indexes.errors import SourceError
from indexes.events.apply import apply
from indexes.events.decode import Event, Message, decode
from indexes.models import EventCount, Fate, Quarantined
from indexes.records import Refused, Source
from indexes.store import Counts, NotStoredError, save
from indexes.stream import in_pieces
from tests.events.makers import TERMS
from tests.fuzz.breaking import broken, huge
from tests.fuzz.sound import READERS, answers, events
from tests.indexes.makers import NOW, RANDERS

T = TypeVar("T")
AT_ONCE: Final = 200
OF_ANSWERS: Final = 4  # one message in so many is an answer
OF_HUGE: Final = 5_000  # one in so many has a field of 50 MB
MOST_SECONDS: Final = 1.0  # of CPU, a message
MOST_MEMORY: Final = 300  # MB
MOST_BYTES: Final = 2_000_000  # of an event


class Run:
    """Breaks messages, takes them in, and counts what becomes of each."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._events, self._answers = events(), answers()
        self._waiting: list[Event] = []
        self.became: Counter[str] = Counter()
        self.refused_objects = 0
        self.slowest = 0.0

    def event(self, *, of_huge: bool) -> None:
        body = self._break(self._dice.choice(self._events), of_huge=of_huge)
        self._waiting.append(self._timed(lambda: decode(Message.of(body, max_bytes=MOST_BYTES), terms=TERMS, now=NOW)))
        if len(self._waiting) >= AT_ONCE:
            self.settle()

    def settle(self) -> None:
        """Write the events that wait."""
        for fate, number in apply(self._waiting, terms=TERMS, clock=lambda: NOW).items():
            self.became[f"event {fate.value}"] += number
        self._waiting.clear()

    def answer(self, *, of_huge: bool) -> None:
        """An answer is read whole or not at all; of its objects each is stored, counted or in quarantine."""
        source, sound = self._dice.choice(self._answers)
        body = self._break(sound, of_huge=of_huge)
        self.became[self._timed(lambda: self._read(source, body))] += 1

    def _read(self, source: Source, body: bytes) -> str:
        reading = READERS[source](NOW)
        try:
            for piece in in_pieces(body):
                reading.feed(piece)
            items = reading.close().items
        except SourceError as error:
            return f"answer {error.code}"
        refused = [item for item in items if isinstance(item, Refused)]
        self.refused_objects += len(refused)
        quarantine.meet(refused)
        try:
            counts = save(items, wanted=TERMS.wanted, now=NOW, since=NOW, owner_cvr=RANDERS)
        except NotStoredError as error:
            return f"answer {error.code}"
        quarantine.keep(refused, source=source, authority_cvr=RANDERS, now=NOW)
        if _sum(counts) != len(items):
            raise RuntimeError(f"Of {len(items)} objects {_sum(counts)} were counted: {counts.as_json()}")
        return "answer read"

    def _break(self, sound: bytes, *, of_huge: bool) -> bytes:
        return huge(sound, self._dice) if of_huge else broken(sound, self._dice)

    def _timed(self, work: Callable[[], T]) -> T:
        began = time.process_time()
        result = work()
        self.slowest = max(self.slowest, time.process_time() - began)
        return result


def _sum(counts: Counts) -> int:
    """How many objects became something, each once."""
    one_by_one = (counts.new, counts.changed, counts.unchanged, counts.older, counts.over, counts.retired)
    return sum(one_by_one) + counts.withdrawn.total() + counts.refused.total() + counts.unwanted.total()


def most_memory() -> float:
    """MB that this process has held at most."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def take_in(messages: int, *, seed: int) -> Run:
    """So many broken messages, into the tables."""
    run = Run(seed)
    for number in tqdm(range(messages), desc="Breaking", unit=" messages", file=sys.stderr, disable=None):
        of_huge = number % OF_HUGE == OF_HUGE - 1
        if number % OF_ANSWERS:
            run.event(of_huge=of_huge)
        else:
            run.answer(of_huge=of_huge)
    run.settle()
    return run


def problems(run: Run, messages: int) -> Iterator[str]:
    """What of it must not be."""
    told = run.became.total()
    if told != messages:
        yield f"{messages} messages came, and {told} became something."
    counted = EventCount.objects.aggregate(all=Sum("events"), again=Sum("again"))
    of_events = sum(number for what, number in run.became.items() if what.startswith("event "))
    if counted["all"] + counted["again"] != of_events:
        yield f"{of_events} events came, and {counted['all'] + counted['again']} were counted."
    held = Quarantined.objects.aggregate(all=Sum("times"))["all"] or 0
    if held < run.became[f"event {Fate.QUARANTINED.value}"] + run.refused_objects:
        yield f"Only {held} lie in quarantine."
    if run.slowest > MOST_SECONDS:
        yield f"One took {run.slowest:.2f} s of CPU."
