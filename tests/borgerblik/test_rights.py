"""Each role may do with each table, and each column, exactly what is declared: no verb more, and none less."""

import re
from collections.abc import Iterator

import pytest

import borgerblik.rights
import indexes.rights
import portal.rights
from indexes.rights import Role, Tables
from tests.roles import connect_as

pytestmark = pytest.mark.django_db(transaction=True)

DECLARED: Tables = {**indexes.rights.TABLES, **borgerblik.rights.TABLES, **portal.rights.TABLES}
Right = tuple[str, str, str, str]  # table, column or nothing, role, verb
GIVEN = """
SELECT c.relname, '', a.grantee::regrole::text, a.privilege_type
FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS a
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'S') AND a.grantee <> c.relowner
UNION ALL
SELECT c.relname, t.attname, a.grantee::regrole::text, a.privilege_type
FROM pg_attribute AS t JOIN pg_class AS c ON c.oid = t.attrelid CROSS JOIN LATERAL aclexplode(t.attacl) AS a
WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner
"""


def declared() -> Iterator[Right]:
    for table, roles in DECLARED.items():
        for role, privileges in roles.items():
            for verb, columns in re.findall(r"(\w+)(?: \(([^)]*)\))?(?:, |$)", privileges):
                for column in columns.split(", "):
                    yield table, column.strip('"'), role.value, verb  # a reserved word is quoted


def test_what_is_given_is_what_is_declared() -> None:
    with connect_as() as owner:
        given = set(owner.execute(GIVEN).fetchall())
    assert given == set(declared())


def test_a_verb_too_many_would_be_seen() -> None:
    """The comparison above can fail: by a verb on a table, on one column, and for everybody."""
    with connect_as() as owner:
        for statement in (
            "GRANT UPDATE ON indexes_case TO borgerblik_web",
            "GRANT SELECT (cpr_sealed) ON indexes_citizen TO borgerblik_web",
            "GRANT SELECT ON borgerblik_accessgrant TO PUBLIC",
        ):
            with owner.transaction(force_rollback=True):
                owner.execute(statement)
                assert set(owner.execute(GIVEN).fetchall()) != set(declared())


def test_every_table_and_function_is_declared_and_given_to_nobody_else() -> None:
    """A table that is missing: say in the ``rights.py`` of its room what each role may do with it."""
    with connect_as() as owner:
        tables = {name for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        assert tables - {"django_migrations"} == DECLARED.keys() - {"django_migrations"}
        given = owner.execute(
            "SELECT DISTINCT table_name, grantee FROM information_schema.column_privileges "
            "WHERE table_schema = 'public' AND grantee <> current_user"
        ).fetchall()
        assert set(given) <= {(name, role.value) for name, roles in DECLARED.items() for role in roles}
        functions = owner.execute(
            "SELECT p.proname, a.grantee::regrole::text FROM pg_proc AS p "
            "CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a "
            "WHERE p.pronamespace = 'public'::regnamespace AND a.grantee <> p.proowner"
        ).fetchall()
    callers = {**indexes.rights.FUNCTIONS, **borgerblik.rights.FUNCTIONS, **portal.rights.FUNCTIONS}
    assert set(functions) == {(name, role.value) for name, roles in callers.items() for role in roles}


def test_row_level_security_holds_on_every_table_of_a_citizen() -> None:
    """A table with a reference to a citizen that the pages may read, and that forgot its policy, would be open."""
    with connect_as() as owner:
        of_citizens = owner.execute(
            "SELECT DISTINCT c.relname, c.relrowsecurity FROM pg_class AS c "
            "JOIN pg_attribute AS a ON c.oid = a.attrelid "
            "WHERE a.attname IN ('citizen', 'citizen_id') AND c.relkind = 'r' "
            "AND c.relnamespace = 'public'::regnamespace"
        ).fetchall()
    open_to_all = {name for name, guarded in of_citizens if not guarded and Role.WEB in DECLARED[name]}
    assert open_to_all == set()
