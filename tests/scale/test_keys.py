"""A large table can be kept apart by citizen: each of its keys begins with the citizen."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.scale.large import BY_CITIZEN, OF_FEW, WHOLE

pytestmark = pytest.mark.django_db

_KEYS = """
SELECT relation.relname, key.relname, array(
    SELECT attname FROM unnest(index.indkey::int[]) WITH ORDINALITY AS part (number, place)
    JOIN pg_attribute ON attrelid = relation.oid AND attnum = part.number ORDER BY part.place
)::text[]
FROM pg_index AS index
JOIN pg_class AS relation ON relation.oid = index.indrelid
JOIN pg_class AS key ON key.oid = index.indexrelid
WHERE index.indisunique AND relation.relname = ANY (%s)
"""
_OTHERS_THAT_LEAN = """
SELECT conrelid::regclass::text, conname, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND (conrelid::regclass::text = ANY (%(large)s) OR confrelid::regclass::text = ANY (%(large)s))
"""


def told(statement: str, parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def test_every_key_of_a_table_kept_apart_by_citizen_begins_with_the_citizen() -> None:
    keys = told(_KEYS, [list(BY_CITIZEN)])
    assert {table for table, _, _ in keys} == BY_CITIZEN.keys(), "each has a key"
    wrong = [f"{table}: {key}" for table, key, columns in keys if columns[0] != BY_CITIZEN[table]]
    assert not wrong, f"These keys do not begin with the citizen, so they cannot hold on several machines: {wrong}"


def test_what_a_table_kept_apart_leans_on_is_on_every_machine() -> None:
    """A reference out of such a table is to one that stands whole everywhere, and nothing refers to its rows."""
    leaning = told(_OTHERS_THAT_LEAN, {"large": list(BY_CITIZEN)})
    assert {(table, to) for table, _, to in leaning} == {(table, "indexes_citizen") for table in BY_CITIZEN}


def test_a_table_with_a_row_a_citizen_is_in_one_of_the_lists() -> None:
    """Every table of ours that has a citizen, or a reference to one, is declared with its reason."""
    listed = BY_CITIZEN.keys() | WHOLE.keys() | OF_FEW.keys()
    of_citizens = {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.name in {"citizen", "giver", "cpr_hmac"} for field in model._meta.concrete_fields)
    }
    assert not of_citizens - listed, "Say in tests/scale/large.py by what these are kept apart, or why they are not."
    tables = {model._meta.db_table for model in apps.get_models()}
    assert not listed - tables, "These tables of tests/scale/large.py are no more."


def test_rows_that_change_have_room_on_their_page() -> None:
    rows = told("SELECT relname, reloptions FROM pg_class WHERE relname = ANY (%s)", [[*BY_CITIZEN, "indexes_citizen"]])
    without = [table for table, options in rows if "fillfactor=90" not in (options or [])]
    assert len(rows) == len(BY_CITIZEN) + 1
    assert not without, "docs/scaling.md says what it saves"
