"""Of two rows of a person the one stays by which they have their log."""

import pytest
from django.core.management import call_command
from pytest_django import Settings

from borgerblik.models import AccessEntry
from indexes.identity import citizen_id_for, cpr_of
from indexes.keys import believe
from indexes.models import Case, Citizen
from indexes.store import save
from tests.indexes.makers import METTE, NOW, WANTED, full_case, parsed
from tests.roles import SYNC, asked_as

OLD, NEW = "1:abcdefghijklmnopqrstuv", "2:zyxwvutsrqponmlkjihgfe"


@pytest.mark.django_db
def test_a_log_under_the_old_key_is_not_lost_to_a_row_that_a_reading_made(settings: Settings) -> None:
    """A worker is restarted with a new key first, the pages are not yet."""
    mine = full_case()
    settings.CPR_KEYS = f"{NEW},{OLD}"
    save(parsed(mine), wanted=WANTED, now=NOW)
    settings.CPR_KEYS = OLD
    believe(OLD)  # the pages have compared them before there was a new one
    signed_in = citizen_id_for(METTE)
    AccessEntry.objects.create(citizen=signed_in, actor="citizen", system="portal", what="overview", purpose="own_page")
    settings.CPR_KEYS = f"{NEW},{OLD}"
    assert Citizen.objects.count() == 2
    with asked_as(lambda: SYNC):
        call_command("rotate_keys", verbosity=0, skip_checks=True)
    assert citizen_id_for(METTE) == signed_in == Citizen.objects.get().pk
    assert cpr_of(signed_in) == METTE
    assert [(case.citizen_id, case.uuid) for case in Case.objects.all()] == [(signed_in, mine.uuid)]
