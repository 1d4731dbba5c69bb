"""What is shown where: every authority and every area of the stage plan, for anybody. No citizen's data."""

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from borgerblik import areas, settings_store, words
from borgerblik.policy import Policy
from indexes import authorities


class AreaOpenness(Struct, frozen=True, kw_only=True):
    """One area at one authority. ``shown``: citizens see it; ``off``: not opened; ``analysis``: not decided yet."""

    authority: str  # kommune code "0730", or "UDK"
    authority_name: str
    area: str  # the area's key
    title: str
    kle: tuple[str, ...]
    kinds: tuple[str, ...]  # case, benefit, plan
    etape: int
    state: Literal["shown", "off", "analysis"]
    words: str


def everywhere(*, language: str, today: dt.date) -> tuple[AreaOpenness, ...]:
    """All authorities by their code, and the areas each decides about or waits for, in the stage plan's order."""
    decided = settings_store.policies(authorities.by_code)
    known = words.load(language)
    return tuple(
        found
        for code in sorted(authorities.by_code)
        for found in _of(code, decided.get(code) or settings_store.undecided(code), known, today)
    )


def _of(code: str, policy: Policy, known: words.Words, today: dt.date) -> Iterator[AreaOpenness]:
    name = authorities.by_code[code].name
    for area in areas.load().all:
        if policy.owner in area.owners:
            state = policy.stands(area, today)
            yield AreaOpenness(
                authority=code,
                authority_name=name,
                area=area.key,
                title=known.area(area.key),
                kle=area.kle,
                kinds=tuple(sorted(area.kinds)),
                etape=area.etape,
                state=state,
                words=known(f"area/{state}", authority=name, etape=area.etape),
            )
