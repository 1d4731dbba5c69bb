"""Objects in ordinary spelling are read from their text, all others element by element: both must say the same."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from indexes.errors import SourceError
from indexes.parse import tags
from indexes.parse.cases import case_kinds
from indexes.parse.ordinary import OrdinaryReader, Spelling
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.parse.sdi import SdiAnswer, SdiSpellings
from indexes.parse.sdi_ordinary import ORDINARY_CASE
from indexes.parse.yi import YiAnswer, YiSpellings
from indexes.records import Answer, Parsed
from indexes.stream import LARGEST_OBJECT, in_pieces, read_whole
from tests.indexes.parse.spelled import AT, CASE_END, changed, objects_of, written

GOLDEN = sorted((Path(__file__).parent / "golden" / "sdi").glob("*.xml"))


class ElementsAlone(SdiSpellings):
    """Knows no ordinary spelling."""

    def __call__(self, prefixes: Mapping[str, str]) -> Mapping[str, OrdinaryReader]:
        del prefixes
        return {}


def read(data: bytes, spellings: SdiSpellings, *, size: int = 2**16) -> Answer | str:
    """The answer, or the kind of error."""
    answer = SdiAnswer(at=AT, spellings=spellings)
    try:
        for start in range(0, len(data), size):
            answer.feed(data[start : start + size])
        return answer.close()
    except SourceError as error:
        return repr(error)


def both(data: bytes, **how: int) -> tuple[Answer | str, Answer | str]:
    return read(data, SdiSpellings(SdiRoles()), **how), read(data, ElementsAlone(SdiRoles()), **how)


def bare(answer: Answer | str) -> object:
    """What is compared: a refused message may be kept with its namespaces declared in another order."""
    if isinstance(answer, str):
        return answer
    return [
        item if isinstance(item, Parsed) else repr(item).partition("raw=")[0] for item in answer.items
    ], answer.total


def test_nearly_all_that_an_index_sends_is_ordinary(whole: bytes) -> None:
    """Else the speed is nobody's: what is odd in the mock's answers is one in thirty."""
    objects = objects_of(whole)
    assert len(objects) > 300
    assert sum(one.read is None for one in objects) < len(objects) / 30


def test_an_answer_says_the_same_either_way(whole: bytes) -> None:
    fast, slow = both(whole)
    assert isinstance(fast, Answer)
    assert bare(fast) == bare(slow)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_it_does_not_matter_how_an_answer_arrives(whole: bytes, size: int) -> None:
    start = whole.index(b"<sdi:SagFiltreret")
    few = whole[: whole.index(CASE_END, start + 20_000) + len(CASE_END)] + whole[whole.rindex(b"</sdi:FremsoegSag") :]
    assert bare(read(few, SdiSpellings(SdiRoles()), size=size)) == bare(read(few, ElementsAlone(SdiRoles())))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_golden_pair_says_the_same_in_ordinary_spelling(path: Path) -> None:
    """The golden files are indented; written as an index writes, they are ordinary as far as they can be."""
    fast, slow = both(unindented(path))
    assert bare(fast) == bare(slow)


def unindented(path: Path) -> bytes:
    """A golden file as an index would write it."""
    return written(etree.fromstring(path.read_bytes(), etree.XMLParser(remove_blank_text=True, remove_comments=True)))


def test_whatever_is_changed_in_one_element_both_say_the_same(small: bytes) -> None:
    spellings, alone = SdiSpellings(SdiRoles()), ElementsAlone(SdiRoles())
    number = 0
    for what, document in changed(small):
        assert bare(read(document, spellings)) == bare(read(document, alone)), what
        number += 1
    assert number > 300


TRICKS = [
    b"<!-- ",
    b" -->",
    b"<![CDATA[",
    b"]]>",
    b"<?a ",
    b"?>",
    b"&amp;",
    b"&lt;",
    b"&#x41;",
    b"&unknown;",
    b"\r",
    b"\n",
    b"\x00",
    b"\x07",
    b"\xff",
    "\ue000".encode(),
    b"\xef\xbf\xbe",
    b"<x>",
    b"</x>",
    b"<x/>",
    b' xmlns:sag="urn:x"',
    b' a="',
    b'"',
    b">",
    b"<",
    CASE_END,
    b"<sdi:SagFiltreretOejebliksbillede>",
    b"<sdi:SagFiltreretOejebliksbillede/>",
    b"</sag:Sagspart><sag:Sagspart>",
    b"<gd:Virkning>",
    b"</gd:Virkning>",
]


@given(data=st.data())
def test_no_trick_makes_them_differ(small: bytes, data: st.DataObject) -> None:
    """Text put in or taken out anywhere, up to three times."""
    document = small
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(document)))
        trick = data.draw(st.sampled_from(TRICKS))
        if data.draw(st.booleans()):
            document = document[:place] + trick + document[place:]
        else:
            length = data.draw(st.integers(1, 60))
            document = document[:place] + document[place + length :]
    fast, slow = both(document)
    assert bare(fast) == bare(slow)


WRAPPED = {
    "a comment": (b"<!--", b"-->"),
    "CDATA": (b"<![CDATA[", b"]]>"),
    "another element": (b"<sdi:Andet>", b"</sdi:Andet>"),
    "an element that means something else by the prefix": (b'<sdi:Andet xmlns:sag="urn:x">', b"</sdi:Andet>"),
    "a processing instruction": (b"<?a ", b"?>"),
}


@pytest.mark.parametrize("around", WRAPPED.values(), ids=WRAPPED)
def test_what_is_wrapped_in_something_else_is_not_read(whole: bytes, around: tuple[bytes, bytes]) -> None:
    start, end = whole.index(b"<sdi:SagFiltreret"), whole.index(CASE_END) + len(CASE_END)
    wrapped = whole[:start] + around[0] + whole[start:end] + around[1] + whole[end:]
    fast, slow = both(wrapped)
    assert isinstance(fast, Answer)
    assert len(fast.items) == 299
    assert bare(fast) == bare(slow)


def test_an_index_that_names_itself_as_our_place_gains_nothing(whole: bytes) -> None:
    empty = b'<sdi:SagFiltreretOejebliksbillede at="1"/>'
    start = whole.index(b"<sdi:SagFiltreret")
    fast, slow = both(whole[:start] + empty + whole[start:])
    assert isinstance(fast, Answer)
    assert len(fast.items) == 301
    assert bare(fast) == bare(slow)


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_other_encodings_are_read_too(whole: bytes, encoding: str) -> None:
    fast, slow = both(whole.decode().replace("UTF-8", encoding).encode(encoding))
    assert isinstance(fast, Answer)
    assert bare(fast) == bare(slow)


def test_what_names_a_citizen_is_not_remembered(whole: bytes) -> None:
    spellings = SdiSpellings(SdiRoles())
    answer = read(whole, spellings)
    assert isinstance(answer, Answer)
    cprs = {item.record.cpr for item in answer.items if isinstance(item, Parsed)}
    readers = [reader for known in spellings._known.values() for reader in known.values()]
    remembered = [
        text
        for reader in readers
        for rows in (reader._attributes, reader._states, reader._relations)
        for tail in [*rows._tails.values(), *(rows._extra[1]._tails.values() if rows._extra else ())]
        for text in tail.known
    ]
    assert remembered
    assert not [cpr for cpr in cprs if any(cpr in text for text in remembered)]


def test_no_more_than_so_many_different_rows_are_remembered(whole: bytes) -> None:
    prefixes = {uri: prefix for prefix, uri in etree.fromstring(whole)[0][0].nsmap.items() if prefix}
    reader = OrdinaryReader(ORDINARY_CASE, case_kinds(SdiRoles()), Spelling(prefixes, most_remembered=3))
    cases = [case + CASE_END for case in whole[whole.index(b"<sdi:SagFiltreret") :].split(CASE_END)[:100]]
    once, twice = ([reader.read(case.decode().strip()) for case in cases] for _ in range(2))
    assert once == twice
    assert any(once)
    assert max(len(tail.known) for tail in reader._relations._tails.values()) == 3


@pytest.mark.parametrize("inside", [b"<x/>" * (LARGEST_OBJECT // 3), b"x" * (LARGEST_OBJECT + 2**17)])
def test_an_object_that_never_ends_is_refused_before_it_fills_the_memory(whole: bytes, inside: bytes) -> None:
    start = whole.index(b"<sdi:SagFiltreret")
    for around in (b"<sdi:SagFiltreretOejebliksbillede>", b"<sdi:Andet>"):
        answer = read(whole[:start] + around + inside, SdiSpellings(SdiRoles()))
        assert "is larger than" in str(answer)


def test_a_uuid_stands_as_it_stands(whole: bytes) -> None:
    answer = read(whole, SdiSpellings(SdiRoles()))
    assert isinstance(answer, Answer)
    assert all(isinstance(item.record.uuid, UUID) for item in answer.items if isinstance(item, Parsed))


class PaymentElementsAlone(YiSpellings):
    """Knows no ordinary spelling."""

    def __call__(self, prefixes: Mapping[str, str]) -> Mapping[str, OrdinaryReader]:
        del prefixes
        return {}


def read_yi(data: bytes, spellings: YiSpellings) -> object:
    try:
        return bare(read_whole(YiAnswer(at=AT, spellings=spellings), data))
    except SourceError as error:
        return repr(error)


def test_payments_say_the_same_either_way(payments: bytes) -> None:
    stream = YiAnswer(at=AT, spellings=YiSpellings(YiRoles()))._stream
    found = [found for piece in in_pieces(payments) for found in stream.feed(piece) if found.tag == tags.PAYMENT]
    assert len(found) >= 200
    assert sum(one.read is None for one in found) < len(found) / 30
    assert read_yi(payments, YiSpellings(YiRoles())) == read_yi(payments, PaymentElementsAlone(YiRoles()))


def test_whatever_is_changed_in_a_payment_both_say_the_same(payments: bytes) -> None:
    root = etree.fromstring(payments)
    output = root[0][0]
    one = max((child for child in output if child.tag == tags.PAYMENT), key=lambda child: len(list(child.iter())))
    for child in list(output):
        if child.tag in {tags.PAYMENT, tags.GRANT} and child is not one:
            output.remove(child)
    known, alone = YiSpellings(YiRoles()), PaymentElementsAlone(YiRoles())
    documents = list(changed(written(root)))
    for what, document in documents:
        assert read_yi(document, known) == read_yi(document, alone), what
    assert len(documents) > 300
