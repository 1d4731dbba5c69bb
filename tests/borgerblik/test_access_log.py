"""The access log: nothing is read without an entry, and the role that reads changes and removes none."""

import datetime as dt
from uuid import uuid4

import pytest
from psycopg import errors

from borgerblik.models import AccessEntry
from indexes.grants import Reader, open_grant
from indexes.identity import citizen_id_for
from tests.indexes.makers import METTE
from tests.roles import WEB, connect_as

READER = Reader(actor="demo-consumer", organisation="Demo", system="rest", purpose="consumer")


@pytest.mark.django_db(transaction=True)
def test_the_web_role_adds_entries_and_reads_only_what_is_granted() -> None:
    citizen = citizen_id_for(METTE)
    opened = open_grant(METTE, READER, lasts=dt.timedelta(hours=1))
    assert opened is not None
    with connect_as(WEB) as web:
        for whose in (citizen, uuid4()):
            web.execute("SELECT read_logged(%s, '{}', 'citizen', '', 'x', 'overview', 'own_page')", [whose])
        assert web.execute("SELECT count(*) FROM borgerblik_accessentry").fetchone() == (0,)
        with web.transaction():
            web.execute("SELECT set_config('borgerblik.grant', %s, true)", [opened.token])
            assert web.execute("SELECT citizen FROM borgerblik_accessentry").fetchall() == [(citizen,)]
        for statement in (
            "UPDATE borgerblik_accessentry SET actor = 'x'",
            "DELETE FROM borgerblik_accessentry",
            "TRUNCATE borgerblik_accessentry",
            "INSERT INTO borgerblik_accessentry (id, actor, system, what, purpose) VALUES (3, 'x', 'x', 'x', 'x')",
            "SELECT * FROM borgerblik_accessblock",
            "DELETE FROM borgerblik_accessblock",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                web.execute(statement)
    assert AccessEntry.objects.count() == 2
