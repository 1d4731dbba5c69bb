"""Every field of every table, every key of a JSON column, cookie, message and session key has been declared."""

import ast
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from inspect import signature
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from celery import current_app
from django.apps import apps
from django.db import models
from django.test import Client
from msgspec import Struct

from borgerblik import declared as borgerblik_declared
from indexes import declared as indexes_declared
from indexes.personal import Datum, Declared, Kind, Rule, paths_in
from indexes.records import Case, Grant, Payment, Plan, Record, Sensitivity, Source
from indexes.store.tables import BY_TYPE
from portal import declared as portal_declared
from portal.declared import PLACES
from portal.login.privileges import Limits, Privilege
from tests.login.walking import sign_in
from tests.ops.demo_provider import DemoProvider

ROOT = Path(__file__).parents[2]
ROOMS = {"indexes": indexes_declared, "borgerblik": borgerblik_declared, "portal": portal_declared}
TABLES: Mapping[str, Declared] = {
    label: declared for room in ROOMS.values() for label, declared in room.DECLARED.items()
}
MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
FACTS: Mapping[type[Record], Mapping[str, Datum]] = {
    Case: indexes_declared.CASE_FACTS,
    Grant: indexes_declared.GRANT_FACTS,
    Payment: indexes_declared.PAYMENT_FACTS,
    Plan: indexes_declared.PLAN_FACTS,
}
PRIVATE = {Kind.CONFIDENTIAL, Kind.SPECIAL, Kind.CPR}
EXAMPLES: Mapping[type, object] = {
    str: "some words",
    bool: True,
    int: 1990,
    Decimal: Decimal("12.50"),
    UUID: UUID(int=1),
    date: date(2026, 11, 24),
    datetime: datetime(2026, 11, 24, tzinfo=UTC),
}


def where_to_declare(label: str) -> str:
    room = label.split(".", maxsplit=1)[0]
    return f"{room if room in ROOMS else 'portal'}/declared.py"


def fields_of(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.local_fields if field.concrete and field.name != "pk"}


def of_type(wanted: Any) -> Any:
    """A value of a type with everything in it that the type can hold."""
    if typing.get_origin(wanted) is types.UnionType:
        return of_type(next(each for each in typing.get_args(wanted) if each is not type(None)))
    if typing.get_origin(wanted) is tuple:
        return (of_type(typing.get_args(wanted)[0]),)
    if isinstance(wanted, type) and issubclass(wanted, Struct):
        return wanted(**{name: of_type(hint) for name, hint in typing.get_type_hints(wanted).items()})
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return next(iter(wanted))
    return EXAMPLES[wanted]


@pytest.mark.parametrize("label", MODELS)
def test_every_field_of_every_table_is_declared(label: str) -> None:
    there = fields_of(MODELS[label])
    assert label in TABLES, (
        f'{label} is not declared: add "{label}": Declared(about=…, purpose=…, kept=Rule.…, fields={{…}}) to '
        f"{where_to_declare(label)}, one line a field, such as "
        f'"{min(there)}": ordinary(HERE, "what it is").'
    )
    missing = there - set(TABLES[label].fields)
    assert not missing, (
        f"{label} has fields nobody has declared ({', '.join(sorted(missing))}): add one line each under "
        f'"{label}" in {where_to_declare(label)}, such as "{min(missing)}": ordinary(HERE, "what it is").'
    )


@pytest.mark.parametrize("label", TABLES)
def test_nothing_is_declared_that_is_gone(label: str) -> None:
    assert label in MODELS, f"There is no model {label} any more: remove it from {where_to_declare(label)}."
    gone = set(TABLES[label].fields) - fields_of(MODELS[label])
    assert not gone, f"{label} has no {', '.join(sorted(gone))} any more: remove them in {where_to_declare(label)}."


def test_what_is_about_nobody_holds_nothing_personal() -> None:
    of_nobody = {label: table for label, table in TABLES.items() if table.about == "nobody"}
    assert {label: table.strictest for label, table in of_nobody.items()} == dict.fromkeys(of_nobody, Kind.NOT_PERSONAL)


@pytest.mark.parametrize("record_type", FACTS, ids=lambda record_type: record_type.__name__)
def test_the_keys_of_facts_are_those_the_store_writes(record_type: type[Record]) -> None:
    table = BY_TYPE[record_type]
    columns = ("uuid", "registered", "digest", "facts", "holds_from", "holds_until", "owner_cvr", *table.own)
    row: dict[str, Any] = dict(zip(columns, table.row(of_type(record_type)), strict=True))
    assert paths_in(orjson.loads(row["facts"])) == set(FACTS[record_type])


def test_the_keys_of_other_columns_are_those_that_are_written() -> None:
    assert set(TABLES["indexes.Citizen"].fields["answered"].inside) == set(Source)
    limits = Limits(kle=("32",), sensitivity=(Sensitivity.VIP,), units=(UUID(int=1),), systems=("x",))
    written = [Privilege(role="x", cvr="12345678", limits=limits).as_json()]
    assert paths_in(written) == set(TABLES["portal.StaffUser"].fields["privileges"].inside)


def given_to_the_log() -> Iterator[tuple[str, set[str]]]:
    """Where a line of the log is written, and every name that stands in what it is given."""
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "log"
                ):
                    parts = [part for given in node.args[1:] for part in ast.walk(given)]
                    names = {part.id for part in parts if isinstance(part, ast.Name)}
                    names |= {part.attr for part in parts if isinstance(part, ast.Attribute)}
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", names


def test_no_line_of_the_log_is_given_what_is_private() -> None:
    declared = [*TABLES.values(), *PLACES.values()]
    data = [pair for one in declared for datum in one.fields.values() for pair in datum.inside.items()]
    data += [pair for one in declared for pair in one.fields.items()]
    private = {name.split(".")[-1].removesuffix("[]") for name, datum in data if datum.kind in PRIVATE}
    private |= {"cpr", "name", "given_name", "birth_date", "facts"}
    lines = list(given_to_the_log())
    assert len(lines) > 5
    assert not [(where, names & private) for where, names in lines if names & private]


def test_facts_are_as_private_as_the_most_private_thing_in_them() -> None:
    of_order = list(Kind)
    for declared in TABLES.values():
        for datum in declared.fields.values():
            inside = max((each.kind for each in datum.inside.values()), key=of_order.index, default=Kind.NOT_PERSONAL)
            assert of_order.index(inside) <= of_order.index(datum.kind)


def test_every_rule_keeps_something() -> None:
    used = {declared.kept for declared in (*TABLES.values(), *PLACES.values())}
    assert used == set(Rule)


def test_what_a_message_carries_is_declared() -> None:
    named: set[str] = set()
    for name, task in current_app.tasks.items():
        if name.startswith(("portal.", "borgerblik.", "indexes.")):
            named |= set(signature(task.run).parameters) - {"self"}
    assert named == set(PLACES["messages in the queue"].fields)


def set_cookies() -> Iterator[str]:
    """The names of the cookies that our code sets itself."""
    for file in (ROOT / "portal").rglob("*.py"):
        if "demo" not in file.parts:
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in {"set_cookie", "set_signed_cookie"}:
                    yield file.relative_to(ROOT).as_posix()


def test_only_the_declared_cookies_are_set(settings: Any) -> None:
    assert set(set_cookies()) == {"portal/middleware.py"}  # the language's
    framework = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
    assert set(PLACES["cookies"].fields) == framework


def undeclared(session: Mapping[str, Any]) -> set[str]:
    """The paths of a session of which neither they nor what they stand in is declared."""
    declared = PLACES["session"].fields
    return {path for path in paths_in(dict(session)) if path not in declared and path.split(".")[0] not in declared}


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["mette", "karen"])
def test_what_a_session_holds_is_declared(settings: Any, identity_provider: DemoProvider, person: str) -> None:
    settings.CONFIG = identity_provider.config()
    client = Client()
    client.get("/log-ind/start/")
    assert not undeclared(client.session)
    assert sign_in(client, person).status_code == 302
    assert not undeclared(client.session), "Add a line to SESSION in portal/declared.py for each."
