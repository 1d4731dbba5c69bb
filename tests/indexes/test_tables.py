"""What the database itself promises, and that every field says whether it is personal."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models

from indexes.identity import citizen_id_for
from indexes.models import (
    CASE_SECRETS,
    PLAN_SECRETS,
    Case,
    Citizen,
    DefectCount,
    EventCount,
    EventTaken,
    Grant,
    Load,
    Outcome,
    Payment,
    Plan,
    Portion,
    Quarantined,
    Removal,
    SourcePace,
    SourceState,
    SyncRun,
    Tombstone,
)
from tests.indexes.makers import DAY, METTE, NOW, RANDERS, uuid


def held(**changes: Any) -> dict[str, Any]:
    return {
        "uuid": uuid("row"),
        "registered": NOW,
        "owner_cvr": RANDERS,
        "facts": {},
        "digest": b"0123456789abcdef",
        "stored_at": NOW,
        **changes,
    }


CASE = held(kle="32.30.04", sensitivity="ordinary", hidden=False)
GRANT = held(kle=["32.30.04"], sensitivity="ordinary")
PAYMENT = held(kle=["32.30.04"], available=NOW.date())
PLAN = held(kle="15.17.30", facts={"consent": {"state": "given"}})
OF_A_CITIZEN: dict[type[models.Model], dict[str, Any]] = {Case: CASE, Grant: GRANT, Payment: PAYMENT, Plan: PLAN}

STATE = {"source": "sdi", "authority_cvr": RANDERS, "last_attempt": NOW}
RUN = {"source": "sdi", "authority_cvr": RANDERS, "started": NOW, "outcome": Outcome.RUNNING}
LOAD = {"source": "sdi", "authority_cvr": RANDERS, "started": NOW, "held_before": {"case": 3}}
PORTION = {"kind": "case", "first": 0, "end": 10}
QUARANTINED = {
    "source": "sdi",
    "kind": "case",
    "reason": "no_kle",
    "what": "Sagsklasse",
    "sealed": b"x",
    "key_id": "1",
    "digest": b"x",
    "first_seen": NOW,
    "last_seen": NOW,
}
DEFECT = {
    "source": "sdi",
    "authority_cvr": RANDERS,
    "fagsystem": "KSD",
    "defect": "no_title",
    "count": 1,
    "records": 2,
    "counted": NOW,
}
TOMBSTONE = {"kind": "case", "uuid": uuid("row"), "registered": NOW, "strictness": 3, "final": True, "noted_at": NOW}
EVENTS = {"hour": NOW, "fate": "applied", "slot": 1, "events": 1, "again": 0}
CITIZEN = {"id": uuid("citizen"), "cpr_hmac": b"x", "cpr_sealed": b"x", "key_id": "1"}


SOUND: dict[type[models.Model], dict[str, Any]] = {
    **OF_A_CITIZEN,
    SourceState: STATE,
    SourcePace: {"source": "sdi"},
    Removal: {"hour": NOW, "authority_cvr": RANDERS, "kind": "case", "cause": "message", "slot": 1, "rows": 1},
    SyncRun: RUN,
    Load: LOAD,
    Portion: PORTION,
    Quarantined: QUARANTINED,
    DefectCount: DEFECT,
    Citizen: CITIZEN,
    Tombstone: TOMBSTONE,
    EventCount: EVENTS,
    EventTaken: {"message": uuid("message"), "taken_at": NOW},
}

BROKEN: list[tuple[str, type[models.Model], dict[str, Any]]] = [
    ("case_owner_is_cvr", Case, {"owner_cvr": "1234567"}),
    ("grant_owner_is_cvr", Grant, {"owner_cvr": "1234567x"}),
    ("payment_owner_is_cvr", Payment, {"owner_cvr": ""}),
    ("plan_owner_is_cvr", Plan, {"owner_cvr": "x"}),
    ("case_holds_in_order", Case, {"holds_from": NOW, "holds_until": NOW}),
    ("grant_holds_in_order", Grant, {"holds_from": NOW, "holds_until": NOW - DAY}),
    ("payment_holds_in_order", Payment, {"holds_from": NOW, "holds_until": NOW - DAY}),
    ("plan_holds_in_order", Plan, {"holds_from": NOW, "holds_until": NOW - DAY}),
    ("case_kle_shape", Case, {"kle": "32.3"}),
    ("plan_kle_shape", Plan, {"kle": ""}),
    ("case_sensitivity_known", Case, {"sensitivity": "secret"}),
    ("grant_sensitivity_known", Grant, {"sensitivity": ""}),
    *[
        ("hidden_case_carries_nothing", Case, {"hidden": True, "facts": {"progress": [], secret: "x"}})
        for secret in CASE_SECRETS
    ],
    *[
        ("plan_without_consent_carries_nothing", Plan, {"facts": {"consent": {"state": "withdrawn"}, secret: "x"}})
        for secret in PLAN_SECRETS
    ],
    ("plan_without_consent_carries_nothing", Plan, {"facts": {"goal": "x"}}),
    ("state_source_known", SourceState, {"source": "bbr"}),
    ("state_authority_is_cvr", SourceState, {"authority_cvr": "0730"}),
    ("failing_has_a_code_and_a_time", SourceState, {"error": "timeout"}),
    ("failing_has_a_code_and_a_time", SourceState, {"failed_since": NOW}),
    ("removal_cause_known", Removal, {"cause": "odd"}),
    ("removal_of_something", Removal, {"rows": 0}),
    ("pace_source_known", SourcePace, {"source": "bbr"}),
    ("pace_is_a_share", SourcePace, {"share": 0}),
    ("pace_is_a_share", SourcePace, {"share": 1.1}),
    ("run_source_known", SyncRun, {"source": ""}),
    ("run_outcome_known", SyncRun, {"outcome": "fine", "ended": NOW}),
    ("run_ended_unless_running", SyncRun, {"ended": NOW}),
    ("run_ended_unless_running", SyncRun, {"outcome": Outcome.SUCCEEDED}),
    ("load_source_known", Load, {"source": ""}),
    ("load_authority_is_cvr", Load, {"authority_cvr": "0730"}),
    ("portion_holds_places", Portion, {"end": 0}),
    ("portion_holds_places", Portion, {"first": -1}),
    ("done_portion_is_counted", Portion, {"done": True}),
    ("quarantine_source_known", Quarantined, {"source": ""}),
    ("quarantine_reason_known", Quarantined, {"reason": "odd"}),
    ("defect_source_known", DefectCount, {"source": ""}),
    ("defect_known", DefectCount, {"defect": "odd"}),
    ("defects_within_records", DefectCount, {"count": 3}),
    ("defects_within_records", DefectCount, {"count": 0}),
    ("tombstone_strictness", Tombstone, {"strictness": 4}),
    ("event_fate_known", EventCount, {"fate": "lost"}),
    ("events_of_some", EventCount, {"events": 0}),
]
TWICE: list[tuple[str, type[models.Model]]] = [
    ("indexes_case_pkey", Case),
    ("indexes_grant_pkey", Grant),
    ("indexes_payment_pkey", Payment),
    ("indexes_plan_pkey", Plan),
    ("one_state_per_authority_and_source", SourceState),
    ("indexes_sourcepace_pkey", SourcePace),
    ("one_count_of_removals", Removal),
    ("one_load_per_authority_and_source", Load),
    ("one_quarantine_row_per_message", Quarantined),
    ("one_count_per_fagsystem_and_defect", DefectCount),
    ("indexes_tombstone_pkey", Tombstone),
    ("one_count_of_events", EventCount),
    ("indexes_eventtaken_pkey", EventTaken),
]


def make(model: type[models.Model], **changes: Any) -> models.Model:
    of: dict[str, Any] = {"citizen_id": citizen_id_for(METTE)} if model in OF_A_CITIZEN else {}
    if model is Load:
        of = {"run": make(SyncRun)}
    if model is Portion:
        of = {"load": make(Load)}
    row = model(**of, **{**SOUND[model], **changes})
    row.save(force_insert=True)
    return row


@pytest.mark.django_db
@pytest.mark.parametrize("model", SOUND, ids=lambda model: model.__name__)
def test_a_sound_row_is_let_in(model: type[models.Model]) -> None:
    make(model)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "model", "changes"), BROKEN)
def test_a_row_that_breaks_a_promise_is_kept_out(name: str, model: type[models.Model], changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=f'"{name}"'):
        make(model, **changes)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "model"), TWICE)
def test_what_there_is_one_of_is_not_let_in_twice(name: str, model: type[models.Model]) -> None:
    make(model)
    with pytest.raises(IntegrityError, match=f'"{name}"'):
        make(model)


@pytest.mark.django_db
def test_a_cpr_number_has_one_citizen() -> None:
    make(Citizen)
    with pytest.raises(IntegrityError, match='"one_citizen_per_cpr"'):
        make(Citizen, id=uuid("another"))


def test_every_check_is_broken_by_some_test() -> None:
    checks = {
        constraint.name
        for model in apps.get_app_config("indexes").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    }
    assert checks == {name for name, _, _ in BROKEN}


@pytest.mark.parametrize("model", OF_A_CITIZEN, ids=lambda model: model.__name__)
def test_a_row_names_itself_by_kind_and_uuid_alone(model: type[models.Model]) -> None:
    assert str(model(**SOUND[model])) == f"{model.__name__.lower()} {uuid('row')}"


def test_the_citizen_leads_every_key_of_their_rows() -> None:
    for model in OF_A_CITIZEN:
        assert [field.name for field in model._meta.pk_fields] == ["citizen", "uuid"]
