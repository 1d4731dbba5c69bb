"""A CPR number is kept once and sealed: found by whoever has the key, told by nothing else."""

import logging
import re
import threading
from uuid import uuid4

import pytest
from django.db import connection, connections
from psycopg.sql import SQL, Identifier
from pytest_django import DjangoAssertNumQueries, Settings

from indexes.crypto import KeyRingError, Sealed, cpr_keys
from indexes.identity import UnknownCitizenError, citizen_id_for, citizens_for, cpr_of, find_citizen
from indexes.models import Citizen
from indexes.quarantine import keep
from indexes.records import Item, Source
from indexes.store import save
from tests.indexes.makers import (
    AMINA,
    BO,
    METTE,
    NOW,
    RANDERS,
    WANTED,
    full_case,
    full_grant,
    full_payment,
    full_plan,
    parsed,
    refused,
)

pytestmark = pytest.mark.django_db

OLD, NEW = "old:sixteen-characters-at-least", "new:another-sixteen-characters"


def test_a_citizen_is_made_once() -> None:
    citizen = citizen_id_for(METTE)
    assert citizen_id_for(METTE) == citizen
    assert find_citizen(METTE) == citizen
    assert cpr_of(citizen) == METTE


def test_looking_makes_nobody() -> None:
    assert find_citizen(METTE) is None
    assert not Citizen.objects.exists()


def test_many_are_found_and_made_in_two_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    known = citizen_id_for(METTE)
    with django_assert_num_queries(2):
        found = citizens_for([METTE, BO, AMINA, BO])
    assert found[METTE] == known
    assert len(set(found.values())) == 3
    with django_assert_num_queries(1):
        assert citizens_for([METTE, BO, AMINA]) == found
    with django_assert_num_queries(0):
        assert citizens_for([]) == {}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one() -> None:
    barrier, found = threading.Barrier(2), []

    def make() -> None:
        try:
            barrier.wait(10)
            found.append(citizens_for([METTE, BO, AMINA]))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]
    assert Citizen.objects.count() == 3


def test_nobody_has_no_cpr_number() -> None:
    with pytest.raises(UnknownCitizenError, match="erased"):
        cpr_of(uuid4())


def test_a_sealed_number_cannot_be_moved_to_another_row() -> None:
    mette, bo = citizen_id_for(METTE), citizen_id_for(BO)
    Citizen.objects.filter(pk=bo).update(cpr_sealed=Citizen.objects.get(pk=mette).cpr_sealed)
    with pytest.raises(KeyRingError, match="tampered"):
        cpr_of(bo)


def test_a_new_key_still_finds_those_of_the_old(settings: Settings) -> None:
    settings.CPR_KEYS = OLD
    mette = citizen_id_for(METTE)
    settings.CPR_KEYS = f"{NEW},{OLD}"
    assert citizen_id_for(METTE) == mette
    assert cpr_of(mette) == METTE
    assert Citizen.objects.get(pk=citizen_id_for(BO)).key_id == "new"


def test_a_key_that_is_gone_is_named(settings: Settings) -> None:
    settings.CPR_KEYS = OLD
    mette = citizen_id_for(METTE)
    settings.CPR_KEYS = NEW
    with pytest.raises(KeyRingError, match="'old', which CPR_KEYS does not hold"):
        cpr_of(mette)


@pytest.mark.parametrize("text", ["", "a", "a:", ":secretsecretsecret", "a:short", f"{OLD},{OLD}"])
def test_keys_that_cannot_be_used_are_refused(settings: Settings, text: str) -> None:
    settings.CPR_KEYS = text
    with pytest.raises(KeyRingError, match="CPR_KEYS cannot be read"):
        find_citizen(METTE)


def test_a_secret_is_in_no_repr_and_no_message() -> None:
    key = cpr_keys().writing
    sealed = key.seal(METTE.encode(), bound_to=b"row")
    with pytest.raises(KeyRingError) as caught:
        cpr_keys().open(Sealed(key_id=key.id, data=sealed.data), bound_to=b"another row")
    for text in (repr(cpr_keys()), repr(key), repr(sealed), str(caught.value)):
        assert "of-the-test-run-only" not in text
        assert METTE not in text


def test_a_cpr_number_stands_in_no_column_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    items: list[Item] = parsed(full_case(), full_grant(), full_payment(), full_plan())
    save(items, wanted=WANTED, now=NOW)
    keep([refused(raw=f"<Sag>{METTE}</Sag>".encode())], source=Source.SDI, authority_cvr=RANDERS, now=NOW)
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith("indexes_")]
        assert len(tables) >= 10  # the test would say nothing if it found none
        for table in tables:
            cursor.execute(SQL("SELECT row_to_json(t)::text FROM {} t").format(Identifier(table)))
            for (row,) in cursor.fetchall():
                assert METTE not in row
                assert METTE.encode().hex() not in row
    assert not re.search(METTE, caplog.text)
