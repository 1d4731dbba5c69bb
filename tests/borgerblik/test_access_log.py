"""The access log: nothing is read without an entry, and the role that reads changes and removes none."""

import datetime as dt

import pytest
from psycopg import errors

from borgerblik.grants import Reader, open_grant
from borgerblik.models import AccessEntry
from tests.indexes.makers import BO, METTE
from tests.roles import WEB, connect_as

READER = Reader(actor="demo-consumer", organisation="Demo", system="rest", purpose="consumer")


@pytest.mark.django_db(transaction=True)
def test_the_web_role_adds_entries_by_reading_and_reads_only_what_it_opened() -> None:
    citizen = open_grant(METTE, READER, token="t", lasts=dt.timedelta(hours=1))
    open_grant(BO, READER, token="b", lasts=dt.timedelta(hours=1))
    with connect_as(WEB) as web:
        for token in "tb":
            web.execute("SELECT use_grant(%s, 'overview')", [token])
        assert web.execute("SELECT count(*) FROM borgerblik_accessentry").fetchone() == (0,)
        with web.transaction():
            web.execute("SELECT use_grant('t', 'log')")
            assert web.execute("SELECT citizen FROM borgerblik_accessentry").fetchall() == [(citizen,)] * 2
        for statement in (
            "UPDATE borgerblik_accessentry SET actor = 'x'",
            "DELETE FROM borgerblik_accessentry",
            "TRUNCATE borgerblik_accessentry",
            "INSERT INTO borgerblik_accessentry (actor, system, what, purpose) VALUES ('x', 'x', 'x', 'x')",
            "SELECT open_citizen(NULL, 'x', 'x', 'x', 'x', 'x')",
            "SELECT * FROM borgerblik_accessblock",
            "DELETE FROM borgerblik_accessblock",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                web.execute(statement)
    assert AccessEntry.objects.count() == 3
