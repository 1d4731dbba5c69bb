"""Others who live where the demo people do, from ``data/neighbours.toml``: so many decided cases that one can count.

They are made like the demo people and numbered after them; they have no story, and ``/_people`` lists none of them.
"""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any, Final

from indexes.mock.demo.people import FIRST_PERSON, DemoPerson
from indexes.mock.demo.stories import DEMO_SEED, Teller
from indexes.mock.dice import Dice
from indexes.mock.objects import Party
from indexes.mock.tables import Tables, read_toml

FIRST_NEIGHBOUR: Final = FIRST_PERSON + 0x1000
BORN: Final = date(1961, 5, 17)
_DAYS, _MONTHS = 31, 20  # impossible ones: from 61, and from 13
_SERIAL: Final = 9900  # a serial number that neither the demo people nor the synthetic citizens have
OUTCOMES: Final = ("granted", "granted", "granted", "partly", "refused")


def load_neighbours(tables: Tables, today: date) -> Iterator[DemoPerson]:
    """All of them."""
    numbers = count()
    for row in read_toml("neighbours.toml")["neighbours"]:
        for _ in range(row["count"]):
            yield _neighbour(next(numbers), row, tables, today)


def _neighbour(place: int, row: dict[str, Any], tables: Tables, today: date) -> DemoPerson:
    number, municipality = FIRST_NEIGHBOUR + place, tables.municipalities[row["municipality"]]
    day, month = place % _DAYS, place // _DAYS % _MONTHS
    cpr = f"{61 + day}{13 + month}{BORN:%y}{_SERIAL + place // (_DAYS * _MONTHS)}"
    dice = Dice(DEMO_SEED, number)
    given = f"Nabo {place + 1}"
    teller = Teller(
        tables=tables,
        today=today,
        municipality=municipality,
        person=number,
        party=Party(cpr=cpr, name=f"{given} Opdigtet"),
    )
    return DemoPerson(
        number=number,
        key=f"neighbour-{place + 1}",
        name=f"{given} Opdigtet",
        given_name=given,
        cpr=cpr,
        born=BORN,
        municipality=municipality,
        story={},
        holdings=teller.tell({"case": [_case(dice, row["within"], kind) for kind in row["kinds"]]}),
    )


def _case(dice: Dice, within: int, kind: dict[str, Any]) -> dict[str, Any]:
    decided = -dice.between(1, within)
    low, high = kind["takes"]
    # the smaller of two: most are faster than the middle of the range, as it is in life
    took = low + min(dice.between(0, high - low), dice.between(0, high - low))
    return {
        **kind,
        "id": kind["kle"],
        "states": [["Opstaaet", decided - took], ["Afgjort", decided]],
        "outcome": dice.pick(OUTCOMES),
    }
