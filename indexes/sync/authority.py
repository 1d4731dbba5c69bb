"""The whole of authorities from the indexes into our tables: what every worker does, on any machine.

Portions are saved as they come, and stay saved if a later one fails: the newest registration wins, so nothing is lost
by it. Rows are only removed for being absent when the reading is complete and can be believed.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from indexes import authorities, quarantine
from indexes.authorities import Authority
from indexes.client import NO_RETRY, Retry
from indexes.errors import UNFORESEEN, NotAsked
from indexes.locked import LockedError
from indexes.models import Load, SyncRun
from indexes.records import Source
from indexes.sources import Clock, IndexSource
from indexes.store import Counts
from indexes.sync import ledger, pace, plan, portions
from indexes.sync.conclusion import conclude
from indexes.sync.doubt import Trouble, unforeseen
from indexes.sync.pace import Paced
from indexes.sync.portions import Told
from indexes.sync.terms import RunResult, Terms

LOOK_AGAIN: Final = 0.2  # seconds between looks at what others are still reading
LONG_ENOUGH: Final = 120.0  # seconds for which another may be at a conclusion

Ended = Callable[[SyncRun], None]
Open = Callable[[Source], IndexSource]
"""The index to ask."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def no_progress(_objects: int) -> None: ...


def not_spread(_load_id: int, _portions: int) -> None: ...


def no_news(_run: SyncRun) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What a worker works by.

    ``opened`` gives the index to ask, ``terms`` what holds now: it may change while a long reading goes on. For the
    last three see ``Told``.
    """

    opened: Open
    terms: Callable[[], Terms]
    clock: Clock = utc_now
    retry: Retry = NO_RETRY
    progress: Callable[[int], None] = no_progress
    grown: Callable[[int, int], None] = not_spread
    ended: Ended = no_news

    def read_portion(self, loads: Sequence[int] | None = None) -> bool:
        """Read the next portion of these plans, or of any, and conclude a plan with its last; whether there was one.

        A failing source is no exception: it is written down in ``SourceState`` and in the run.
        """
        share = plan.take(loads)
        if share is not None:
            reader = Paced(reader=self.opened(share.source), retry=self.retry, alive=lambda: plan.keep(share))
            told = Told(progress=self.progress, grown=self.grown, ended=self.ended)
            portions.work(share, reader, self.terms, clock=self.clock, told=told)
            self.conclude([share.load_id])
        return share is not None

    def conclude(self, loads: Sequence[int]) -> None:
        """Conclude those of which all is done: also by one who died before it could."""
        for load_id in loads:
            if plan.all_done(load_id):
                try:
                    run = conclude(load_id, self.terms(), clock=self.clock)
                except LockedError as error:
                    run = self._stop(load_id, error)
                except UNFORESEEN as error:
                    run = plan.stop(load_id, unforeseen(error), self.clock())
                if run is not None:
                    self.ended(run)

    def _stop(self, load_id: int, error: LockedError | NotAsked) -> SyncRun | None:
        return plan.stop(load_id, Trouble(code=error.code, message=str(error)), self.clock())

    def settle(self, loads: Sequence[int] | None = None) -> float | None:
        """No portion was to be had: conclude what is done, and do not wait for an index that is left alone for long.

        Answers in how many seconds one that is left alone for a moment may be asked again; None if none is.
        """
        loads = plan.those_open(loads)
        self.conclude(loads)
        moments = []
        for source, left in pace.paused().items():
            of_it = Load.objects.filter(pk__in=loads, stopped=False, source=source)
            if left.seconds > pace.PATIENCE:
                for load in of_it:
                    if run := self._stop(load.pk, NotAsked(left.error)):
                        self.ended(run)
            elif of_it.exists():
                moments.append(left.seconds)
        return min(moments, default=None)

    def read_all(self, loads: Sequence[int]) -> None:
        """Read until these plans are over, together with whoever else reads them."""
        waits = 0
        try:
            while left := plan.those_open(loads):
                waits = 0 if self.read_portion(left) else waits + 1
                if waits:
                    self.settle(left)
                    self.progress(0)
                    time.sleep(LOOK_AGAIN)
                if waits * LOOK_AGAIN > LONG_ENOUGH:
                    self._give_up([load_id for load_id in left if plan.all_done(load_id)])
        except BaseException:  # Ctrl-C above all: the runs are over, and the plans stand for the next
            for load_id in loads:
                plan.leave(load_id, self.clock())
            raise

    def _give_up(self, loads: Sequence[int]) -> None:
        """All is read and nobody concludes it: somebody else holds the lock."""
        for load_id in loads:
            if run := self._stop(load_id, LockedError()):
                self.ended(run)


def sync_authority(  # noqa: PLR0913 - what is read and on which terms; the rest is given by name
    reader: IndexSource,
    authority: Authority,
    terms: Terms,
    *,
    confirmed: bool = False,
    clock: Clock = utc_now,
    progress: Callable[[int], None] = no_progress,
) -> RunResult:
    """Read everything an authority owns, save it, and remove what is no longer there."""
    load = plan.begin(reader.source, authority, confirmed=confirmed, now=clock())
    Worker(opened=lambda _: reader, terms=lambda: terms, clock=clock, progress=progress).read_all([load.pk])
    return result_of(load)


def result_of(load: Load) -> RunResult:
    """What came of the run that worked on a plan."""
    run = SyncRun.objects.get(pk=load.run_id)
    source = Source(run.source)
    return RunResult(
        source=source,
        authority=authorities.by_cvr[run.authority_cvr],
        counts=Counts.told(run.counts),
        quarantined=quarantine.held(source, run.authority_cvr),
        trouble=ledger.trouble_of(run),
    )
