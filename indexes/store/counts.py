"""What a reading brought and what came of it, in exact numbers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from indexes.records import Defect


@dataclass(slots=True, kw_only=True)
class Counts:
    """Items read, and what each was: new, changed, unchanged, older, over, retired, withdrawn, refused or unwanted.

    Over is: ended so long ago that it is not kept. Older is: than what we hold, or than another in the same batch.
    Retired is: of a fagsystem that its authority no longer uses.

    ``removed`` counts rows, not items: those taken away by a withdrawal, a refusal, an unwanted KLE number, or because
    a complete reading no longer brought them.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    over: int = 0
    retired: int = 0
    removed: int = 0
    taken: Counter[str] = field(default_factory=Counter)  # of the removed, those by what a message said, by kind
    elsewhere: int = 0  # left alone: another authority's; not among the read
    kinds: Counter[str] = field(default_factory=Counter)  # read, by kind
    unreadable: Counter[str] = field(default_factory=Counter)  # refused, by kind
    withdrawn: Counter[str] = field(default_factory=Counter)  # by reason
    refused: Counter[str] = field(default_factory=Counter)  # by reason
    unwanted: Counter[str] = field(default_factory=Counter)  # by KLE group NN.NN
    records: Counter[str] = field(default_factory=Counter)  # usable and wanted, by fagsystem ("" unknown)
    defects: Counter[tuple[str, Defect]] = field(default_factory=Counter)  # by fagsystem and what was wrong

    def add(self, other: "Counts") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def as_json(self) -> dict[str, object]:
        """For ``SyncRun.counts``: numbers only. Defects by kind; by fagsystem they are in ``DefectCount``."""
        defects: Counter[str] = Counter()
        for (_, defect), count in self.defects.items():
            defects[defect.value] += count
        return {
            "read": self.read,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "older": self.older,
            "over": self.over,
            "retired": self.retired,
            "removed": self.removed,
            "elsewhere": self.elsewhere,
            "withdrawn": dict(self.withdrawn),
            "refused": dict(self.refused),
            "unwanted": dict(self.unwanted),
            "defects": dict(defects),
        }

    @classmethod
    def told(cls, counts: Mapping[str, Any]) -> Self:
        """What ``as_json`` gave, as far as it tells."""
        told = cls()
        for name, value in counts.items():
            if name != "defects":
                setattr(told, name, Counter(value) if isinstance(value, dict) else value)
        return told

    def packed(self) -> dict[str, Any]:
        """All of it, as JSON can hold it: what a portion of a reading remembers."""
        packed: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Counter):
                value = [[*(key if isinstance(key, tuple) else (key,)), count] for key, count in value.items()]
            packed[each.name] = value
        return packed

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> Self:
        """What ``packed`` gave. What it does not name is none."""
        counts = cls()
        for each in fields(counts):
            value = packed.get(each.name, 0)
            if isinstance(value, list):
                value = Counter({key[0] if len(key) == 1 else (key[0], Defect(key[1])): count for *key, count in value})
            if value:
                setattr(counts, each.name, value)
        return counts
