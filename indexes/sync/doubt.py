"""Whether a complete reading can be believed. Pure: a failure must not look empty, nor wipe what we hold.

An index in trouble may well answer in good form: with nothing, with a part, or with things that cannot be read.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from indexes.errors import where
from indexes.store import Counts

FEW: Final = 20  # of so few a large share may well go, or be unreadable, in one day

EMPTY_ANSWER: Final = "empty_answer"
UNREADABLE: Final = "unreadable"
SUSPICIOUS_REMOVAL: Final = "suspicious_removal"
OUR_FAULT: Final = "our_fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a reading failed: a code for states and metrics, and a sentence for the operator."""

    code: str
    message: str


def unforeseen(error: Exception) -> Trouble:
    """The program met something that it was not made for. That must neither stop other readings nor go unseen."""
    return Trouble(
        code=OUR_FAULT,
        message=f"Borgerblik met something that it was not made for ({where(error)}), so no more was read and what is "
        "held stays as it is: it is tried again by itself; tell whoever maintains Borgerblik what stands in brackets.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a complete reading of an authority came to.

    ``held`` is the rows we hold of it, ``surplus`` how many of those it did not bring, both by kind. What messages have
    ``taken`` away, its own and those of readings given up before it, is held no more.
    ``known_to_be_empty``: the last complete reading said so too, and somebody confirmed it.
    """

    authority: str
    counts: Counts
    held: Counter[str]
    surplus: Counter[str]
    taken: Counter[str]
    known_to_be_empty: bool


def doubt(found: Found, *, max_removal_share: float) -> Trouble | None:
    """The first reason not to believe it; None when there is none."""
    return (
        _empty(found)
        # Each kind on its own: payments are many, and without their grants none of them is shown.
        or next((t for kind in found.counts.unreadable if (t := _unreadable(kind, found, max_removal_share))), None)
        or next((t for kind in found.surplus if (t := _lacking(kind, found, max_removal_share))), None)
    )


def too_much_taken(
    taken: Mapping[str, int], held: Mapping[str, int], *, authority: str, max_removal_share: float
) -> Trouble | None:
    """Asked while the reading goes on: would its messages take away more than is believed?

    ``taken`` is how many rows they have taken away, with those of readings given up before it, ``held`` how many there
    were before any of them, both by kind.

    An index that suddenly says of everything that it is withdrawn, has no party or no KLE number is as ill as one that
    says nothing (a role's UUID that was changed, rights that were narrowed), and by the end of the reading the last
    good copy would be gone.
    """
    for kind, number in taken.items():
        if number > FEW and number > max_removal_share * held.get(kind, 0):
            return Trouble(
                code=SUSPICIOUS_REMOVAL,
                message=f"The index withdraws, or makes unusable, {number:,} of the {held.get(kind, 0):,} {kind}s held "
                f"for {authority}, more than the {max_removal_share:.0%} that are believed: the reading was stopped. "
                "If it is true, run sync_indexes with --confirm.",
            )
    return None


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
    taken = found.taken[kind]
    number, held = found.surplus[kind] + taken, found.held[kind] + taken
    if held <= FEW or number <= share * held:
        return None
    return Trouble(
        code=SUSPICIOUS_REMOVAL,
        message=f"The index no longer has {number:,} of the {held:,} {kind}s held for {found.authority}, more than the "
        f"{share:.0%} that are believed: none is removed. If it is true, run sync_indexes with --confirm.",
    )
