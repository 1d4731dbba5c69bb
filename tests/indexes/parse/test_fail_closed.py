"""What hides a record cannot be lost by a name nobody knows: it is refused then, or still hidden."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from indexes.errors import BadAnswer
from indexes.parse.plan import parse_plan
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.parse.sdi import parse_sdi
from indexes.parse.yi import parse_yi
from indexes.records import Answer, Case, ConsentState, Parsed, Plan, Record

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 3, 1, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))


def parse(source: str, data: bytes) -> Answer:
    if source == "sdi":
        return parse_sdi(data, at=AT, roles=SdiRoles())
    if source == "yi":
        return parse_yi(data, at=AT, roles=YiRoles())
    return parse_plan(data, at=AT)


def renamed(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The document once for each element in it, with that one element under a name of the same schema nobody knows."""
    root = etree.fromstring(data)
    for element in root.iter(etree.Element):
        name = etree.QName(element.tag)
        element.tag = f"{{{name.namespace}}}{name.localname}Ny"
        yield name.localname, etree.tostring(root)
        element.tag = name.text


def visible(record: Record) -> bool:
    """Whether something of the record could be shown, as far as the record itself says."""
    if isinstance(record, Plan):
        return record.consent.state is ConsentState.GIVEN
    return not (isinstance(record, Case) and record.hidden)


@pytest.mark.parametrize(
    "name",
    [
        "sdi/hidden",
        "sdi/hidden_by_missing_class",
        "sdi/hiding_effect_unreadable",
        "sdi/party_ended",
        "sdi/party_not_yet",
        "sdi/party_is_a_company",
        "sdi/two_parties",
        "sdi/two_topics",
        "sdi/two_owners",
        "sdi/deleted",
        "sdi/passive",
        "yi/grant_two_parties",
        "yi/grant_company",
        "yi/grant_deleted",
        "yi/payment_two_parties",
        "yi/payment_passive",
        "plan/consent_withdrawn",
        "plan/consent_missing",
        "plan/deleted",
        "plan/two_citizens",
        "plan/two_consents",
    ],
)
def test_an_unknown_name_uncovers_nothing(name: str) -> None:
    source = name.partition("/")[0]
    for element, data in renamed((GOLDEN / f"{name}.xml").read_bytes()):
        try:
            answer = parse(source, data)
        except BadAnswer:
            continue
        shown = [item for item in answer.items if isinstance(item, Parsed) and visible(item.record)]
        assert shown == [], element


@pytest.mark.parametrize("name", ["document_hidden", "document_draft", "document_deleted"])
def test_an_unknown_name_uncovers_no_document(name: str) -> None:
    for element, data in renamed((GOLDEN / "sdi" / f"{name}.xml").read_bytes()):
        try:
            answer = parse("sdi", data)
        except BadAnswer:
            continue
        records = [item.record for item in answer.items if isinstance(item, Parsed)]
        documents = [document for record in records if isinstance(record, Case) for document in record.documents]
        assert [document for document in documents if not document.hidden] == [], element
