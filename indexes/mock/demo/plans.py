"""From the plan in a demo person's file to a plan of the plan index."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from indexes.mock.days import day_of, first_of_month, instant
from indexes.mock.dice import Kind, object_uuid
from indexes.mock.objects import (
    Agreement,
    Consent,
    FamilyMember,
    Intervention,
    Meeting,
    Party,
    Plan,
    SubGoal,
)
from indexes.mock.tables import Municipality, fixed_uuid

Entry = dict[str, Any]

_PLAN_MONTHS = 6  # what a plan works towards begins about this long from now
_JUNE = 6


def next_summer(today: date) -> int:
    """The year of the first summer that leaves time for what a plan works towards."""
    begins = first_of_month(today, _PLAN_MONTHS)
    return begins.year if begins.month <= _JUNE else begins.year + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTeller:
    """Makes one demo person's plan; ``tell`` is the only thing to call."""

    today: date
    municipality: Municipality
    person: int
    party: Party
    case_uuids: dict[str, str]

    def tell(self, item: Entry) -> Plan:
        """The plan that ``item`` describes. Raises KeyError or ValueError on one that does not hold together."""
        consent = item["consent"]
        changed = day_of(item["changed"], self.today)
        return Plan(
            uuid=object_uuid(0, Kind.PLAN, self.person, 0),
            registered=instant(changed, "11:20:00"),
            owner=self.municipality.authority,
            unit=item["unit"],
            phone=self.municipality.phone,
            cpr=self.party.cpr,
            created=self._day(item["created"]),
            changed=changed.isoformat(),
            goal=item["goal"].format(next_summer=next_summer(self.today)),
            sub_goals=tuple(self._sub_goal(number, each) for number, each in enumerate(item["sub_goal"], start=1)),
            agreements=tuple(self._agreement(number, each) for number, each in enumerate(item["agreement"], start=1)),
            meetings=tuple(self._meeting(number, each) for number, each in enumerate(item["meeting"], start=1)),
            family=tuple(
                FamilyMember(role=each["role"], given_name=each["name"], birth_year=self.today.year - each["age"])
                for each in item.get("family", [])
            ),
            consent=Consent(
                reference=fixed_uuid(f"samtykke {self.party.cpr}"),
                state=consent["state"],
                given=self._day(consent["given"]),
                withdrawn=self._day(consent["withdrawn"]) if "withdrawn" in consent else None,
            ),
            employment_case=self.case_uuids[item["employment_case"]],
            other_cases=tuple(self.case_uuids[key] for key in item.get("other_cases", [])),
        )

    def _day(self, expression: int | str) -> str:
        return day_of(expression, self.today).isoformat()

    def _sub_goal(self, number: int, item: Entry) -> SubGoal:
        interventions = enumerate(item.get("intervention", []), start=1)
        return SubGoal(
            id=f"delmaal-{number}",
            text=item["text"],
            state=item["state"],
            interventions=tuple(self._intervention(f"indsats-{number}-{place}", each) for place, each in interventions),
        )

    def _intervention(self, key: str, item: Entry) -> Intervention:
        start, end = day_of(item["start"], self.today), day_of(item["end"], self.today)
        return Intervention(
            id=key,
            title=item["title"],
            description=item.get("description"),
            kind=item["kind"],
            field=item["field"],
            kle=item.get("kle"),
            unit=item.get("unit"),
            start=start.isoformat(),
            end=end.isoformat(),
            state="afsluttet" if end < self.today else "i_gang" if start <= self.today else "planlagt",
            amount=item.get("amount"),
            payer=item.get("payer"),
        )

    def _agreement(self, number: int, item: Entry) -> Agreement:
        return Agreement(
            id=f"aftale-{number}",
            text=item["text"],
            who=item["who"],
            who_name=item.get("who_name"),
            due=self._day(item["due"]) if "due" in item else None,
            done="done" in item,
            done_on=self._day(item["done"]) if "done" in item else None,
        )

    def _meeting(self, number: int, item: Entry) -> Meeting:
        day = day_of(item["day"], self.today)
        return Meeting(
            id=f"opfoelgning-{number}",
            start=instant(day, f"{item['from']}:00"),
            end=instant(day, f"{item['to']}:00"),
            place=item["place"],
            topic=item["topic"],
            held=day < self.today,
        )
