"""The areas of the stage plan (etapeplan) and how a KLE number finds its area. Plain Python over ``data/areas.toml``.

Which areas are shown is not decided here: that is a municipality's policy (``policy.py``) and the judge's work.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "areas.toml"
PREFIX_LENGTHS = (8, 5, 2)  # KLE: topic NN.NN.NN, group NN.NN, main group NN


class Owner(StrEnum):
    KOMMUNE = "kommune"
    UDK = "udk"


class Agreement(StrEnum):
    """Who has agreed that the area is shown: the stage plan's three marks."""

    KOMMUNE = "kommune"
    UDK = "udk"
    ANALYSE = "analyse"


class Kind(StrEnum):
    """What an area shows: cases, benefits (grants and payments) or the holistic plan."""

    CASE = "case"
    BENEFIT = "benefit"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    key: str
    kle: tuple[str, ...]
    owners: frozenset[Owner]
    agreement: Agreement
    etape: int
    kinds: frozenset[Kind]
    icon: str

    def decided_by(self, owner: Owner) -> bool:
        """Whether this kind of authority switches the area for its own records."""
        return owner in self.owners and self.agreement is not Agreement.ANALYSE


@dataclass(frozen=True, kw_only=True, eq=False)  # made once: equal when it is the same
class Areas:
    """All areas, with the look-up from KLE number to area."""

    all: tuple[Area, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Area]:
        return {area.key: area for area in self.all}

    @cached_property
    def _by_prefix(self) -> Mapping[tuple[str, Kind, Owner], Area]:
        return {
            (prefix, kind, owner): area
            for area in self.all
            for prefix in area.kle
            for kind in area.kinds
            for owner in area.owners
        }

    def of(self, kle: str, kind: Kind, owner: Owner) -> Area | None:
        """The area of a record: the longest prefix that fits; None when no area of any etape holds it."""
        for length in PREFIX_LENGTHS:
            if area := self._by_prefix.get((kle[:length], kind, owner)):
                return area
        return None

    def prefixes(self, kind: Kind, owner: Owner) -> frozenset[str]:
        """The KLE prefixes that some area of some etape holds, of this kind and owner: all else is not even stored."""
        return frozenset(p for area in self.all if kind in area.kinds and owner in area.owners for p in area.kle)

    def missing_from(self, numbers: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Area key -> its KLE prefixes that an edition with these numbers does not know; only areas that miss some."""
        known = {number[:length] for number in numbers for length in PREFIX_LENGTHS}
        gone = {area.key: tuple(p for p in area.kle if p not in known) for area in self.all}
        return {key: prefixes for key, prefixes in gone.items() if prefixes}


def _area(row: Mapping[str, Any]) -> Area:
    return Area(
        key=row["key"],
        kle=tuple(row["kle"]),
        owners=frozenset(map(Owner, row["owners"])),
        agreement=Agreement(row["agreement"]),
        etape=row["etape"],
        kinds=frozenset(map(Kind, row["kinds"])),
        icon=row["icon"],
    )


@cache
def load() -> Areas:
    """The areas of ``data/areas.toml``."""
    return Areas(all=tuple(_area(row) for row in tomllib.loads(DATA.read_text("utf-8"))["area"]))
