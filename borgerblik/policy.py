"""What one authority has decided: which areas its records are shown in, and how. Plain, frozen, given to the judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from borgerblik.areas import Agreement, Area, Owner


class TitleChoice(StrEnum):
    """What stands as a case's title: the plain title of its KLE number, or the case's own title."""

    KLE = "kle"
    CASE = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRule:
    """One authority's decision about one area.

    ``from_date`` hides cases made before it (KOMBIT's "fra-dato"); ``active_regardless`` is its switch "do not use the
    from-date for active cases and their benefits". ``fagsystemer`` None means that all count.
    """

    shown: bool = False
    from_date: date | None = None
    active_regardless: bool = False
    title: TitleChoice = TitleChoice.KLE
    fagsystemer: frozenset[str] | None = None
    document_titles: bool = False


SILENT = AreaRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All decisions of one authority. An area or etape it says nothing about is not shown."""

    authority: str  # kommune code or "UDK"
    owner: Owner
    since: date | None = None  # on Borgerblik from this day; None: not on
    etaper: frozenset[int] = frozenset()
    rules: Mapping[str, AreaRule] = field(default_factory=dict, hash=False)

    def is_on(self, today: date) -> bool:
        return self.since is not None and self.since <= today

    def rule(self, area: Area) -> AreaRule:
        return self.rules.get(area.key, SILENT)

    def opens(self, area: Area, today: date) -> bool:
        """Whether the authority shows this area today."""
        return (
            self.is_on(today)
            and area.agreement is not Agreement.ANALYSE
            and area.etape in self.etaper
            and self.rule(area).shown
        )

    def stands(self, area: Area, today: date) -> Literal["shown", "off", "analysis"]:
        """How an area stands for anybody: shown, not opened, or not decided yet whether it is to be."""
        if self.opens(area, today):
            return "shown"
        return "analysis" if area.agreement is Agreement.ANALYSE else "off"
