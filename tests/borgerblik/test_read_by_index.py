"""A citizen's read is by index, also where there was nothing when it was planned: it never reads a whole table."""

import datetime as dt

import pytest
from django.db import connection

from borgerblik.grants import Reader, open_grant
from indexes.rights import Role
from indexes.store import save
from tests.indexes.makers import BO, METTE, NOW, WANTED, case, grant, parsed, payment, plan
from tests.roles import WEB, connect_as

pytestmark = pytest.mark.django_db(transaction=True)

READER = Reader(actor="citizen", organisation="Randers Kommune", system="Mit Overblik", purpose="Du så dit overblik.")
TABLES = ("borgerblik_accessentry", "indexes_case", "indexes_grant", "indexes_payment", "indexes_plan")
TOKEN = "a token"


def scans(of: Role) -> dict[str, int]:
    """Table -> how often it has been read from end to end, told by a session of this role about itself."""
    with connect_as(of) as session:
        for cpr in (METTE, METTE):
            session.execute("SELECT held FROM read_granted(%s, '{}', 'overview')", [f"{TOKEN} {cpr}"], prepare=True)
        session.execute("SELECT pg_stat_force_next_flush()")
        rows = session.execute(
            "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY (%s)", [list(TABLES)]
        ).fetchall()
    return dict(rows)


def test_no_table_is_read_from_end_to_end_though_all_were_empty_when_they_were_last_looked_at() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM (ANALYZE) {table}")
    for cpr in (METTE, BO):
        records = (case(f"case {cpr}", cpr=cpr), grant(f"grant {cpr}", cpr=cpr), payment(f"payment {cpr}", cpr=cpr))
        save(parsed(*records, plan(f"plan {cpr}", cpr=cpr)), wanted=WANTED, now=NOW)
        open_grant(cpr, READER, token=f"{TOKEN} {cpr}", lasts=dt.timedelta(hours=1))
    before = scans(WEB)
    assert scans(WEB) == before
