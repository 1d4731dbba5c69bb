"""All of Denmark as the indexes know it, and how objects are found in it.

A ``Population`` makes people's objects; this module finds the right people and pages through what they have. Nothing
of the synthetic citizens is kept: what is kept, for each owner that was searched for, is how many objects each citizen
has, so that any page is found without making those before it.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, MutableSequence, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from indexes.mock.dice import Kind, read_uuid
from indexes.mock.objects import Case, Document, Thing
from indexes.mock.reading.search import Criteria

_KEPT_SEARCHES = 1000  # (kind, owner, KLE): the oldest goes first


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the objects found, by citizen and then by UUID; ``total`` is how many there are in all."""

    total: int
    things: tuple[Thing, ...]


class Population(Protocol):
    """Some people, each with a number, whose objects can be made."""

    def number_of(self, cpr: str) -> int | None:
        """The number of the person with this CPR number, or None."""

    def owned_by(self, cvr: str) -> Sequence[int]:
        """The numbers of everyone who may have objects of this owner, ascending."""

    def count(self, kind: Kind, number: int, cvr: str, kle: str) -> int:
        """How many objects of a kind, an owner and the beginning of a KLE number the person has."""

    def things(self, kind: Kind, number: int, cvr: str | None = None, kle: str = "") -> Sequence[Thing]:
        """The objects of a kind of the person with this number, if there is one. Documents are inside their cases.

        Those of another owner than ``cvr`` or another topic than ``kle`` need not be among them: to make what is then
        thrown away would cost a bulk sync half its speed.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Who has objects of one owner, in which population, and how many there are up to and with each of them."""

    people: MutableSequence[int]
    populations: MutableSequence[int]  # places in the tuple of populations
    reached: MutableSequence[int]


class Denmark:
    """Every object there is, found by CPR number, by owner or by UUID."""

    def __init__(self, populations: Iterable[Population]) -> None:
        self._populations = tuple(populations)
        self._found: dict[tuple[Kind, str, str], _Found] = {}
        self._counting: dict[tuple[Kind, str, str], Lock] = {}
        self._lock = Lock()

    def search(self, kind: Kind, criteria: Criteria) -> Page:
        """The page of objects that ``criteria`` asks for."""
        if criteria.cpr is None:
            return self._of_owner(kind, criteria)
        things = [
            thing
            for population in self._populations
            if (number := population.number_of(criteria.cpr)) is not None
            for thing in _sorted(population, kind, number, criteria)
        ]
        return Page(total=len(things), things=tuple(things[criteria.first : criteria.first + criteria.most]))

    def by_uuid(self, kind: Kind, uuids: Iterable[str]) -> tuple[Thing, ...]:
        """The objects of a kind with these UUIDs, in their order; unknown ones are left out."""
        found: list[Thing] = []
        for uuid in uuids:
            found.extend(thing for thing in self._claimed(kind, kind, uuid) if thing.uuid == uuid.lower())
        return tuple(found)

    def documents(self, uuids: Iterable[str]) -> tuple[Document, ...]:
        """The documents with these UUIDs, in their order; unknown ones are left out."""
        found: list[Document] = []
        for uuid in uuids:
            for case in self._claimed(Kind.DOCUMENT, Kind.CASE, uuid):
                if isinstance(case, Case):
                    found.extend(document for document in case.documents if document.uuid == uuid.lower())
        return tuple(found)

    def count_anew(self) -> None:
        """Forget what was counted: an object has come or gone."""
        with self._lock:
            self._found.clear()

    def _claimed(self, kind: Kind, made: Kind, uuid: str) -> Iterable[Thing]:
        """The objects of kind ``made`` of the person that a UUID of ``kind`` says it belongs to."""
        claim = read_uuid(uuid)
        if claim is None or claim[0] is not kind:
            return ()
        return [thing for population in self._populations for thing in population.things(made, claim[1])]

    def _of_owner(self, kind: Kind, criteria: Criteria) -> Page:
        found = self._index(kind, criteria.cvr or "", criteria.kle)
        place = bisect_right(found.reached, criteria.first)
        before = found.reached[place - 1] if place else 0
        wanted = slice(criteria.first - before, criteria.first - before + criteria.most)
        things: list[Thing] = []
        while place < len(found.people) and len(things) < wanted.stop:
            population = self._populations[found.populations[place]]
            things.extend(_sorted(population, kind, found.people[place], criteria))
            place += 1
        return Page(total=found.reached[-1] if found.reached else 0, things=tuple(things[wanted]))

    def _index(self, kind: Kind, cvr: str, kle: str) -> _Found:
        key = (kind, cvr, kle)
        with self._lock:
            counting = self._counting.setdefault(key, Lock())
        # The first page of a big owner takes a while: its other readers wait for the same answer, nobody else does.
        with counting:
            if (found := self._found.get(key)) is None:
                found = self._counted(kind, cvr, kle)
                with self._lock:
                    if len(self._found) >= _KEPT_SEARCHES:
                        del self._found[next(iter(self._found))]
                    self._found[key] = found
        return found

    def _counted(self, kind: Kind, cvr: str, kle: str) -> _Found:
        found = _Found(people=array("Q"), populations=array("B"), reached=array("Q"))
        reached = 0
        for place, population in enumerate(self._populations):
            for number in population.owned_by(cvr):
                if count := population.count(kind, number, cvr, kle):
                    reached += count
                    found.people.append(number)
                    found.populations.append(place)
                    found.reached.append(reached)
        return found


def _sorted(population: Population, kind: Kind, number: int, criteria: Criteria) -> list[Thing]:
    things = population.things(kind, number, criteria.cvr, criteria.kle)
    found = [thing for thing in things if matches(thing, criteria)]
    return sorted(found, key=lambda thing: thing.uuid)


def matches(thing: Thing, criteria: Criteria) -> bool:
    """Whether an object has the party, the owner and the KLE number that are asked for."""
    return (
        (criteria.cpr is None or thing.cpr == criteria.cpr)
        and (criteria.cvr is None or thing.owner.cvr == criteria.cvr)
        and (not criteria.kle or any(kle.startswith(criteria.kle) for kle in thing.kles))
    )
