"""An administrator's decision holds from the next request, on the page and by REST; no citizen's row is rewritten."""

from collections.abc import Callable
from dataclasses import replace

from django.db import connection

from borgerblik import areas, settings_store
from borgerblik.settings_store import Change
from tests.journeys.visitors import Visitor

Visit = Callable[..., Visitor]
TABLES = ("indexes_case", "indexes_grant", "indexes_payment", "indexes_plan")


def versions() -> list[tuple[object, ...]]:
    """Every citizen's row with the transaction that wrote it: a row that is rewritten gets another."""
    found: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT %s, uuid, xmin::text, ctid::text FROM {table} ORDER BY uuid", [table])  # noqa: S608
            found += cursor.fetchall()
    return found


def switch_32(*, on: bool) -> None:
    """Area 32 of Randers, and what Udbetaling Danmark shows of it, as the console saves it."""
    policy = settings_store.policy("0730")
    area = areas.load().by_key["kontante_ydelser"]
    rule = replace(policy.rule(area), shown=on)
    assert settings_store.save("0730", [Change(area=area.key, rule=rule)], staff_key="karen") == 1


def test_switching_area_32_off_and_on(visit: Visit) -> None:
    mette = visit("mette")
    page, summary, rows = mette.page("/sager/"), mette.summary(), versions()
    assert "Sygedagpenge" in page
    switch_32(on=False)
    without, less = mette.page("/sager/"), mette.summary()
    assert "Sygedagpenge" not in without
    assert "13.412,00" not in mette.page("/penge/")
    assert len(less["cases"]["open"]) == len(summary["cases"]["open"]) - 1
    assert "Kontante ydelser" in [a["title"] for a in less["meta"]["areas"] if a["state"] == "off"]
    switch_32(on=True)
    assert [case["uuid"] for case in mette.summary()["cases"]["open"]] == [c["uuid"] for c in summary["cases"]["open"]]
    assert mette.page("/sager/").count("Sygedagpenge") == page.count("Sygedagpenge")
    assert versions() == rows


def test_the_console_saves_it_too(visit: Visit) -> None:
    mette = visit("mette")
    karen = visit("karen", staff=True)
    assert "Kontante ydelser" in karen.page("/kommune/")
    assert karen.client.get("/kommune/?kommune=0461").status_code == 404
    assert mette.client.get("/kommune/").status_code in {302, 403, 404}
