"""What a bulk reading is held to, and what came of it."""

from dataclasses import dataclass

from indexes.authorities import Authority
from indexes.records import Source
from indexes.store import Counts, Wanted
from indexes.sync.doubt import Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a reading is held to.

    A complete reading that lacks more than ``max_removal_share`` (0 to 1) of the rows we hold is not believed, nor is
    one of which more than that share is unreadable, nor one without anything at all, unless somebody has confirmed it.
    """

    wanted: Wanted
    max_removal_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What came of a run; ``trouble`` is None when all was read. ``quarantined`` is how many lie there now."""

    source: Source
    authority: Authority
    counts: Counts
    quarantined: int
    trouble: Trouble | None
