"""What is sent to an index and what an index answers, held against its schema: KOMBIT's 6.0 and our own for plans.

KOMBIT's schemas are not ours to ship. Where they are (``OIO_XSD_DIR``), everything is held against them. Everywhere, a
message is held against the shapes that have been: which elements an element holds, in which order (``valid_shapes/``).
A shape that is new is therefore wrong until somebody with the schemas has written it there. What stands inside the
elements, dates and ids, only the schemas tell.
"""

import os
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

from lxml import etree

from indexes.mock.answers import Source

ROOT = Path(__file__).resolve().parents[1]
OIO = Path(os.environ.get("OIO_XSD_DIR") or ROOT.parent / "shared" / "reference" / "xsd")
SHAPES = Path(__file__).parent / "valid_shapes"
_FILES = {
    Source.SDI: OIO / "sdi" / "6.0.STS-0" / "SagDokumentIndeksOperationer.xsd",
    Source.YI: OIO / "yi" / "6.0.STS-0" / "YdelseIndeksOperationer.xsd",
    Source.PLAN: ROOT / "indexes" / "mock" / "planindeks-1.xsd",
}


@cache
def schema_of(source: Source) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(_FILES[source]))


@cache
def is_here(source: Source) -> bool:
    """Whether the schema is on this machine."""
    return _FILES[source].is_file()


@cache
def valid_shapes(source: Source) -> frozenset[str]:
    """The shapes that have been held against the schema."""
    return frozenset((SHAPES / f"{source}.txt").read_text("utf-8").splitlines())


def check(source: Source, node: etree._Element) -> None:
    """Fails the test when ``node`` is not valid, or is of a shape of which nobody knows whether it is."""
    if is_here(source):
        schema = schema_of(source)
        assert schema.validate(node), str(schema.error_log)[:1000]
    if source is not Source.PLAN:
        new = sorted(set(shapes(node)) - valid_shapes(source))
        what = "is valid: write it into" if is_here(source) else "has not been held against the schema that is kept for"
        assert new == [], f"A new shape {what} {SHAPES.name}/{source}.txt (OIO_XSD_DIR says where the schemas are)."


def shapes(node: etree._Element) -> Iterator[str]:
    """Of each element within: its name, and the names of what it holds in order, a row of the same as one."""
    for element in node.iter("*"):
        inside = (name for name, _ in groupby(etree.QName(child).text for child in element.iterchildren("*")))
        yield f"{etree.QName(element).text}: {' '.join(inside)}".rstrip()
