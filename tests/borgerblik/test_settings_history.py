"""The history of settings: written by what is decided and by nothing else; whatever is changed in it later is found."""

import re
from collections.abc import Callable
from dataclasses import asdict
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from psycopg import errors

from borgerblik import settings_store, tasks
from borgerblik.models import AccessBlock, AuthoritySettings, SettingBlock, SettingChange
from borgerblik.policy import AreaRule
from borgerblik.seals.logs import SETTINGS
from borgerblik.seals.sealing import seal
from borgerblik.seals.verifying import faults
from indexes.rights import Role
from tests.borgerblik.log_makers import HOUR, SECOND
from tests.indexes.makers import NOW
from tests.roles import CONSOLE, SYNC, asked_as, connect_as

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + 5 * HOUR


def change(**more: object) -> SettingChange:
    told = {"authority_id": "0730", "staff_key": "karen", "what": "etape 1", "before": {"on": False}}
    return SettingChange(**{**told, "after": {"on": True}, **more})


@pytest.fixture
def history() -> None:
    """Three blocks, two hours between them, of two changes each."""
    AuthoritySettings.objects.create(code="0730")
    for hours in (0, 2, 4):
        at = NOW + hours * HOUR
        SettingChange.objects.bulk_create([change(at=at - 2 * SECOND), change(at=at - SECOND, staff_key="bo")])
        assert seal(SETTINGS, now=at)


def decide() -> None:
    """As the console does, with the rights it has."""
    with asked_as(lambda: CONSOLE):
        settings_store.save("0730", [settings_store.Change(etape=1, on=True)], staff_key="karen")


def test_the_database_says_when_it_was_decided() -> None:
    before = timezone.now()
    decide()
    assert before < SettingChange.objects.get().at < timezone.now()


ADD = (
    "INSERT INTO borgerblik_settingchange (authority_id, staff_key, what, before, after) "
    "VALUES ('0730', 'bo', 'etape 1', '{}', '{}')"
)
CHANGING = (
    "UPDATE borgerblik_settingchange SET staff_key = 'bo'",
    "UPDATE borgerblik_settingchange SET at = now()",
    "DELETE FROM borgerblik_settingchange",
    "TRUNCATE borgerblik_settingchange",
    "SELECT setval('borgerblik_settingchange_id_seq', 1)",
    "SELECT write_change('0730', 'etape 1', '{}', '[]')",
    "SELECT forget_oldest('borgerblik_settingchange', 'borgerblik_settingblock', now())",
    "UPDATE borgerblik_settingblock SET root = ''",
    "DELETE FROM borgerblik_settingblock",
)


@pytest.mark.parametrize("role", [CONSOLE, SYNC])
@pytest.mark.parametrize("statement", [ADD, *CHANGING])
def test_no_service_changes_it_or_adds_what_did_not_happen(role: Role, statement: str) -> None:
    decide()
    with connect_as(role) as session, pytest.raises(errors.InsufficientPrivilege):
        session.execute(statement)


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM borgerblik_settingblock", "SELECT forget_changes(now())", "SELECT last_change()"]
)
def test_the_console_has_nothing_to_do_with_its_seals(statement: str) -> None:
    with connect_as(CONSOLE) as console, pytest.raises(errors.InsufficientPrivilege):
        console.execute(statement)


def told() -> list[tuple[str, str, object, object]]:
    return list(SettingChange.objects.order_by("pk").values_list("staff_key", "what", "before", "after"))


def test_with_the_consoles_password_alone_nothing_is_decided_that_is_not_written_down() -> None:
    """By whom only the console can say: whoever has its password may say another's name; the role's stands else."""
    decide()
    SettingChange.objects.all().delete()
    hidden = asdict(AreaRule())
    with connect_as(CONSOLE) as console:
        console.execute("INSERT INTO borgerblik_authoritysettings (code, etaper) VALUES ('0360', '{4}')")
        console.execute(
            "UPDATE borgerblik_authoritysettings SET since = '2026-01-01', etaper = '{1,2}' WHERE code = '0730'"
        )
        console.execute(
            "INSERT INTO borgerblik_areasetting (authority_id, area, shown, active_regardless, title, document_titles) "
            "VALUES ('0730', 'social', true, false, 'kle', false)"
        )
        console.execute("SELECT set_config('borgerblik.staff', 'bo', false)")
        console.execute("UPDATE borgerblik_areasetting SET from_date = '2020-02-01', fagsystemer = '{A,B}'")
        console.execute("UPDATE borgerblik_areasetting SET shown = shown")
    shown = {**hidden, "shown": True}
    assert told() == [
        (CONSOLE, "etape 4", {"on": False}, {"on": True}),
        (CONSOLE, "since", {"since": None}, {"since": "2026-01-01"}),
        (CONSOLE, "etape 2", {"on": False}, {"on": True}),
        (CONSOLE, "area social", hidden, shown),
        ("bo", "area social", shown, {**shown, "from_date": "2020-02-01", "fagsystemer": ["A", "B"]}),
    ]


def verified() -> str:
    out = StringIO()
    call_command("verify_settings_history", stdout=out)
    return out.getvalue()


def test_the_worker_seals_what_was_decided_and_verifies_it() -> None:
    decide()
    with asked_as(lambda: SYNC):
        assert verified() == "Nothing is sealed yet; 1 entries wait for the first seal.\n"
        tasks.seal_settings_history()
        assert verified().startswith("1 block fits its entries and each other; 0 entries wait for a seal.")
    assert not AccessBlock.objects.exists()


def put_another_name(first: SettingChange) -> None:
    SettingChange.objects.filter(pk=first.pk).update(staff_key="bo")


def change_what_it_was(first: SettingChange) -> None:
    SettingChange.objects.filter(pk=first.pk).update(before={"on": True})


def move_to_another_authority(first: SettingChange) -> None:
    AuthoritySettings.objects.create(code="0360")
    SettingChange.objects.filter(pk=first.pk).update(authority_id="0360")


def remove(first: SettingChange) -> None:
    first.delete()


def add_one_of_before(first: SettingChange) -> None:
    change(at=first.at).save()


def add_one_of_before_and_let_it_be_sealed(first: SettingChange) -> None:
    add_one_of_before(first)
    seal(SETTINGS, now=LATER)


def add_one_far_above(_first: SettingChange) -> None:
    change(pk=10**9, at=LATER - SECOND).save(force_insert=True)


def remove_a_seal(_first: SettingChange) -> None:
    SettingBlock.objects.get(number=2).delete()


TAMPERING: dict[Callable[[SettingChange], None], str] = {
    put_another_name: "Block 1, sealed .* covers 2 entries and 2 are there",
    change_what_it_was: "Block 1, sealed .* covers 2 entries and 2 are there",
    move_to_another_authority: "Block 1, sealed .* covers 2 entries and 2 are there",
    remove: "Block 1, sealed .* covers 2 entries and 1 are there",
    add_one_of_before: "1 entries are older than an hour and not sealed",
    add_one_of_before_and_let_it_be_sealed: "Block 4, .* should have been sealed more than an hour earlier",
    add_one_far_above: "1 entries have an id that was never given out",
    remove_a_seal: "Block 2 is missing",
}


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found(tamper: Callable[[SettingChange], None]) -> None:
    assert list(faults(SETTINGS, now=LATER)) == []
    tamper(SettingChange.objects.order_by("pk")[0])
    told = "\n".join(faults(SETTINGS, now=LATER))
    assert re.search(TAMPERING[tamper], told), told


@pytest.mark.usefixtures("history")
def test_the_command_tells_of_it() -> None:
    assert verified().startswith("3 blocks fit")
    put_another_name(SettingChange.objects.order_by("pk")[0])
    with pytest.raises(CommandError, match="Block 1, sealed"):
        verified()
