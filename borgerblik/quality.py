"""What was wrong in the data of an authority when each index was last read in full: numbers only, no citizen's data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from indexes.authorities import Authority
from indexes.models import DefectCount, Outcome, SyncRun
from indexes.records import Defect, RefusalReason, Source
from indexes.sync.progress import LoadProgress, progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Defects:
    """Of one fagsystem ("": the records did not say): how many of its usable ``records`` had this wrong."""

    fagsystem: str
    defect: Defect
    count: int
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceQuality:
    """One index. ``read`` is when the last complete reading began; None: there has been none, and nothing is known.

    ``refused`` are messages that could not be used at all; they lie in quarantine. ``reading`` is how far the next one
    is; None: it has not begun.
    """

    source: Source
    read: datetime | None
    defects: tuple[Defects, ...]
    refused: Mapping[RefusalReason, int]
    reading: LoadProgress | None


def of_authority(authority: Authority) -> tuple[SourceQuality, ...]:
    """Each index that holds records of the authority, the most frequent defects first."""
    rows = list(DefectCount.objects.filter(authority_cvr=authority.cvr).order_by("-count", "fagsystem", "defect"))
    readings = {reading.source: reading for reading in progress(authority.cvr)}
    return tuple(
        _quality(
            source, _newest(authority, source), [row for row in rows if row.source == source], readings.get(source)
        )
        for source in authority.sources
    )


def _newest(authority: Authority, source: Source) -> SyncRun | None:
    """By itself, since that reads one row of a year's."""
    runs = SyncRun.objects.filter(source=source.value, authority_cvr=authority.cvr, outcome=Outcome.SUCCEEDED)
    return runs.order_by("-started").first()


def _quality(
    source: Source, run: SyncRun | None, rows: list[DefectCount], reading: LoadProgress | None
) -> SourceQuality:
    refused = run.counts.get("refused", {}) if run else {}
    return SourceQuality(
        source=source,
        read=run.started if run else None,
        defects=tuple(
            Defects(fagsystem=row.fagsystem, defect=Defect(row.defect), count=row.count, records=row.records)
            for row in rows
        ),
        refused={RefusalReason(reason): number for reason, number in refused.items()},
        reading=reading,
    )
