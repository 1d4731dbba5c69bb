"""Two administrators at the same area: nobody saves over what the other has set without having seen it."""

import re
from datetime import date

import pytest
from django.test import Client

from borgerblik import settings_store
from borgerblik.models import SettingChange
from borgerblik.policy import AreaRule, TitleChoice
from borgerblik.settings_store import Change, OvertakenError
from portal.models import StaffUser
from tests.staff import employee

pytestmark = pytest.mark.django_db

AREA = "/kommune/0730/omraade/kontante_ydelser/"
BO = "bo-of-randers"


@pytest.fixture(autouse=True)
def bo() -> StaffUser:
    """Karen's colleague; the two have decided to show the area."""
    saved(AreaRule(shown=True))
    return employee("administrator", "0730", key=BO, name="Bo Lund")


def saved(rule: AreaRule, opened: str | None = None) -> None:
    settings_store.save("0730", [Change(area="kontante_ydelser", rule=rule, opened=opened)], staff_key=BO)


def stands() -> AreaRule:
    return settings_store.policy("0730").rules["kontante_ydelser"]


def opened(page: str) -> str:
    """What the form carries of the rule it was opened with."""
    return str(re.findall(r'name="opened" value="(\w+)"', page)[0])


def open_form(client: Client) -> dict[str, object]:
    """The form as Karen opens it, with a from-date that she then writes."""
    page = client.get(AREA).content.decode()
    shown = {"shown": "on"} if re.search(r'name="shown" checked', page) else {}
    written = {"from_date": "2024-01-01", "title": "case", "fagsystem_choice": "every"}
    return {"opened": opened(page), **written, **shown}


def test_what_a_colleague_closed_meanwhile_stays_closed(karen: Client) -> None:
    form = open_form(karen)
    saved(AreaRule(shown=False))
    answer = karen.post(AREA, form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert stands() == AreaRule(shown=False)
    assert "Bo Lund" in page
    assert "Vises: ja → nej" in page
    assert "Der er ikke gemt noget" in page


def test_what_a_colleague_opened_meanwhile_stays_open(karen: Client) -> None:
    saved(AreaRule(shown=False))
    form = open_form(karen)
    assert "shown" not in form
    saved(AreaRule(shown=True))
    assert karen.post(AREA, form).status_code == 409
    assert stands() == AreaRule(shown=True)


def test_what_was_written_stays_and_can_be_saved_knowingly(karen: Client) -> None:
    form = open_form(karen)
    saved(AreaRule(shown=False))
    page = karen.post(AREA, form).content.decode()
    assert 'name="from_date" value="2024-01-01"' in page
    assert re.search(r'name="title" value="case" checked', page)
    assert karen.post(AREA, {**form, "opened": opened(page)}).status_code == 302
    assert stands() == AreaRule(shown=True, from_date=date(2024, 1, 1), title=TitleChoice.CASE)


def test_only_what_happened_since_is_told(karen: Client) -> None:
    saved(AreaRule(shown=True, document_titles=True))
    form = open_form(karen)
    saved(AreaRule(shown=True))
    saved(AreaRule(shown=False))
    page = karen.post(AREA, form).content.decode()
    told = re.findall(r"(?:Vises|Titler på dokumenter): \w+ → \w+", page)
    assert told == ["Titler på dokumenter: ja → nej", "Vises: ja → nej"], "in the order it happened"


def test_a_mistake_in_the_form_does_not_hide_the_colleagues_change(karen: Client) -> None:
    form = open_form(karen)
    saved(AreaRule(shown=False))
    page = karen.post(AREA, {**form, "from_date": "31. februar"}).content.decode()
    assert opened(page) == form["opened"]
    assert karen.post(AREA, {**form, "opened": opened(page)}).status_code == 409


def test_wishing_what_the_colleague_has_set_is_no_conflict(karen: Client) -> None:
    form = {**open_form(karen), "from_date": "", "title": "kle"}
    form.pop("shown")
    saved(AreaRule(shown=False))
    assert karen.post(AREA, form).status_code == 302


def test_a_form_that_does_not_say_what_it_was_opened_with_is_not_saved(karen: Client) -> None:
    form = open_form(karen)
    form.pop("opened")
    answer = karen.post(AREA, form)
    assert answer.status_code == 400
    assert "Åbn den igen" in answer.content.decode()
    assert stands() == AreaRule(shown=True)


def test_a_change_of_another_area_is_no_conflict(karen: Client) -> None:
    form = open_form(karen)
    settings_store.save("0730", [Change(area="social", rule=AreaRule(shown=True))], staff_key=BO)
    assert karen.post(AREA, form).status_code == 302


def test_a_change_that_is_not_in_the_history_is_refused_too() -> None:
    with pytest.raises(OvertakenError) as overtaken:
        saved(AreaRule(shown=False), opened="of another time")
    assert (overtaken.value.stands, overtaken.value.changes) == (AreaRule(shown=True), ())
    assert stands() == AreaRule(shown=True)


def test_a_switch_leaves_what_a_colleague_has_set_meanwhile(karen: Client) -> None:
    karen.get("/kommune/")
    saved(AreaRule(shown=True, document_titles=True))
    karen.post(f"{AREA}vis/", {"on": "0"})
    assert stands() == AreaRule(shown=False, document_titles=True)


def test_a_switch_alone_is_a_change_of_its_own() -> None:
    before = SettingChange.objects.count()
    changed = settings_store.save("0730", [Change(area="kontante_ydelser", shown=False)], staff_key=BO)
    assert (changed, SettingChange.objects.count()) == (1, before + 1)
    assert settings_store.save("0730", [Change(area="kontante_ydelser", shown=False)], staff_key=BO) == 0
