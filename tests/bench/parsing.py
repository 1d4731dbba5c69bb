"""Parsing: an answer of the case index to records, against lxml walking the same bytes and taking nothing out."""

import io
import time
from datetime import UTC, datetime

from lxml import etree

from indexes import authorities
from indexes.client import IndexClient
from indexes.parse.roles import SdiRoles
from indexes.parse.sdi import parse_sdi
from indexes.records import Case, Parsed
from indexes.requests import SDI_ACTION, SdiRequests
from tests.bench.measure import Line, rates, seconds
from tests.ops.mock_indexes import MockIndexes

CASES = 3000
CASE = "{urn:oio:sts:sagdok:sagdokumentindeks:6}SagFiltreretOejebliksbillede"


def walk(answer: bytes) -> None:
    """The limit: every element is read, nothing is taken out."""
    for _, element in etree.iterparse(io.BytesIO(answer), tag=CASE):
        element.clear()


def fetch(mock: MockIndexes) -> tuple[bytes, list[Case]]:
    """One answer of the mock's case index, as it came and as records."""
    request = SdiRequests(SdiRoles()).by_owner(authorities.by_code["0101"].cvr, first=0, most=CASES)
    with IndexClient(mock.sdi_url, timeout=60, max_bytes=500_000_000) as client:
        answer = client.post(request, action=SDI_ACTION)
    items = parse_sdi(answer, at=datetime.now(UTC), roles=SdiRoles()).items
    return answer, [item.record for item in items if isinstance(item, Parsed) and isinstance(item.record, Case)]


def parse_line(answer: bytes, cases: int) -> Line:
    at, roles = datetime.now(UTC), SdiRoles()
    return rates(
        "parse",
        unit="cases/s of one core",
        n=cases,
        limit=lambda: seconds(lambda: walk(answer), time.process_time),
        ours=lambda: seconds(lambda: parse_sdi(answer, at=at, roles=roles), time.process_time),
    )
