"""The ten demo people and the staff, read from ``data/people/*.toml`` and ``data/staff.toml``.

A person's file says everything the indexes hold about that person, with days relative to today; a new demo person is
a new file. Their objects have the same UUIDs under every seed. What each table of a file may hold is said in
``data/people/README.md``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from indexes.mock.days import birth_date
from indexes.mock.demo import stories
from indexes.mock.denmark import matches
from indexes.mock.dice import Kind
from indexes.mock.objects import Holdings, Party, Thing
from indexes.mock.reading.search import Criteria
from indexes.mock.tables import DATA, Municipality, Tables, read_toml

FIRST_PERSON = 0xD00000000000  # demo people are numbered from here, far above any synthetic citizen


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    number: int
    key: str
    name: str
    given_name: str
    cpr: str
    born: date
    municipality: Municipality
    story: dict[str, str]
    holdings: Holdings = field(repr=False)

    def described(self) -> dict[str, object]:
        """The person as /_people lists them."""
        return {
            "key": self.key,
            "name": self.name,
            "given_name": self.given_name,
            "cpr": self.cpr,
            "birth_date": self.born.isoformat(),
            "municipality": self.municipality.code,
            "story": self.story,
        }


def load_people(tables: Tables, today: date) -> tuple[DemoPerson, ...]:
    """The demo people in the order of their numbers."""
    files = [read_toml(f"people/{path.name}") for path in (DATA / "people").glob("*.toml")]
    return tuple(_person(entry, tables, today) for entry in sorted(files, key=lambda entry: int(entry["number"])))


def load_staff() -> list[dict[str, Any]]:
    """The staff as /_people lists them."""
    staff: list[dict[str, Any]] = read_toml("staff.toml")["staff"]
    return staff


def _person(entry: dict[str, Any], tables: Tables, today: date) -> DemoPerson:
    municipality = tables.municipalities[entry["municipality"]]
    number = FIRST_PERSON + entry["number"]
    teller = stories.Teller(
        tables=tables,
        today=today,
        municipality=municipality,
        person=number,
        party=Party(cpr=entry["cpr"], name=entry["name"]),
    )
    return DemoPerson(
        number=number,
        key=entry["key"],
        name=entry["name"],
        given_name=entry["given_name"],
        cpr=entry["cpr"],
        born=birth_date(age=entry["age"], birthday_in=entry["birthday_in"], today=today),
        municipality=municipality,
        story=entry["story"],
        holdings=teller.tell(entry),
    )


class DemoPopulation:
    """The demo people as a ``denmark.Population``: all their objects are made once, and kept."""

    def __init__(self, people: Iterable[DemoPerson]) -> None:
        self._people = {person.number: person for person in people}
        self._numbers = {person.cpr: person.number for person in self._people.values()}

    def number_of(self, cpr: str) -> int | None:
        return self._numbers.get(cpr)

    def owned_by(self, cvr: str) -> Sequence[int]:  # noqa: ARG002  so few that looking closer is not worth it
        return tuple(self._people)

    def count(self, kind: Kind, number: int, cvr: str, kle: str) -> int:
        wanted = Criteria(cvr=cvr, kle=kle)
        return sum(matches(thing, wanted) for thing in self.things(kind, number))

    def things(self, kind: Kind, number: int, cvr: str | None = None, kle: str = "") -> Sequence[Thing]:  # noqa: ARG002  all are made already
        person = self._people.get(number)
        return person.holdings.of(kind) if person else ()

    def keys(self) -> tuple[str, ...]:
        """Those to whom something can happen: who has a case."""
        return tuple(person.key for person in self._people.values() if person.holdings.cases and person.story)

    def of(self, key: str, kind: Kind) -> Sequence[Thing]:
        """The objects of a kind of the person whom a key names; none if nobody is called so."""
        return next((person.holdings.of(kind) for person in self._people.values() if person.key == key), ())

    def put(self, kind: Kind, uuid: str, thing: Thing | None) -> None:
        """Put an object in the place of the one with this UUID; None takes it away."""
        name = {Kind.CASE: "cases", Kind.GRANT: "grants", Kind.PAYMENT: "payments", Kind.PLAN: "plans"}[kind]
        for number, person in self._people.items():
            held = person.holdings.of(kind)
            if any(each.uuid == uuid for each in held):
                after = tuple(new for each in held if (new := thing if each.uuid == uuid else each) is not None)
                changes: dict[str, Any] = {name: after}
                self._people[number] = replace(person, holdings=replace(person.holdings, **changes))
                return
