"""Golden pairs: ``golden/<source>/<name>.xml`` is what an index answers, ``<name>.json`` what we make of it.

A new case is two files and no code. Write the XML (its first comment says what it is about), then

    REWRITE_GOLDEN=1 .venv/bin/pytest tests/indexes/parse/test_golden.py

writes the JSON of every pair anew: read the difference in git before committing it. What is None, empty or False in a
record is left out of its JSON, so that each file shows what the record carries.
"""

import json
import os
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from lxml import etree
from msgspec import Struct

from indexes.parse.plan import parse_plan
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.parse.sdi import parse_sdi
from indexes.parse.yi import parse_yi
from indexes.records import Answer, Item, Parsed, Refused

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 3, 1, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))

PARSERS: dict[str, Callable[[bytes], Answer]] = {
    "sdi": lambda data: parse_sdi(data, at=AT, roles=SdiRoles()),
    "yi": lambda data: parse_yi(data, at=AT, roles=YiRoles()),
    "plan": lambda data: parse_plan(data, at=AT),
}
PAIRS = sorted(GOLDEN.glob("*/*.xml"))


def plain(value: Any) -> Any:
    """A record as JSON can hold it."""
    if isinstance(value, Struct) or is_dataclass(value):
        names = value.__struct_fields__ if isinstance(value, Struct) else [field.name for field in fields(value)]
        named = {name: plain(getattr(value, name)) for name in names}
        return {name: given for name, given in named.items() if given not in (None, [], {}, False)}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value


def plain_item(item: Item) -> dict[str, Any]:
    if isinstance(item, Parsed):
        return {type(item.record).__name__: plain(item.record), "defects": list(item.defects)}
    told = plain(item)
    told.pop("raw", None)
    return {type(item).__name__: told}


def expected_file(given: Path) -> Path:
    return given.with_suffix(".json")


@pytest.mark.parametrize("given", PAIRS, ids=[f"{path.parent.name}/{path.stem}" for path in PAIRS])
def test_pair(given: Path) -> None:
    answer = PARSERS[given.parent.name](given.read_bytes())
    made = {"total": answer.total, "items": [plain_item(item) for item in answer.items]}
    if os.environ.get("REWRITE_GOLDEN"):
        expected_file(given).write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert made == json.loads(expected_file(given).read_text("utf-8"))
    for item in answer.items:
        if isinstance(item, Refused):
            assert not item.cpr or item.cpr not in repr(item), "a refusal may be logged"
            assert etree.QName(etree.fromstring(item.raw)).localname in given.read_text("utf-8")


def test_no_expectation_is_left_without_its_input() -> None:
    assert {path.with_suffix(".xml") for path in GOLDEN.glob("*/*.json")} == set(PAIRS)
