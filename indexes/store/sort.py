"""Which items of a batch count, and what is to become of the record each is about. Pure: nothing held is looked at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from indexes.records import (
    Case,
    ConsentState,
    Grant,
    Item,
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


def sort(items: Sequence[Item], *, taken: Taken, wanted: Wanted, counts: Counts) -> Mapping[str, Share]:
    """Each kind's share of a batch; counts everything that does not depend on what we hold.

    What ``taken`` says of a record holds against an older version in this batch.
    """
    counts.read = len(items)
    shares = {table.kind: Share() for table in TABLES}
    for item in items:
        counts.kinds[kind_of(item)] += 1
        if isinstance(item, Refused):
            counts.refused[item.reason.value] += 1
    refused = [item for item in items if isinstance(item, Refused)]
    newest = _newest(items, _floor(taken, _ranks(refused)))
    counts.unreadable.update(item.kind for item in refused if (item.kind, item.uuid) not in newest)
    for (kind, uuid), (registered, *_) in _ranks(refused).items():
        if (kind, uuid) not in newest and kind in shares:
            shares[kind].gone[uuid] = None if registered == FOREVER else registered
            shares[kind].refused.add(uuid)
    counts.older = len(items) - len(refused) - len(newest)
    for (kind, uuid), item in newest.items():
        share = shares[kind]
        if isinstance(item, Withdrawn):
            counts.withdrawn[item.reason.value] += 1
            share.gone[uuid] = item.registered
            if item.reason in DELETED:
                share.deleted.add(uuid)
        elif _is_kept(item.record, wanted) and _is_over(item.record, wanted):
            share.over.append(item.record)
        elif _is_kept(item.record, wanted):
            share.records.append(item.record)
            _count_quality(item, counts)
        else:
            _count_unwanted(item.record, wanted, counts)
            share.unwanted[uuid] = item.record.registered
    return shares


def taken_by(shares: Mapping[str, Share]) -> Taken:
    """What a batch takes away or hides. A version as old as the withdrawal does not come back."""
    taken: Taken = {}
    for kind, share in shares.items():
        taken.update(((kind, uuid), (at or FOREVER, True, True, 0)) for uuid, at in share.gone.items())
        taken.update(((kind, uuid), (at, False, False, 0)) for uuid, at in share.unwanted.items())
        taken.update(((kind, record.uuid), _rank(Parsed(record=record))) for record in share.over)
        ranks = (((kind, record.uuid), _rank(Parsed(record=record))) for record in share.records)
        taken.update((key, rank) for key, rank in ranks if rank[2] or rank[3] >= SECRET)
    return taken


def _floor(taken: Taken, refused: Mapping[Key, Rank]) -> dict[Key, Rank]:
    """What an item must not rank below, to count."""
    return taken | {key: max(rank, taken.get(key, rank)) for key, rank in refused.items()}


def _is_kept(record: Record, wanted: Wanted) -> bool:
    """Whether some area wants it. A case exempt from view is always kept, bare as it is: it hides its grants."""
    if isinstance(record, Case) and record.hidden:
        return True
    table = BY_TYPE[type(record)]
    return wanted.wants(table.kind, table.kle(record), owner_cvr=record.owner_cvr) and not _is_retired(record, wanted)


def _is_retired(record: Record, wanted: Wanted) -> bool:
    return wanted.is_retired(record.owner_cvr, None if isinstance(record, Plan) else record.fagsystem)


def _count_unwanted(record: Record, wanted: Wanted, counts: Counts) -> None:
    if _is_retired(record, wanted):
        counts.retired += 1
    else:
        counts.unwanted[next(iter(BY_TYPE[type(record)].kle(record)), "")[:5]] += 1


def _is_over(record: Record, wanted: Wanted) -> bool:
    table = BY_TYPE[type(record)]
    return wanted.is_over(table.ended(record), table.kle(record))


def _newest(items: Iterable[Item], floor: Mapping[Key, Rank]) -> dict[Key, Parsed | Withdrawn]:
    """The item of each record that ranks highest, of equals the last; none that ranks below ``floor``."""
    newest: dict[Key, Parsed | Withdrawn] = {}
    ranks = dict(floor)
    for item in items:
        if isinstance(item, Refused):
            continue
        kind, uuid, _ = identity(item)
        rank = _rank(item)
        if ranks.get((kind, uuid), rank) <= rank:
            ranks[kind, uuid] = rank
            newest[kind, uuid] = item
    return newest


def _ranks(items: Iterable[Item]) -> dict[Key, Rank]:
    """The highest rank of each record.

    What was refused wins over what was registered at the same time, and over all else when its own time is unreadable.
    """
    found: dict[Key, Rank] = {}
    for item in items:
        if not isinstance(item, Refused):
            kind, uuid, _ = identity(item)
            rank = _rank(item)
        elif item.uuid is not None:
            kind, uuid = item.kind, item.uuid
            rank = (item.registered + INSTANT if item.registered else FOREVER, True, True, 0)
        else:
            continue
        found[kind, uuid] = max(rank, found.get((kind, uuid), rank))
    return found


def _rank(item: Parsed | Withdrawn) -> Rank:
    """Of two with the same registration nobody knows which is right: the one that shows less counts."""
    if isinstance(item, Withdrawn):
        return item.registered, True, True, 0
    record = item.record
    hidden = record.hidden if isinstance(record, Case) else False
    if isinstance(record, Plan):
        hidden = record.consent.state is not ConsentState.GIVEN
    sensitive = _SENSITIVE[record.sensitivity] if isinstance(record, Case | Grant) else 0
    return record.registered, False, hidden, sensitive


def kind_of(item: Item) -> str:
    return BY_TYPE[type(item.record)].kind if isinstance(item, Parsed) else item.kind


def identity(item: Parsed | Withdrawn) -> tuple[str, UUID, datetime]:
    """An item's kind, uuid and time of registration."""
    about = item.record if isinstance(item, Parsed) else item
    return kind_of(item), about.uuid, about.registered


def _count_quality(item: Parsed, counts: Counts) -> None:
    fagsystem = getattr(item.record, "fagsystem", None) or ""  # a plan has none
    counts.records[fagsystem] += 1
    for defect in set(item.defects):
        counts.defects[fagsystem, defect] += 1
