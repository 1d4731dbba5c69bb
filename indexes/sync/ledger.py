"""What is written down about a reading: the run, the state of the source, and the quality of the data."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Value
from django.db.models.functions import Coalesce

from indexes.errors import NotAsked
from indexes.models import DefectCount, Outcome, SourceState, SyncRun
from indexes.records import Source
from indexes.store import Counts
from indexes.sync import breaker
from indexes.sync.doubt import SUSPICIOUS_REMOVAL, Trouble

INTERRUPTED: Final = Trouble(
    code="interrupted", message="The reading was ended before all was read: what was read is kept. Read it again."
)


def begin(source: Source, authority_cvr: str, now: datetime) -> SyncRun:
    """A run begins. One that is still said to run was killed, and could not say so itself."""
    about: dict[str, Any] = {"source": source.value, "authority_cvr": authority_cvr}
    SyncRun.objects.filter(**about, outcome=Outcome.RUNNING).update(outcome=Outcome.INTERRUPTED, ended=now)
    SourceState.objects.update_or_create(**about, defaults={"last_attempt": now})
    return SyncRun.objects.create(**about, started=now, outcome=Outcome.RUNNING)


def known_to_be_empty(source: Source, authority_cvr: str) -> bool:
    """Whether the last complete reading, confirmed by somebody, already said that the authority has nothing."""
    about = {"source": source.value, "authority_cvr": authority_cvr}
    return SourceState.objects.filter(**about, last_success__isnull=False, rows=0).exists()


def taken_since_complete(source: Source, authority_cvr: str) -> Counter[str]:
    """The rows, by kind, that messages have taken away since a reading was last complete and believed."""
    about = {"source": source.value, "authority_cvr": authority_cvr}
    return Counter(SourceState.objects.values_list("taken", flat=True).get(**about))


def keep_taken(run: SyncRun, taken: Mapping[str, int]) -> None:
    """A reading is given up whose messages, with those of others before it, have taken away so many rows."""
    _state(run).update(taken=dict(taken))


def succeed(  # noqa: PLR0913 - the run and its counts; the rest is given by name
    run: SyncRun, counts: Counts, *, of_all: Counts, began: datetime, rows: int, now: datetime
) -> None:
    """All was read and ``rows`` are held, as of when the reading ``began``.

    ``counts`` are this run's, ``of_all`` those of the whole reading, which may have taken several runs.
    """
    _end(run, Outcome.SUCCEEDED, counts, now)
    _state(run).update(
        last_success=began, failed_since=None, error="", message="", rows=rows, failures=0, try_after=None, taken={}
    )
    about = {"source": run.source, "authority_cvr": run.authority_cvr}
    DefectCount.objects.filter(**about).delete()
    DefectCount.objects.bulk_create(
        DefectCount(
            **about,
            fagsystem=fagsystem,
            defect=defect.value,
            count=count,
            records=of_all.records[fagsystem],
            counted=began,
        )
        for (fagsystem, defect), count in of_all.defects.items()
    )


def fail(run: SyncRun, trouble: Trouble, counts: Counts, now: datetime) -> None:
    """The reading is not complete, or not believed. The last success and the rows stay what they were."""
    _end(run, Outcome.STOPPED_FOR_REMOVALS if trouble.code == SUSPICIOUS_REMOVAL else Outcome.FAILED, counts, now)
    state = _state(run)
    failures = state.get().failures + (trouble.code != NotAsked.code)  # who was not asked has not failed once more
    state.update(
        failed_since=Coalesce("failed_since", Value(run.started)),
        error=trouble.code,
        message=trouble.message,
        failures=failures,
        try_after=breaker.try_after(max(1, failures), now),
    )


def interrupt(run: SyncRun, counts: Counts, now: datetime) -> None:
    """Somebody ended it on the way, which says nothing about the source."""
    _end(run, Outcome.INTERRUPTED, counts, now)


def count_again(run: SyncRun, counts: Counts) -> None:
    """A portion was done after the run had ended."""
    run.counts = counts.as_json()
    run.save(update_fields=["counts"])


def trouble_of(run: SyncRun) -> Trouble | None:
    """Why a run failed; None if it did not."""
    if run.outcome == Outcome.SUCCEEDED:
        return None
    if run.outcome not in {Outcome.FAILED, Outcome.STOPPED_FOR_REMOVALS}:
        return INTERRUPTED
    state = _state(run).get()
    return Trouble(code=state.error, message=state.message)


def _state(run: SyncRun) -> Any:
    return SourceState.objects.filter(source=run.source, authority_cvr=run.authority_cvr)


def _end(run: SyncRun, outcome: Outcome, counts: Counts, now: datetime) -> None:
    run.outcome = outcome
    run.ended = now
    run.counts = counts.as_json()
    run.save(update_fields=["outcome", "ended", "counts"])
