"""A page of a long list at a time. Pure; works on the finished overview."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

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
