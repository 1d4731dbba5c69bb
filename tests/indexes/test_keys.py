"""CPR_KEYS that are not the database's are found before anybody is looked for, and taken for a stranger."""

import signal
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries, Settings

from borgerblik import syncing
from borgerblik.grants import ByNumber, Reader
from indexes import keys
from indexes.authorities import by_code
from indexes.crypto import KeyRingError, cpr_keys
from indexes.identity import citizen_id_for, find_citizen, fingerprints_of, newcomer
from indexes.models import Citizen, KeyMark, Load
from indexes.records import Source
from tests.indexes.makers import BO, METTE
from tests.roles import SYNC, WEB, asked_as

pytestmark = pytest.mark.django_db

RIGHT, MISTYPED, ANOTHER = "1:abcdefghijklmnopqrstuv", "1:abcdefghijklmnopqrstuX", "2:zyxwvutsrqponmlkjihgfe"
READER = Reader(actor="citizen", organisation="", system="tests", purpose="own_page")
WRONG = pytest.mark.parametrize(
    ("wrong", "says"), [(MISTYPED, "another secret for the key '1'"), (ANOTHER, "the key '1', which CPR_KEYS does not")]
)


@pytest.fixture
def mistyped(settings: Settings) -> Settings:
    settings.CPR_KEYS = RIGHT
    citizen_id_for(METTE)
    settings.CPR_KEYS = MISTYPED
    return settings


@WRONG
@pytest.mark.parametrize("look", [citizen_id_for, find_citizen, fingerprints_of, newcomer])
def test_nobody_is_looked_for_or_made_with_other_keys(
    mistyped: Settings, look: Callable[[str], object], wrong: str, says: str
) -> None:
    mistyped.CPR_KEYS = wrong
    for cpr in (METTE, BO):
        with pytest.raises(KeyRingError, match=says):
            look(cpr)
    assert Citizen.objects.count() == 1


def test_the_pages_find_it_without_seeing_a_sealed_number(mistyped: Settings) -> None:
    call = ByNumber(cpr=METTE, reader=READER)
    with asked_as(lambda: WEB), pytest.raises(KeyRingError, match="another secret"):
        call.opening("overview")
    mistyped.CPR_KEYS = RIGHT
    with asked_as(lambda: WEB):
        assert keys.trusted() is cpr_keys()


@pytest.mark.usefixtures("mistyped")
def test_no_reading_begins_and_the_commands_say_why() -> None:
    pair = syncing.Pair(source=Source.SDI, authority=by_code["0730"])
    with pytest.raises(KeyRingError), syncing.worker():
        pass
    with pytest.raises(KeyRingError):
        syncing.begin(pair)
    with pytest.raises(CommandError, match=r"^CPR_KEYS holds another secret .* put the right secret back\.$"):
        call_command("sync_indexes", "--municipality", "0730")
    assert not Load.objects.exists()


@pytest.fixture
def signals() -> Iterator[None]:
    """What the command listens to is heard by the tests again."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, heard in before.items():
        signal.signal(number, heard)


@pytest.mark.usefixtures("signals")
def test_no_event_is_taken(mistyped: Settings) -> None:
    mistyped.AMQP_URL, mistyped.EVENTS_QUEUE = "amqp://127.0.0.1:1/BF", "events"
    with pytest.raises(CommandError, match="put the right secret back"):
        call_command("consume_events")


@pytest.mark.usefixtures("mistyped")
def test_nothing_is_written_anew() -> None:
    with pytest.raises(CommandError, match="Nothing was written anew"):
        call_command("rotate_keys", skip_checks=True)


def test_they_are_compared_once(settings: Settings, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    settings.CPR_KEYS = RIGHT
    with asked_as(lambda: SYNC):
        keys.trusted()
    with django_assert_num_queries(0):
        keys.trusted()


def test_a_database_from_before_the_marks_is_known_by_whom_it_holds(settings: Settings) -> None:
    settings.CPR_KEYS = RIGHT
    citizen_id_for(METTE)
    for wrong in (MISTYPED, ANOTHER):
        KeyMark.objects.all().delete()
        settings.CPR_KEYS = wrong
        with asked_as(lambda: SYNC), pytest.raises(KeyRingError):
            citizen_id_for(BO)


def test_a_row_that_nothing_opens_stands_in_nobodys_way(settings: Settings) -> None:
    """Whoever has the pages' password can leave one."""
    settings.CPR_KEYS = RIGHT
    Citizen.objects.create(pk=uuid4(), cpr_hmac=b"x", cpr_sealed=b"x" * 40, key_id="1")
    keys.believe(RIGHT)
    citizen_id_for(METTE)
    keys.believe("")
    assert find_citizen(METTE)
    assert KeyMark.objects.get().key == "1"


def test_a_key_that_is_not_written_with_yet_is_not_missed(settings: Settings) -> None:
    settings.CPR_KEYS = f"{RIGHT},{ANOTHER}"
    mette = citizen_id_for(METTE)
    settings.CPR_KEYS = RIGHT
    assert citizen_id_for(METTE) == mette
