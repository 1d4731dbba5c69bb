"""Each role may do with each table, and each column, exactly what is declared: no verb more, and none less."""

import re
from collections.abc import Iterator

import pytest

import borgerblik.rights
import indexes.rights
import portal.rights
from tests.roles import connect_as

pytestmark = pytest.mark.django_db(transaction=True)

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
    for room in (indexes.rights, borgerblik.rights, portal.rights):
        for table, roles in room.TABLES.items():
            for role, privileges in roles.items():
                for verb, columns in re.findall(r"(\w+)(?: \(([^)]*)\))?(?:, |$)", privileges):
                    for column in columns.split(", "):
                        yield table, column, role.value, verb


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
