"""What is written oddly, twice or in another order is known again only as the same as reading would say."""

import re
from collections.abc import Callable, Sequence

import pytest

from indexes.errors import SourceError
from indexes.records import Answer, Parsed
from tests.indexes.parse.test_again import InMemory, either_way, read, read_yi, told

CASE = b"sdi:SagFiltreretOejebliksbillede"
DOCUMENT = b"sdi:DokumentFiltreretOejebliksbillede"
OTHER = b"11111111-1111-4111-8111-111111111111"


class Parts:
    """A message of one case and its documents."""

    def __init__(self, message: bytes) -> None:
        case = re.search(rb"<%b>.*?</%b>" % (CASE, CASE), message, re.DOTALL)
        assert case
        self.case = case[0]
        self.documents: list[bytes] = re.findall(rb"<%b>.*?</%b>" % (DOCUMENT, DOCUMENT), message, re.DOTALL)
        self._head = message[: case.start()]
        self._tail = message[message.rindex(self.documents[-1]) + len(self.documents[-1]) :]

    def message(self, *cases: bytes, documents: Sequence[bytes]) -> bytes:
        return self._head + b"".join(cases or [self.case]) + b"".join(documents) + self._tail


@pytest.fixture
def parts(small: bytes) -> Parts:
    return Parts(small)


def uuid_of(written: bytes) -> bytes:
    found = re.search(rb"UUIDIdentifikator>([^<]*)<", written)
    assert found
    return found[1]


def is_as_read(before: bytes, after: bytes) -> None:
    """What is known of ``after`` by what is held of ``before`` is what reading says; and by nothing that is held."""
    held = InMemory(read(before, InMemory()))
    for of in (held, InMemory()):
        by_held, alone = either_way(after, of)
        assert by_held == alone


def hiding(document: bytes) -> bytes:
    """A later version by which the document is deleted."""
    for was, now in ((b"Tidspunkt>2026", b"Tidspunkt>2027"), (b"Importeret", b"Slettet"), (b"Opstaaet", b"Slettet")):
        document = document.replace(was, now)
    return document


def test_a_document_that_another_case_names_in_capitals(parts: Parts) -> None:
    document = uuid_of(parts.documents[0])
    other = parts.case.replace(uuid_of(parts.case), OTHER).replace(document, document.upper())
    before = parts.message(documents=parts.documents)
    after = parts.message(parts.case, other, documents=parts.documents)
    is_as_read(before, after)
    held = InMemory(read(before, InMemory()))
    held.held.update({item.record.uuid: item for item in read(after, held).items if isinstance(item, Parsed)})
    assert told(held.as_held(read(after, held))) == told(read(after))


@pytest.mark.parametrize(
    "how", [b"<sd:UUIDIdentifikator> %b\n</sd:UUIDIdentifikator>", b"<sd:URNIdentifikator>%b</sd:URNIdentifikator>"]
)
def test_a_missing_document_comes_that_is_named_in_an_odd_way(parts: Parts, how: bytes) -> None:
    uuid = uuid_of(parts.documents[0])
    case = parts.case.replace(b"<sd:UUIDIdentifikator>%b</sd:UUIDIdentifikator>" % uuid, how % uuid)
    assert case != parts.case
    is_as_read(parts.message(case, documents=parts.documents[1:]), parts.message(case, documents=parts.documents))


ODD_HEADS = {
    "another element first": (
        b"<%b>" % DOCUMENT,
        b"<sdi:Andet><sd:UUIDIdentifikator>%b</sd:UUIDIdentifikator></sdi:Andet>" % OTHER,
    ),
    "another UUID first": (b"<di:ObjektType>", b"<sd:UUIDIdentifikator>%b</sd:UUIDIdentifikator>" % OTHER),
    "another type first": (
        b"<%b>" % DOCUMENT,
        b"<di:ObjektType><sd:UUIDIdentifikator>%b</sd:UUIDIdentifikator></di:ObjektType>" % OTHER,
    ),
}


@pytest.mark.parametrize(("after", "put"), ODD_HEADS.values(), ids=ODD_HEADS)
def test_a_document_comes_with_another_uuid_first(parts: Parts, after: bytes, put: bytes) -> None:
    first, *others = parts.documents
    assert after in first
    odd = first.replace(after, after + put, 1)
    is_as_read(parts.message(documents=others), parts.message(documents=[odd, *others]))
    whole = parts.message(documents=parts.documents)
    is_as_read(whole, parts.message(documents=[*parts.documents, hiding(odd)]))
    last = first.replace(b"</di:ObjektType>", put.replace(b"<di:ObjektType>", b"") + b"</di:ObjektType>", 1)
    is_as_read(whole, parts.message(documents=[*parts.documents, hiding(last)]))


def retitled(document: bytes) -> bytes:
    new = re.sub(rb"(<\w+:Titel>)[^<]*(</)", rb"\g<1>En anden titel\g<2>", document)
    assert new != document
    return new


def test_of_two_documents_of_the_same_time_the_last_counts_whenever_it_is_read(parts: Parts) -> None:
    first, *others = parts.documents
    odd = retitled(first).replace(b"<%b>" % DOCUMENT, b"<%b><sdi:Andet>x</sdi:Andet>" % DOCUMENT)
    for one, two in ((first, retitled(first)), (first, odd), (odd, first)):
        before = parts.message(documents=[one, two, *others])
        after = parts.message(documents=[two, one, *others])
        assert told(read(before)) != told(read(after))
        is_as_read(before, after)
        is_as_read(after, before)


@pytest.mark.parametrize("bound", [b"urn:oio:sts:generelledefinitioner:7", None])
def test_the_same_bytes_with_a_prefix_that_is_bound_otherwise(
    small: bytes, payments: bytes, bound: bytes | None
) -> None:
    declared = b' xmlns:gd="urn:oio:sts:generelledefinitioner:6"'
    for message, reading in ((small, read), (payments, read_yi)):
        assert declared in message
        after = message.replace(declared, b' xmlns:gd="%b"' % bound if bound else b"")
        held = InMemory(reading(message, InMemory()))
        assert outcome(reading, after, held) == outcome(reading, after, None)


def outcome(reading: Callable[..., Answer], message: bytes, held: InMemory | None) -> object:
    try:
        answer = reading(message, held)
    except SourceError as error:
        return repr(error)
    return told(held.as_held(answer) if held else answer)


def test_a_document_in_a_document(parts: Parts) -> None:
    first, *others = parts.documents
    inner = b"<%b a='b'>x</%b>" % (DOCUMENT, DOCUMENT)
    nested = first.replace(b"</di:ObjektType>", b"</di:ObjektType>" + inner, 1)
    is_as_read(parts.message(documents=parts.documents), parts.message(documents=[nested, *others]))


def test_names_without_a_prefix(small: bytes) -> None:
    parts = Parts(small.replace(b"Output ", b'Output xmlns="urn:oio:sagdok:3.0.0" ', 1))
    first, *others = parts.documents
    bare = first.replace(b"sd:LivscyklusKode>", b"LivscyklusKode>")
    assert bare != first
    is_as_read(parts.message(documents=parts.documents), parts.message(documents=[bare, *others]))
