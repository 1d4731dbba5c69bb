"""The schemas that requests and answers are held against: KOMBIT's 6.0, not ours to ship, and our own.

``indexes.ask`` holds everything against them. When KOMBIT's are not on this machine, test_schemas says so, once.
"""

import os
from functools import cache
from pathlib import Path

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


def missing() -> list[Source]:
    """The indexes whose schemas are not on this machine."""
    return [source for source, file in _FILES.items() if not file.exists()]


def check(source: Source, node: etree._Element) -> None:
    """Fails the test when ``node`` is not valid; nothing is checked when the schema is not on this machine."""
    if source not in missing():
        schema = schema_of(source)
        assert schema.validate(node), str(schema.error_log)[:1000]
