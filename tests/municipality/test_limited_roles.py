"""A role that its organisation has limited reaches no further than the limit says: in each authority, for each page."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.db.models import JSONField, Value
from django.test import Client

from borgerblik import settings_store
from borgerblik.models import SettingChange
from borgerblik.settings_store import Change
from portal.models import StaffUser
from tests.staff import NO_LIMITS, Kept, employee, granted

pytestmark = pytest.mark.django_db

RANDERS, LOLLAND = "0730", "0360"
FORM = {"shown": "on", "title": "kle", "fagsystem_choice": "every", "opened": "0"}
JOBS = ["15.*"]


def with_privileges(client: Client, *privileges: Any, role: str = "administrator") -> Client:
    """Whoever has these privileges in Randers and Lolland, signed in."""
    kira = employee(role, *((RANDERS, LOLLAND) if role != "udk_administrator" else ()), key="kira")
    kira.privileges = list(privileges)
    kira.save()
    client.force_login(kira)
    return client


@pytest.fixture
def kira(client: Client) -> Client:
    """All of Randers; in Lolland what lies under 15 in KLE."""
    return with_privileges(client, granted(RANDERS), granted(LOLLAND, kle=JOBS))


def decided() -> list[tuple[str, str]]:
    return list(SettingChange.objects.order_by("at").values_list("authority_id", "what"))


def may(client: Client, code: str) -> set[str]:
    """What can be decided about an authority, by trying all there is: areas, etaper, the day."""
    ways: dict[str, tuple[str, dict[str, str]]] = {
        **{f"area {key}": (f"omraade/{key}/vis/", {"on": "1"}) for key in ("beskaeftigelse", "social", "dagtilbud")},
        "area kontante_ydelser": ("omraade/kontante_ydelser/vis/", {"on": "1"}),
        "area helhedsorienteret_plan": ("omraade/helhedsorienteret_plan/vis/", {"on": "1"}),
        "etape 1": ("etape/1/", {"on": "1"}),
        "since": ("siden/", {"since": "2020-06-01"}),
    }
    for address, body in ways.values():
        assert client.post(f"/kommune/{code}/{address}", body).status_code in {302, 404, 403}
    return {what for authority, what in decided() if authority == code}


ALL = {f"area {key}" for key in ("beskaeftigelse", "social", "dagtilbud", "kontante_ydelser", "helhedsorienteret_plan")}
ALL |= {"etape 1", "since"}
JOB_AREAS = {"area beskaeftigelse", "area helhedsorienteret_plan"}


@pytest.mark.parametrize(
    ("privileges", "reached"),
    [
        ([granted(RANDERS)], ALL),
        ([granted(RANDERS, kle=["*"])], ALL),
        ([granted(RANDERS, kle=JOBS)], JOB_AREAS),
        ([granted(RANDERS, kle=["15"])], JOB_AREAS),
        ([granted(RANDERS, kle=["15.17.30"])], {"area helhedsorienteret_plan"}),
        ([granted(RANDERS, kle=["15.17.*"])], {"area helhedsorienteret_plan"}),
        ([granted(RANDERS, kle=["27.*"])], set()),  # social lies under 27 and 34
        ([granted(RANDERS, kle=["27.*", "34.*"])], {"area social"}),
        ([granted(RANDERS, kle=["27.*"]), granted(RANDERS, kle=["34.*"])], {"area social"}),
        ([granted(RANDERS, kle=JOBS), granted(RANDERS, kle=["28.*"])], {*JOB_AREAS, "area dagtilbud"}),
        ([granted(RANDERS, kle=JOBS), granted(RANDERS)], ALL),
        ([granted(RANDERS, kle=["1"])], set()),
        ([granted(RANDERS, kle=["3"])], set()),
        ([granted(RANDERS, units=["7d9f0000-0000-4000-8000-000000000001"])], set()),
        ([granted(RANDERS, systems=["KSD"])], set()),
        ([granted(RANDERS, sensitivity=["ordinary"])], set()),
        ([granted(RANDERS, sensitivity=["ordinary", "confidential", "sensitive"])], set()),
        ([granted(RANDERS, sensitivity=["ordinary", "confidential", "sensitive", "vip"])], ALL),
        ([granted(RANDERS, kle=JOBS, systems=["KSD"])], set()),
        ([granted(RANDERS, systems=["KSD"]), granted(RANDERS, kle=JOBS)], JOB_AREAS),
        ([granted(LOLLAND)], set()),
        ([], set()),
    ],
    ids=lambda given: str(sorted(given) if isinstance(given, set) else given),
)
def test_what_a_limited_administrator_can_decide(client: Client, privileges: list[Kept], reached: set[str]) -> None:
    assert may(with_privileges(client, *privileges), RANDERS) == reached


def test_the_limits_of_one_authority_are_not_those_of_another(kira: Client) -> None:
    assert may(kira, RANDERS) == ALL
    assert may(kira, LOLLAND) == JOB_AREAS


@pytest.mark.parametrize(
    "stored",
    [
        None,
        {},
        "administrator",
        7,
        [None],
        ["administrator"],
        [{}],
        [{**granted(RANDERS), "limits": None}],
        [{**granted(RANDERS), "limits": {}}],
        [{"role": "x", "cvr": granted(RANDERS)["cvr"]}],
        [granted(RANDERS), "and one that cannot be read"],
        [{**granted(RANDERS), "limits": {"kle": []}}],
        [{**granted(RANDERS), "limits": {**NO_LIMITS, "kle": "*"}}],
        [granted(RANDERS, sensitivity=["unknown"])],
        [granted(RANDERS, kle=["everything"])],
        [granted(RANDERS, sensitivity=["HEMMELIG"])],
        [granted(RANDERS, units=["the job centre"])],
        [granted(RANDERS, amounts=["25000"])],
        [{**granted(RANDERS), "until": "2026-12-31"}],
    ],
    ids=str,
)
def test_what_cannot_be_read_grants_nothing(client: Client, stored: Any) -> None:
    employee("administrator", RANDERS, key="kira")
    StaffUser.objects.update(privileges=Value(stored, JSONField()))
    client.force_login(StaffUser.objects.get())
    assert may(client, RANDERS) == set()
    answer = client.get("/kommune/")
    assert answer.status_code == 403
    assert "Log på igen" in answer.content.decode()


def test_an_area_outside_is_shown_but_cannot_be_changed(kira: Client) -> None:
    page = kira.get(f"/kommune/?kommune={LOLLAND}").content.decode()
    switches = set(re.findall(r'formaction="/kommune/0360/([^"]+)"', page))
    assert switches == {"omraade/beskaeftigelse/vis/", "omraade/helhedsorienteret_plan/vis/"}
    assert "omraade-social" in page
    assert "Uden for din rolle" in page
    assert "Din rolle i Lolland Kommune gælder KLE 15." in page
    assert 'action="/kommune/0360/siden/"' not in page
    assert "Uden for din rolle" not in kira.get(f"/kommune/?kommune={RANDERS}").content.decode()


def test_the_page_of_an_area_outside_does_not_exist(kira: Client) -> None:
    assert kira.get("/kommune/0360/omraade/beskaeftigelse/").status_code == 200
    for key in ("social", "kontante_ydelser"):
        assert kira.get(f"/kommune/0730/omraade/{key}/").status_code == 200
        assert kira.get(f"/kommune/0360/omraade/{key}/").status_code == 404
        assert kira.post(f"/kommune/0360/omraade/{key}/", FORM).status_code == 404
    assert decided() == []


def test_the_history_is_of_what_the_role_reaches_and_of_what_opens_it(kira: Client) -> None:
    for code in (RANDERS, LOLLAND):
        settings_store.set_since(code, date(2020, 6, 1), staff_key="x")
        switches = [
            Change(area="social", shown=True),
            Change(area="beskaeftigelse", shown=True),
            Change(etape=2, on=True),
        ]
        settings_store.save(code, switches, staff_key="x")
    listed = {code: kira.get(f"/kommune/aendringer/?kommune={code}").content.decode() for code in (RANDERS, LOLLAND)}
    assert [page.count("Ukendt medarbejder</td>") for page in listed.values()] == [4, 3]
    assert "Udsatte" not in listed[LOLLAND]


@pytest.mark.parametrize(
    ("kle", "reached"), [((), True), (["32.*"], True), (["32.06.*"], True), (["32.03.*"], False), (["15.*"], False)]
)
def test_udbetaling_danmarks_own_are_limited_too(client: Client, kle: Sequence[str], *, reached: bool) -> None:
    ulla = with_privileges(client, granted("UDK", "udk_administrator", kle=kle), role="udk_administrator")
    answer = ulla.post("/kommune/UDK/omraade/udk_boligstoette/vis/", {"on": "1"})
    assert answer.status_code == (302 if reached else 404)
    assert (("UDK", "area udk_boligstoette") in decided()) == reached


def test_a_coordinator_decides_nothing_whatever_is_kept(client: Client) -> None:
    henrik = with_privileges(client, granted(RANDERS), role="coordinator")
    assert henrik.get("/kommune/").status_code == 403
    assert may(henrik, RANDERS) == set()
