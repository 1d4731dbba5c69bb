"""A new key: everything is written anew while the site is up, and then the old key can go."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from pytest_django import Settings

from indexes.crypto import KeyRingError
from indexes.identity import citizen_id_for, citizens_for, cpr_of, find_citizen, fingerprints_of, newcomer
from indexes.keys import forget
from indexes.models import Case, Citizen, KeyMark, Quarantined
from indexes.quarantine import keep, message_of
from indexes.records import Source
from indexes.rotation import KEPT, in_use, rewrite_citizens, rewrite_messages, waiting
from indexes.store import save
from tests.indexes.makers import AMINA, BO, METTE, NOW, RANDERS, WANTED, full_case, parsed, refused
from tests.ops.test_embedded import eventually
from tests.roles import SYNC, asked_as, connect_as

OLD, NEW = "old:sixteen-characters-at-least", "new:another-sixteen-characters"
MESSAGE = f"<Sag>{METTE}</Sag>".encode()
Say = Callable[[], str]


@pytest.fixture
def old_and_new(db: None, settings: Settings) -> Settings:  # noqa: ARG001 - the tables
    """Three citizens and a message under the old key; the new one stands first now."""
    settings.CPR_KEYS = OLD
    citizens_for([METTE, BO, AMINA])
    quarantine(MESSAGE)
    settings.CPR_KEYS = f"{NEW},{OLD}"
    return settings


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Say:
    return lambda: capsys.readouterr().out


def quarantine(raw: bytes, *, times: int = 1) -> None:
    keep([refused(raw=raw, cpr=METTE)] * times, source=Source.SDI, authority_cvr=RANDERS, now=NOW)


def test_when_all_is_written_anew_the_old_key_can_go(old_and_new: Settings) -> None:
    people = citizens_for([METTE, BO, AMINA])
    assert [rewrite_citizens(2) for _ in range(3)] == [2, 1, 0]
    assert [rewrite_messages(2) for _ in range(2)] == [1, 0]
    forget(in_use())
    old_and_new.CPR_KEYS = NEW
    assert citizens_for([METTE, BO, AMINA]) == people
    assert cpr_of(people[BO]) == BO
    assert message_of(Quarantined.objects.get()) == MESSAGE


@pytest.mark.django_db
def test_every_table_with_something_sealed_is_written_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'key_id'")
        assert {name for (name,) in cursor.fetchall()} == {kept.table for kept in KEPT}


@pytest.mark.usefixtures("old_and_new")
def test_the_command_says_what_may_leave_the_keys(said: Say) -> None:
    with asked_as(lambda: SYNC):
        call_command("rotate_keys", "--portion", "2", skip_checks=True)
    told = said()
    assert told.startswith(
        "3 citizens and 1 messages in quarantine were written anew. Everything is sealed with 'new'."
    )
    assert "Nothing in the database needs 'old' any more: take it out of CPR_KEYS, and keep it with the backups" in told
    assert in_use() == {"new": 4}
    assert [mark.key for mark in KeyMark.objects.all()] == ["new"], "so the old one is missed by nobody"
    call_command("rotate_keys", skip_checks=True)
    assert said().startswith("0 citizens and 0 messages in quarantine were written anew.")


@pytest.mark.django_db
def test_put_in_as_the_document_says_a_new_key_makes_nobody_two(settings: Settings) -> None:
    """Last, then first: at each step old processes and new ones know whomever the others have met."""
    last, first = f"{OLD},{NEW}", f"{NEW},{OLD}"
    met = iter(range(6114000000, 6114000100))
    for side_by_side in ((OLD, last), (last, first)):
        for one, other in (side_by_side, side_by_side[::-1]):
            person = str(next(met))
            settings.CPR_KEYS = one
            known = citizen_id_for(person)
            settings.CPR_KEYS = other
            assert citizen_id_for(person) == known


def test_with_one_key_there_is_nothing_to_take_out(db: None, said: Say) -> None:  # noqa: ARG001 - the tables
    call_command("rotate_keys", skip_checks=True)
    assert "CPR_KEYS holds no key but '1': nothing can leave it." in said()


def test_stopped_for_want_of_a_key_it_goes_on_where_it_was(old_and_new: Settings, said: Say) -> None:
    old_and_new.CPR_KEYS = "third:a-third-of-some-characters"
    with pytest.raises(CommandError, match=r"put that key back.* Nothing was written anew"):
        call_command("rotate_keys", skip_checks=True)
    old_and_new.CPR_KEYS = f"{NEW},{OLD}"
    assert rewrite_citizens(1) == 1
    call_command("rotate_keys", skip_checks=True)
    assert said().startswith("2 citizens and 1 messages")


@pytest.mark.usefixtures("old_and_new")
def test_a_portion_of_nothing_is_refused() -> None:
    with pytest.raises(CommandError, match="--portion is 1 or more"):
        call_command("rotate_keys", "--portion", "0", skip_checks=True)


@pytest.mark.usefixtures("old_and_new")
def test_a_message_that_came_again_under_the_new_key_is_one_row() -> None:
    quarantine(MESSAGE, times=3)
    assert Quarantined.objects.count() == 2
    with asked_as(lambda: SYNC):
        assert rewrite_messages(10) == 1
    row = Quarantined.objects.get()
    assert (row.times, row.key_id, message_of(row)) == (4, "new", MESSAGE)


@pytest.mark.usefixtures("old_and_new")
def test_a_person_who_has_two_rows_gets_one() -> None:
    """Two processes with different first keys that met somebody for the first time in the same moment."""
    mine = full_case()
    save(parsed(mine), wanted=WANTED, now=NOW)
    kept, sealed = newcomer(METTE)
    Citizen.objects.create(pk=kept, cpr_hmac=fingerprints_of(METTE)[0], cpr_sealed=sealed.data, key_id=sealed.key_id)
    assert Citizen.objects.count() == 4
    with asked_as(lambda: SYNC):
        assert rewrite_citizens(10) == 3
    assert Citizen.objects.count() == 3
    assert find_citizen(METTE) == kept
    assert [(case.citizen_id, case.uuid) for case in Case.objects.all()] == [(kept, mine.uuid)]
    assert Quarantined.objects.get().citizen_id == kept


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_waited_for(settings: Settings, said: Say) -> None:
    settings.CPR_KEYS = OLD
    held = citizens_for([METTE, BO])[METTE]
    settings.CPR_KEYS = f"{NEW},{OLD}"
    with connect_as() as other:
        other.execute("BEGIN")
        other.execute("SELECT FROM indexes_citizen WHERE id = %s FOR UPDATE", [held])
        assert (rewrite_citizens(10), rewrite_citizens(10), waiting()) == (1, 0, 1)
        letting_go = threading.Timer(0.5, other.execute, ["COMMIT"])
        letting_go.start()
        call_command("rotate_keys", skip_checks=True)
        letting_go.join()
    assert said().startswith("1 citizens")
    assert waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_the_site_is_up_meanwhile(settings: Settings) -> None:
    """Others find people, ask for their numbers, meet new ones and quarantine messages, and notice nothing."""
    settings.CPR_KEYS = OLD
    cprs = [f"6113{number:06}" for number in range(300)]
    people = citizens_for(cprs)
    quarantine(MESSAGE)
    settings.CPR_KEYS = f"{NEW},{OLD}"
    over, rounds = threading.Event(), [0, 0]

    def use(worker: int, work: Callable[[int], None]) -> None:
        try:
            while not over.is_set():
                work(rounds[worker])
                rounds[worker] += 1
        finally:
            connections.close_all()

    def read(number: int) -> None:
        cpr = cprs[number % len(cprs)]
        assert find_citizen(cpr) == people[cpr]
        assert cpr_of(people[cpr]) == cpr

    def write(number: int) -> None:
        cpr = cprs[-number % len(cprs)]
        assert citizens_for([cpr, f"6114{number:06}"])[cpr] == people[cpr]
        quarantine(MESSAGE)

    with ThreadPoolExecutor() as pool:
        users = [pool.submit(use, 0, read), pool.submit(use, 1, write)]
        try:
            assert eventually(lambda: min(rounds) > 3)
            before = rounds[:]
            call_command("rotate_keys", "--portion", "5", skip_checks=True)
            during = [now - then for now, then in zip(rounds, before, strict=True)]
        finally:
            over.set()
    for user in users:
        user.result()
    assert min(during) > 0, "they did their work while the keys were changed"
    assert waiting() == 0
    settings.CPR_KEYS = NEW
    assert citizens_for(cprs) == people
    assert message_of(Quarantined.objects.get()) == MESSAGE


@pytest.mark.django_db
def test_a_row_under_a_key_that_is_gone_stops_it(settings: Settings) -> None:
    settings.CPR_KEYS = OLD
    quarantine(MESSAGE)
    settings.CPR_KEYS = NEW
    with pytest.raises(KeyRingError, match="'old', which CPR_KEYS does not hold"):
        rewrite_messages(10)
    assert in_use()["old"] == 2


@pytest.mark.parametrize("key_id", ["old", "nobody's"])
@pytest.mark.usefixtures("old_and_new")
def test_a_row_that_no_key_opens_is_named(key_id: str) -> None:
    """Whoever has the pages' password can leave one: the operator has to find it."""
    nobody = uuid4()
    Citizen.objects.create(pk=nobody, cpr_hmac=b"x", cpr_sealed=b"x" * 40, key_id=key_id)
    with pytest.raises(KeyRingError, match=str(nobody)):
        rewrite_citizens(10)
