"""An administrator's decision holds from the next request, on the page and by REST; no citizen's row is rewritten."""

import re
from collections.abc import Callable

import pytest
from django.db import connection

from borgerblik.models import SettingChange
from tests.journeys.visitors import Visitor

Visit = Callable[..., Visitor]
TABLES = ("indexes_case", "indexes_grant", "indexes_payment", "indexes_plan")
AREA_32 = "/kommune/0730/omraade/kontante_ydelser/"
ELSEWHERE = "/kommune/0461/omraade/kontante_ydelser/"  # Odense, which is not Karen's


def versions() -> list[tuple[object, ...]]:
    """Every citizen's row with the transaction that wrote it: a row that is rewritten gets another."""
    found: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT %s, uuid, xmin::text, ctid::text FROM {table} ORDER BY uuid", [table])  # noqa: S608
            found += cursor.fetchall()
    return found


def press_switch_of_32(karen: Visitor) -> str:
    """Press area 32's switch as the console's page offers it; what the console then says."""
    switches = re.findall(r'name="on" value="(\d)" formaction="([^"]+)"', karen.page("/kommune/?kommune=0730"))
    sends = next(value for value, address in switches if address == f"{AREA_32}vis/")
    answer = karen.client.post(f"{AREA_32}vis/", {"on": sends})
    assert answer.status_code == 302
    return karen.page(answer["Location"])


def test_switching_area_32_off_and_on_in_the_console(visit: Visit) -> None:
    mette, karen = visit("mette"), visit("karen", staff=True)
    page, summary, rows = mette.page("/sager/"), mette.summary(), versions()
    assert "Sygedagpenge" in page
    assert "kan ikke længere se Kontante ydelser" in press_switch_of_32(karen)
    without, less = mette.page("/sager/"), mette.summary()
    assert "Sygedagpenge" not in without
    assert "13.412,00" not in mette.page("/penge/")
    assert len(less["cases"]["open"]) == len(summary["cases"]["open"]) - 1
    assert "Kontante ydelser" in [a["title"] for a in less["meta"]["areas"] if a["state"] == "off"]
    assert "kan nu se Kontante ydelser" in press_switch_of_32(karen)
    assert [case["uuid"] for case in mette.summary()["cases"]["open"]] == [c["uuid"] for c in summary["cases"]["open"]]
    assert mette.page("/sager/").count("Sygedagpenge") == page.count("Sygedagpenge")
    assert versions() == rows
    assert [change.after["shown"] for change in SettingChange.objects.filter(what="area kontante_ydelser")] == [
        True,
        False,
    ]


def test_what_the_form_of_an_area_says_holds_on_the_next_page(visit: Visit) -> None:
    mette, karen = visit("mette"), visit("karen", staff=True)
    before, rows = mette.page("/sager/"), versions()
    opened = re.findall(r'name="opened" value="(\w+)"', karen.page(AREA_32))[0]
    form = {"opened": opened, "shown": "on", "title": "kle", "fagsystem_choice": "some", "fagsystemer": ["SBSYS"]}
    assert karen.client.post(AREA_32, form).status_code == 302
    after = mette.page("/sager/")
    assert "Sygedagpenge" in before
    assert "Sygedagpenge" not in after, "her case is kept in another system than the one chosen"
    assert versions() == rows


@pytest.mark.parametrize(("key", "staff"), [("karen", True), ("mette", False)])
def test_nobody_decides_for_a_municipality_that_is_not_theirs(visit: Visit, key: str, *, staff: bool) -> None:
    someone = visit(key, staff=staff)
    page = someone.client.get("/kommune/?kommune=0461")
    switch = someone.client.post(f"{ELSEWHERE}vis/", {"on": "0"})
    assert {page.status_code, switch.status_code} == ({404} if staff else {302})
    assert staff or switch["Location"].startswith("/log-ind/")
    assert not SettingChange.objects.exists()
