"""Parsing: answers of the case index to records, against lxml walking the same bytes and taking nothing out."""

import io
import time
from collections.abc import Iterable, Sequence
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

CASES, PAGE = 3000, 1000  # the mock gives at most 1,000 cases a page
CASE = "{urn:oio:sts:sagdok:sagdokumentindeks:6}SagFiltreretOejebliksbillede"


def walk(pages: Iterable[bytes]) -> int:
    """The limit: every element is read, nothing is taken out. How many cases there were."""
    cases = 0
    for page in pages:
        for _, element in etree.iterparse(io.BytesIO(page), tag=CASE):
            element.clear()
            cases += 1
    return cases


def read(pages: Iterable[bytes]) -> list[Case]:
    """What the client makes of the pages. The cases that cannot be used are read as well, but are not among these."""
    at, roles = datetime.now(UTC), SdiRoles()
    items = [item for page in pages for item in parse_sdi(page, at=at, roles=roles).items]
    return [item.record for item in items if isinstance(item, Parsed) and isinstance(item.record, Case)]


def fetch(mock: MockIndexes) -> list[bytes]:
    """The first pages of the mock's case index, as they came. Raises RuntimeError when they hold too few cases."""
    requests, cvr = SdiRequests(SdiRoles()), authorities.by_code["0101"].cvr
    with IndexClient(mock.sdi_url, timeout=60, max_bytes=500_000_000) as client:
        pages = [
            client.post(requests.by_owner(cvr, first=first, most=PAGE), action=SDI_ACTION)
            for first in range(0, CASES, PAGE)
        ]
    if (found := walk(pages)) != CASES:
        raise RuntimeError(f"The mock gave {found} cases, not {CASES}. Give it more citizens.")
    return pages


def parse_line(pages: Sequence[bytes]) -> Line:
    return rates(
        "parse",
        unit="cases/s of one core",
        n=CASES,
        limit=lambda: seconds(lambda: walk(pages), time.process_time),
        ours=lambda: seconds(lambda: read(pages), time.process_time),
    )
