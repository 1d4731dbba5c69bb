"""Paging ends only when everything an index told of has come. The index here is a fake at the client's transport."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest

from indexes.client import IndexClient
from indexes.errors import BadAnswer, Flaw
from indexes.records import Answer, Parsed
from indexes.sources import PlanSource, YiSource

CPR = "7513804321"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


class FakeYi:
    """A Ydelsesindeks of bare objects at the client's transport: it pages, and can be made to lie.

    ``held`` is how many grants and payments it holds, ``largest_page`` what it gives at most, whatever is asked for.
    ``before_page`` may change it before each answer.
    """

    def __init__(self, *, grants: int, payments: int, largest_page: int = 1000) -> None:
        self.held = {"bevillinger": grants, "effektueringer": payments}
        self.told: dict[str, int] = {}
        self.largest_page = largest_page
        self.copies = 1
        self.asked: list[dict[str, int]] = []
        self.before_page: Callable[[int], None] = lambda _: None
        self.gone: Callable[[int], int] = lambda _: 0  # how many of the first objects have gone, as many others came

    def pages(self, page_size: int = 1000) -> Iterator[Answer]:
        source = self.source(page_size)
        return source._pages(lambda first: source._by_citizen(CPR, first))

    def source(self, page_size: int = 1000) -> YiSource:
        transport = httpx.MockTransport(self._answer)
        client = IndexClient("http://127.0.0.1/yi", timeout=5, max_bytes=10_000_000, transport=transport)
        return YiSource(client, page_size=page_size, clock=lambda: AT)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.before_page(len(self.asked))
        moved = self.gone(len(self.asked))
        asked = dict(zip(self._kinds(request.content), self._firsts(request.content), strict=True))
        self.asked.append(asked)
        most = min(int(re.findall(rb"Kvantitet>(\d+)<", request.content)[0]), self.largest_page)
        counts, objects = "", ""
        for kind, first in asked.items():
            count = self.told.get(kind, self.held[kind])
            counts += f"<yi:Antal><yi:Element>{kind}</yi:Element><yi:Antal>{count}</yi:Antal></yi:Antal>"
            objects += "".join(
                self._object(kind, number + moved) * self.copies
                for number in range(first, min(first + most, self.held[kind]))
            )
        return httpx.Response(200, headers={"Content-Type": "text/xml"}, text=self._output(counts + objects))

    @staticmethod
    def _kinds(body: bytes) -> Iterator[str]:
        if b"SoegBevillingIndeks" in body:
            yield "bevillinger"
        if b"SoegOekonomiskEffektueringIndeks" in body:
            yield "effektueringer"

    @staticmethod
    def _firsts(body: bytes) -> Iterator[int]:
        return (int(first) for first in re.findall(rb"ResultatReference>(\d+)<", body))

    @staticmethod
    def _object(kind: str, number: int) -> str:
        tag, prefix, start = {
            "bevillinger": ("BevillingFiltreretOejebliksbillede", "bi", 0),
            "effektueringer": ("OekonomiskEffektueringFiltreretOejebliksbillede", "oef", 10**6),
        }[kind]
        return (
            f"<yi:{tag}><{prefix}:ObjektType><sd:UUIDIdentifikator>{UUID(int=start + number)}</sd:UUIDIdentifikator>"
            f"</{prefix}:ObjektType></yi:{tag}>"
        )

    @staticmethod
    def _output(content: str) -> str:
        return (
            '<yi:FremsoegYdelseIndeksOutput xmlns:yi="urn:oio:sts:ydelse:ydelseindeks:6" '
            'xmlns:bi="urn:oio:sts:ydelse:bevillingindeks:6" xmlns:sd="urn:oio:sagdok:3.0.0" '
            'xmlns:oef="urn:oio:sts:ydelse:oekonomiskeffektueringindeks:6">'
            f"<sd:StandardRetur><sd:StatusKode>20</sd:StatusKode></sd:StandardRetur>{content}"
            "</yi:FremsoegYdelseIndeksOutput>"
        )


def uuids(answers: Iterable[Answer]) -> Counter[UUID | None]:
    return Counter(
        item.record.uuid if isinstance(item, Parsed) else item.uuid for answer in answers for item in answer.items
    )


def flaw_of(read: Callable[[], object]) -> Flaw:
    with pytest.raises(BadAnswer) as caught:
        read()
    return caught.value.flaw


def test_both_kinds_are_read_until_each_is_exhausted() -> None:
    index = FakeYi(grants=5, payments=12)
    pages = list(index.pages(page_size=4))
    assert uuids(pages) == Counter([UUID(int=n) for n in range(5)] + [UUID(int=10**6 + n) for n in range(12)])
    assert index.asked == [
        {"bevillinger": 0, "effektueringer": 0},
        {"bevillinger": 3, "effektueringer": 3},
        {"effektueringer": 6},
        {"effektueringer": 9},
    ]


def test_an_index_may_give_fewer_than_asked_for() -> None:
    index = FakeYi(grants=0, payments=10, largest_page=3)
    pages = list(index.pages(page_size=1000))
    assert [len(page.items) for page in pages] == [3, 2, 2, 2, 1]


def test_nothing_is_one_empty_page() -> None:
    index = FakeYi(grants=0, payments=0)
    assert [page.items for page in index.pages()] == [()]
    assert index.source().of_citizen(CPR).total == {"grant": 0, "payment": 0}


def test_fewer_than_told_is_no_answer() -> None:
    index = FakeYi(grants=0, payments=10, largest_page=4)
    index.told = {"effektueringer": 11}
    assert flaw_of(lambda: list(index.pages())) is Flaw.INCOMPLETE
    assert flaw_of(lambda: index.source().of_citizen(CPR)) is Flaw.INCOMPLETE


def test_nothing_while_something_is_told_is_no_answer() -> None:
    index = FakeYi(grants=0, payments=0)
    index.told = {"bevillinger": 1}
    assert flaw_of(lambda: list(index.pages())) is Flaw.INCOMPLETE


def test_what_comes_twice_counts_once() -> None:
    index = FakeYi(grants=3, payments=10, largest_page=4)
    index.copies = 2
    pages = list(index.pages())
    assert set(uuids(pages).values()) == {2}
    assert len(uuids(pages)) == 13


def test_objects_that_come_while_we_read_are_read_too() -> None:
    index = FakeYi(grants=0, payments=8, largest_page=4)
    index.before_page = lambda page: index.held.update(effektueringer=8 + page)
    assert len(uuids(index.pages())) > 8


def test_objects_that_go_while_we_read_make_the_reading_incomplete() -> None:
    index = FakeYi(grants=0, payments=8, largest_page=4)
    index.before_page = lambda page: index.held.update(effektueringer=8 - page)
    assert flaw_of(lambda: list(index.pages())) is Flaw.INCOMPLETE


def test_an_object_that_goes_while_another_comes_does_not_slip_past_us() -> None:
    """The total stays the same, and everything behind the one that went moves a place forward."""
    index = FakeYi(grants=0, payments=8, largest_page=4)
    index.gone = lambda page: 1 if page else 0
    assert flaw_of(lambda: list(index.pages())) is Flaw.INCOMPLETE


def test_an_index_that_tells_no_number_is_not_believed() -> None:
    index = FakeYi(grants=1, payments=0)
    index.told = {}
    index.held = {"bevillinger": 1, "effektueringer": 0}
    silent = httpx.MockTransport(
        lambda _: httpx.Response(200, headers={"Content-Type": "text/xml"}, text=index._output(""))
    )
    source = YiSource(IndexClient("http://127.0.0.1/yi", timeout=5, max_bytes=1000, transport=silent))
    assert flaw_of(lambda: source.of_citizen(CPR)) is Flaw.INCOMPLETE


def test_pages_already_given_stand_when_a_later_one_fails() -> None:
    index = FakeYi(grants=0, payments=8, largest_page=4)
    index.before_page = lambda page: index.held.update(effektueringer=8 - 8 * page)
    pages = index.pages()
    assert len(next(pages).items) == 4
    assert flaw_of(lambda: next(pages)) is Flaw.INCOMPLETE


def test_a_citizens_plan_that_is_told_of_but_not_given() -> None:
    answer = '<PlanSvar xmlns="urn:borgerblik:planindeks:1"><StatusKode>20</StatusKode><Antal>1</Antal></PlanSvar>'
    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, headers={"Content-Type": "application/xml"}, text=answer)
    )
    source = PlanSource(IndexClient("http://127.0.0.1/plan", timeout=5, max_bytes=1000, transport=transport))
    assert flaw_of(lambda: source.of_citizen(CPR)) is Flaw.INCOMPLETE
