"""The synthetic citizens' holistic plans, put together from ``data/plans.toml``."""

from datetime import date, timedelta
from typing import Any

from indexes.mock.days import bank_day, instant
from indexes.mock.dice import Dice, Kind, object_uuid
from indexes.mock.objects import (
    Agreement,
    Consent,
    Intervention,
    Meeting,
    Plan,
    SubGoal,
)
from indexes.mock.synthetic.cases import Citizen
from indexes.mock.synthetic.rates import Rates
from indexes.mock.tables import read_toml

_MEETINGS_APART = 90  # days
_EMPLOYMENT = "15"


class PlanMaker:
    """Makes plans; ``plan`` is the only thing to call."""

    def __init__(self, *, rates: Rates, today: date, seed: int) -> None:
        self._today = today
        self._seed = seed
        self._words = read_toml("plans.toml")
        self._consents = rates.group("consent_withdrawn", "consent_missing")

    def plan(self, citizen: Citizen, cases: list[tuple[str, str]]) -> Plan:
        """The plan of a citizen with these cases: the KLE number and the UUID of each."""
        dice = Dice(self._seed, citizen.number, 0, Kind.PLAN)
        created = dice.between(20, 300)
        changed = dice.between(1, created)
        employment = next((uuid for kle, uuid in cases if kle.startswith(_EMPLOYMENT)), None)
        unit = f"Jobcenter {citizen.municipality.name}"
        return Plan(
            uuid=object_uuid(self._seed, Kind.PLAN, citizen.number, 0),
            registered=instant(self._today - timedelta(days=changed), "11:20:00"),
            owner=citizen.municipality.authority,
            unit=unit,
            phone=citizen.municipality.phone,
            cpr=citizen.party.cpr,
            created=self._day(-created),
            changed=self._day(-changed),
            goal=dice.pick(self._words["goals"]),
            sub_goals=tuple(self._sub_goals(dice, created, unit)),
            agreements=tuple(self._agreement(dice, number) for number in range(1, dice.between(2, 5))),
            meetings=tuple(self._meetings(dice, created)),
            consent=self._consent(dice, citizen, created, changed),
            employment_case=employment,
            other_cases=tuple(uuid for _, uuid in cases if uuid != employment),
        )

    def _day(self, offset: int) -> str:
        return (self._today + timedelta(days=offset)).isoformat()

    def _consent(self, dice: Dice, citizen: Citizen, created: int, changed: int) -> Consent:
        wrong = self._consents.roll(dice)
        if wrong and wrong.name == "consent_missing":
            return Consent(reference=None, state="mangler")
        return Consent(
            reference=object_uuid(self._seed, Kind.OTHER, citizen.number, 0),
            state="trukket" if wrong else "givet",
            given=self._day(-created),
            withdrawn=self._day(-changed) if wrong else None,
        )

    def _sub_goals(self, dice: Dice, created: int, unit: str) -> list[SubGoal]:
        words = self._words["sub_goal"]
        first = dice.number(len(words))
        chosen = [words[(first + step) % len(words)] for step in range(dice.between(2, 4))]
        return [
            SubGoal(
                id=f"delmaal-{number}",
                text=entry["text"],
                state=dice.pick(("planlagt", "i_gang", "i_gang", "naaet", "opgivet")),
                interventions=tuple(
                    self._intervention(dice, f"indsats-{number}-{place}", each, created, unit)
                    for place, each in enumerate(entry["intervention"], start=1)
                ),
            )
            for number, entry in enumerate(chosen, start=1)
        ]

    def _intervention(self, dice: Dice, key: str, entry: dict[str, Any], created: int, unit: str) -> Intervention:
        start = dice.between(-created, 60)
        end = start + dice.between(30, 240)
        state = "planlagt" if start > 0 else "i_gang" if end >= 0 else dice.pick(("afsluttet", "afsluttet", "afbrudt"))
        return Intervention(
            id=key,
            title=entry["title"],
            kind=entry["kind"],
            field=entry["field"],
            kle=entry.get("kle"),
            unit=unit,
            start=self._day(start),
            end=self._day(end),
            state=state,
            amount=entry.get("amount"),
        )

    def _agreement(self, dice: Dice, number: int) -> Agreement:
        entry = dice.pick(self._words["agreement"])
        due = dice.between(-30, 60)
        done = due < 0 and dice.chance(0.7)
        return Agreement(
            id=f"aftale-{number}",
            text=entry["text"],
            who=entry["who"],
            due=self._day(due),
            done=done,
            done_on=self._day(due - 1) if done else None,
        )

    def _meetings(self, dice: Dice, created: int) -> list[Meeting]:
        first = dice.between(-created, 30)
        made = []
        for number, offset in enumerate(range(first, 200, _MEETINGS_APART), start=1):
            day = bank_day(self._today + timedelta(days=offset), 1)
            made.append(
                Meeting(
                    id=f"opfoelgning-{number}",
                    start=instant(day, "13:00:00"),
                    end=instant(day, "13:45:00"),
                    place=dice.pick(self._words["places"]),
                    topic=dice.pick(self._words["topics"]),
                    held=day < self._today,
                )
            )
        return made
