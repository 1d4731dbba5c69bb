"""Systems ask about every one of the demo's people: none gets a byte that its registration does not reach."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from borgerblik import areas
from borgerblik.areas import Kind, Owner
from portal.api import examples
from portal.models import SCOPES
from tests.api.conftest import given_token, registered
from tests.journeys.visitors import Demo

pytestmark = pytest.mark.django_db

CALLS = ("summaries", "cases", "payments", "plans")
READS = tuple(scope for scope in SCOPES if scope != "access-log")
KEYS = [area.key for area in areas.load().all]
# One area each, the authorities one by one, and both at once.
REACHES = [
    *(((key,), ("*",)) for key in KEYS),
    *((("*",), codes) for codes in (("0730",), ("0360",), ("0730", "UDK"))),
    (("kontante_ydelser", "social"), ("0730",)),
]


def ask(token: str, person: dict[str, Any], calls: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    body = {"cpr": person["cpr"], "municipality": person["municipality"]}
    for name in calls:
        headers = {"Authorization": f"Bearer {token}"}
        answer = Client().post(f"/api/v1/citizen-{name}", body, content_type="application/json", headers=headers)
        if answer.status_code == 403:
            assert answer.json()["type"].endswith("#problem-out-of-reach")
        else:
            assert answer.status_code == 200, answer.content
            assert person["cpr"] not in answer.content.decode()
            yield answer.json()


def test_the_documented_summary_counts_what_the_demo_holds(demo: Demo) -> None:
    token = given_token(registered(id="wide", areas=("*",), authorities=("*",), scopes=READS))
    (said,) = ask(token, demo.people["mette"], ("summaries",))
    told = examples.of_answer("readCitizenSummary", 200, "application/json")["one answer"]["value"]
    assert told["citizen"]["name"] == said["citizen"]["name"]
    for section, total in (("cases", "open_total"), ("cases", "closed_total"), ("money", "grants_total")):
        assert told[section][total] == said[section][total], total


def parts(told: object) -> Iterator[dict[str, Any]]:
    """Every object in an answer."""
    if isinstance(told, dict):
        yield told
        for value in told.values():
            yield from parts(value)
    elif isinstance(told, list):
        for value in told:
            yield from parts(value)


def inside(kle: str, keys: tuple[str, ...]) -> bool:
    """Whether some reached area holds the number, for some kind and owner."""
    found = {areas.load().of(kle, kind, owner) for kind in Kind for owner in Owner} - {None}
    return keys == ("*",) or any(area is not None and area.key in keys for area in found)


@pytest.mark.parametrize(("keys", "codes"), REACHES, ids="+".join)
def test_a_system_gets_nothing_beyond_its_reach(demo: Demo, keys: tuple[str, ...], codes: tuple[str, ...]) -> None:
    token = given_token(registered(id="narrow", areas=keys, authorities=codes, scopes=READS))
    calls = CALLS if codes != ("*",) else CALLS[:1]  # what an area lets through is one rule for all calls
    for person in demo.people.values():
        for answer in ask(token, person, calls):
            assert codes == ("*",) or person["municipality"] in codes
            for part in parts(answer):
                assert "kle" not in part or inside(part["kle"], keys), part
                assert "area" not in part or keys == ("*",) or part["area"] in keys
                if "authority_name" in part and "key" in part:
                    assert keys == ("*",) or part["key"] in keys
                if "source" in part:
                    assert codes == ("*",) or part["authority"] in codes
                if "complete" in part and codes != ("*",):
                    assert not part["complete"]
                    assert part["state"] != "empty"
