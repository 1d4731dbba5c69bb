"""The database is the last guard: under the web role nobody reads a citizen's row but by a grant, however they try."""

import datetime as dt
from collections.abc import Iterator

import pytest
from psycopg import errors, sql

from indexes import grants
from indexes.grants import Reader, open_grant
from indexes.identity import find_citizen
from indexes.models import AccessGrant
from indexes.store import save
from tests.indexes.makers import BO, METTE, NOW, WANTED, case, grant, parsed, payment, plan
from tests.roles import SYNC, WEB, Session, connect_as

pytestmark = pytest.mark.django_db(transaction=True)

OF_CITIZENS = ("indexes_case", "indexes_grant", "indexes_payment", "indexes_plan")
READER = Reader(actor="citizen", organisation="Randers Kommune", system="Mit Overblik", purpose="Du så dit overblik.")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def web() -> Iterator[Session]:
    with connect_as(WEB) as session:
        yield session


@pytest.fixture
def tokens() -> dict[str, str]:
    """Two citizens with a row of every kind, and a token for each."""
    for cpr in (METTE, BO):
        records = (case(f"case {cpr}", cpr=cpr), grant(f"grant {cpr}", cpr=cpr), payment(f"payment {cpr}", cpr=cpr))
        save(parsed(*records, plan(f"plan {cpr}", cpr=cpr)), wanted=WANTED, now=NOW)
    opened = {cpr: open_grant(cpr, READER, lasts=HOUR) for cpr in (METTE, BO)}
    return {cpr: found.token for cpr, found in opened.items() if found}


def seen(session: Session, token: str | None = None) -> dict[str, set[object]]:
    """Table -> the citizens whose rows a statement without any filter sees, in a transaction with this token."""
    found = {}
    with session.transaction():
        if token is not None:
            session.execute("SELECT set_config('borgerblik.grant', %s, true)", [token])
        for table in OF_CITIZENS:
            rows = session.execute(sql.SQL("SELECT citizen_id FROM {}").format(sql.Identifier(table))).fetchall()
            found[table] = {row[0] for row in rows}
        found["indexes_citizen"] = {row[0] for row in session.execute("SELECT id FROM indexes_citizen").fetchall()}
    return found


def nobody() -> dict[str, set[object]]:
    return {table: set() for table in (*OF_CITIZENS, "indexes_citizen")}


@pytest.mark.usefixtures("tokens")
def test_without_a_token_no_row_is_seen(web: Session) -> None:
    assert seen(web) == nobody()


def test_a_token_opens_its_own_citizen_also_for_a_statement_that_forgot_to_filter(
    web: Session, tokens: dict[str, str]
) -> None:
    for cpr, token in tokens.items():
        assert seen(web, token) == {table: {find_citizen(cpr)} for table in nobody()}


def test_what_was_granted_ends_with_the_transaction(web: Session, tokens: dict[str, str]) -> None:
    """As in a pool: the next to use the session sees nothing, whether the one before was kept or rolled back."""
    assert seen(web, tokens[METTE])["indexes_case"]
    assert seen(web) == nobody()
    with web.transaction(force_rollback=True):
        web.execute("SELECT set_config('borgerblik.grant', %s, true)", [tokens[BO]])
        assert web.execute("SELECT count(*) FROM indexes_case").fetchone() == (1,)
    assert seen(web) == nobody()


def test_an_expired_grant_opens_nothing(web: Session, tokens: dict[str, str]) -> None:
    AccessGrant.objects.filter(citizen=find_citizen(METTE)).update(made=NOW - 2 * HOUR, expires=NOW - HOUR)
    assert seen(web, tokens[METTE]) == nobody()
    assert grants.clear_expired() == 1
    assert AccessGrant.objects.count() == 1


def test_a_closed_grant_opens_nothing(web: Session, tokens: dict[str, str]) -> None:
    grants.close_grant(tokens[METTE])
    grants.close_grant(tokens[METTE])
    assert seen(web, tokens[METTE]) == nobody()
    assert seen(web, tokens[BO])["indexes_case"] == {find_citizen(BO)}


@pytest.mark.usefixtures("tokens")
def test_a_forged_setting_opens_nothing(web: Session) -> None:
    for forged in (str(find_citizen(METTE)), "", "' OR true --", "0" * 43):
        assert seen(web, forged) == nobody()


def test_the_hash_of_a_token_is_no_token(web: Session, tokens: dict[str, str]) -> None:
    kept = bytes(AccessGrant.objects.get(citizen=find_citizen(METTE)).token_hash)
    assert kept == grants.hash_of(tokens[METTE])
    for forged in (kept.hex(), f"\\x{kept.hex()}"):
        assert seen(web, forged) == nobody()


REFUSED = [
    "SELECT cpr_hmac FROM indexes_citizen",
    "SELECT cpr_sealed FROM indexes_citizen",
    "SELECT * FROM indexes_citizen",
    "SELECT sealed FROM indexes_quarantined",
    "SELECT * FROM indexes_accessgrant",
    "SELECT token_hash FROM indexes_accessgrant",
    "INSERT INTO indexes_accessgrant (token_hash, citizen_id) SELECT sha256('x'), id FROM indexes_citizen",
    "UPDATE indexes_case SET hidden = false",
    "DELETE FROM indexes_payment",
    "TRUNCATE indexes_plan",
    "COPY indexes_case TO '/dev/null'",
    "ALTER TABLE indexes_case DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE indexes_case OWNER TO borgerblik_web",
    "DROP POLICY web_reads_what_is_granted ON indexes_case",
    "CREATE POLICY mine ON indexes_case TO borgerblik_web USING (true)",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER FUNCTION granted_citizen() OWNER TO borgerblik_web",
    "ALTER ROLE borgerblik_web BYPASSRLS",
    "ALTER ROLE borgerblik_web SUPERUSER",
    "SET ROLE borgerblik",
    "SET ROLE borgerblik_sync",
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
def test_a_table_of_the_same_name_does_not_fool_the_guard(web: Session) -> None:
    web.execute("CREATE TEMP TABLE indexes_accessgrant (token_hash bytea, citizen_id uuid, expires timestamptz)")
    web.execute(
        "INSERT INTO indexes_accessgrant VALUES (sha256('x'), %s, now() + interval '1 day')", [find_citizen(METTE)]
    )
    assert seen(web, "x") == nobody()


def test_a_function_of_ones_own_is_not_shown_a_row_before_the_guard_has_looked(
    web: Session, tokens: dict[str, str]
) -> None:
    """A filter that leaks what it sees is only run on rows that may be seen (CREATE FUNCTION, LEAKPROOF)."""
    told: list[str] = []
    web.add_notice_handler(lambda notice: told.append(str(notice.message_primary)))
    web.execute(
        "CREATE FUNCTION pg_temp.leak(id uuid) RETURNS bool LANGUAGE plpgsql COST 0.0001 AS "
        "$$ BEGIN RAISE NOTICE '%', id; RETURN true; END $$"
    )
    with web.transaction():
        web.execute("SELECT set_config('borgerblik.grant', %s, true)", [tokens[METTE]])
        web.execute("SELECT 1 FROM indexes_case WHERE pg_temp.leak(citizen_id)")
    assert told == [str(find_citizen(METTE))]


@pytest.mark.usefixtures("tokens")
def test_a_grant_is_not_made_by_who_knows_an_id_alone(web: Session) -> None:
    statement = "SELECT open_grant(%s, sha256('mine'), 'x', 'x', 'x', 'x', interval '1 hour')"
    for guessed in (b"", METTE.encode(), find_citizen(METTE).bytes):  # type: ignore[union-attr]  # she is known
        assert web.execute(statement, [[guessed]]).fetchone() == (None,)
    assert seen(web, "mine") == nobody()


def test_nobody_has_a_grant_who_is_not_known() -> None:
    assert open_grant("7219520009", READER, lasts=HOUR) is None
    assert not AccessGrant.objects.exists()


@pytest.mark.usefixtures("tokens")
def test_the_sync_role_sees_all_and_changes_nothing_of_the_guard() -> None:
    with connect_as(SYNC) as sync:
        assert sync.execute("SELECT count(*) FROM indexes_case").fetchone() == (2,)
        for statement in ("SELECT * FROM indexes_accessgrant", "SET ROLE borgerblik", "SET ROLE borgerblik_web"):
            with pytest.raises(errors.InsufficientPrivilege):
                sync.execute(statement)


def test_the_rows_are_read_in_one_statement_under_the_web_role(web: Session, tokens: dict[str, str]) -> None:
    citizen = find_citizen(METTE)
    with web.transaction():
        web.execute("SELECT set_config('borgerblik.grant', %s, true)", [tokens[METTE]])
        assert "case" in str(web.execute("SELECT holdings_of(%s, '{}')", [citizen]).fetchone())
        other = web.execute("SELECT holdings_of(%s, '{}')::json", [find_citizen(BO)]).fetchone()
    assert other is not None
    assert {name: other[0][name] for name in ("cases", "grants", "payments", "plans", "answered")} == dict.fromkeys(
        ("cases", "grants", "payments", "plans", "answered")
    )
