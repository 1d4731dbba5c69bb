"""The whole of an authority from one index into our tables.

Each page is saved as it comes, and stays saved if a later one fails: the newest registration wins, so nothing is lost
by it. Rows are only removed for being absent when the reading is complete and can be believed.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import transaction

from indexes import quarantine
from indexes.authorities import Authority
from indexes.errors import SourceError
from indexes.records import Item, Parsed, Refused, Source
from indexes.sources import Clock, IndexSource
from indexes.store import Counts, NotStoredError, Seen, Wanted, locks, save
from indexes.store.sort import identity
from indexes.sync.doubt import Found, Trouble, doubt
from indexes.sync.ledger import Run

ALREADY_RUNNING: Final = "already_running"

Progress = Callable[[int, int], None]
"""Called after each page with the items read so far and the total that the index told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a reading is held to.

    A complete reading that lacks more than ``max_removal_share`` (0 to 1) of the rows we hold is not believed, nor is
    one of which more than that share is unreadable, nor one without anything at all, unless somebody has ``confirmed``
    it.
    """

    wanted: Wanted
    max_removal_share: float
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What came of a reading; ``trouble`` is None when it was complete. ``quarantined`` is how many lie there now."""

    source: Source
    authority: Authority
    counts: Counts
    quarantined: int
    trouble: Trouble | None


def utc_now() -> datetime:
    return datetime.now(UTC)


def no_progress(_read: int, _total: int) -> None: ...


def sync_authority(
    reader: IndexSource,
    authority: Authority,
    terms: Terms,
    *,
    clock: Clock = utc_now,
    progress: Progress = no_progress,
) -> RunResult:
    """Read everything an authority owns, save it, and remove what is no longer there.

    A failing source is no exception: it is written down in ``SourceState`` and told in the result.
    """
    with locks.alone(reader.source, authority.cvr) as alone:
        if not alone:
            return _already_running(reader.source, authority)
        with (
            Run(reader.source, authority.cvr, clock=clock) as run,
            Seen.during(reader.source, authority.cvr, since=run.started) as seen,
        ):
            reading = _Reading(reader=reader, authority=authority, terms=terms, run=run, seen=seen)
            trouble = reading.take_pages(progress) or reading.conclude()
            if trouble is not None:
                run.fail(trouble)
            return RunResult(
                source=reader.source,
                authority=authority,
                counts=run.counts,
                quarantined=quarantine.held(reader.source, authority.cvr),
                trouble=trouble,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The parts of one reading, while it goes on."""

    reader: IndexSource
    authority: Authority
    terms: Terms
    run: Run
    seen: Seen

    def take_pages(self, progress: Progress) -> Trouble | None:
        """Save page after page. What was saved before a trouble stays saved."""
        before: Sequence[Item] = ()
        read = 0
        try:
            for page in self.reader.pages_of_owner(self.authority.cvr):
                items = [item for item in page.items if not self._is_elsewhere(item)]
                counts = self._save(items, before)
                counts.elsewhere = len(page.items) - len(items)
                self.run.counts.add(counts)
                before = items
                read += len(page.items)
                progress(read, max(read, sum(page.total.values())))
        except (SourceError, NotStoredError) as error:
            return Trouble(code=error.code, message=str(error))
        return None

    def _is_elsewhere(self, item: Item) -> bool:
        """Whether the record is now another authority's: the reading of that one brings it, if we read it at all."""
        return isinstance(item, Parsed) and item.record.owner_cvr != self.authority.cvr

    def _save(self, items: Sequence[Item], before: Sequence[Item]) -> Counts:
        now = self.run.now()
        refused = [item for item in items if isinstance(item, Refused)]
        with transaction.atomic():
            counts = save(items, wanted=self.terms.wanted, now=now, after=before)
            quarantine.keep(refused, source=self.reader.source, authority_cvr=self.authority.cvr, now=now)
        self.seen.add(identity(item)[:2] for item in items if isinstance(item, Parsed))
        # What could not be used is still in the index: the sweep must not take the row that ``save`` let stay.
        self.seen.add((item.kind, item.uuid) for item in refused if item.uuid is not None)
        return counts

    def conclude(self) -> Trouble | None:
        """All has been read. If it can be believed, what it did not bring goes; else all stays, and why is told."""
        with transaction.atomic():
            held, surplus = self.seen.held(), self.seen.surplus()
            trouble = None if self.terms.confirmed else self._doubt(held, surplus)
            if trouble is not None:
                return trouble
            if surplus.total():
                self.run.counts.removed += self.seen.remove_surplus()
            quarantine.forget(source=self.reader.source, authority_cvr=self.authority.cvr, before=self.run.started)
            self.run.succeed(rows=(held - surplus).total())
            return None

    def _doubt(self, held: Counter[str], surplus: Counter[str]) -> Trouble | None:
        found = Found(
            authority=self.authority.name,
            counts=self.run.counts,
            held=held,
            surplus=surplus,
            known_to_be_empty=self.run.known_to_be_empty(),
        )
        return doubt(found, max_removal_share=self.terms.max_removal_share)


def _already_running(source: Source, authority: Authority) -> RunResult:
    message = f"{authority.name} is being read from this index by another process: nothing was done. Wait for that one."
    trouble = Trouble(code=ALREADY_RUNNING, message=message)
    return RunResult(source=source, authority=authority, counts=Counts(), quarantined=0, trouble=trouble)
