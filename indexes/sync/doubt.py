"""Whether a complete reading can be believed. Pure: a failure must not look empty, nor wipe what we hold.

An index in trouble may well answer in good form: with nothing, with a part, or with things that cannot be read.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from indexes.store import Counts

FEW: Final = 20  # of so few a large share may well go, or be unreadable, in one day

EMPTY_ANSWER: Final = "empty_answer"
UNREADABLE: Final = "unreadable"
SUSPICIOUS_REMOVAL: Final = "suspicious_removal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a reading failed: a code for states and metrics, and a sentence for the operator."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a complete reading of an authority came to.

    ``held`` is the rows we hold of it, ``surplus`` how many of those it did not bring, both by kind.
    ``known_to_be_empty``: the last complete reading said so too, and somebody confirmed it.
    """

    authority: str
    counts: Counts
    held: Counter[str]
    surplus: Counter[str]
    known_to_be_empty: bool


def doubt(found: Found, *, max_removal_share: float) -> Trouble | None:
    """The first reason not to believe it; None when there is none."""
    return (
        _empty(found)
        # Each kind on its own: payments are many, and without their grants none of them is shown.
        or next((t for kind in found.counts.unreadable if (t := _unreadable(kind, found, max_removal_share))), None)
        or next((t for kind in found.surplus if (t := _lacking(kind, found, max_removal_share))), None)
    )


def _empty(found: Found) -> Trouble | None:
    held = found.held.total()
    if found.counts.read + found.counts.elsewhere > 0 or (held == 0 and found.known_to_be_empty):
        return None
    return Trouble(
        code=EMPTY_ANSWER,
        message=f"The index answered that {found.authority} has nothing in it at all, which is not believed: "
        f"the {held:,} rows held stay as they are. If it is true, run sync_indexes with --confirm.",
    )


def _unreadable(kind: str, found: Found, share: float) -> Trouble | None:
    number, of_kind = found.counts.unreadable[kind], found.counts.kinds[kind]
    if number < of_kind and (number <= FEW or number <= share * of_kind):
        return None
    return Trouble(
        code=UNREADABLE,
        message=f"{number:,} of the {of_kind:,} {kind}s that the index gave for {found.authority} could not be used, "
        "so what is held is not known to be all: look in the quarantine, and at what the index has changed.",
    )


def _lacking(kind: str, found: Found, share: float) -> Trouble | None:
    number, held = found.surplus[kind], found.held[kind]
    if held <= FEW or number <= share * held:
        return None
    return Trouble(
        code=SUSPICIOUS_REMOVAL,
        message=f"The index no longer has {number:,} of the {held:,} {kind}s held for {found.authority}, more than the "
        f"{share:.0%} that are believed: none is removed. If it is true, run sync_indexes with --confirm.",
    )
