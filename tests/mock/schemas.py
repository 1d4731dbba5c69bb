"""The schemas that requests and answers are held against: KOMBIT's 6.0, not ours to ship, and our own."""

import os
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from indexes.mock.answers import Source

ROOT = Path(__file__).resolve().parents[2]
OIO = Path(os.environ.get("OIO_XSD_DIR", ROOT.parent / "shared" / "reference" / "xsd"))
_FILES = {
    Source.SDI: OIO / "sdi" / "6.0.STS-0" / "SagDokumentIndeksOperationer.xsd",
    Source.YI: OIO / "yi" / "6.0.STS-0" / "YdelseIndeksOperationer.xsd",
    Source.PLAN: ROOT / "indexes" / "mock" / "planindeks-1.xsd",
}


@cache
def schema_of(source: Source) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(_FILES[source]))


def check(source: Source, node: etree._Element) -> None:
    """Fails the test when ``node`` is not valid; skips it when the indexes' schemas are not on this machine."""
    if not _FILES[source].exists():
        pytest.skip(f"The schemas of {source} are not at {OIO}: set OIO_XSD_DIR to where KOMBIT's 6.0 schemas lie.")
    schema = schema_of(source)
    # As a document of its own: inside its envelope the schema would not find it.
    alone = etree.fromstring(etree.tostring(node))
    assert schema.validate(alone), str(schema.error_log)[:1000]
