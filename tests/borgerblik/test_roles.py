"""The roles that the services use, tried on statements that are none of theirs: the database refuses each."""

from collections.abc import Iterator

import pytest
from psycopg import errors, sql

from indexes.identity import find_citizen
from indexes.store import save
from tests.borgerblik.guarded import OF_CITIZENS, tokens_of_two
from tests.indexes.makers import METTE, NOW, WANTED, case, parsed
from tests.roles import CONSOLE, SYNC, WEB, Session, asked_as, connect_as

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def web() -> Iterator[Session]:
    with connect_as(WEB) as session:
        yield session


@pytest.fixture
def tokens() -> dict[str, str]:
    return tokens_of_two()


REFUSED = [
    "SELECT cpr_hmac FROM indexes_citizen",
    "SELECT cpr_sealed FROM indexes_citizen",
    "SELECT * FROM indexes_citizen",
    "SELECT sealed FROM indexes_quarantined",
    "SELECT * FROM borgerblik_accessgrant",
    "SELECT token_hash FROM borgerblik_accessgrant",
    "INSERT INTO borgerblik_accessgrant (token_hash, citizen_id) SELECT sha256('x'), id FROM indexes_citizen",
    "INSERT INTO borgerblik_accessentry (actor) VALUES ('x')",
    "SELECT open_citizen(NULL, 'x', 'x', 'x', 'x', 'x')",
    "INSERT INTO indexes_citizen (id) VALUES (gen_random_uuid())",
    "UPDATE borgerblik_areasetting SET shown = true",
    "UPDATE indexes_case SET hidden = false",
    "DELETE FROM indexes_payment",
    "TRUNCATE indexes_plan",
    "COPY indexes_case TO '/dev/null'",
    "ALTER TABLE indexes_case DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE indexes_case OWNER TO borgerblik_web",
    "DROP POLICY web_reads_what_is_opened ON indexes_case",
    "CREATE POLICY mine ON indexes_case TO borgerblik_web USING (true)",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TEMP TABLE borgerblik_areasetting (area text)",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "SELECT setval('borgerblik_accessentry_id_seq', 1)",
    "SELECT forget_block(now())",
    "ALTER FUNCTION opened_citizen() OWNER TO borgerblik_web",
    "ALTER ROLE borgerblik_web BYPASSRLS",
    "ALTER ROLE borgerblik_web SUPERUSER",
    "SET ROLE borgerblik",
    "SET ROLE borgerblik_sync",
    "SET ROLE borgerblik_console",
    "SET SESSION AUTHORIZATION borgerblik",
    "SET session_replication_role = replica",
    "GRANT borgerblik TO borgerblik_web",
    "SELECT * FROM pg_authid",
    "SELECT pg_read_file('PG_VERSION')",
]


@pytest.mark.usefixtures("tokens")
@pytest.mark.parametrize("statement", REFUSED)
def test_what_the_web_role_may_not_do(web: Session, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        web.execute(statement)


@pytest.mark.usefixtures("tokens")
def test_turning_the_guard_off_makes_statements_fail_and_shows_nothing(web: Session) -> None:
    web.execute("SET row_security = off")
    with pytest.raises(errors.InsufficientPrivilege):
        web.execute("SELECT * FROM indexes_case")


@pytest.mark.usefixtures("tokens")
def test_the_sync_role_sees_all_and_changes_nothing_of_the_guard() -> None:
    with connect_as(SYNC) as sync:
        assert sync.execute("SELECT count(*) FROM indexes_case").fetchone() == (2,)
        for statement in (
            "UPDATE borgerblik_accessgrant SET expires = now() + interval '1 year'",
            "INSERT INTO borgerblik_accessgrant (token_hash) VALUES (sha256('x'))",
            "SELECT use_grant('x', 'x')",
            "DELETE FROM borgerblik_accessentry",
            "UPDATE borgerblik_areasetting SET shown = true",
            "UPDATE portal_staffuser SET role = 'administrator'",
            "UPDATE django_session SET session_data = ''",
            "SET ROLE borgerblik",
            "SET ROLE borgerblik_web",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                sync.execute(statement)


def test_the_sync_role_writes_what_the_indexes_say() -> None:
    """By way of temporary tables, which the other roles may not make."""
    with asked_as(lambda: SYNC):
        save(parsed(case("one", cpr=METTE)), wanted=WANTED, now=NOW)
    assert find_citizen(METTE)


@pytest.mark.usefixtures("tokens")
def test_the_console_sees_no_row_of_a_citizen_and_no_log() -> None:
    with connect_as(CONSOLE) as console:
        others = ("indexes_citizen", "indexes_tombstone", "borgerblik_accessentry", "django_session")
        for table in (*OF_CITIZENS, *others):
            with pytest.raises(errors.InsufficientPrivilege):
                console.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        for statement in (
            "CREATE TEMP TABLE borgerblik_areasetting (area text)",
            "SELECT use_grant('x', 'x')",
            "SELECT holdings_of(NULL, '{}')",
            "SET ROLE borgerblik_web",
            "UPDATE borgerblik_settingchange SET staff_key = 'somebody else'",
            "DELETE FROM borgerblik_settingchange",
            "UPDATE portal_staffuser SET role = 'administrator'",
            # what is wrong with a message, and its shape; never whose it is, nor the message
            "SELECT citizen_id FROM indexes_quarantined",
            "SELECT uuid FROM indexes_quarantined",
            "SELECT sealed FROM indexes_quarantined",
            "UPDATE borgerblik_cleaning SET counts = '{}'",
            "DELETE FROM borgerblik_retiredfagsystem",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                console.execute(statement)
