"""An index at the seam ``sources.IndexSource``: it holds the pages a test gives it, and may fail on the way."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexes.errors import SourceError, Unreachable
from indexes.records import Answer, Item, Source
from tests.indexes.makers import NOW


def answer(items: Sequence[Item], *, total: int | None = None) -> Answer:
    return Answer(items=tuple(items), total={"case": len(items) if total is None else total})


@dataclass(slots=True, kw_only=True)
class FakeIndex:
    """``pages`` for an authority; ``items`` for a citizen. ``fails`` stands after so many pages, None never."""

    source: Source = Source.SDI
    pages: Sequence[Sequence[Item]] = ()
    items: Sequence[Item] = ()
    fails_after: int | None = None
    error: BaseException | None = None

    def pages_of_owner(self, cvr: str) -> Iterator[Answer]:  # noqa: ARG002 - a test gives one authority's
        total = sum(map(len, self.pages))
        for number, page in enumerate(self.pages or [()]):
            if number == self.fails_after:
                raise self.error or Unreachable
            yield answer(page, total=total)
        if self.fails_after == len(self.pages):
            raise self.error or Unreachable

    def of_citizen(self, cpr: str) -> Answer:  # noqa: ARG002 - a test gives one citizen's
        if isinstance(self.error, SourceError):
            raise self.error
        return answer(self.items)


class Clock:
    """A clock that goes a second further each time it is looked at; ``tomorrow`` sets it a day forward."""

    def __init__(self) -> None:
        self._at = NOW

    def __call__(self) -> dt.datetime:
        self._at += dt.timedelta(seconds=1)
        return self._at

    def tomorrow(self) -> None:
        self._at += dt.timedelta(days=1)
