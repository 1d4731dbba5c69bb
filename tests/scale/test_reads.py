"""Reads of one citizen are range scans: PostgreSQL explains each statement that a real request makes, nested ones too.

``auto_explain`` tells the plan of whatever runs, so what is looked at is the code itself and no copy of it. Only a
superuser may load it; each request still runs under the role of the pages (``tests.roles``).
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from oauth2_provider.models import Application
from psycopg import sql
from psycopg.errors import Diagnostic

from indexes.identity import find_citizen
from indexes.rights import Role
from indexes.store import save
from portal import demo_data
from portal.embedded.postgres import OWNER as SUPERUSER
from tests.api.conftest import given_token
from tests.indexes.makers import WANTED, case, parsed, payment, withdrawn
from tests.ops.environment import POSTGRES
from tests.pages.sessions import a_citizen, sign_in_as
from tests.roles import asked_as
from tests.scale.filling import NOW, Size, cpr, fill
from tests.scale.large import BY_CITIZEN, WHOLE

SIZE = Size(citizens=2_000, cases=40_000, payments=60_000)  # enough for an index to pay also where a batch is met
LARGE = BY_CITIZEN.keys() | WHOLE.keys()
SOMEBODY = 7
# A scan goes down an index (three pages here) and meets each row on a page of its own.
PAGES_A_SCAN, PAGES_A_ROW = 6, 2
SETTINGS = {
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_format": "json",
    "auto_explain.log_level": "notice",
}
MORE_ROWS = """
INSERT INTO borgerblik_accessentry (at, citizen, actor, organisation, system, what, purpose)
SELECT now() - n * interval '1 minute', citizen.id, CASE WHEN n % 3 = 0 THEN 'employee 1' ELSE 'citizen' END,
    'Randers Kommune', 'Mit Overblik', 'overview', 'access/why'
FROM indexes_citizen AS citizen, generate_series(1, 5) AS n;
INSERT INTO indexes_tombstone (uuid, kind, registered, strictness, final, noted_at)
SELECT md5('gone' || n)::uuid, 'case', now(), 3, true, now() FROM generate_series(1, 5000) AS n;
INSERT INTO django_session (session_key, session_data, expire_date)
SELECT md5(n::text), repeat('x', 400), now() + interval '1 hour' FROM generate_series(1, 5000) AS n;
INSERT INTO indexes_quarantined (source, authority_cvr, kind, uuid, citizen_id, reason, what, sealed, key_id, digest,
    first_seen, last_seen, times)
SELECT 'sdi', '29189668', 'case', gen_random_uuid(), id, 'wrong_shape', 'kle', '', '1', decode(md5(id::text), 'hex'),
    now(), now(), 1 FROM indexes_citizen;
INSERT INTO borgerblik_accessgrant (token_hash, citizen_id, actor, organisation, system, purpose, made, expires)
SELECT sha256(id::text::bytea), id, 'citizen', 'Randers Kommune', 'Mit Overblik', 'access/why', now(),
    now() + interval '1 hour' FROM indexes_citizen;
"""


@dataclass
class Scan:
    """One node of a plan that reads a table."""

    how: str
    table: str
    index: str
    times: int
    rows: int
    pages: int  # of the index and of the table, all times together


@dataclass
class Statement:
    text: str
    scans: list[Scan] = field(default_factory=list)


def _read(node: dict[str, Any], statement: Statement) -> None:
    if "Relation Name" in node and node["Node Type"] != "ModifyTable" and node["Actual Loops"]:
        loops = node["Actual Loops"]
        pages = node["Shared Hit Blocks"] + node["Shared Read Blocks"]
        below = [below.get("Index Name", "") for below in node.get("Plans", []) if "Index Name" in below]
        index = node.get("Index Name") or " ".join(below)
        rows = round(node["Actual Rows"] * loops) + round(node.get("Rows Removed by Filter", 0) * loops)
        statement.scans.append(Scan(node["Node Type"], node["Relation Name"], index, loops, rows, pages))
    for below in node.get("Plans", []):
        _read(below, statement)


@contextmanager
def explained() -> Iterator[list[Statement]]:
    """What PostgreSQL did for each statement while this lasts."""
    statements: list[Statement] = []

    def heard(told: Diagnostic) -> None:
        text = told.message_primary or ""
        if "plan:" in text:
            told_plan = json.loads(text.partition("plan:")[2])
            statement = Statement(told_plan["Query Text"])
            _read(told_plan["Plan"], statement)
            statements.append(statement)

    raw = connection.connection
    raw.add_notice_handler(heard)
    try:
        yield statements
    finally:
        raw.remove_notice_handler(heard)


@pytest.fixture(scope="module")
def filled(redis_url: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:  # noqa: ARG001 - first the servers
    """A filled database, and on Django's connection somebody who may load ``auto_explain``."""
    with django_db_blocker.unblock():
        call_command("load_demo", verbosity=0)
        for _ in fill(SIZE):
            pass
        with connection.cursor() as cursor:
            cursor.execute(MORE_ROWS)
            cursor.execute("VACUUM (ANALYZE)")
        usual = connection.settings_dict["USER"]
        if os.environ["DATABASE_URL"] == POSTGRES.url:
            connection.close()
            connection.settings_dict["USER"] = SUPERUSER
        try:
            with connection.cursor() as cursor:
                cursor.execute("LOAD 'auto_explain'")
                for name, value in SETTINGS.items():
                    cursor.execute(sql.SQL("SET {} = {}").format(sql.SQL(name), sql.Literal(value)))
            yield
        finally:
            connection.close()
            connection.settings_dict["USER"] = usual
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def citizen(filled: None, db: None) -> Client:  # noqa: ARG001 - the rows, and leave to read them
    """A browser with somebody's session."""
    browser = Client()
    sign_in_as(browser, a_citizen(cpr(SOMEBODY)))
    return browser


def whole(statements: list[Statement]) -> list[str]:
    """Large tables that were read from end to end, or further than one citizen's rows."""
    return [
        f"{scan.how} of {scan.table} by {scan.index or 'nothing'}, {scan.rows} rows, {scan.pages} pages: {each.text}"
        for each in statements
        for scan in each.scans
        if scan.table in LARGE
        and ("Seq Scan" in scan.how or scan.pages > PAGES_A_SCAN * scan.times + PAGES_A_ROW * scan.rows)
    ]


PAGES = (
    *("/", "/sager/", "/penge/", "/penge/udbetalinger.csv", "/plan/", "/omraader/", "/hvem-har-set/"),
    *("/noget-galt/", "/hjaelpere/", "/om-dine-data/", "/api/v1/me/summary"),
    "/api/v1/me/access-log",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_reads_no_large_table_from_end_to_end(citizen: Client, address: str) -> None:
    with explained() as statements:
        assert citizen.get(address).status_code == 200
    assert any(scan.table in LARGE for each in statements for scan in each.scans), "something was explained"
    assert not whole(statements)


def test_the_copy_of_all_data_reads_no_large_table_from_end_to_end(citizen: Client) -> None:
    with explained() as statements:
        assert citizen.post("/om-dine-data/kopi/", {"form": "json"}).status_code == 200
    assert not whole(statements)


@pytest.mark.usefixtures("filled", "db")
def test_a_consumers_summary_reads_no_large_table_from_end_to_end() -> None:
    consumer = Application.objects.get(client_id=demo_data.consumer().client_id)
    asked = {"cpr": cpr(SOMEBODY), "municipality": "0730", "language": "da"}
    bearer = {"Authorization": f"Bearer {given_token(consumer)}"}
    with explained() as statements:
        answer = Client().post("/api/v1/citizen-summaries", asked, content_type="application/json", headers=bearer)
    assert answer.status_code == 200
    assert not whole([each for each in statements if "oauth2_provider" not in each.text])  # one token, one page


def test_what_is_held_of_a_citizen_is_one_range_a_table(citizen: Client) -> None:
    with explained() as statements:
        citizen.get("/")
    (reading,) = (each for each in statements if "'cases', cases.told" in each.text)
    held = {scan.table: scan for scan in reading.scans if scan.table in BY_CITIZEN}
    assert len(held) == len([scan for scan in reading.scans if scan.table in BY_CITIZEN]) == len(BY_CITIZEN)
    for scan in held.values():
        assert (scan.times, scan.index.split("_")[-1]) in {(1, "pkey"), (1, "first")}, scan
    assert held["indexes_case"].rows > 1


@pytest.mark.usefixtures("filled", "db")
def test_a_record_is_stored_and_taken_away_without_reading_a_table_from_end_to_end() -> None:
    records = (case(cpr=cpr(SOMEBODY)), payment(cpr=cpr(SOMEBODY)))
    with explained() as statements, asked_as(lambda: Role.SYNC):
        save(parsed(*records), wanted=WANTED, now=NOW)
        save([withdrawn()], wanted=WANTED, now=NOW)
    assert find_citizen(cpr(SOMEBODY))
    assert not whole(statements)


@pytest.mark.usefixtures("filled", "db")
def test_a_read_that_has_no_index_is_told() -> None:
    with explained() as statements, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM indexes_case WHERE kle = '32.30.04'")
    assert len(whole(statements)) == 1
