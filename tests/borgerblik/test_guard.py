"""The database is the last guard: under the web role nobody reads a citizen's row but by a grant, however they try."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from psycopg import errors, sql

from borgerblik import grants
from borgerblik.access_log import read_citizen
from borgerblik.grants import ByGrant, open_grant
from borgerblik.models import AccessEntry, AccessGrant
from indexes.identity import find_citizen, fingerprints_of
from tests.borgerblik.guarded import HOUR, OF_CITIZENS, READER, tokens_of_two
from tests.indexes.makers import BO, METTE, NOW
from tests.roles import WEB, Session, connect_as

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def web() -> Iterator[Session]:
    with connect_as(WEB) as session:
        yield session


@pytest.fixture
def tokens() -> dict[str, str]:
    return tokens_of_two()


OPEN = "SELECT use_grant(%s, 'overview')"


def seen(session: Session, token: str | None = None) -> dict[str, set[object]]:
    """Table -> the citizens whose rows a statement without any filter sees, in a transaction with this token."""
    found = {}
    with session.transaction():
        if token is not None:
            session.execute(OPEN, [token])
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
        web.execute(OPEN, [tokens[BO]])
        assert web.execute("SELECT count(*) FROM indexes_case").fetchone() == (1,)
    assert seen(web) == nobody()
    with web.transaction():
        web.execute(OPEN, [tokens[METTE]])
        with web.transaction(force_rollback=True):
            web.execute(OPEN, [tokens[BO]])
        assert web.execute("SELECT citizen_id FROM indexes_case").fetchall() == [(find_citizen(METTE),)]


def test_an_expired_grant_opens_nothing(web: Session, tokens: dict[str, str]) -> None:
    AccessGrant.objects.filter(citizen=find_citizen(METTE)).update(made=NOW - 2 * HOUR, expires=NOW - HOUR)
    assert seen(web, tokens[METTE]) == nobody()


def test_no_grant_outlasts_a_day_whoever_makes_it() -> None:
    """Whoever has had the key for an hour must not come back in a year."""
    open_grant(METTE, READER, token="mine", lasts=dt.timedelta(days=36_500))
    grant = AccessGrant.objects.get()
    assert grant.expires - grant.made == dt.timedelta(days=1)


def test_a_closed_grant_opens_nothing(web: Session, tokens: dict[str, str]) -> None:
    grants.close_grant(tokens[METTE])
    grants.close_grant(tokens[METTE])
    assert seen(web, tokens[METTE]) == nobody()
    assert seen(web, tokens[BO])["indexes_case"] == {find_citizen(BO)}


def test_what_is_not_written_down_is_not_read(web: Session, tokens: dict[str, str]) -> None:
    seen(web, tokens[METTE])
    (entry,) = AccessEntry.objects.all()
    assert (entry.citizen, entry.organisation, entry.what) == (find_citizen(METTE), "Randers Kommune", "overview")
    with web.transaction():
        web.execute("SAVEPOINT before")
        web.execute(OPEN, [tokens[METTE]])
        web.execute("ROLLBACK TO before")
        assert web.execute("SELECT count(*) FROM indexes_case").fetchone() == (0,), (
            "the entry is gone, and so is the leave"
        )


def test_a_forged_setting_opens_nothing(web: Session, tokens: dict[str, str]) -> None:
    """Neither an id that is known, nor an entry of another transaction, however its number is come by."""
    seen(web, tokens[METTE])
    entry = str(AccessEntry.objects.get().pk)
    for name in ("borgerblik.entry", "borgerblik.grant", "borgerblik.citizen"):
        for forged in (entry, str(find_citizen(METTE)), tokens[METTE], "", "-1", "9" * 40, "' OR true --"):
            web.execute("SELECT set_config(%s, %s, false)", [name, forged])
            assert seen(web) == nobody()
    with web.transaction():
        web.execute(OPEN, [tokens[BO]])
        web.execute("SELECT set_config('borgerblik.entry', %s, true)", [entry])
        assert web.execute("SELECT count(*) FROM indexes_case").fetchone() == (0,)


def test_an_entry_of_a_cluster_that_began_anew_opens_nothing(web: Session, tokens: dict[str, str]) -> None:
    """After a restore an old entry may bear the number of the transaction that is running now."""
    seen(web, tokens[METTE])
    entry = AccessEntry.objects.get()
    with web.transaction():
        (number,) = web.execute("SELECT pg_current_xact_id()::text").fetchone() or ("",)
        with connect_as() as owner:
            owner.execute("UPDATE borgerblik_accessentry SET tx = %s::text::xid8, at = at - interval '1 day'", [number])
        web.execute("SELECT set_config('borgerblik.entry', %s, true)", [str(entry.pk)])
        assert web.execute("SELECT count(*) FROM indexes_case").fetchone() == (0,)


@pytest.mark.usefixtures("tokens")
def test_what_is_no_token_opens_nothing(web: Session) -> None:
    for guessed in (str(find_citizen(METTE)), "", "' OR true --", "0" * 43):
        assert web.execute(OPEN, [guessed]).fetchone() == (None,)
        assert seen(web, guessed) == nobody()


def test_a_token_stands_in_no_statement_that_others_of_the_role_can_see(tokens: dict[str, str]) -> None:
    """PostgreSQL shows a role what its other sessions ask just now; what they ask with is sent apart."""
    read_citizen(ByGrant(token=tokens[METTE]), near=[], what="overview")
    with connect_as() as other:  # of the role that the suite's own connection logs in as
        shown = other.execute("SELECT query FROM pg_stat_activity WHERE query ~ '^SELECT held'").fetchall()
    assert shown == [("SELECT held, decisions, looked FROM read_granted($1, $2, $3)",)]


def test_the_hash_of_a_token_is_no_token(web: Session, tokens: dict[str, str]) -> None:
    kept = bytes(AccessGrant.objects.get(citizen=find_citizen(METTE)).token_hash)
    assert kept == grants.hash_of(tokens[METTE])
    for forged in (kept.hex(), f"\\x{kept.hex()}"):
        assert seen(web, forged) == nobody()


@pytest.fixture
def temporary() -> Iterator[None]:
    """The web role may make temporary tables, as where the database is another's and nobody has forbidden it."""
    with connect_as() as owner:
        database = sql.Identifier(owner.info.dbname)
        owner.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO borgerblik_web").format(database))
        yield
        owner.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM borgerblik_web").format(database))


@pytest.mark.usefixtures("tokens", "temporary")
def test_a_table_of_the_same_name_does_not_fool_the_guard(web: Session) -> None:
    web.execute("CREATE TEMP TABLE borgerblik_accessgrant (token_hash bytea, citizen_id uuid, expires timestamptz)")
    web.execute("CREATE TEMP TABLE borgerblik_accessentry (id bigint, citizen uuid, tx xid8, at timestamptz)")
    mette = find_citizen(METTE)
    web.execute("INSERT INTO borgerblik_accessgrant VALUES (sha256('x'), %s, now() + interval '1 day')", [mette])
    assert seen(web, "x") == nobody()
    with web.transaction():
        web.execute("INSERT INTO borgerblik_accessentry VALUES (1, %s, pg_current_xact_id(), now())", [mette])
        web.execute("SELECT set_config('borgerblik.entry', '1', true)")
        assert web.execute("SELECT count(*) FROM indexes_case").fetchone() == (0,)


@pytest.mark.usefixtures("temporary")
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
        web.execute(OPEN, [tokens[METTE]])
        web.execute("SELECT 1 FROM indexes_case WHERE pg_temp.leak(citizen_id)")
    assert told == [str(find_citizen(METTE))]


@pytest.mark.usefixtures("tokens")
def test_nobody_is_found_by_who_knows_an_id_or_a_number_without_the_key(web: Session) -> None:
    mette = find_citizen(METTE)
    assert mette is not None
    for guessed in (b"", METTE.encode(), mette.bytes):
        made = "SELECT open_grant(%s, %s, 'x', 'x', sha256('mine'), 'x', 'x', 'x', 'x', interval '1 hour')"
        with pytest.raises(
            errors.UniqueViolation
        ):  # nor can a row of hers be made anew under the number that is guessed
            web.execute(made, [[guessed], mette])
        with web.transaction():
            assert web.execute("SELECT use_number(%s, 'x', 'x', 'x', 'x', 'x')", [[guessed]]).fetchone() == (None,)
            assert web.execute("SELECT count(*) FROM indexes_case").fetchone() == (0,)
    assert seen(web, "mine") == nobody()


def test_whom_we_have_never_met_becomes_a_citizen_who_has_nothing(web: Session) -> None:
    stranger = open_grant("7219520009", READER, token="new", lasts=HOUR)
    assert find_citizen("7219520009") == stranger
    assert open_grant("7219520009", READER, token="again", lasts=HOUR) == stranger
    assert seen(web, "new") == {**nobody(), "indexes_citizen": {stranger}}


def test_the_rows_are_read_in_one_statement_under_the_web_role(web: Session, tokens: dict[str, str]) -> None:
    read = web.execute("SELECT held::json FROM read_granted(%s, '{}', 'overview')", [tokens[METTE]]).fetchone()
    called = web.execute(
        "SELECT held::json FROM read_number(%s, '{}', 'x', 'x', 'x', 'overview', 'x')", [fingerprints_of(METTE)]
    ).fetchone()
    assert read is not None
    assert read == called
    assert "case" in str(read)
    assert AccessEntry.objects.filter(citizen=find_citizen(METTE)).count() == 2
    with web.transaction():
        web.execute(OPEN, [tokens[METTE]])
        other = web.execute("SELECT holdings_of(%s, '{}')::json", [find_citizen(BO)]).fetchone()
    assert other is not None
    assert {name: other[0][name] for name in ("cases", "grants", "payments", "plans", "answered")} == dict.fromkeys(
        ("cases", "grants", "payments", "plans", "answered")
    )


@pytest.mark.usefixtures("tokens")
@pytest.mark.parametrize(
    "drifted",
    [
        "ALTER TABLE indexes_case DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY of_somebody ON indexes_case TO borgerblik_web USING (true)",
        "CREATE POLICY of_everybody ON indexes_case FOR SELECT USING (true)",
        "GRANT SELECT ON borgerblik_accessgrant TO PUBLIC",
        "GRANT SELECT (cpr_hmac) ON indexes_citizen TO borgerblik_web",
    ],
)
def test_what_somebody_has_opened_by_hand_is_closed_by_the_next_migrate(web: Session, drifted: str) -> None:
    with connect_as() as owner:
        owner.execute(drifted)
    call_command("migrate", verbosity=0)
    assert seen(web) == nobody()
    for statement in ("SELECT token_hash FROM borgerblik_accessgrant", "SELECT cpr_hmac FROM indexes_citizen"):
        with pytest.raises(errors.InsufficientPrivilege):
            web.execute(statement)
