"""Which items of a batch count, and what is to become of the record each is about. Pure: nothing held is looked at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from indexes.records import Item, Parsed, Record, Refused, Withdrawn
from indexes.store.counts import Counts
from indexes.store.tables import BY_TYPE, TABLES
from indexes.store.wanted import Wanted

Key = tuple[str, UUID]
FOREVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Share:
    """What of a batch concerns one kind: records to hold, and rows to remove (None: whatever their registration)."""

    records: list[Record] = field(default_factory=list)
    gone: dict[UUID, datetime | None] = field(default_factory=dict)


def sort(items: Sequence[Item], *, after: Iterable[Item], wanted: Wanted, counts: Counts) -> Mapping[str, Share]:
    """Each kind's share of a batch; counts everything that does not depend on what we hold.

    ``after`` is the batch before: what it said of a record holds against an older version in this one.
    """
    counts.read = len(items)
    shares = {table.kind: Share() for table in TABLES}
    for item in items:
        counts.kinds[kind_of(item)] += 1
        if isinstance(item, Refused):
            counts.refused[item.reason.value] += 1
            counts.unreadable[item.kind] += 1
            if item.uuid is not None and item.kind in shares:
                shares[item.kind].gone[item.uuid] = None
    refused = (item for item in items if isinstance(item, Refused))
    newest = _newest(items, {**_registrations(after), **_registrations(refused)})
    counts.older = len(items) - counts.refused.total() - len(newest)
    for (kind, uuid), item in newest.items():
        share = shares[kind]
        if isinstance(item, Withdrawn):
            counts.withdrawn[item.reason.value] += 1
            share.gone[uuid] = item.registered
        elif wanted.wants(kind, numbers := BY_TYPE[type(item.record)].kle(item.record)):
            share.records.append(item.record)
            _count_quality(item, counts)
        else:
            counts.unwanted[numbers[0][:5] if numbers else ""] += 1
            share.gone[uuid] = item.record.registered
    return shares


def _newest(items: Iterable[Item], floor: Mapping[Key, datetime]) -> dict[Key, Parsed | Withdrawn]:
    """The newest item of each record, of the same registration the last; none that is older than ``floor``."""
    newest: dict[Key, Parsed | Withdrawn] = {}
    registrations = dict(floor)
    for item in items:
        if isinstance(item, Refused):
            continue
        kind, uuid, registered = identity(item)
        if registrations.get((kind, uuid), registered) <= registered:
            registrations[kind, uuid] = registered
            newest[kind, uuid] = item
    return newest


def _registrations(items: Iterable[Item]) -> dict[Key, datetime]:
    """When each record was last registered; what was refused counts as newer than anything."""
    found: dict[Key, datetime] = {}
    for item in items:
        if isinstance(item, Refused):
            if item.uuid is not None:
                found[item.kind, item.uuid] = FOREVER
            continue
        kind, uuid, registered = identity(item)
        found[kind, uuid] = max(registered, found.get((kind, uuid), registered))
    return found


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
