"""What the mock answers about an authority."""

import pytest
from lxml import etree

from indexes.mock.__main__ import arguments_of, build
from indexes.mock.answers import Source
from indexes.parse import tags
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.requests import SdiRequests, YiRequests
from tests.indexes.parse.spelled import CASE_END, CVR, objects_of, written


@pytest.fixture(scope="package")
def whole() -> bytes:
    """What the mock answers about an authority: some hundred cases with all that cases may have."""
    answerer = build(arguments_of(["--citizens=3000", "--seed=77"])).answerer
    answer = answerer.answer(Source.SDI, SdiRequests(SdiRoles()).by_owner(CVR, first=0, most=300))
    assert answer.count(CASE_END) == 300
    return answer


@pytest.fixture(scope="package")
def small(whole: bytes) -> bytes:
    """The same with one case and its documents, all of them ordinary."""
    root = etree.fromstring(whole)
    output = root[0][0]
    cases = [child for child in output if child.tag == tags.CASE]
    entries = [
        (case, [one.text for one in case.iterfind(f".//{tags.JOURNAL_ENTRY}/{tags.REFERENCE}/*")]) for case in cases
    ]
    case, uuids = next((case, uuids) for case, uuids in entries if len(uuids) == 2)
    kept = [child for child in output if child.tag == tags.DOCUMENT and child[0][0].text in uuids]
    assert len(kept) == 2
    for child in list(output):
        if child.tag in {tags.CASE, tags.DOCUMENT} and child is not case and child not in kept:
            output.remove(child)
    data = written(root)
    assert [bool(found.read) for found in objects_of(data)] == [True] * 3
    return data


@pytest.fixture(scope="package")
def payments() -> bytes:
    """What the mock answers about an authority's grants and payments."""
    answerer = build(arguments_of(["--citizens=3000", "--seed=77"])).answerer
    requests = YiRequests(YiRoles())
    return answerer.answer(Source.YI, requests.by_owner(CVR, first={"grant": 0, "payment": 0}, most=200))
