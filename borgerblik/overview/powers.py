"""A power of attorney in words: for the citizen who gives it and for the helper who has it. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from msgspec import Struct

from borgerblik.words import Words, filled


class Party(StrEnum):
    """The two of a power of attorney, as its row says who ended it."""

    GIVER = "giver"
    HELPER = "helper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """A power of attorney as one of the two sees it; times are local.

    ``name`` is the other one's, ``mine`` who the reader is. ``until`` is its last day, ``offered_until`` the last of
    its code. None: it has not been taken on, or has not been ended.
    """

    id: str
    mine: Party
    name: str
    areas: Sequence[str]
    offered_until: dt.datetime
    accepted: dt.datetime | None
    until: dt.date
    ended: dt.datetime | None
    ended_by: Party | None

    def waits(self, now: dt.datetime) -> bool:
        """Whether its code can still be used."""
        return self.accepted is None and self.ended is None and now < self.offered_until

    def holds(self, now: dt.datetime) -> bool:
        """Whether the helper may see something now."""
        return self.accepted is not None and self.ended is None and now.date() <= self.until


class PowerView(Struct, frozen=True, kw_only=True):
    """A power of attorney on a page. ``live``: it can be ended; ``holds``: it can be used; ``areas`` by name."""

    id: str
    name: str
    words: str
    areas: tuple[str, ...]
    live: bool
    holds: bool


def power_view(power: Power, words: Words, now: dt.datetime) -> PowerView:
    """How it stands. ``now`` is local time."""
    waits, holds = power.waits(now), power.holds(now)
    return PowerView(
        id=power.id,
        name=power.name,
        words=_say(
            words, f"{power.mine}/{_key(power, waits=waits, holds=holds)}", name=power.name, day=_day(power, words, now)
        ),
        areas=area_names(power.areas, words),
        live=waits or holds,
        holds=holds,
    )


def area_names(keys: Sequence[str], words: Words) -> tuple[str, ...]:
    """What areas are called; one that is no more is left out."""
    named = (words.texts.get(f"areas/{key}/title") for key in keys)
    return tuple(name for name in named if name)


def _key(power: Power, *, waits: bool, holds: bool) -> str:
    if power.ended is not None:
        return "ended_by_you" if power.ended_by is power.mine else "ended_by_them"
    if power.accepted is None:
        return "waits" if waits else "unused"
    return "holds" if holds else "over"


def _day(power: Power, words: Words, now: dt.datetime) -> str:
    """The day that matters: when it was ended, until when its code works, else its last."""
    if power.ended is not None:
        day = power.ended.date()
    else:
        day = power.offered_until.date() if power.accepted is None else power.until
    return words.day(day, today=now.date())


def _say(words: Words, key: str, **values: object) -> str:
    return filled(words.texts[f"power/{key}"], values, direction=words.of.direction)
