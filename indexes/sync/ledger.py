"""What is written down about a reading: the run, the state of the source, and the quality of the data."""

from contextlib import suppress
from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Self

from django.db import Error
from django.db.models import Value
from django.db.models.functions import Coalesce

from indexes.models import DefectCount, Outcome, SourceState, SyncRun
from indexes.records import Source
from indexes.sources import Clock
from indexes.store import Counts
from indexes.sync.doubt import SUSPICIOUS_REMOVAL, Trouble

KEPT: Final = timedelta(days=90)  # how long a run is remembered: a quarter's statistics


class Run:
    """One reading of an index for an authority, while nobody else reads the same (``locks.alone``).

    Left without ``succeed`` or ``fail`` it was interrupted, which says nothing about the source.
    """

    def __init__(self, source: Source, authority_cvr: str, *, clock: Clock) -> None:
        self.source = source
        self._about: dict[str, Any] = {"source": source.value, "authority_cvr": authority_cvr}
        self.now = clock
        self.started = clock()
        self.counts = Counts()

    def __enter__(self) -> Self:
        # A killed process could not say so itself; that it does not run any more is known because we hold the lock.
        SyncRun.objects.filter(**self._about, outcome=Outcome.RUNNING).update(
            outcome=Outcome.INTERRUPTED, ended=self.started
        )
        SyncRun.objects.filter(**self._about, started__lt=self.started - KEPT).delete()
        self._row = SyncRun.objects.create(**self._about, started=self.started, outcome=Outcome.RUNNING)
        SourceState.objects.update_or_create(**self._about, defaults={"last_attempt": self.started})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._row.outcome == Outcome.RUNNING:
            with suppress(Error):  # of a session that broke: the next run writes it down, and this one's error is told
                self._end(Outcome.INTERRUPTED)

    def known_to_be_empty(self) -> bool:
        """Whether the last complete reading, confirmed by somebody, already said that the authority has nothing."""
        return SourceState.objects.filter(**self._about, last_success__isnull=False, rows=0).exists()

    def succeed(self, *, rows: int) -> None:
        """All was read and ``rows`` are held. What is held is as of the beginning of the reading."""
        self._end(Outcome.SUCCEEDED)
        SourceState.objects.filter(**self._about).update(
            last_success=self.started, failed_since=None, error="", message="", rows=rows
        )
        DefectCount.objects.filter(**self._about).delete()
        DefectCount.objects.bulk_create(
            DefectCount(
                **self._about,
                fagsystem=fagsystem,
                defect=defect.value,
                count=count,
                records=self.counts.records[fagsystem],
                counted=self.started,
            )
            for (fagsystem, defect), count in self.counts.defects.items()
        )

    def fail(self, trouble: Trouble) -> None:
        """The reading is not complete, or not believed. The last success and the rows stay what they were."""
        self._end(Outcome.STOPPED_FOR_REMOVALS if trouble.code == SUSPICIOUS_REMOVAL else Outcome.FAILED)
        SourceState.objects.filter(**self._about).update(
            failed_since=Coalesce("failed_since", Value(self.started)), error=trouble.code, message=trouble.message
        )

    def _end(self, outcome: Outcome) -> None:
        self._row.outcome = outcome
        self._row.ended = self.now()
        self._row.counts = self.counts.as_json()
        self._row.save(update_fields=["outcome", "ended", "counts"])
