"""From what ``holdings_of`` tells back to records: the way back of ``store.tables``.

The database's JSON is decoded straight into typed rows, in the order of ``sql/holdings.sql``: what is common to all,
the kind's own columns, and last its facts, in which nothing stands for an empty value.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.json import Decoder

from indexes.records import (
    Agreement,
    Benefit,
    Case,
    Consent,
    Document,
    FamilyMember,
    Grant,
    Meeting,
    Outcome,
    Payment,
    PaymentLine,
    Period,
    Plan,
    Sensitivity,
    Source,
    Step,
    SubGoal,
)
from indexes.states import SourceStateRow

NOBODY: Final = ""  # the records' ``cpr``
ALWAYS: Final = Period()


class _Row(Struct, array_like=True):
    """What every kind's row begins with."""

    uuid: UUID
    registered: datetime
    start: datetime | None
    end: datetime | None
    owner_cvr: str

    def holds(self) -> Period:
        return ALWAYS if self.start is None and self.end is None else Period(start=self.start, end=self.end)


class _CaseFacts(Struct):
    title: str | None = None
    number: str | None = None
    status_text: str | None = None
    unit: str | None = None
    outcome: Outcome | None = None
    progress: tuple[Step, ...] = ()
    documents: tuple[Document, ...] = ()
    related: tuple[UUID, ...] = ()


class CaseRow(_Row, array_like=True):
    kle: str
    facet: str | None
    fagsystem: str | None
    sensitivity: Sensitivity
    hidden: bool
    opened: date | None
    facts: _CaseFacts

    def record(self) -> Case:
        facts = self.facts
        return Case(
            uuid=self.uuid,
            registered=self.registered,
            holds=self.holds(),
            owner_cvr=self.owner_cvr,
            cpr=NOBODY,
            kle=self.kle,
            facet=self.facet,
            fagsystem=self.fagsystem,
            sensitivity=self.sensitivity,
            hidden=self.hidden,
            opened=self.opened,
            title=facts.title,
            number=facts.number,
            status_text=facts.status_text,
            unit=facts.unit,
            outcome=facts.outcome,
            progress=facts.progress,
            documents=facts.documents,
            related=facts.related,
        )


class _GrantFacts(Struct):
    unit: str | None = None
    benefits: tuple[Benefit, ...] = ()


class GrantRow(_Row, array_like=True):
    case_uuid: UUID | None
    fagsystem: str | None
    sensitivity: Sensitivity
    starts: date | None
    ends: date | None
    facts: _GrantFacts

    def record(self) -> Grant:
        return Grant(
            uuid=self.uuid,
            registered=self.registered,
            holds=self.holds(),
            owner_cvr=self.owner_cvr,
            cpr=NOBODY,
            case_uuid=self.case_uuid,
            sensitivity=self.sensitivity,
            fagsystem=self.fagsystem,
            unit=self.facts.unit,
            start=self.starts,
            end=self.ends,
            benefits=self.facts.benefits,
        )


class _PaymentFacts(Struct):
    gross: Decimal
    after_tax: Decimal | None = None
    sent: Decimal | None = None
    paid: Decimal | None = None
    sent_text: str | None = None
    paid_text: str | None = None
    paying_unit: str | None = None
    start: date | None = None
    end: date | None = None
    lines: tuple[PaymentLine, ...] = ()


class PaymentRow(_Row, array_like=True):
    fagsystem: str | None
    available: date
    facts: _PaymentFacts

    def record(self) -> Payment:
        facts = self.facts
        return Payment(
            uuid=self.uuid,
            registered=self.registered,
            holds=self.holds(),
            owner_cvr=self.owner_cvr,
            cpr=NOBODY,
            fagsystem=self.fagsystem,
            paying_unit=facts.paying_unit,
            start=facts.start,
            end=facts.end,
            available=self.available,
            gross=facts.gross,
            after_tax=facts.after_tax,
            sent=facts.sent,
            paid=facts.paid,
            sent_text=facts.sent_text,
            paid_text=facts.paid_text,
            lines=facts.lines,
        )


class _PlanFacts(Struct):
    consent: Consent
    unit: str | None = None
    phone: str | None = None
    made: date | None = None
    changed: date | None = None
    goal: str | None = None
    sub_goals: tuple[SubGoal, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    family: tuple[FamilyMember, ...] = ()
    case_uuids: tuple[UUID, ...] = ()


class PlanRow(_Row, array_like=True):
    kle: str
    facts: _PlanFacts

    def record(self) -> Plan:
        facts = self.facts
        return Plan(
            uuid=self.uuid,
            registered=self.registered,
            holds=self.holds(),
            owner_cvr=self.owner_cvr,
            cpr=NOBODY,
            kle=self.kle,
            unit=facts.unit,
            phone=facts.phone,
            made=facts.made,
            changed=facts.changed,
            goal=facts.goal,
            sub_goals=facts.sub_goals,
            agreements=facts.agreements,
            meetings=facts.meetings,
            family=facts.family,
            consent=facts.consent,
            case_uuids=facts.case_uuids,
        )


class Told(Struct):
    """What ``holdings_of`` tells; null where there is nothing."""

    cases: list[CaseRow] | None
    grants: list[GrantRow] | None
    payments: list[PaymentRow] | None
    plans: list[PlanRow] | None
    states: tuple[SourceStateRow, ...] | None
    answered: dict[Source, datetime] | None
    unusable: frozenset[Source] | None


told: Final = Decoder(Told).decode
