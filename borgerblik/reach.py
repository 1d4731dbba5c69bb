"""How far a reader reaches who may not see all of a citizen: some authorities' records, in some areas. Pure.

What lies outside is dropped after judging and before any word is made, as if it did not exist: not its owner, not its
time, not that something is left out. So that what is left is still true, every section says that the reach limits it,
and never "nothing" – whether or not there was something to drop.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from borgerblik.areas import Area, Areas, Kind, Owner
from borgerblik.visibility import Judged
from indexes.authorities import UDK, by_cvr
from indexes.records import Case, Grant, Payment, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """``authorities`` are kommune codes and "UDK", ``areas`` keys of the stage plan; None: all of them.

    ``by_power``: the reader is a person with a power of attorney, and is told so in other words than a system.
    """

    authorities: frozenset[str] | None = None
    areas: frozenset[str] | None = None
    by_power: bool = False

    @property
    def whole(self) -> bool:
        return self.authorities is None and self.areas is None

    def holds(self, authority: str) -> bool:
        """Whether records of this authority are reached, in some area."""
        return self.authorities is None or authority in self.authorities

    def narrows(self, areas: Areas) -> Areas:
        """The areas that are reached."""
        return areas if self.areas is None else _among(areas, self.areas)

    def _of(self, owner_cvr: str, *areas: Area | None) -> bool:
        """Whether something is reached that lies in all of these areas; None is an area that nobody knows."""
        authority = by_cvr.get(owner_cvr)
        owned = self.authorities is None or (authority is not None and authority.code in self.authorities)
        return owned and (self.areas is None or all(area is not None and area.key in self.areas for area in areas))


WHOLE: Final = Reach()


@lru_cache(maxsize=1_000)  # one for each registration and role
def _among(areas: Areas, keys: frozenset[str]) -> Areas:
    return Areas(all=tuple(area for area in areas.all if area.key in keys))


def within(judged: Judged, reach: Reach, areas: Areas) -> Judged:
    """What of it is reached. A payment or grant in several areas is, when all of them are: its sums would tell."""
    if reach.whole:
        return judged

    def lies_in(owner_cvr: str, kind: Kind, *numbers: str) -> bool:
        authority = by_cvr.get(owner_cvr)
        owner = Owner.UDK if authority is not None and authority.code == UDK else Owner.KOMMUNE
        found = [areas.of(kle, kind, owner) for kle in numbers]
        return reach._of(owner_cvr, *(found or [None]))  # noqa: SLF001 - the same rule, in the same module

    def case(it: Case) -> bool:
        return lies_in(it.owner_cvr, Kind.CASE, it.kle)

    def grant(it: Grant) -> bool:
        return lies_in(it.owner_cvr, Kind.BENEFIT, *(benefit.kle for benefit in it.benefits))

    def payment(it: Payment) -> bool:
        return lies_in(it.owner_cvr, Kind.BENEFIT, *(line.kle for line in it.lines))

    def plan(it: Plan) -> bool:
        return lies_in(it.owner_cvr, Kind.PLAN, it.kle)

    return replace(
        judged,
        cases=tuple(pair for pair in judged.cases if case(pair[0])),
        grants=tuple(pair for pair in judged.grants if grant(pair[0])),
        payments=tuple(pair for pair in judged.payments if payment(pair[0])),
        plans=tuple(pair for pair in judged.plans if plan(pair[0])),
    )


def limited_kinds(reach: Reach, areas: Areas) -> frozenset[Kind]:
    """What the reader may not see all of."""
    if reach.authorities is not None:
        return frozenset(Kind)
    outside = areas.all if reach.areas is not None else ()
    return frozenset(kind for area in outside if area.key not in (reach.areas or ()) for kind in area.kinds)
