"""Every kind of event is valid against the schemas, the envelope and the object in it."""

from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from indexes.mock.writing.event import Told, event
from tests.events.makers import a_case, a_grant, a_payment
from tests.schemas import OIO, SHAPES, shapes

SHAPES_OF_EVENTS = SHAPES / "bf.txt"
ENVELOPE = OIO / "bf" / "Beskedkuvert.xsd"
OBJECTS = {
    "urn:oio:sts:sagdok:sag:6": OIO / "sdi" / "6.0.STS-0" / "SagBesked.xsd",
    "urn:oio:sts:ydelse:bevillingindeks:6": OIO / "yi" / "6.0.STS-0" / "BevillingIndeksBesked.xsd",
    "urn:oio:sts:ydelse:oekonomiskeffektueringindeks:6": OIO
    / "yi"
    / "6.0.STS-0"
    / "OekonomiskEffektueringIndeksBesked.xsd",
}
NOW = "2026-11-24T06:45:00.000+01:00"
THINGS = {
    "case": a_case(),
    "hidden case": a_case(hidden=True),
    "case without KLE": a_case(kle=None, outcome="granted"),
    "deleted case": a_case(lifecycle="Slettet"),
    "grant": a_grant(),
    "payment": a_payment(),
}


# What extends a case in the index has a schema of its own, which that of the message does not name.
EXTENSIONS = {OBJECTS["urn:oio:sts:sagdok:sag:6"]: ("urn:oio:sts:sagdok:sagindeks:6", "SagIndeks.xsd")}


@cache
def schema(file: Path) -> etree.XMLSchema:
    if file not in EXTENSIONS:
        return etree.XMLSchema(file=str(file))
    namespace, extension = EXTENSIONS[file]
    together = (
        '<schema xmlns="http://www.w3.org/2001/XMLSchema">'
        f'<import namespace="urn:oio:sts:sagdok:sag:6" schemaLocation="{file.as_uri()}"/>'
        f'<import namespace="{namespace}" schemaLocation="{(file.parent / extension).as_uri()}"/></schema>'
    )
    return etree.XMLSchema(etree.fromstring(together))


def check(file: Path, node: etree._Element) -> None:
    """Valid where the schemas are; everywhere of a shape that has been held against them (``tests.schemas``)."""
    if file.is_file():
        assert schema(file).validate(node), str(schema(file).error_log)[:1000]
    new = sorted(set(shapes(node)) - set(SHAPES_OF_EVENTS.read_text("utf-8").splitlines()))
    assert new == [], f"A new shape: hold it against the schemas, then write it into {SHAPES_OF_EVENTS.name}."


@pytest.mark.parametrize("thing", THINGS.values(), ids=THINGS.keys())
def test_an_event_and_its_object(thing: Told) -> None:
    message = etree.fromstring(event(thing, made=NOW))
    check(ENVELOPE, message)
    (payload,) = message.findall("{urn:oio:besked:kuvert:1.0}Beskeddata/*")
    check(OBJECTS[etree.QName(payload).namespace or ""], payload)


@pytest.mark.parametrize("thing", THINGS.values(), ids=THINGS.keys())
def test_an_event_of_what_was_removed(thing: Told) -> None:
    check(ENVELOPE, etree.fromstring(event(thing, made=NOW, removed=NOW)))
