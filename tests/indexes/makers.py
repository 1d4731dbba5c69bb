"""Small makers of records for the tests: only what a test cares about is said. CPR numbers are impossible dates."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

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
    Item,
    Meeting,
    Outcome,
    Parsed,
    Payment,
    PaymentLine,
    PaymentPlan,
    Period,
    Plan,
    Record,
    RefusalReason,
    Refused,
    Sensitivity,
    Step,
    SubGoal,
    WithdrawalReason,
    Withdrawn,
)
from indexes.store import Wanted

RANDERS, LOLLAND, UDK = "29189668", "29188572", "33236239"
METTE, BO, AMINA = "6113840001", "7219520002", "8031970003"
SPACE = UUID("00000000-0000-4000-8000-000000000000")
NOW = dt.datetime(2026, 11, 24, 6, 45, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
WANTED = Wanted(
    case=frozenset({"32", "15.17.06"}),
    grant=frozenset({"32"}),
    payment=frozenset({"32"}),
    plan=frozenset({"15.17.30"}),
)


def uuid(name: str) -> UUID:
    return uuid5(SPACE, name)


def days_ago(days: float) -> dt.datetime:
    return NOW - days * DAY


def case(name: str = "case", **changes: Any) -> Case:
    values: dict[str, Any] = {
        "uuid": uuid(name),
        "registered": days_ago(10),
        "holds": Period(start=days_ago(175)),
        "owner_cvr": RANDERS,
        "cpr": METTE,
        "kle": "32.30.04",
        "facet": "G01",
        "fagsystem": "KSD",
        "sensitivity": Sensitivity.CONFIDENTIAL,
        "hidden": False,
        "opened": dt.date(2026, 6, 2),
        "title": "Sygedagpenge",
    }
    return Case(**{**values, **changes})


def full_case() -> Case:
    """One in which every field says something."""
    return case(
        holds=Period(start=days_ago(175), end=NOW + DAY),
        number="26/1234",
        status_text="Oplysninger indhentes",
        unit="Ydelsesafdelingen",
        outcome=Outcome.GRANTED,
        progress=(
            Step(status=CaseStatus.RECEIVED, period=Period(start=days_ago(175), end=days_ago(90))),
            Step(status=CaseStatus.INFORMED, period=Period(start=days_ago(90))),
        ),
        documents=(
            Document(uuid=uuid("letter"), title="Afgørelse", kind="outgoing_letter", date=dt.date(2026, 11, 23)),
            Document(uuid=uuid("secret"), title=None, kind=None, date=None, hidden=True),
        ),
        related=(uuid("other case"),),
    )


def benefit(**changes: Any) -> Benefit:
    values: dict[str, Any] = {
        "id": "1",
        "name": "Sygedagpenge",
        "kle": "32.30.04",
        "start": dt.date(2026, 6, 2),
        "end": None,
    }
    return Benefit(**{**values, **changes})


def grant(name: str = "grant", **changes: Any) -> Grant:
    values: dict[str, Any] = {
        "uuid": uuid(name),
        "registered": days_ago(10),
        "holds": Period(),
        "owner_cvr": RANDERS,
        "cpr": METTE,
        "sensitivity": Sensitivity.CONFIDENTIAL,
        "benefits": (benefit(),),
    }
    return Grant(**{**values, **changes})


def full_grant() -> Grant:
    plan = PaymentPlan(
        start=dt.date(2026, 6, 2),
        end=dt.date(2027, 6, 1),
        frequency="Måned",
        in_advance=False,
        day="Sidste bankdag i måneden",
        amount=Decimal("18628.00"),
    )
    return grant(
        case_uuid=uuid("case"),
        fagsystem="KSD",
        unit="Ydelsesafdelingen",
        start=dt.date(2026, 6, 2),
        end=dt.date(2027, 6, 1),
        benefits=(
            benefit(repayable=True, end=dt.date(2027, 6, 1), plans=(plan,)),
            benefit(id="2", name=None, kle="32.06.12"),
        ),
    )


def line(**changes: Any) -> PaymentLine:
    values: dict[str, Any] = {
        "kle": "32.30.04",
        "amount": Decimal("18628.00"),
        "start": dt.date(2026, 10, 1),
        "end": dt.date(2026, 10, 31),
        "grant_uuid": uuid("grant"),
        "benefit_id": "1",
    }
    return PaymentLine(**{**values, **changes})


def payment(name: str = "payment", **changes: Any) -> Payment:
    values: dict[str, Any] = {
        "uuid": uuid(name),
        "registered": days_ago(10),
        "holds": Period(),
        "owner_cvr": RANDERS,
        "cpr": METTE,
        "available": dt.date(2026, 10, 30),
        "gross": Decimal("18628.00"),
        "after_tax": Decimal("13412.00"),
        "sent": Decimal("13412.00"),
        "paid": None,
        "lines": (line(),),
    }
    return Payment(**{**values, **changes})


def full_payment() -> Payment:
    return payment(
        fagsystem="KSD",
        paying_unit="Udbetaling",
        start=dt.date(2026, 10, 1),
        end=dt.date(2026, 10, 31),
        paid=Decimal("0.00"),
        sent_text="Tilbagebetaling",
        paid_text="Modregning fra Gældsstyrelsen",
        lines=(line(), line(amount=Decimal("-850.00"), start=None, end=None, grant_uuid=None, benefit_id=None)),
    )


def plan(name: str = "plan", **changes: Any) -> Plan:
    values: dict[str, Any] = {
        "uuid": uuid(name),
        "registered": days_ago(10),
        "holds": Period(),
        "owner_cvr": RANDERS,
        "cpr": METTE,
        "kle": "15.17.30",
        "consent": Consent(reference=None, state=ConsentState.MISSING, given=None, withdrawn=None),
    }
    return Plan(**{**values, **changes})


def full_plan() -> Plan:
    mentor = Intervention(
        id="1.1",
        title="Mentor",
        description="Samtaler om hverdagen",
        kind="indsats",
        field="beskaeftigelse",
        kle="15.20.36",
        unit="Jobcenter",
        start=dt.date(2026, 9, 1),
        end=None,
        state=InterventionState.ONGOING,
        amount="10 samtaler",
        payer="Randers Kommune",
    )
    return plan(
        unit="Jobcenter",
        phone="00 00 00 00",
        made=dt.date(2026, 8, 1),
        changed=dt.date(2026, 11, 1),
        goal="Jeg vil have et fleksjob.",
        sub_goals=(SubGoal(id="1", text="Ro på økonomien", state=GoalState.ONGOING, interventions=(mentor,)),),
        agreements=(
            Agreement(id="1", text="Send skema", who=Doer.CITIZEN, who_name=None, due=dt.date(2026, 12, 1), done=False),
            Agreement(
                id="2",
                text="Ring",
                who=Doer.ADVISER,
                who_name="Rådgiver",
                due=None,
                done=True,
                done_on=dt.date(2026, 11, 1),
            ),
        ),
        meetings=(
            Meeting(id="1", start=NOW, end=NOW + DAY / 24, place="Laksetorvet", topic="Opfølgning", held=False),
            Meeting(id="2", start=days_ago(60), end=None, place=None, topic=None, held=True),
        ),
        family=(FamilyMember(role="barn", given_name="Ida", birth_year=2020),),
        consent=Consent(reference=uuid("consent"), state=ConsentState.GIVEN, given=dt.date(2026, 8, 1), withdrawn=None),
        case_uuids=(uuid("case"),),
    )


def parsed(*records: Record) -> list[Item]:
    return [Parsed(record=record) for record in records]


def withdrawn(name: str = "case", *, days: float = 1, kind: str = "case") -> Withdrawn:
    return Withdrawn(kind=kind, uuid=uuid(name), registered=days_ago(days), reason=WithdrawalReason.DELETED)


def refused(
    name: str | None = "case",
    *,
    kind: str = "case",
    raw: bytes = b"<Sag/>",
    days: float | None = None,
    cpr: str | None = None,
) -> Refused:
    """A refused message; ``days`` None: its time of registration could not be read."""
    return Refused(
        kind=kind,
        uuid=uuid(name) if name else None,
        reason=RefusalReason.NO_KLE,
        what="Sagsklasse",
        raw=raw,
        registered=None if days is None else days_ago(days),
        cpr=cpr,
    )
