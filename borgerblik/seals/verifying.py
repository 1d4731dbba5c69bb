"""Comparing a log with its seals: a sentence for each thing that is wrong. Any length of log, in little memory."""

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection

from borgerblik.models import Block
from borgerblik.seals.ids import parts_of, size_of
from borgerblik.seals.logs import Log
from borgerblik.seals.sealing import LATE, MOST, reached_before
from borgerblik.seals.tree import FIRST, leaf, root_of

AT_A_TIME: Final = 5_000  # entries fetched in one go

_ENTRIES = """
SELECT {columns} FROM {entries}
WHERE id >= %s AND id < %s ORDER BY id LIMIT %s
"""
# ids that no block covers, and how many of their entries have had time enough to be sealed
_LEFT = """
SELECT count(entry.id), count(entry.id) FILTER (WHERE entry.at < %s), min(entry.id) FILTER (WHERE entry.at < %s) FROM (
    SELECT int8multirange(int8range(NULL, NULL)) - coalesce(range_agg(ids), int8multirange()) AS ids FROM {blocks}
) AS free CROSS JOIN LATERAL unnest(free.ids) AS gap
JOIN {entries} AS entry
    ON entry.id >= coalesce(lower(gap), -9223372036854775808) AND entry.id < coalesce(upper(gap), 9223372036854775807)
"""
_NEVER_GIVEN = """
SELECT count(*), min(id) FROM {entries} WHERE id > (SELECT {last_given}())
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A seal that somebody has kept outside the database."""

    number: int
    seal: bytes


@dataclass(slots=True, kw_only=True)
class _Reached:
    """How far the blocks had come, an hour before the block at hand follows the one before.

    An entry from before that, by its time or its id, was not there to be sealed when its neighbours were: somebody has
    added it since. Blocks that a backlog was cut into follow all from the one before the first of them.
    """

    at: dt.datetime | None = None
    id: int = 0
    _last: Block | None = None
    _recent: deque[tuple[dt.datetime, int]] = field(default_factory=deque)

    def come_to(self, block: Block) -> None:
        last = self._last
        self._last = block
        if last is None or (block.sealed == last.sealed and size_of(last.ids) >= MOST):
            return
        self.at = last.sealed - LATE
        while self._recent and self._recent[0][0] <= self.at:
            self.id = max(self.id, self._recent.popleft()[1])

    def pass_by(self, block: Block) -> None:
        self._recent.append((block.sealed, parts_of(block.ids)[-1][1]))

    def lacked(self, entry: tuple[Any, ...]) -> bool:
        return self.at is not None and (entry[0] < self.id or entry[1] < self.at)


def unsealed(log: Log) -> int:
    """How many entries no block covers yet."""
    with connection.cursor() as cursor:
        cursor.execute(log.asked(_LEFT), [None, None])
        return int(cursor.fetchone()[0])


def faults(  # noqa: PLR0913 - which log; the rest by name
    log: Log,
    *,
    now: dt.datetime,
    since: int = 0,
    kept: Kept | None = None,
    forgotten: dt.datetime | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[str]:
    """What is wrong with a log; nothing when every block fits its entries, the block before and the seal kept.

    Args:
        log: which.
        now: entries older than an hour before are sealed, or something is wrong.
        since: a block's number: it and those before it are believed, and only what follows is compared.
        kept: the block of this number has this seal, or something is wrong.
        forgotten: blocks sealed before may have let go of all their entries (``forgetting``).
        progress: told of every some thousand entries that have been compared.
    """
    previous = log.blocks.objects.filter(number=since).first()
    if since and previous is None:
        yield f"Block {since} is missing, so nothing can be compared with it. Name another, or none, with --since."
        return
    reached = _Reached()
    if previous is not None:
        reached.id = reached_before(log, previous.sealed - LATE)
        reached.come_to(previous)
        reached.pass_by(previous)
    for block in log.blocks.objects.filter(number__gt=since).order_by("number").iterator():
        reached.come_to(block)
        yield from _chain_faults(block, previous)
        yield from _entry_faults(log, block, reached, forgotten, progress)
        reached.pass_by(block)
        previous = block
    if kept is not None:
        yield from _kept_faults(log, kept)
    yield from _faults_outside(log, now)


def _chain_faults(block: Block, previous: Block | None) -> Iterator[str]:
    number = previous.number + 1 if previous else 1
    if block.number != number:
        yield f"Block {number} is missing: somebody has removed a seal. Restore it from a backup."
    follows = bytes(block.previous) == (bytes(previous.seal) if previous else FIRST)
    if not follows or bytes(block.seal) != block.told().seal:
        yield f"Block {block.number} does not follow from the one before: a seal was changed. Restore it from a backup."
    if previous and block.sealed < previous.sealed - LATE:  # clocks differ by less
        yield (
            f"Block {block.number} says that it was sealed {block.sealed:%Y-%m-%d %H:%M}, before the one it follows: "
            "somebody has put it in by hand, or a clock was wrong. Ask who had access to the database."
        )


def _entry_faults(
    log: Log, block: Block, reached: _Reached, forgotten: dt.datetime | None, progress: Callable[[int], None]
) -> Iterator[str]:
    found, added = 0, list[int]()

    def leaves() -> Iterator[bytes]:
        nonlocal found
        for entries in _entries(log, block):
            found += len(entries)
            added.extend(entry[0] for entry in entries if reached.lacked(entry))
            yield from map(leaf, entries)
            progress(len(entries))

    fits = root_of(leaves()) == bytes(block.root)
    may_be_gone = not found and forgotten is not None and block.sealed < forgotten
    if not fits and not may_be_gone:
        yield (
            f"Block {block.number}, sealed {block.sealed:%Y-%m-%d %H:%M}, covers {size_of(block.ids):,} entries and "
            f"{found:,} are there, which do not fit its seal: entries were changed or removed. Restore them from a "
            "backup of that day."
        )
    if added:
        yield (
            f"Block {block.number}, sealed {block.sealed:%Y-%m-%d %H:%M}, covers {len(added):,} entries that should "
            f"have been sealed more than an hour earlier, the first of them entry {added[0]}: they were added "
            "afterwards, or a transaction stood open for so long. Ask who had access to the database."
        )


def _entries(log: Log, block: Block) -> Iterator[list[tuple[Any, ...]]]:
    """The entries that a block covers, some thousand at a time."""
    with connection.cursor() as cursor:
        for first, end in parts_of(block.ids):
            at = first
            while at < end:
                cursor.execute(log.asked(_ENTRIES), [at, end, AT_A_TIME])
                entries = cursor.fetchall()
                if not entries:
                    break
                yield entries
                at = entries[-1][0] + 1


def _kept_faults(log: Log, kept: Kept) -> Iterator[str]:
    found = log.blocks.objects.filter(number=kept.number).first()
    if found is None or bytes(found.seal) != kept.seal:
        yield (
            f"Block {kept.number} {'is gone' if found is None else 'has another seal than the one you kept'}: the log "
            "has been written anew since. Compare it with a backup of the day you kept the seal."
        )


def _faults_outside(log: Log, now: dt.datetime) -> Iterator[str]:
    """What is wrong with entries that no block covers, or that nobody was given the id of."""
    with connection.cursor() as cursor:
        cursor.execute(log.asked(_LEFT), [now - LATE, now - LATE])
        _, late, first = cursor.fetchone()
        if late:
            yield (
                f"{late:,} entries are older than an hour and not sealed, the first of them entry {first}: they were "
                "added afterwards, or the worker that seals every minute does not run. See that it runs; if it does, "
                "ask who had access to the database."
            )
        cursor.execute(log.asked(_NEVER_GIVEN))
        above, first = cursor.fetchone()
        if above:
            yield (
                f"{above:,} entries have an id that was never given out, the first of them entry {first}: somebody "
                "has added them by hand. Ask who had access to the database."
            )
