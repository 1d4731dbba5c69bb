"""From the rows' JSON back to records: the way back of ``store.tables``, typed by hand.

A row is the list that ``reading`` asks for: uuid, registered, start and end of ``holds``, owner, then the kind's own
columns and last its facts, in which nothing stands for an empty value.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from indexes.records import (
    Agreement,
    Benefit,
    Case,
    CaseStatus,
    Consent,
    ConsentState,
    Document,
    Doer,
    FamilyMember,
    GoalState,
    Grant,
    Intervention,
    InterventionState,
    Meeting,
    Outcome,
    Payment,
    PaymentLine,
    PaymentPlan,
    Period,
    Plan,
    Sensitivity,
    Step,
    SubGoal,
)

Json = dict[str, Any]
NOBODY = ""  # the records' ``cpr``


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None


def _amount(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text is not None else None


def _period(start: str | None, end: str | None) -> Period:
    return Period(start=instant(start), end=instant(end))


def case(row: list[Any]) -> Case:
    uuid, registered, start, end, owner, kle, facet, fagsystem, sensitivity, hidden, opened, facts = row
    outcome = facts.get("outcome")
    return Case(
        uuid=UUID(uuid),
        registered=datetime.fromisoformat(registered),
        holds=_period(start, end),
        owner_cvr=owner,
        cpr=NOBODY,
        kle=kle,
        facet=facet,
        fagsystem=fagsystem,
        sensitivity=Sensitivity(sensitivity),
        hidden=hidden,
        opened=_day(opened),
        title=facts.get("title"),
        number=facts.get("number"),
        status_text=facts.get("status_text"),
        unit=facts.get("unit"),
        outcome=Outcome(outcome) if outcome else None,
        progress=tuple(map(_step, facts.get("progress", ()))),
        documents=tuple(map(_document, facts.get("documents", ()))),
        related=tuple(map(UUID, facts.get("related", ()))),
    )


def _step(facts: Json) -> Step:
    return Step(
        status=CaseStatus(facts["status"]),
        period=_period(facts["period"]["start"], facts["period"]["end"]),
    )


def _document(facts: Json) -> Document:
    return Document(
        uuid=UUID(facts["uuid"]),
        title=facts["title"],
        kind=facts["kind"],
        date=_day(facts["date"]),
        hidden=facts["hidden"],
    )


def grant(row: list[Any]) -> Grant:
    uuid, registered, start, end, owner, case_uuid, fagsystem, sensitivity, starts, ends, facts = row
    return Grant(
        uuid=UUID(uuid),
        registered=datetime.fromisoformat(registered),
        holds=_period(start, end),
        owner_cvr=owner,
        cpr=NOBODY,
        case_uuid=_uuid(case_uuid),
        sensitivity=Sensitivity(sensitivity),
        fagsystem=fagsystem,
        unit=facts.get("unit"),
        start=_day(starts),
        end=_day(ends),
        benefits=tuple(map(_benefit, facts.get("benefits", ()))),
    )


def _benefit(facts: Json) -> Benefit:
    return Benefit(
        id=facts["id"],
        name=facts["name"],
        kle=facts["kle"],
        start=_day(facts["start"]),
        end=_day(facts["end"]),
        repayable=facts["repayable"],
        plans=tuple(map(_payment_plan, facts["plans"])),
    )


def _payment_plan(facts: Json) -> PaymentPlan:
    return PaymentPlan(
        start=_day(facts["start"]),
        end=_day(facts["end"]),
        frequency=facts["frequency"],
        in_advance=facts["in_advance"],
        day=facts["day"],
        amount=_amount(facts["amount"]),
    )


def payment(row: list[Any]) -> Payment:
    uuid, registered, start, end, owner, fagsystem, available, facts = row
    return Payment(
        uuid=UUID(uuid),
        registered=datetime.fromisoformat(registered),
        holds=_period(start, end),
        owner_cvr=owner,
        cpr=NOBODY,
        fagsystem=fagsystem,
        paying_unit=facts.get("paying_unit"),
        start=_day(facts.get("start")),
        end=_day(facts.get("end")),
        available=date.fromisoformat(available),
        gross=Decimal(facts["gross"]),
        after_tax=_amount(facts.get("after_tax")),
        sent=_amount(facts.get("sent")),
        paid=_amount(facts.get("paid")),
        sent_text=facts.get("sent_text"),
        paid_text=facts.get("paid_text"),
        lines=tuple(map(_line, facts.get("lines", ()))),
    )


def _line(facts: Json) -> PaymentLine:
    return PaymentLine(
        kle=facts["kle"],
        amount=Decimal(facts["amount"]),
        start=_day(facts["start"]),
        end=_day(facts["end"]),
        grant_uuid=_uuid(facts["grant_uuid"]),
        benefit_id=facts["benefit_id"],
    )


def plan(row: list[Any]) -> Plan:
    uuid, registered, start, end, owner, kle, facts = row
    return Plan(
        uuid=UUID(uuid),
        registered=datetime.fromisoformat(registered),
        holds=_period(start, end),
        owner_cvr=owner,
        cpr=NOBODY,
        kle=kle,
        unit=facts.get("unit"),
        phone=facts.get("phone"),
        made=_day(facts.get("made")),
        changed=_day(facts.get("changed")),
        goal=facts.get("goal"),
        sub_goals=tuple(map(_sub_goal, facts.get("sub_goals", ()))),
        agreements=tuple(map(_agreement, facts.get("agreements", ()))),
        meetings=tuple(map(_meeting, facts.get("meetings", ()))),
        family=tuple(FamilyMember(**member) for member in facts.get("family", ())),
        consent=_consent(facts["consent"]),
        case_uuids=tuple(map(UUID, facts.get("case_uuids", ()))),
    )


def _sub_goal(facts: Json) -> SubGoal:
    return SubGoal(
        id=facts["id"],
        text=facts["text"],
        state=GoalState(facts["state"]),
        interventions=tuple(map(_intervention, facts["interventions"])),
    )


def _intervention(facts: Json) -> Intervention:
    typed = {"start": _day(facts["start"]), "end": _day(facts["end"]), "state": InterventionState(facts["state"])}
    return Intervention(**(facts | typed))


def _agreement(facts: Json) -> Agreement:
    typed = {"who": Doer(facts["who"]), "due": _day(facts["due"]), "done_on": _day(facts["done_on"])}
    return Agreement(**(facts | typed))


def _meeting(facts: Json) -> Meeting:
    return Meeting(**(facts | {"start": datetime.fromisoformat(facts["start"]), "end": instant(facts["end"])}))


def _consent(facts: Json) -> Consent:
    return Consent(
        reference=_uuid(facts["reference"]),
        state=ConsentState(facts["state"]),
        given=_day(facts["given"]),
        withdrawn=_day(facts["withdrawn"]),
    )
