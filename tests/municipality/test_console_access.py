"""Who may open the console, and whose decisions are whose."""

import pytest
from django.test import Client

from borgerblik.models import AreaSetting, AuthoritySettings, SettingChange

pytestmark = pytest.mark.django_db

PAGES = ["/kommune/", "/kommune/aendringer/", "/kommune/0730/omraade/social/", "/kommune/oprydning/"]
CHANGES = [
    ("/kommune/{code}/omraade/social/vis/", {"on": "1"}),
    ("/kommune/{code}/omraade/social/", {"shown": "on", "title": "kle", "fagsystem_choice": "every"}),
    ("/kommune/{code}/etape/1/", {"on": "1"}),
    ("/kommune/{code}/siden/", {"since": "2020-06-01"}),
    ("/kommune/{code}/oprydning/fagsystem/igen/", {"navn": "KSD"}),
    (
        "/kommune/{code}/oprydning/proev-igen/",
        {"source": "sdi", "kind": "case", "reason": "no_kle", "what": "Sagsklasse"},
    ),
]


def nothing_was_decided() -> bool:
    return not any(model.objects.exists() for model in (AuthoritySettings, AreaSetting, SettingChange))


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page(client: Client, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/log-ind/")


@pytest.mark.parametrize("page", PAGES)
def test_a_coordinator_is_told_why_not(henrik: Client, page: str) -> None:
    answer = henrik.get(page)
    assert answer.status_code == 403
    assert "Du er logget på som Koordinerende sagsbehandler" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_no_cache_keeps_a_page_of_the_console(karen: Client, page: str) -> None:
    assert karen.get(page)["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("code", ["0461", "UDK", "9999", "xyz"])
def test_somebody_elses_authority_is_not_there(karen: Client, code: str) -> None:
    assert karen.get(f"/kommune/?kommune={code}").status_code == 404
    assert karen.get(f"/kommune/aendringer/?kommune={code}").status_code == 404
    for address, body in CHANGES:
        assert karen.post(address.format(code=code), body).status_code == 404
    assert nothing_was_decided()


@pytest.mark.parametrize(("address", "body"), CHANGES)
def test_a_coordinator_decides_nothing(henrik: Client, address: str, body: dict[str, str]) -> None:
    assert henrik.post(address.format(code="0730"), body).status_code == 403
    assert nothing_was_decided()


@pytest.mark.parametrize(("address", "body"), CHANGES)
def test_nothing_is_changed_by_reading(karen: Client, address: str, body: dict[str, str]) -> None:
    karen.get(address.format(code="0730"), body)
    assert nothing_was_decided()


@pytest.mark.parametrize(("address", "body"), CHANGES)
def test_a_form_from_elsewhere_is_refused(karen: Client, address: str, body: dict[str, str]) -> None:
    elsewhere = Client(enforce_csrf_checks=True)
    elsewhere.cookies = karen.cookies
    assert elsewhere.post(address.format(code="0730"), body).status_code == 403
    assert nothing_was_decided()


@pytest.mark.parametrize("area", ["udk_boligstoette", "sundhed", "findes_ikke"])
def test_an_area_that_is_not_the_municipalitys_cannot_be_decided(karen: Client, area: str) -> None:
    assert karen.get(f"/kommune/0730/omraade/{area}/").status_code == 404
    assert karen.post(f"/kommune/0730/omraade/{area}/vis/", {"on": "1"}).status_code == 404
    assert nothing_was_decided()


def test_udbetaling_danmark_decides_about_its_own(ulla: Client) -> None:
    assert ulla.post("/kommune/UDK/omraade/udk_boligstoette/vis/", {"on": "1"}).status_code == 302
    assert ulla.post("/kommune/UDK/omraade/social/vis/", {"on": "1"}).status_code == 404
    assert list(AreaSetting.objects.values_list("authority_id", "area", "shown")) == [("UDK", "udk_boligstoette", True)]
