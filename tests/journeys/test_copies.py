"""Each demo person takes along a copy of everything: whole for whom areas are closed, silent where the law is."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from borgerblik.wanted import wanted
from indexes.models import Case, Grant, Payment, Plan
from portal import retention
from tests.journeys.visitors import Demo, Visitor

Visit = Callable[..., Visitor]
KIMS_SECRETS = ("Rosenvang", "Ravnsborg", "Hvidkilde")


def copy_of(visitor: Visitor, form: str) -> bytes:
    answer = visitor.client.post("/om-dine-data/kopi/", {"form": form})
    assert answer.status_code == 200
    content: bytes = answer.content
    return content


def told(visitor: Visitor) -> dict[str, Any]:
    read: dict[str, Any] = orjson.loads(copy_of(visitor, "json"))
    return read


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_mettes_copy_says_what_her_pages_say(visit: Visit) -> None:
    mette = visit("mette")
    text, summary = text_of(copy_of(mette, "pdf")), mette.summary()
    for case in summary["cases"]["open"]:
        assert case["title"] in text
    assert summary["money"]["next"]["total"]["words"] in text
    assert summary["plan"]["plan"]["goal"]["text"] in text


def test_saras_copy_holds_what_no_page_shows_her(visit: Visit) -> None:
    sara = visit("sara")
    records = told(sara)["records"]
    closed = [record for kind in ("cases", "grants", "payments") for record in records[kind]]
    assert closed
    assert not any(record["shown"] for record in closed)
    assert "Odense Kommune" in text_of(copy_of(sara, "pdf"))


@pytest.mark.parametrize("form", ["json", "pdf"])
def test_nothing_of_kims_secrets_is_in_the_copy(visit: Visit, form: str) -> None:
    copy = copy_of(visit("kim"), form)
    said = text_of(copy) if form == "pdf" else copy.decode()
    assert not [secret for secret in KIMS_SECRETS if secret in said]
    hidden = [str(uuid) for uuid in Case.objects.filter(hidden=True).values_list("uuid", flat=True)]
    assert hidden
    assert not [uuid for uuid in hidden if uuid in said]


def test_no_copy_holds_a_cpr_number(visit: Visit, demo: Demo) -> None:
    numbers = [person["cpr"] for person in demo.people.values()]
    for key in demo.people:
        said = copy_of(visit(key), "json").decode()
        assert not [number for number in numbers if number in said], key


def test_oles_copy_says_in_every_part_that_there_is_nothing(visit: Visit) -> None:
    ole = visit("ole")
    assert not any(told(ole)["records"].values())
    assert text_of(copy_of(ole, "pdf")).count("Her er ikke noget.") == 8


def held() -> dict[str, set[Any]]:
    return {model.__name__: set(model.objects.values_list("uuid", flat=True)) for model in (Case, Grant, Payment, Plan)}


@pytest.mark.usefixtures("demo", "db")
def test_what_is_purged_does_not_come_back_with_the_next_reading(settings: Any) -> None:
    """With a general rule of two years much of what the indexes send is over."""
    before = held()
    settings.KEEP_ENDED_DAYS = 730
    retention.purge_expired(timezone.now(), confirmed=True)
    left = held()
    assert len(left["Case"]) < len(before["Case"])
    assert len(left["Payment"]) < len(before["Payment"])
    for _ in range(2):
        call_command("sync_indexes", municipality=["0730", "0360", "0461", "UDK"], verbosity=0)
        assert not retention.counted(timezone.now()).gone.total()
        assert held() == left
    newest = timezone.localdate() - timedelta(days=730)
    keeping = wanted().keeping
    assert keeping is not None
    assert keeping.general == newest
