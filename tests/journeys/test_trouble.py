"""Each index in each kind of trouble: no page and no answer says "nothing" for it, and all is well again after it."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from indexes.models import SourceState
from tests.journeys.visitors import Demo, Visitor

Visit = Callable[..., Visitor]
KINDS = ("slow", "status503", "hang", "malformed", "truncated", "fault", "duplicate", "empty", "off")
HARMLESS = {"duplicate"}  # every object twice, an older registration last: the newest wins and nothing is lost
SECTION = {"sdi": "cases", "yi": "money", "plan": "plan"}
PATH = {"sdi": "/sager/", "yi": "/penge/", "plan": "/plan/"}
IMPATIENT = 0.4  # seconds a reading waits for an index that does not answer in time; pages must not wait at all
NOTHING = ("Du har ingen sager", "Du får ingen penge", "Du har ingen samlet plan")


def read(source: str) -> None:
    """Read one index for the two authorities that Mette and Ole meet."""
    call_command("sync_indexes", source=[source], municipality=["0730", "UDK"])


def last_good_copy(section: dict[str, Any]) -> dict[str, Any]:
    """What a section holds, without what it says of how complete that is."""
    chart = {**(section.get("chart") or {}), "words": None}
    return {**section, "state": None, "notices": None, "complete": None, "chart": chart}


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@pytest.mark.parametrize("source", SECTION)
@pytest.mark.parametrize("kind", KINDS)
def test_a_source_in_trouble(demo: Demo, visit: Visit, source: str, kind: str) -> None:
    mette, ole = visit("mette"), visit("ole")
    before = mette.summary()
    quick = seconds(lambda: mette.page(PATH[source]))
    with demo.indexes.trouble(source, kind):
        if kind in HARMLESS:
            read(source)
        else:
            with pytest.raises(CommandError), override_settings(SOURCE_TIMEOUT=IMPATIENT):
                read(source)
        while_ill, slow = mette.summary(), seconds(lambda: mette.page(PATH[source]))
        of_source = [s for s in while_ill["meta"]["sources"] if s["source"] == source]
        section = SECTION[source]
        if kind not in HARMLESS:
            assert {s["state"] for s in of_source} == {"stale"}
            assert all(s["as_of"] and s["reason"] for s in of_source)
            assert while_ill[section]["state"] == "stale"
            assert while_ill[section]["notices"]
            assert not any(words in ole.page(PATH[source]) for words in NOTHING)
            assert "Vi kan ikke hente nye oplysninger om" in mette.page(PATH[source])
            assert not while_ill[section]["complete"]
        assert last_good_copy(while_ill[section]) == last_good_copy(before[section])
        assert slow < max(10 * quick, 1.0)  # it does not wait for the index, which hangs for seconds
    read(source)
    assert not SourceState.objects.filter(failed_since__isnull=False).exists()
    after = mette.summary()
    assert {s["state"] for s in after["meta"]["sources"]} == {"fresh"}
    assert after[section] == before[section]
