"""The judge, as a table: every rule that hides, bad input included. Silence means no."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borgerblik.areas import Owner
from borgerblik.policy import AreaRule, TitleChoice
from borgerblik.visibility import (
    Reason,
    current_status,
    is_active_case,
    judge,
    judge_case,
    judge_grant,
    judge_payment,
    judge_plan,
)
from indexes.records import CaseStatus, Consent, ConsentState, Period, Sensitivity, Step
from tests.borgerblik.makers import BEFORE, NOW, UDK, bench, benefit, case, grant, line, payment, plan, policy, uuid

TOMORROW = NOW + dt.timedelta(days=1)
SHOWN = AreaRule(shown=True)


def rule(**changes: Any) -> Any:
    return policy(rules={"kontante_ydelser": replace(SHOWN, **changes)})


CASES = [
    ("an ordinary case in an opened area", {}, None, Reason.SHOWN),
    ("exempt from view", {"hidden": True}, None, Reason.EXEMPT_FROM_VIEW),
    ("exempt wins over all else", {"hidden": True, "kle": "99.99.99"}, None, Reason.EXEMPT_FROM_VIEW),
    ("VIP", {"sensitivity": Sensitivity.VIP}, None, Reason.VIP),
    ("sensitivity not told", {"sensitivity": Sensitivity.UNKNOWN}, None, Reason.SENSITIVITY_UNKNOWN),
    ("sensitive is the citizen's own", {"sensitivity": Sensitivity.SENSITIVE}, None, Reason.SHOWN),
    ("held only from tomorrow", {"holds": Period(start=TOMORROW)}, None, Reason.OUT_OF_DATE),
    ("held until now exactly", {"holds": Period(end=NOW)}, None, Reason.OUT_OF_DATE),
    ("held from now exactly", {"holds": Period(start=NOW)}, None, Reason.SHOWN),
    ("an authority we do not know", {"owner_cvr": "00000000"}, None, Reason.UNKNOWN_AUTHORITY),
    ("a number no area holds", {"kle": "85.01.01"}, None, Reason.NO_AREA),
    ("UDK's number owned by UDK", {"kle": "32.06.12", "owner_cvr": UDK}, None, Reason.SHOWN),
    ("a municipal number owned by UDK", {"kle": "32.24.04", "owner_cvr": UDK}, None, Reason.NO_AREA),
    ("not on Borgerblik", {}, policy(since=None), Reason.NOT_ON_BORGERBLIK),
    ("on Borgerblik from tomorrow", {}, policy(since=TOMORROW.date()), Reason.NOT_ON_BORGERBLIK),
    ("on Borgerblik from today", {}, policy(since=NOW.date()), Reason.SHOWN),
    ("etape off", {}, policy(etaper=frozenset({2, 3})), Reason.ETAPE_OFF),
    ("area off", {}, policy(rules={"kontante_ydelser": AreaRule(shown=False)}), Reason.AREA_OFF),
    ("area never decided", {}, policy(rules={}), Reason.AREA_OFF),
    ("under analysis", {"kle": "54.18.05"}, policy(etaper=frozenset({4})), Reason.UNDER_ANALYSIS),
    ("from-date: made before", {}, rule(from_date=dt.date(2026, 6, 3)), Reason.BEFORE_FROM_DATE),
    ("from-date: made that day", {}, rule(from_date=dt.date(2026, 6, 2)), Reason.SHOWN),
    (
        "from-date: day of making unknown",
        {"opened": None},
        rule(from_date=dt.date(2000, 1, 1)),
        Reason.BEFORE_FROM_DATE,
    ),
    ("from-date: active regardless", {}, rule(from_date=dt.date(2026, 7, 1), active_regardless=True), Reason.SHOWN),
    (
        "from-date: closed is not active",
        {"status": CaseStatus.CLOSED},
        rule(from_date=dt.date(2026, 7, 1), active_regardless=True),
        Reason.BEFORE_FROM_DATE,
    ),
    (
        "from-date: unknown state is not active",
        {"status": None},
        rule(from_date=dt.date(2026, 7, 1), active_regardless=True),
        Reason.BEFORE_FROM_DATE,
    ),
    ("fagsystem counted", {}, rule(fagsystemer=frozenset({"KSD"})), Reason.SHOWN),
    ("fagsystem not counted", {}, rule(fagsystemer=frozenset({"KY"})), Reason.FAGSYSTEM_NOT_COUNTED),
    ("fagsystem not told", {"fagsystem": None}, rule(fagsystemer=frozenset({"KY"})), Reason.FAGSYSTEM_NOT_COUNTED),
    ("no fagsystem counts", {}, rule(fagsystemer=frozenset()), Reason.FAGSYSTEM_NOT_COUNTED),
    ("fagsystem not told, all count", {"fagsystem": None}, None, Reason.SHOWN),
    ("the title choice hides nothing", {}, rule(title=TitleChoice.CASE), Reason.SHOWN),
]


@pytest.mark.parametrize(("changes", "home", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_case(changes: dict[str, Any], home: Any, expected: Reason) -> None:
    verdict = judge_case(case(**changes), bench(home))
    assert verdict.reason is expected
    assert verdict.shown is (expected is Reason.SHOWN)


def test_the_longest_prefix_decides() -> None:
    home = policy(rules={"beskaeftigelse": AreaRule(shown=False), "helhedsorienteret_plan": SHOWN})
    assert judge_case(case(kle="15.17.30"), bench(home)).shown
    assert judge_case(case(kle="15.17.06"), bench(home)).reason is Reason.AREA_OFF


def test_of_several_current_states_the_furthest_counts() -> None:
    steps = tuple(
        Step(status=status, period=Period(start=BEFORE)) for status in (CaseStatus.CLOSED, CaseStatus.RECEIVED)
    )
    assert current_status(case(progress=steps), NOW) is CaseStatus.CLOSED
    assert not is_active_case(case(progress=steps), NOW)


def test_a_grant_of_an_exempt_case_is_exempt() -> None:
    of_it = grant(case_uuid=uuid("case"))
    judged = judge(cases=[case(hidden=True)], grants=[of_it], payments=[payment()], plans=[], bench=bench())
    assert [verdict.reason for _, verdict in (*judged.cases, *judged.grants, *judged.payments)] == (
        [Reason.EXEMPT_FROM_VIEW] * 3
    )


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([case()], Reason.SHOWN),
        ([case(kle="99.99.99")], Reason.SHOWN),  # the case is of no area; its money is judged by its own number
        ([case(sensitivity=Sensitivity.VIP)], Reason.VIP),
        ([case(sensitivity=Sensitivity.UNKNOWN)], Reason.SENSITIVITY_UNKNOWN),
        ([], Reason.CASE_NOT_HELD),
    ],
)
def test_a_grant_is_no_more_open_than_its_case(held: list[Any], expected: Reason) -> None:
    of_it = grant(case_uuid=uuid("case"))
    judged = judge(cases=held, grants=[of_it], payments=[payment()], plans=[], bench=bench())
    assert judged.grants[0][1].reason is expected
    assert judged.payments[0][1].reason is expected


def test_a_grant_without_benefits_says_nothing() -> None:
    assert judge_grant(grant(benefits=()), bench(), cases={}).reason is Reason.NOTHING_TO_JUDGE


def test_a_grant_is_shown_when_each_benefit_is() -> None:
    mixed = grant(benefits=(benefit(), benefit(id="2", kle="27.60.04")))
    assert judge_grant(mixed, bench(), cases={}).shown
    home = policy(rules={"kontante_ydelser": SHOWN})
    assert judge_grant(mixed, bench(home), cases={}).reason is Reason.PARTS_DIFFER


def pay(**changes: Any) -> Reason:
    return (
        judge(cases=[], grants=[grant()], payments=[payment(**changes)], plans=[], bench=bench()).payments[0][1].reason
    )


def test_payments() -> None:
    assert pay() is Reason.SHOWN
    assert pay(lines=()) is Reason.NOTHING_TO_JUDGE
    assert pay(lines=(line(grant_uuid=None),)) is Reason.SENSITIVITY_UNKNOWN
    assert pay(lines=(line(grant_uuid=uuid("not held")),)) is Reason.SENSITIVITY_UNKNOWN
    assert pay(lines=(line(), line(kle="85.01.01", amount=Decimal(1)))) is Reason.PARTS_DIFFER
    assert pay(owner_cvr="00000000") is Reason.UNKNOWN_AUTHORITY
    assert pay(holds=Period(end=BEFORE)) is Reason.OUT_OF_DATE


def test_a_payment_takes_its_grants_sensitivity() -> None:
    vip = grant(sensitivity=Sensitivity.VIP)
    judged = judge(cases=[], grants=[vip], payments=[payment()], plans=[], bench=bench())
    assert judged.payments[0][1].reason is Reason.VIP


def test_a_payment_after_the_from_date_of_an_older_grant_is_shown() -> None:
    home = rule(from_date=dt.date(2026, 10, 1))
    of_grant = judge_grant(grant(), bench(home), cases={})
    assert of_grant.reason is Reason.BEFORE_FROM_DATE
    assert judge_payment(payment(), bench(home), {uuid("grant"): (grant(), of_grant)}, {}).shown


@pytest.mark.parametrize(
    ("status", "ended", "shown"),
    [
        (CaseStatus.INFORMED, True, True),  # the case still runs, and what was paid on it before is part of it
        (CaseStatus.CLOSED, False, False),
        (None, False, False),  # nobody knows whether the case runs
    ],
)
def test_the_from_date_is_set_aside_for_the_benefits_of_active_cases(
    status: CaseStatus | None, *, ended: bool, shown: bool
) -> None:
    home = rule(from_date=dt.date(2026, 7, 1), active_regardless=True)
    of_case = grant(case_uuid=uuid("case"), end=dt.date(2026, 6, 30) if ended else None)
    paid = payment(available=dt.date(2026, 6, 30))
    judged = judge(cases=[case(status=status)], grants=[of_case], payments=[paid], plans=[], bench=bench(home))
    assert judged.grants[0][1].shown is shown
    assert judged.payments[0][1].shown is shown


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ConsentState.GIVEN, Reason.SHOWN),
        (ConsentState.WITHDRAWN, Reason.CONSENT_NOT_GIVEN),
        (ConsentState.MISSING, Reason.CONSENT_NOT_GIVEN),
    ],
)
def test_a_plan_needs_consent(state: ConsentState, expected: Reason) -> None:
    consent = Consent(reference=None, state=state, given=None, withdrawn=None)
    assert judge_plan(plan(consent=consent), bench()).reason is expected


def test_a_plan_in_an_area_not_opened() -> None:
    assert judge_plan(plan(), bench(policy(rules={}))).reason is Reason.AREA_OFF


@given(
    kle=st.from_regex(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}", fullmatch=True),
    owner=st.sampled_from(["29189668", "33236239", "00000000", ""]),
    sensitivity=st.sampled_from(Sensitivity),
    hidden=st.booleans(),
    etaper=st.frozensets(st.integers(1, 4)),
)
def test_nothing_is_shown_that_a_rule_forbids(
    *,
    kle: str,
    owner: str,
    sensitivity: Sensitivity,
    hidden: bool,
    etaper: frozenset[int],
) -> None:
    the_bench = bench(policy(etaper=etaper), policy(Owner.UDK, etaper=etaper))
    verdict = judge_case(case(kle=kle, owner_cvr=owner, sensitivity=sensitivity, hidden=hidden), the_bench)
    if verdict.shown:
        assert not hidden
        assert sensitivity not in {Sensitivity.VIP, Sensitivity.UNKNOWN}
        assert verdict.area is not None
        assert verdict.area.etape in etaper
        assert any(kle.startswith(prefix) for prefix in verdict.area.kle)
