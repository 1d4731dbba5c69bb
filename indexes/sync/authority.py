"""The whole of an authority from one index into our tables.

Pages are saved as they come, some at a time, and stay saved if a later one fails: the newest registration wins, so
nothing is lost by it. Rows are only removed for being absent when the reading is complete and can be believed.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from django.db import transaction

from indexes import quarantine
from indexes.authorities import Authority
from indexes.errors import SourceError
from indexes.locked import LockedError
from indexes.records import Item, Parsed, RefusalReason, Refused, Source
from indexes.sources import Clock, IndexSource
from indexes.store import Counts, NotStoredError, Seen, Taken, Wanted, locks, save
from indexes.store.sort import identity
from indexes.sync.doubt import Found, Trouble, doubt, too_much_taken
from indexes.sync.ledger import Run

ALREADY_RUNNING: Final = "already_running"
PAGES_TOGETHER: Final = 10  # saved together: storing 1,000 records at a time was measured at half the speed of 10,000

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
            reading = _Reading(
                reader=reader, authority=authority, terms=terms, run=run, seen=seen, held_before=seen.held()
            )
            trouble = reading.go_on(progress)
            if trouble is not None:
                run.fail(trouble)
            return RunResult(
                source=reader.source,
                authority=authority,
                counts=run.counts,
                quarantined=quarantine.held(reader.source, authority.cvr),
                trouble=trouble,
            )


class _NotBelievedError(Exception):
    """The reading takes away more than can be believed. Nothing of the batch at hand is stored."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.code)
        self.trouble = trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The parts of one reading, while it goes on."""

    reader: IndexSource
    authority: Authority
    terms: Terms
    run: Run
    seen: Seen
    held_before: Mapping[str, int]  # rows by kind
    waiting: list[Item] = field(default_factory=list)
    taken: Taken = field(default_factory=dict)

    def go_on(self, progress: Progress) -> Trouble | None:
        """Save what comes, and conclude. What was saved before a trouble stays saved."""
        try:
            return self._read_pages(progress) or self._conclude()
        except _NotBelievedError as error:
            return error.trouble
        except LockedError as error:
            return Trouble(code=error.code, message=str(error))

    def _read_pages(self, progress: Progress) -> Trouble | None:
        read = 0
        try:
            for number, page in enumerate(self.reader.pages_of_owner(self.authority.cvr), start=1):
                items = [item for item in page.items if not self._is_elsewhere(item)]
                self.run.counts.elsewhere += len(page.items) - len(items)
                self.waiting.extend(items)
                if number % PAGES_TOGETHER == 0:
                    self._save_waiting()
                read += len(page.items)
                progress(read, max(read, sum(page.total.values())))
        except SourceError as error:
            return Trouble(code=error.code, message=str(error))
        finally:
            self._save_waiting()  # what was read is kept, however the reading ends
        return None

    def _save_waiting(self) -> None:
        items = tuple(self.waiting)
        self.waiting.clear()
        if items:
            self._save_or_halve(items)

    def _save_or_halve(self, items: Sequence[Item]) -> None:
        """Save a batch; one record that the database will not take goes to quarantine, and the rest goes through."""
        try:
            counts = self._save(items)
        except NotStoredError as error:
            if len(items) == 1:
                counts = self._save([_not_stored(items[0], error)])
            else:
                middle = len(items) // 2
                self._save_or_halve(items[:middle])
                self._save_or_halve(items[middle:])
                return
        self.run.counts.add(counts)

    def _is_elsewhere(self, item: Item) -> bool:
        """Whether the record is now another authority's: the reading of that one brings it, if we read it at all."""
        return isinstance(item, Parsed) and item.record.owner_cvr != self.authority.cvr

    def _save(self, items: Sequence[Item]) -> Counts:
        now = self.run.now()
        refused = [item for item in items if isinstance(item, Refused)]
        with transaction.atomic():
            counts = save(
                items,
                wanted=self.terms.wanted,
                now=now,
                since=self.run.started,
                taken=self.taken,
                owner_cvr=self.authority.cvr,
            )
            self._doubt_removals(counts)
            quarantine.keep(refused, source=self.reader.source, authority_cvr=self.authority.cvr, now=now)
        self.seen.add(identity(item)[:2] for item in items if isinstance(item, Parsed))
        # What could not be used is still in the index: the sweep must not take the row that ``save`` let stay.
        self.seen.add((item.kind, item.uuid) for item in refused if item.uuid is not None)
        return counts

    def _doubt_removals(self, counts: Counts) -> None:
        trouble = too_much_taken(
            self.run.counts.taken + counts.taken,
            self.held_before,
            authority=self.authority.name,
            max_removal_share=self.terms.max_removal_share,
        )
        if trouble is not None and not self.terms.confirmed:
            raise _NotBelievedError(trouble)

    def _conclude(self) -> Trouble | None:
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


def _not_stored(item: Item, error: NotStoredError) -> Refused:
    """A record that could be read and not stored, for quarantine: by its name alone, for its bytes are gone."""
    if isinstance(item, Refused):
        raise error  # a message in quarantine carries nothing that could break a promise
    kind, uuid, registered = identity(item)
    return Refused(
        kind=kind,
        uuid=uuid,
        reason=RefusalReason.NOT_STORED,
        what=error.promise,
        raw=f"{kind} {uuid} {registered.isoformat()}".encode(),
        registered=registered,
    )


def _already_running(source: Source, authority: Authority) -> RunResult:
    message = f"{authority.name} is being read from this index by another process: nothing was done. Wait for that one."
    trouble = Trouble(code=ALREADY_RUNNING, message=message)
    return RunResult(source=source, authority=authority, counts=Counts(), quarantined=0, trouble=trouble)
