"""Long lists: finding in them, and a page of them at a time. Pure; works on the finished overview."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from borgerblik.overview.shapes import CaseSection, CaseView

ON_A_PAGE = 50
MOST_DIGITS = 6  # of a page's number that is worth reading
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list; ``number`` counts from 1."""

    items: Sequence[T]
    number: int
    pages: int
    total: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def page_of(items: Sequence[T], wanted: str) -> Page[T]:
    """The page a visitor asks for: the nearest there is, the first when they ask for nonsense."""
    pages = max(1, -(-len(items) // ON_A_PAGE))
    sensible = wanted.isdecimal() and len(wanted) <= MOST_DIGITS
    number = min(max(int(wanted), 1), pages) if sensible else 1
    start = (number - 1) * ON_A_PAGE
    return Page(items=items[start : start + ON_A_PAGE], number=number, pages=pages, total=len(items))


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChoice:
    key: str
    title: str
    chosen: bool


def area_choices(cases: CaseSection, chosen: str) -> tuple[AreaChoice, ...]:
    """The areas the citizen has cases in, by title."""
    titles = {case.area: case.area_title for case in (*cases.open, *cases.closed)}
    found = (AreaChoice(key=key, title=title, chosen=key == chosen) for key, title in titles.items())
    return tuple(sorted(found, key=lambda choice: choice.title))


def find_cases(cases: CaseSection, *, words: str, area: str) -> tuple[CaseView, ...]:
    """The cases that hold every word asked for, and lie in the area when one is chosen; open ones first."""
    wanted = words.casefold().split()
    return tuple(
        case
        for case in (*cases.open, *cases.closed)
        if (not area or case.area == area) and all(word in _text(case) for word in wanted)
    )


def _text(case: CaseView) -> str:
    """What a search looks through: what the reader can see of the case in the list, and its number."""
    seen = (case.title, case.lead, case.area_title, case.sender, case.status.words, case.number or "")
    return " ".join(seen).casefold()
