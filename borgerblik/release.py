"""What of a citizen's records goes into the copy that they may take along (GDPR art. 15(3)). Pure.

A right to one's data does not depend on which areas a municipality has opened, so what only such a choice hides is
given out. What a rule of law or doubt hides stays hidden, and the copy says in words, always the same, that something
may be left out and whom to ask: whether anything is left out would itself tell. Free words that may name others (GDPR
art. 15(4), databeskyttelsesloven § 22) go along only where the authority shows them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from msgspec import to_builtins

from borgerblik.policy import SILENT, TitleChoice
from borgerblik.visibility import NOT_OPENED, Judged, Reason, Verdict
from indexes.records import Case, Grant, Payment, Plan, Record

GIVEN: Final = NOT_OPENED | {
    Reason.SHOWN,
    Reason.BEFORE_FROM_DATE,
    Reason.FAGSYSTEM_NOT_COUNTED,
    Reason.CONSENT_NOT_GIVEN,  # of such a plan there is the consent alone
}
Given = dict[str, Any]

# What of a record is not in the copy, and why: a test compares the rest with what is declared.
LEFT_OUT: Final[Mapping[str, str]] = {
    "citizen": "our own number of the citizen: it is theirs on every line",
    "digest": "worked out from the rest",
    "fingerprint": "worked out from the message, by a key: it says nothing",
    "defects": "names of fields that could not be read, for the counts of the quality of data",
    "stored_at": "when our copy changed, not what it says",
    "holds_from": "a record is given out while it holds",
    "holds_until": "a record is given out while it holds",
    "kle": "of grants and payments: each part says its own",
    "ended": "the progress says it",
    "hidden": "what is exempt from view is not given out",
    "status_text": "free words of the business system that may name others; ask the authority",
    "documents[].hidden": "a document exempt from view is not given out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What goes along, each record as names and values; ``shown`` says whether the pages show it too."""

    cases: tuple[Given, ...]
    grants: tuple[Given, ...]
    payments: tuple[Given, ...]
    plans: tuple[Given, ...]


def release(judged: Judged) -> Records:
    """The records that go along."""
    cases = [(case, verdict) for case, verdict in judged.cases if verdict.reason in GIVEN]
    grants = [(grant, verdict) for grant, verdict in judged.grants if verdict.reason in GIVEN]
    known_cases, known_grants = _uuids(cases), _uuids(grants)
    return Records(
        cases=tuple(_case(case, verdict, known_cases) for case, verdict in cases),
        grants=tuple(_grant(grant, verdict, known_cases) for grant, verdict in grants),
        payments=tuple(
            _payment(payment, verdict)
            for payment, verdict in judged.payments
            # of a payment whose parts differ the verdict speaks of one: each must belong to a grant that goes along
            if verdict.reason in GIVEN and all(line.grant_uuid in known_grants for line in payment.lines)
        ),
        plans=tuple(_plan(plan, verdict, known_cases) for plan, verdict in judged.plans if verdict.reason in GIVEN),
    )


def _uuids(records: Iterable[tuple[Record, Verdict]]) -> frozenset[UUID]:
    return frozenset(record.uuid for record, _ in records)


def _common(record: Record, verdict: Verdict) -> Given:
    """What every record says, in the names that are declared."""
    told: Given = to_builtins(record, builtin_types=(UUID, date, datetime, Decimal))
    for name in ("cpr", "holds"):
        del told[name]
    return {"shown": verdict.shown, **told}


def _case(case: Case, verdict: Verdict, known: frozenset[UUID]) -> Given:
    rule = verdict.rule or SILENT
    told = _common(case, verdict)
    del told["hidden"], told["status_text"]
    if rule.title is not TitleChoice.CASE:
        told["title"] = None
    told["documents"] = [
        {
            "uuid": document.uuid,
            "title": document.title if rule.document_titles else None,
            "kind": document.kind,
            "date": document.date,
        }
        for document in case.documents
        if not document.hidden
    ]
    told["related"] = [uuid for uuid in case.related if uuid in known]
    return told


def _grant(grant: Grant, verdict: Verdict, known: frozenset[UUID]) -> Given:
    told = _common(grant, verdict)
    if grant.case_uuid not in known:
        told["case_uuid"] = None
    return told


def _payment(payment: Payment, verdict: Verdict) -> Given:
    return _common(payment, verdict)


def _plan(plan: Plan, verdict: Verdict, known: frozenset[UUID]) -> Given:
    told = _common(plan, verdict)
    told["case_uuids"] = [uuid for uuid in plan.case_uuids if uuid in known]
    return told
