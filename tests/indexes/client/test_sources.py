"""The three sources read from the mock indexes over HTTP, in good days and in bad."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx
import pytest

from indexes.client import IndexClient
from indexes.errors import BadAnswer, Failing, Overloaded, ServerFault, SourceError, Timeout, Unreachable
from indexes.records import Answer, Case, Item, Parsed, Plan, Refused, Source
from indexes.sources import IndexSource, PlanSource, SdiSource, YiSource
from indexes.store.tables import tables_of
from tests.ops.mock_indexes import MockIndexes

RANDERS = "29189668"

each_source = pytest.mark.parametrize("source", Source)


@contextmanager
def reading(mock: MockIndexes, source: Source, *, page_size: int = 2000, timeout: float = 20) -> Iterator[IndexSource]:
    url = {Source.SDI: mock.sdi_url, Source.YI: mock.yi_url, Source.PLAN: mock.plan_url}[source]
    kind = {Source.SDI: SdiSource, Source.YI: YiSource, Source.PLAN: PlanSource}[source]
    with IndexClient(url, timeout=timeout, max_bytes=50_000_000) as client:
        yield kind(client, page_size=page_size)


def uuids(answers: Iterable[Answer]) -> Counter[UUID | None]:
    return Counter(
        item.record.uuid if isinstance(item, Parsed) else item.uuid for answer in answers for item in answer.items
    )


def citizens(mock: MockIndexes) -> dict[str, str]:
    """The demo people's CPR numbers by their keys."""
    people = json.loads(httpx.get(mock.people_url, timeout=10).content)
    return {person["key"]: person["cpr"] for person in people["citizens"]}


def items_of(mock: MockIndexes, source: Source, key: str) -> tuple[Item, ...]:
    with reading(mock, source) as index:
        return index.of_citizen(citizens(mock)[key]).items


@each_source
def test_every_demo_person_is_read(mock_indexes: MockIndexes, source: Source) -> None:
    with reading(mock_indexes, source) as index:
        assert index.source is source
        for cpr in citizens(mock_indexes).values():
            for item in index.of_citizen(cpr).items:
                assert not isinstance(item, Refused)
                assert not isinstance(item, Parsed) or item.record.cpr == cpr


def test_the_demo_people_hold_what_their_stories_say(mock_indexes: MockIndexes) -> None:
    assert len(items_of(mock_indexes, Source.SDI, "jens")) == 300
    assert not any(items_of(mock_indexes, source, "ole") for source in Source)
    (plan,) = items_of(mock_indexes, Source.PLAN, "per")
    assert isinstance(plan, Parsed)
    assert isinstance(plan.record, Plan)
    assert (plan.record.goal, plan.record.sub_goals) == (None, ())


def test_what_is_exempt_from_view_is_not_in_the_records(mock_indexes: MockIndexes) -> None:
    items = items_of(mock_indexes, Source.SDI, "kim")
    records = [item.record for item in items if isinstance(item, Parsed)]
    cases = [record for record in records if isinstance(record, Case)]
    assert [case.hidden for case in cases].count(True) == 1
    assert [document.hidden for case in cases for document in case.documents] == [True]
    for word in ("Rosenvang", "Ravnsborg", "Hvidkilde"):
        assert word not in repr(items)


@each_source
def test_an_authority_is_read_page_by_page(mock_indexes: MockIndexes, source: Source) -> None:
    kind = tables_of(source)[0].kind
    with reading(mock_indexes, source) as index:
        whole = [index.page_of_owner(RANDERS, kind=kind, first=0, most=1000)]
    total = whole[0].total[kind]
    with reading(mock_indexes, source, page_size=37) as index:
        pages = [index.page_of_owner(RANDERS, kind=kind, first=first, most=50) for first in range(0, total, 37)]
    assert uuids(pages) == uuids(whole)
    assert sum(uuids(whole).values()) == total > 0


@each_source
@pytest.mark.parametrize(
    ("trouble", "kinds"),
    [
        ("status503", (Overloaded,)),
        ("off", (Unreachable,)),
        ("malformed", (BadAnswer,)),
        ("truncated", (BadAnswer, Unreachable)),
        ("fault", (ServerFault, Failing)),
        ("hang", (Timeout,)),
        ("slow", (Timeout,)),
    ],
)
def test_troubles_end_in_the_error_tree(
    mock_indexes: MockIndexes, source: Source, trouble: str, kinds: tuple[type[SourceError], ...]
) -> None:
    cpr = citizens(mock_indexes)["mette"]
    with mock_indexes.trouble(source.value, trouble), reading(mock_indexes, source, timeout=0.3) as index:
        for _ in range(2):  # truncated has two ways, in turn
            with pytest.raises(kinds) as caught:
                index.of_citizen(cpr)
            assert cpr not in f"{caught.value!r} {caught.value}"


@each_source
def test_an_empty_index_is_an_answer(mock_indexes: MockIndexes, source: Source) -> None:
    with mock_indexes.trouble(source.value, "empty"), reading(mock_indexes, source) as index:
        assert index.of_citizen(citizens(mock_indexes)["mette"]).items == ()


@each_source
def test_doubled_objects_are_all_given(mock_indexes: MockIndexes, source: Source) -> None:
    cpr = citizens(mock_indexes)["mette"]
    with reading(mock_indexes, source) as index:
        once = index.of_citizen(cpr)
        with mock_indexes.trouble(source.value, "duplicate"):
            twice = index.of_citizen(cpr)
    assert uuids([twice]) == Counter(dict.fromkeys(uuids([once]), 2))
