"""Whoever has the password of a service's role, and psql: what they can see of citizens, table by table.

The tables and columns are the catalogue's own, PostgreSQL's included: a new one is tried as soon as it is there.
"""

from collections.abc import Mapping
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.wall.secrets import citizen_ids, secrets_of
from tests.wall.site import CONSOLE, SYNC, WEB, Site

EVERYTHING = """
SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = ANY('{r,p,v,m,f}') AND n.nspname <> 'pg_toast' AND a.attnum > 0 AND NOT a.attisdropped
GROUP BY 1, 2 ORDER BY 1, 2
"""
OF_CITIZENS = (
    *("indexes_citizen", "indexes_case", "indexes_grant", "indexes_payment", "indexes_plan", "indexes_quarantined"),
    *("borgerblik_accessentry", "borgerblik_accessgrant"),
)


@pytest.fixture(scope="module")
def secrets(site: Site) -> Mapping[bytes, str]:
    """What is a citizen's, and whose; read while somebody is signed in, so that there is something to be seen."""
    with site.signed_in("mette") as browser:
        browser.get("/")
    return {secret: whose for whose, theirs in secrets_of(site).items() for secret in theirs}


def tried(database: "psycopg.Connection[tuple[Any, ...]]", statement: sql.Composed) -> bytes | None:
    """What a statement gives as text, None if it is refused."""
    try:
        return repr(database.execute(statement).fetchall()).encode()
    except psycopg.Error:
        return None


def seen(site: Site, role: str) -> Mapping[tuple[str, str, str], bytes]:
    """Everything that a role can read: whole rows by schema and table, or single columns where rows are closed."""
    found = {}
    with site.connect(role) as database:
        for schema, table, columns in database.execute(EVERYTHING).fetchall():
            name = sql.Identifier(schema, table)
            rows = tried(database, sql.SQL("SELECT t::text FROM {} AS t").format(name))
            if rows is not None:
                found[schema, table, "*"] = rows
                continue
            for column in columns:
                asked = sql.SQL("SELECT {}::text FROM {}").format(sql.Identifier(column), name)
                if (said := tried(database, asked)) is not None:
                    found[schema, table, column] = said
    return found


def names_in(said: bytes, secrets: Mapping[bytes, str]) -> set[str]:
    return {whose for secret, whose in secrets.items() if secret in said}


@pytest.mark.parametrize("role", [WEB, CONSOLE])
def test_no_column_of_any_table_shows_a_citizen(site: Site, secrets: Mapping[bytes, str], role: str) -> None:
    found = seen(site, role)
    assert len(found) > 150, "the catalogue's own tables belong to it"
    assert {where: names for where, said in found.items() if (names := names_in(said, secrets))} == {}


@pytest.mark.parametrize("table", OF_CITIZENS)
@pytest.mark.parametrize("role", [WEB, CONSOLE])
def test_a_table_of_citizens_is_empty_or_closed(site: Site, role: str, table: str) -> None:
    with site.connect() as owner, site.connect(role) as database:
        assert tried(owner, sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(table))) != b"[]" or (
            table == "indexes_quarantined"
        )
        if (role, table) == (
            CONSOLE,
            "indexes_quarantined",
        ):  # it sees what is wrong with a message, and not whose it is
            for column in ("citizen_id", "uuid", "sealed", "digest"):
                assert (
                    tried(database, sql.SQL("SELECT {} FROM indexes_quarantined").format(sql.Identifier(column)))
                    is None
                )
            return
        rows = tried(database, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        assert rows in {None, b"[(0,)]"}


def test_the_walk_would_see_a_citizen(site: Site, secrets: Mapping[bytes, str]) -> None:
    """The role that reads the indexes sees rows: that is its work, and the pages never have its password."""
    assert "mette" in names_in(b"".join(seen(site, SYNC).values()), secrets)


ATTACKS = {
    "the policies are switched off": "SET row_security = off; SELECT * FROM indexes_case",
    "the policies are dropped": "ALTER TABLE indexes_case DISABLE ROW LEVEL SECURITY; SELECT * FROM indexes_case",
    "a policy of one's own": "CREATE POLICY mine ON indexes_case USING (true); SELECT * FROM indexes_case",
    "another role is taken": "SET ROLE borgerblik_sync; SELECT * FROM indexes_case",
    "the owner's role is taken": "SET ROLE borgerblik; SELECT * FROM indexes_case",
    "the superuser's role is taken": "SET SESSION AUTHORIZATION postgres; SELECT * FROM indexes_case",
    "a right is given to oneself": (
        "GRANT borgerblik_sync TO borgerblik_web; SET ROLE borgerblik_sync; TABLE indexes_case"
    ),
    "a view of one's own": "CREATE VIEW mine AS SELECT * FROM indexes_case; SELECT * FROM mine",
    "a function of one's own runs as its owner": (
        "CREATE FUNCTION mine() RETURNS SETOF indexes_case LANGUAGE sql SECURITY DEFINER AS 'TABLE indexes_case'; "
        "SELECT * FROM mine()"
    ),
    "a table of one's own stands in for ours": (
        "CREATE TEMP TABLE borgerblik_accessgrant AS SELECT '\\x00'::bytea AS token_hash; SELECT * FROM indexes_case"
    ),
    "a function that tells what it reads": (
        "CREATE FUNCTION pg_temp.tell(text) RETURNS bool LANGUAGE plpgsql COST 0.0001 AS "
        "'BEGIN RAISE EXCEPTION ''%', $1; END'; SELECT * FROM indexes_case WHERE pg_temp.tell(facts::text)"
    ),
    "the statistics of a column": "SELECT most_common_vals::text FROM pg_stats WHERE tablename LIKE 'indexes%'",
    "the raw statistics": "SELECT stavalues1::text FROM pg_statistic",
    "files of the server": "SELECT pg_read_file('postgresql.conf')",
    "a folder of the server": "SELECT pg_ls_dir('.')",
    "a program of the server": "COPY (SELECT 1) TO PROGRAM 'id'",
    "an extension": "CREATE EXTENSION dblink",
    "an empty token": "BEGIN; SELECT use_grant(''::bytea); SELECT * FROM indexes_case",
    "the hash of a token that is kept": "SELECT token_hash FROM borgerblik_accessgrant",
    "the function of the policy, forged": (
        "CREATE OR REPLACE FUNCTION opened_citizen() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'; "
        "SELECT * FROM indexes_case"
    ),
    "what others are asking just now": "SELECT query FROM pg_stat_activity",
    "the keys of sessions": "SELECT session_key, session_data FROM django_session",
    "sealed numbers": "SELECT cpr_sealed, cpr_hmac FROM indexes_citizen",
    "messages in quarantine": "SELECT sealed FROM indexes_quarantined",
}


@pytest.mark.parametrize("how", ATTACKS)
def test_no_attack_with_the_pages_password_shows_a_citizen(site: Site, secrets: Mapping[bytes, str], how: str) -> None:
    with site.connect(WEB) as database:
        said = b""
        for statement in ATTACKS[how].split("; "):
            try:
                cursor = database.execute(statement.encode())
                said += repr(cursor.fetchall()).encode() if cursor.description else b""
            except psycopg.Error as error:
                said += str(error).encode()
        assert not names_in(said, secrets)


def test_a_citizens_id_is_not_enough(site: Site, secrets: Mapping[bytes, str]) -> None:
    """Knowing whom to ask for opens nothing; a setting with their id in it neither."""
    mette = citizen_ids(site)["mette"]
    with site.connect(WEB) as database:
        for setting in ("borgerblik.citizen", "borgerblik.grant", "borgerblik.opened", "app.citizen"):
            database.execute("SELECT set_config(%s, %s, false)", [setting, str(mette)])
        for table in OF_CITIZENS[1:5]:
            asked = sql.SQL("SELECT * FROM {} WHERE citizen_id = {}").format(sql.Identifier(table), str(mette))
            assert tried(database, asked) in {None, b"[]"}
    assert secrets


@pytest.mark.parametrize(("role", "may"), [(SYNC, True), (WEB, False), (CONSOLE, False)])
def test_only_what_reads_the_indexes_makes_temporary_tables(site: Site, role: str, *, may: bool) -> None:
    """It sorts in them what has come; anybody else could put one before ours of the same name."""
    with site.connect(role) as database:
        asked = "SELECT has_database_privilege(current_database(), 'TEMPORARY')"
        assert database.execute(asked).fetchone() == (may,)
