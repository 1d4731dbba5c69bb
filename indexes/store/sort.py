"""Which items of a batch count, and what is to become of the record each is about. Pure: nothing held is looked at."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from indexes.records import (
    Case,
    ConsentState,
    Defect,
    Grant,
    Item,
    Known,
    Parsed,
    Plan,
    Record,
    Refused,
    Sensitivity,
    WithdrawalReason,
    Withdrawn,
)
from indexes.store.counts import Counts
from indexes.store.tables import BY_TYPE, TABLES
from indexes.store.wanted import Wanted

Key = tuple[str, UUID]
Rank = tuple[datetime, bool, bool, int]
"""Which of two items of a record counts: registered, withdrawn, hidden, how sensitive. The highest wins."""

Taken = dict[Key, Rank]
"""What a reading has taken away or hidden so far, and how high a version must rank to be shown after all."""

FOREVER: Final = datetime.max.replace(tzinfo=UTC)
INSTANT: Final = timedelta(microseconds=1)  # the finest PostgreSQL tells apart
_SENSITIVE: Final = {level: number for number, level in enumerate(Sensitivity)}  # strictest last, as it is declared
SECRET: Final = _SENSITIVE[Sensitivity.VIP]
DELETED: Final = {WithdrawalReason.DELETED, WithdrawalReason.PASSIVE}  # the other reasons may pass with time


@dataclass(slots=True)
class Share:
    """What of a batch concerns one kind: records to hold, and rows to remove.

    ``gone`` was withdrawn or refused (None: whatever the registration of what is held), ``unwanted`` could be read.
    ``deleted`` is what of ``gone`` its own registration says is no more, ``refused`` what may be mended. ``over`` ended
    so long ago that it is taken in only if we hold it, or something held is understood by it.
    """

    records: list[Record] = field(default_factory=list)
    gone: dict[UUID, datetime | None] = field(default_factory=dict)
    deleted: set[UUID] = field(default_factory=set)
    refused: set[UUID] = field(default_factory=set)
    unwanted: dict[UUID, datetime] = field(default_factory=dict)
    over: list[Record] = field(default_factory=list)
    told: dict[UUID, tuple[bytes | None, tuple[Defect, ...]]] = field(default_factory=dict)


def sort(batch: Sequence[Item], *, taken: Taken, wanted: Wanted, counts: Counts) -> Mapping[str, Share]:
    """Each kind's share of a batch; counts everything that does not depend on what we hold.

    What ``taken`` says of a record holds against an older version in this batch. Of a known one that counts, the row is
    as it would be written.
    """
    counts.read = len(batch)
    shares = {table.kind: Share() for table in TABLES}
    counts.kinds.update(map(kind_of, batch))
    refused = [item for item in batch if isinstance(item, Refused)]
    counts.refused.update(item.reason.value for item in refused)
    newest = _newest(batch, _floor(taken, _ranks(refused)))
    counts.unreadable.update(item.kind for item in refused if (item.kind, item.uuid) not in newest)
    for (kind, uuid), (registered, *_) in _ranks(refused).items():
        if (kind, uuid) not in newest and kind in shares:
            shares[kind].gone[uuid] = None if registered == FOREVER else registered
            shares[kind].refused.add(uuid)
    counts.older = len(batch) - len(refused) - len(newest)
    kept = _Kept(wanted)
    for (kind, uuid), (rank, item) in newest.items():
        share = shares[kind]
        if isinstance(item, Known):
            counts.unchanged += 1
            _count_quality(item.fagsystem, item.defects, counts)
        elif isinstance(item, Withdrawn):
            counts.withdrawn[item.reason.value] += 1
            share.gone[uuid] = item.registered
            if item.reason in DELETED:
                share.deleted.add(uuid)
        elif not kept(item.record):
            _count_unwanted(item.record, wanted, counts)
            share.unwanted[uuid] = item.record.registered
        elif _is_over(item.record, wanted):
            share.over.append(item.record)
        else:
            share.records.append(item.record)
            # What hides is read each time, so that it holds against others of its time and its tombstone stays young.
            share.told[uuid] = None if _hides(rank) else item.fingerprint, item.defects
            _count_quality(getattr(item.record, "fagsystem", None), item.defects, counts)  # a plan has none
    return shares


def taken_by(shares: Mapping[str, Share]) -> Taken:
    """What a batch takes away or hides. A version as old as the withdrawal does not come back."""
    taken: Taken = {}
    for kind, share in shares.items():
        taken.update(((kind, uuid), (at or FOREVER, True, True, 0)) for uuid, at in share.gone.items())
        taken.update(((kind, uuid), (at, False, False, 0)) for uuid, at in share.unwanted.items())
        taken.update(((kind, record.uuid), _rank_of(record)) for record in share.over)
        for record in share.records:
            rank = _rank_of(record)
            if _hides(rank):
                taken[kind, record.uuid] = rank
    return taken


def _hides(rank: Rank) -> bool:
    return rank[2] or rank[3] >= SECRET


def _floor(taken: Taken, refused: Mapping[Key, Rank]) -> dict[Key, Rank]:
    """What an item must not rank below, to count."""
    return taken | {key: max(rank, taken.get(key, rank)) for key, rank in refused.items()}


def takes_in(wanted: Wanted) -> Callable[[Record], bool]:
    """Says of a record whether it is to be held, whatever we hold already."""
    kept = _Kept(wanted)
    return lambda record: kept(record) and not _is_over(record, wanted)


class _Kept:
    """Whether some area wants a record. What it depends on is the same for many records of a batch."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._known: dict[tuple[str, str, tuple[str, ...], str | None], bool] = {}

    def __call__(self, record: Record) -> bool:
        """A case exempt from view is always kept, bare as it is: it hides its grants."""
        if isinstance(record, Case) and record.hidden:
            return True
        table = BY_TYPE[type(record)]
        fagsystem = None if isinstance(record, Plan) else record.fagsystem
        about = (table.kind, record.owner_cvr, table.kle(record), fagsystem)
        kept = self._known.get(about)
        if kept is None:
            wants = self._wanted.wants(table.kind, about[2], owner_cvr=record.owner_cvr)
            kept = self._known[about] = wants and not self._wanted.is_retired(record.owner_cvr, fagsystem)
        return kept


def _is_retired(record: Record, wanted: Wanted) -> bool:
    return wanted.is_retired(record.owner_cvr, None if isinstance(record, Plan) else record.fagsystem)


def _count_unwanted(record: Record, wanted: Wanted, counts: Counts) -> None:
    if _is_retired(record, wanted):
        counts.retired += 1
    else:
        counts.unwanted[next(iter(BY_TYPE[type(record)].kle(record)), "")[:5]] += 1


def _is_over(record: Record, wanted: Wanted) -> bool:
    table = BY_TYPE[type(record)]
    ended = table.ended(record)
    return ended is not None and wanted.is_over(ended, table.kle(record))


def _newest(items: Iterable[Item], floor: Mapping[Key, Rank]) -> dict[Key, tuple[Rank, Parsed | Known | Withdrawn]]:
    """The item of each record that ranks highest, of equals the last; none that ranks below ``floor``."""
    newest: dict[Key, tuple[Rank, Parsed | Known | Withdrawn]] = {}
    for item in items:
        if isinstance(item, Refused):
            continue
        rank = _rank(item)
        key = (kind_of(item), (item.record if isinstance(item, Parsed) else item).uuid)
        if floor and floor.get(key, rank) > rank:
            continue
        ranked = (rank, item)
        before = newest.setdefault(key, ranked)
        if before is not ranked and before[0] <= rank:
            newest[key] = ranked
    return newest


def _ranks(refused: Iterable[Refused]) -> dict[Key, Rank]:
    """The highest rank of each record.

    What was refused wins over what was registered at the same time, and over all else when its own time is unreadable.
    """
    found: dict[Key, Rank] = {}
    for item in refused:
        if item.uuid is not None:
            key = item.kind, item.uuid
            rank = (item.registered + INSTANT if item.registered else FOREVER, True, True, 0)
            found[key] = max(rank, found.get(key, rank))
    return found


def _rank(item: Parsed | Known | Withdrawn) -> Rank:
    """Of two with the same registration nobody knows which is right: the one that shows less counts."""
    if isinstance(item, Known):
        return item.registered, False, False, _SENSITIVE[item.sensitivity]
    return (item.registered, True, True, 0) if isinstance(item, Withdrawn) else _rank_of(item.record)


def _rank_of(record: Record) -> Rank:
    if isinstance(record, Case):
        return record.registered, False, record.hidden, _SENSITIVE[record.sensitivity]
    if isinstance(record, Grant):
        return record.registered, False, False, _SENSITIVE[record.sensitivity]
    return record.registered, False, isinstance(record, Plan) and record.consent.state is not ConsentState.GIVEN, 0


def kind_of(item: Item) -> str:
    return BY_TYPE[type(item.record)].kind if isinstance(item, Parsed) else item.kind


def identity(item: Parsed | Withdrawn) -> tuple[str, UUID, datetime]:
    """An item's kind, uuid and time of registration."""
    about = item.record if isinstance(item, Parsed) else item
    return kind_of(item), about.uuid, about.registered


def _count_quality(fagsystem: str | None, defects: Iterable[Defect], counts: Counts) -> None:
    counts.records[fagsystem or ""] += 1
    for defect in set(defects):
        counts.defects[fagsystem or "", defect] += 1
