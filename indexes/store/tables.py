"""How each kind of record becomes a row: its columns, and the rest as ``facts``. ``reading`` is the way back.

A row never holds the CPR number: who it is about is the citizen's id, which ``batch`` puts in front.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, Final

import msgspec
import orjson

from indexes.keeping import case_ended
from indexes.records import Case, Grant, Payment, Plan, Record, Source

DIGEST_BYTES = 16

Facts = dict[str, object]
Values = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # one of each kind: told apart by identity
class Table:
    """One kind's table. ``own`` maps its own columns to PostgreSQL types, in the order that ``values`` gives them."""

    kind: str
    source: Source
    name: str
    own: Mapping[str, str]
    values: Callable[[Any], Values]
    facts: Callable[[Any], Facts]
    kle: Callable[[Any], tuple[str, ...]]
    ended: Callable[[Any], date | None]  # the day from which on it is kept for a time only (``keeping``)
    number: int  # tells the kinds' locks apart

    @property
    def columns(self) -> Mapping[str, str]:
        """All columns with their types, in the order of ``row``."""
        return {**COMMON, **self.own}

    def row(self, record: Record) -> Values:
        """The row without what the batch puts in front of it, ``facts`` as JSON bytes."""
        compared = (record.holds.start, record.holds.end, record.owner_cvr, *self.values(record))
        facts = msgspec.json.encode(_said(self.facts(record)))
        digest = blake2b(orjson.dumps(compared), digest_size=DIGEST_BYTES)
        digest.update(facts)
        return (record.uuid, record.registered, digest.digest(), facts, *compared)


COMMON: Final[Mapping[str, str]] = {
    "citizen_id": "uuid",
    "stored_at": "timestamptz",
    "fingerprint": "bytea",
    "defects": "varchar[]",
    "uuid": "uuid",
    "registered": "timestamptz",
    "digest": "bytea",
    "facts": "jsonb",
    "holds_from": "timestamptz",
    "holds_until": "timestamptz",
    "owner_cvr": "varchar",
}


def _said(facts: Facts) -> Facts:
    """Without what is missing or empty: most of a record's fields are, and every row would carry their names."""
    return {key: value for key, value in facts.items() if value is not None and value != ()}


def _case_values(case: Case) -> Values:
    return (case.kle, case.facet, case.fagsystem, case.sensitivity.value, case.hidden, case.opened, case_ended(case))


def _case_facts(case: Case) -> Facts:
    return {
        "title": case.title,
        "number": case.number,
        "status_text": case.status_text,
        "unit": case.unit,
        "outcome": case.outcome,
        "progress": case.progress,
        "documents": case.documents,
        "related": case.related,
    }


def _grant_values(grant: Grant) -> Values:
    return (
        _each_once(benefit.kle for benefit in grant.benefits),
        grant.case_uuid,
        grant.fagsystem,
        grant.sensitivity.value,
        grant.start,
        grant.end,
    )


def _grant_facts(grant: Grant) -> Facts:
    return {"unit": grant.unit, "benefits": grant.benefits}


def _payment_values(payment: Payment) -> Values:
    return (_each_once(line.kle for line in payment.lines), payment.fagsystem, payment.available)


def _payment_facts(payment: Payment) -> Facts:
    return {
        "paying_unit": payment.paying_unit,
        "start": payment.start,
        "end": payment.end,
        "gross": payment.gross,
        "after_tax": payment.after_tax,
        "sent": payment.sent,
        "paid": payment.paid,
        "sent_text": payment.sent_text,
        "paid_text": payment.paid_text,
        "lines": payment.lines,
    }


def _plan_facts(plan: Plan) -> Facts:
    return {
        "unit": plan.unit,
        "phone": plan.phone,
        "made": plan.made,
        "changed": plan.changed,
        "goal": plan.goal,
        "sub_goals": plan.sub_goals,
        "agreements": plan.agreements,
        "meetings": plan.meetings,
        "family": plan.family,
        "consent": plan.consent,
        "case_uuids": plan.case_uuids,
    }


def _each_once(numbers: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(numbers))


CASE = Table(
    kind="case",
    source=Source.SDI,
    name="indexes_case",
    own={
        "kle": "varchar",
        "facet": "varchar",
        "fagsystem": "text",
        "sensitivity": "varchar",
        "hidden": "bool",
        "opened": "date",
        "ended": "date",
    },
    values=_case_values,
    facts=_case_facts,
    kle=lambda case: (case.kle,),
    ended=case_ended,
    number=1,
)
GRANT = Table(
    kind="grant",
    source=Source.YI,
    name="indexes_grant",
    own={
        "kle": "varchar[]",
        "case_uuid": "uuid",
        "fagsystem": "text",
        "sensitivity": "varchar",
        "starts": "date",
        "ends": "date",
    },
    values=_grant_values,
    facts=_grant_facts,
    kle=lambda grant: tuple(benefit.kle for benefit in grant.benefits),
    ended=lambda grant: grant.end,
    number=2,
)
PAYMENT = Table(
    kind="payment",
    source=Source.YI,
    name="indexes_payment",
    own={"kle": "varchar[]", "fagsystem": "text", "available": "date"},
    values=_payment_values,
    facts=_payment_facts,
    kle=lambda payment: tuple(line.kle for line in payment.lines),
    ended=lambda payment: payment.available,
    number=3,
)
PLAN = Table(
    kind="plan",
    source=Source.PLAN,
    name="indexes_plan",
    own={"kle": "varchar"},
    values=lambda plan: (plan.kle,),
    facts=_plan_facts,
    kle=lambda plan: (plan.kle,),
    ended=lambda _: None,  # it has no end: it stands as long as the plan index sends it
    number=4,
)

TABLES: Final = (CASE, GRANT, PAYMENT, PLAN)
BY_TYPE: Final[Mapping[type[Record], Table]] = {Case: CASE, Grant: GRANT, Payment: PAYMENT, Plan: PLAN}


def tables_of(source: Source) -> tuple[Table, ...]:
    """The tables that an index fills."""
    return tuple(table for table in TABLES if table.source is source)
