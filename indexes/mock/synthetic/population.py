"""The synthetic citizens: as many as the program is told to hold, spread over the municipalities.

Citizens are numbered through, municipality by municipality. Nothing about them is kept: a citizen's objects are made
from the seed and the citizen's number whenever they are asked for.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from functools import partial

from indexes.mock.dice import Dice, Kind, object_uuid
from indexes.mock.objects import Party, Plan, Thing
from indexes.mock.synthetic import cpr
from indexes.mock.synthetic.cases import CaseMaker, Citizen
from indexes.mock.synthetic.outlines import Outline, Outlines
from indexes.mock.synthetic.payments import GrantMaker
from indexes.mock.synthetic.plans import PlanMaker
from indexes.mock.synthetic.rates import Rates
from indexes.mock.tables import DEMO_MUNICIPALITIES, Municipality, Tables

DEMO_CITIZENS = 40  # each demo municipality has at least this many…
ENOUGH = 300  # …when there are at least this many in all


def spread(citizens: int, municipalities: Sequence[Municipality]) -> list[int]:
    """How many of the citizens live in each municipality: by their residents, the demo municipalities never few."""
    least = DEMO_CITIZENS if citizens >= ENOUGH else 0
    counts = [least if each.code in DEMO_MUNICIPALITIES else 0 for each in municipalities]
    rest = citizens - sum(counts)
    residents = sum(each.residents for each in municipalities)
    reached = 0
    for place, each in enumerate(municipalities):
        before = reached
        reached += each.residents
        counts[place] += rest * reached // residents - rest * before // residents
    return counts


class SyntheticPopulation:
    """The synthetic citizens as a ``denmark.Population``."""

    def __init__(self, *, tables: Tables, rates: Rates, today: date, citizens: int, seed: int) -> None:
        self._tables = tables
        self._seed = seed
        self._citizens = citizens
        self._municipalities = tuple(tables.municipalities.values())
        self._starts = [0]
        for count in spread(citizens, self._municipalities):
            self._starts.append(self._starts[-1] + count)
        self._outlines = Outlines(tables=tables, rates=rates, today=today, seed=seed)
        self._case_maker = CaseMaker(tables=tables, rates=rates, today=today, seed=seed)
        self._grant_maker = GrantMaker(tables=tables, rates=rates, outlines=self._outlines, today=today, seed=seed)
        self._plan_maker = PlanMaker(rates=rates, today=today, seed=seed)

    def number_of(self, cpr_number: str) -> int | None:
        number = cpr.citizen_of(cpr_number)
        return number if number is not None and number < self._citizens else None

    def owned_by(self, cvr: str) -> Sequence[int]:
        if cvr == self._tables.udk.cvr:
            return range(self._citizens)
        for place, municipality in enumerate(self._municipalities):
            if municipality.authority.cvr == cvr:
                return range(self._starts[place], self._starts[place + 1])
        return ()

    def count(self, kind: Kind, number: int, cvr: str, kle: str) -> int:
        return self._outlines.count(kind, number, cvr, kle)

    def things(self, kind: Kind, number: int, cvr: str | None = None, kle: str = "") -> Sequence[Thing]:
        if number >= self._citizens:
            return ()
        citizen = self._citizen(number)
        outline = self._outlines.of(number)
        if kind is Kind.PLAN:
            return self._plans(citizen, outline)
        courses = self._outlines.having(kind, outline, cvr, kle)
        if kind is Kind.CASE:
            return [self._case_maker.case(citizen, course) for course in courses]
        if kind is Kind.GRANT:
            return [grant for course in courses if (grant := self._grant_maker.grant(citizen, course))]
        return [payment for course in courses for payment in self._grant_maker.payments(citizen, course)]

    def _plans(self, citizen: Citizen, outline: Outline) -> list[Plan]:
        if not outline.plan:
            return []
        cases = [
            (course.kind.kle, object_uuid(self._seed, Kind.CASE, citizen.number, course.ordinal))
            for course in outline.courses
        ]
        return [self._plan_maker.plan(citizen, cases)]

    def _citizen(self, number: int) -> Citizen:
        return Citizen(
            number=number,
            party=self._party(number),
            neighbour=partial(self._party, (number + 1) % self._citizens),
            municipality=self._municipalities[bisect_right(self._starts, number) - 1],
        )

    def _party(self, number: int) -> Party:
        names = self._tables.names
        dice = Dice(self._seed, number, Kind.OTHER)
        cpr_number = cpr.cpr_of(number)
        given = dice.pick(names["female" if cpr.is_female(cpr_number) else "male"])
        return Party(cpr=cpr_number, name=f"{given} {dice.pick(names['family'])}")
