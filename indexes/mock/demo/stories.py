"""From a demo person's file to the objects the indexes hold about that person.

``data/people/README.md`` says what a file may hold; this module makes it into cases, grants and payments, and leaves
the plan to ``demo.plans``. Demo people are tidy: nothing here is broken on purpose.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from indexes.mock.days import Payday, day_of, instant, paydays
from indexes.mock.demo.plans import PlanTeller
from indexes.mock.dice import Dice, Kind, object_uuid
from indexes.mock.money import Slip, kroner, make_payment
from indexes.mock.objects import (
    Benefit,
    Case,
    Document,
    Grant,
    Holdings,
    Instalment,
    Party,
    Payment,
    State,
)
from indexes.mock.tables import Municipality, Tables

DEMO_SEED = 0  # demo people are the same under every seed
DOCUMENTS_PER_CASE = 16
PAYMENTS_PER_SERIES = 64

Entry = dict[str, Any]


def _states(days: list[tuple[str, date]]) -> tuple[State, ...]:
    """What a case has come through: each state ends when the next one begins, the last one never."""
    begins = [instant(day, "09:00:00") for _, day in days]
    return tuple(
        State(code=code, start=start, end=end)
        for (code, _), start, end in zip(days, begins, [*begins[1:], None], strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Makes one demo person's objects; ``tell`` is the only thing to call."""

    tables: Tables
    today: date
    municipality: Municipality
    person: int
    party: Party

    def tell(self, entry: Entry) -> Holdings:
        """Everything the file ``entry`` says. Raises KeyError or ValueError on a file that does not hold together."""
        entries = [*entry.get("case", []), *self._past(entry.get("past"))]
        cases = {item["id"]: self._case(number, item) for number, item in enumerate(entries)}
        linked = tuple(
            replace(cases[item["id"]], related=tuple(cases[other].uuid for other in item.get("related", [])))
            for item in entries
        )
        grants = {item["id"]: self._grant(number, item, cases) for number, item in enumerate(entry.get("grant", []))}
        payments = [
            payment
            for number, item in enumerate(entry.get("series", []))
            for payment in self._series(number, item, grants[item["grant"]])
        ]
        plan = PlanTeller(
            today=self.today,
            municipality=self.municipality,
            person=self.person,
            party=self.party,
            case_uuids={key: case.uuid for key, case in cases.items()},
        )
        plans = (plan.tell(entry["plan"]),) if "plan" in entry else ()
        return Holdings(cases=linked, grants=tuple(grants.values()), payments=tuple(payments), plans=plans)

    def _uuid(self, kind: Kind, ordinal: int) -> str:
        return object_uuid(DEMO_SEED, kind, self.person, ordinal)

    def _past(self, past: Entry | None) -> Iterator[Entry]:
        """Ended cases spread over the years, for someone with a long history."""
        if past is None:
            return
        dice = Dice(DEMO_SEED, self.person)
        for number in range(past["count"]):
            opened = dice.between(past["from"], past["to"])
            kind = dice.pick(past["kinds"])
            decided = opened + dice.between(5, 40)
            yield {
                **kind,
                "id": f"past-{number}",
                "states": [["Opstaaet", opened], ["Afgjort", decided], ["Afsluttet", decided + dice.between(1, 15)]],
                "outcome": dice.pick(["granted", "granted", "granted", "partly", "refused"]),
            }

    def _case(self, number: int, item: Entry) -> Case:
        """A case with its documents; what it is related to is not known yet."""
        system = self.tables.system(item["system"], self.municipality)
        owner, unit = self.tables.home(self.municipality, system, item["kle"], item.get("unit"))
        days = [(code, day_of(day, self.today)) for code, day in item["states"]]
        opened, changed = days[0][1], days[-1][1]
        registered = day_of(item["registered"], self.today) if "registered" in item else changed
        case = Case(
            uuid=self._uuid(Kind.CASE, number),
            number=self.tables.case_number(system, opened.year, self.person % 100 * 1000 + number, item["kle"]),
            kle=item["kle"],
            kle_title=self.tables.kle[item["kle"]],
            facet=item.get("facet", "G01"),
            title=item["title"],
            secret_title=item.get("secret_title"),
            status_text=item.get("status"),
            sensitivity=item.get("sensitivity", "FORTROLIGE_PERSONOPLYSNINGER"),
            registered=instant(registered, "09:12:00"),
            created=instant(opened, "09:00:00"),
            start=instant(opened),
            owner=owner,
            unit=unit,
            caseworker=None if owner is self.tables.udk else self.tables.caseworker(Dice(self.person, number)),
            system=system,
            primary=self.party,
            hidden=item.get("hidden", False),
            outcome=item.get("outcome"),
            states=_states(days),
        )
        documents = tuple(
            self._document(number, place, each, case) for place, each in enumerate(item.get("documents", []))
        )
        return replace(case, documents=documents)

    def _document(self, case_number: int, place: int, item: Entry, case: Case) -> Document:
        day = day_of(item["day"], self.today)
        return Document(
            uuid=self._uuid(Kind.DOCUMENT, case_number * DOCUMENTS_PER_CASE + place),
            number=f"{case.number}-{place + 1}",
            title=item["title"],
            kind=item["kind"],
            day=day.isoformat(),
            start=instant(day),
            registered=instant(day, "10:30:00"),
            sensitivity=case.sensitivity,
            hidden=item.get("hidden", False),
            owner=case.owner,
            system=case.system,
        )

    def _grant(self, number: int, item: Entry, cases: dict[str, Case]) -> Grant:
        case = cases[item["case"]]
        start = day_of(item["start"], self.today)
        end = day_of(item["end"], self.today) if "end" in item else None
        return Grant(
            uuid=self._uuid(Kind.GRANT, number),
            number=f"B-{case.number}",
            registered=instant(start, "11:00:00"),
            sensitivity=case.sensitivity,
            start=start.isoformat(),
            start_instant=instant(start),
            end=end.isoformat() if end else None,
            owner=case.owner,
            unit=case.unit,
            system=case.system,
            recipient=self.party,
            case_uuid=case.uuid,
            benefits=tuple(self._benefit(each, start, end) for each in item["benefit"]),
        )

    def _benefit(self, item: Entry, start: date, end: date | None) -> Benefit:
        until = instant(end) if end else None
        pay = self.tables.pay[item["pay"]]
        plan = Instalment(
            start=instant(start),
            end=until,
            frequency=pay["frequency"],
            in_advance=pay["in_advance"],
            day=pay["day"],
            amount=kroner(item["amount"]),
        )
        return Benefit(
            id=item["id"],
            name=item["name"],
            kle=item["kle"],
            kle_title=self.tables.kle[item["kle"]],
            start=instant(start),
            end=until,
            repayable=item.get("repayable", False),
            plans=(plan,),
        )

    def _series(self, number: int, item: Entry, grant: Grant) -> Iterator[Payment]:
        since = day_of(item["since"], self.today)
        until = day_of(item["until"], self.today) if "until" in item else date.max
        if item["pay"] == Payday.ONCE:
            days = [(since, since, since)]
        else:
            days = [each for each in paydays(Payday(item["pay"]), self.today) if since <= each[0] <= until]
        coming = 1 if days and days[-1][0] > self.today else 0
        extras = item.get("extra", [])
        for place, (payday, start, end) in enumerate(days):
            nth = place - len(days) + coming  # 0 is the coming payment, -1 the latest that was paid
            slip = self._slip(item, grant, number * PAYMENTS_PER_SERIES + place)
            slip = replace(slip, payday=payday, start=start, end=end)
            for exception in item.get("exception", []):
                if exception["nth"] == nth:
                    slip = self._changed(slip, exception)
            yield self._payment(grant, slip)
            for order, extra in enumerate(extras):
                if extra["nth"] == nth:
                    more = self._changed(slip, extra)
                    ordinal = number * PAYMENTS_PER_SERIES + PAYMENTS_PER_SERIES - 1 - order
                    later = day_of(extra.get("days_later", 0), payday)
                    yield self._payment(grant, replace(more, ordinal=ordinal, payday=later))

    def _slip(self, item: Entry, grant: Grant, ordinal: int) -> Slip:
        gross = {benefit.id: benefit for benefit in grant.benefits}
        shares = tuple((gross[key], kroner(each)) for key, each in item["gross"].items())
        return Slip(
            ordinal=ordinal,
            payday=self.today,
            start=self.today,
            end=self.today,
            shares=shares,
            after_tax=kroner(item["net"]) if "net" in item else sum(share for _, share in shares),
        )

    @staticmethod
    def _changed(slip: Slip, item: Entry) -> Slip:
        """``slip`` with what an exception or an extra payment says instead; unsaid steps follow the one before."""
        shares = slip.shares
        if "gross" in item:
            shares = tuple((benefit, kroner(item["gross"][benefit.id])) for benefit, _ in shares)
        return replace(
            slip,
            shares=shares,
            after_tax=kroner(item["net"]) if "net" in item else slip.after_tax,
            sent=kroner(item["sent"]) if "sent" in item else None,
            paid=kroner(item["paid"]) if "paid" in item else None,
            sent_text=item.get("sent_text"),
            paid_text=item.get("paid_text"),
        )

    def _payment(self, grant: Grant, slip: Slip) -> Payment:
        return make_payment(grant, slip, seed=DEMO_SEED, person=self.person, today=self.today)
