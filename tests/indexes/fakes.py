"""An index at the seam ``sources.IndexSource``: it holds the pages a test gives it, and may fail on the way."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexes.errors import Unreachable
from indexes.records import Answer, Item, Parsed, Source
from indexes.store.sort import kind_of
from tests.indexes.makers import NOW


def answer(items: Sequence[Item], *, total: int | None = None) -> Answer:
    return Answer(items=tuple(items), total={"case": len(items) if total is None else total})


def _objects(items: Sequence[Item]) -> list[list[Item]]:
    """A page's items by what they are about."""
    objects: dict[object, list[Item]] = {}
    for item in items:
        objects.setdefault((item.record.uuid if isinstance(item, Parsed) else item.uuid) or object(), []).append(item)
    return list(objects.values())


@dataclass(slots=True, kw_only=True)
class FakeIndex:
    """``pages`` for an authority; ``items`` for a citizen. ``fails`` stands after so many pages, None never."""

    source: Source = Source.SDI
    pages: Sequence[Sequence[Item]] = ()
    items: Sequence[Item] = ()
    fails_after: int | None = None
    error: BaseException | None = None
    _reached: dict[str, int] = field(default_factory=dict)  # places given so far, by kind

    def page_of_owner(self, cvr: str, *, kind: str, first: int, most: int, held: object = None) -> Answer:  # noqa: ARG002 - one authority's
        """The objects from a place to the end of the given page that the next place stands on."""
        objects = [
            (number, items)
            for number, page in enumerate(self.pages or [()])
            for items in _objects([item for item in page if kind_of(item) == kind])
        ]
        total = len(objects) + (self.fails_after == len(self.pages))
        reached = self._reached.get(kind, 0)
        place = reached if reached and first == reached - 1 else first  # what goes on begins with the last given
        page = objects[min(place, len(objects) - 1)][0] if objects else 0
        if self.fails_after is not None and (page >= self.fails_after or place >= len(objects)):
            raise self.error or Unreachable
        given = [items for number, items in objects[first : first + most] if number <= page]
        self._reached[kind] = first + len(given)
        return Answer(items=tuple(item for items in given for item in items), total={kind: total})

    def of_citizen(self, cpr: str) -> Answer:  # noqa: ARG002 - a test gives one citizen's
        if self.error is not None:
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
