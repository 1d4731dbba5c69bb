"""Small makers of records and policies for the tests: only what a test cares about is said."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from borgerblik import areas
from borgerblik.areas import Owner
from borgerblik.policy import AreaRule, Policy
from borgerblik.visibility import Bench
from indexes.records import (
    Benefit,
    Case,
    CaseStatus,
    Consent,
    ConsentState,
    Grant,
    Payment,
    PaymentLine,
    Period,
    Plan,
    Sensitivity,
    Step,
)

CPH = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 24, 7, 45, tzinfo=CPH)
TODAY = NOW.date()
HOME, UDK = "29189668", "33236239"
SPACE = UUID("00000000-0000-4000-8000-000000000000")
ALWAYS = Period()
BEFORE = dt.datetime(2026, 11, 1, tzinfo=CPH)


def uuid(name: str) -> UUID:
    return uuid5(SPACE, name)


def case(**changes: Any) -> Case:
    status = changes.pop("status", CaseStatus.INFORMED)
    values: dict[str, Any] = {
        "uuid": uuid("case"),
        "registered": BEFORE,
        "holds": ALWAYS,
        "owner_cvr": HOME,
        "cpr": "",
        "kle": "32.30.04",
        "fagsystem": "KSD",
        "sensitivity": Sensitivity.CONFIDENTIAL,
        "hidden": False,
        "opened": dt.date(2026, 6, 2),
        "title": "Sygedagpenge, egen titel",
        "unit": "Ydelsesafdelingen",
        "progress": (Step(status=status, period=Period(start=BEFORE)),) if status else (),
    }
    return Case(**{**values, **changes})


def benefit(**changes: Any) -> Benefit:
    values: dict[str, Any] = {"id": "1", "name": None, "kle": "32.30.04", "start": None, "end": None}
    return Benefit(**{**values, **changes})


def grant(**changes: Any) -> Grant:
    values: dict[str, Any] = {
        "uuid": uuid("grant"),
        "registered": BEFORE,
        "holds": ALWAYS,
        "owner_cvr": HOME,
        "cpr": "",
        "case_uuid": None,
        "sensitivity": Sensitivity.CONFIDENTIAL,
        "fagsystem": "KSD",
        "start": dt.date(2026, 6, 2),
        "benefits": (benefit(),),
    }
    return Grant(**{**values, **changes})


def line(**changes: Any) -> PaymentLine:
    values: dict[str, Any] = {
        "kle": "32.30.04",
        "amount": Decimal(18628),
        "start": dt.date(2026, 10, 1),
        "end": dt.date(2026, 10, 31),
        "grant_uuid": uuid("grant"),
        "benefit_id": "1",
    }
    return PaymentLine(**{**values, **changes})


def payment(**changes: Any) -> Payment:
    values: dict[str, Any] = {
        "uuid": uuid("payment"),
        "registered": BEFORE,
        "holds": ALWAYS,
        "owner_cvr": HOME,
        "cpr": "",
        "fagsystem": "KSD",
        "start": dt.date(2026, 10, 1),
        "end": dt.date(2026, 10, 31),
        "available": dt.date(2026, 10, 30),
        "gross": Decimal(18628),
        "after_tax": Decimal(13412),
        "sent": Decimal(13412),
        "paid": Decimal(13412),
        "lines": (line(),),
    }
    return Payment(**{**values, **changes})


def plan(**changes: Any) -> Plan:
    values: dict[str, Any] = {
        "uuid": uuid("plan"),
        "registered": BEFORE,
        "holds": ALWAYS,
        "owner_cvr": HOME,
        "cpr": "",
        "kle": "15.17.30",
        "goal": "Jeg vil have et fleksjob.",
        "consent": Consent(reference=None, state=ConsentState.GIVEN, given=dt.date(2026, 8, 17), withdrawn=None),
    }
    return Plan(**{**values, **changes})


def policy(owner: Owner = Owner.KOMMUNE, **changes: Any) -> Policy:
    values: dict[str, Any] = {
        "authority": "UDK" if owner is Owner.UDK else "0730",
        "owner": owner,
        "since": dt.date(2020, 6, 1),
        "etaper": frozenset({1, 2, 3}),
        "rules": {area.key: AreaRule(shown=True) for area in areas.load().all},
    }
    return Policy(**{**values, **changes})


def bench(home: Policy | None = None, udk: Policy | None = None) -> Bench:
    return Bench(
        areas=areas.load(),
        policies={HOME: home or policy(), UDK: udk or policy(Owner.UDK)},
        now=NOW,
        today=TODAY,
    )
