"""What is held as it came is known again by its bytes: whatever has changed, the same is known as if all were read."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from uuid import UUID

import pytest
from lxml import etree
from lxml.etree import _Element

from indexes.errors import SourceError
from indexes.parse import tags
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.parse.sdi import SdiAnswer, SdiSpellings
from indexes.parse.yi import YiAnswer, YiSpellings
from indexes.records import Answer, Case, Item, Known, Parsed, Payment
from tests.indexes.parse.spelled import AT, changed, written


class InMemory:
    """What was read, by uuid, with its fingerprint."""

    def __init__(self, *answers: Answer) -> None:
        self.held: dict[UUID, Parsed] = {}
        self.asked: list[UUID] = []
        for answer in answers:
            self.held.update({item.record.uuid: item for item in answer.items if isinstance(item, Parsed)})

    def within(self, bound: bytes) -> Callable[[bytes], bytes]:
        return lambda written: sha256(bound + b">" + written).digest()[:16]

    def known(self, kind: str, fingerprints: Mapping[UUID, bytes]) -> Mapping[UUID, Known]:
        self.asked.extend(fingerprints)
        return {
            uuid: Known(
                kind=kind,
                uuid=uuid,
                registered=held.record.registered,
                fagsystem=held.record.fagsystem if isinstance(held.record, Case | Payment) else None,
                defects=held.defects,
                besides=held.fingerprint[16:],
            )
            for uuid, fingerprint in fingerprints.items()
            if (held := self.held.get(uuid)) and held.fingerprint and held.fingerprint[:16] == fingerprint
        }

    def as_held(self, answer: Answer) -> Answer:
        """The answer with what is held in the place of what is known."""
        return Answer(
            items=tuple(self.held[item.uuid] if isinstance(item, Known) else item for item in answer.items),
            total=answer.total,
        )


def read(data: bytes, held: InMemory | None = None, *, at: datetime = AT, size: int = 2**16) -> Answer:
    return fed(SdiAnswer(at=at, spellings=SdiSpellings(SdiRoles()), held=held), data, size)


def read_yi(data: bytes, held: InMemory | None = None, *, at: datetime = AT) -> Answer:
    return fed(YiAnswer(at=at, spellings=YiSpellings(YiRoles()), held=held), data, 2**16)


def fed(answer: SdiAnswer | YiAnswer, data: bytes, size: int) -> Answer:
    for start in range(0, len(data), size):
        answer.feed(data[start : start + size])
    return answer.close()


def told(answer: Answer) -> object:
    """What is compared: a refused message may be kept with its namespaces declared in another order."""
    return [
        (item.record, item.defects) if isinstance(item, Parsed) else repr(item).partition("raw=")[0]
        for item in answer.items
    ], answer.total


def either_way(data: bytes, held: InMemory, *, at: datetime = AT) -> tuple[object, object]:
    """What is known of a message by what is held, and what by reading it alone; or which error it is."""
    ways: list[object] = []
    for of in (held, None):
        try:
            ways.append(told(held.as_held(read(data, of, at=at))))
        except SourceError as error:
            ways.append(repr(error))
    return ways[0], ways[1]


def known(items: tuple[Item, ...]) -> int:
    return sum(isinstance(item, Known) for item in items)


@pytest.mark.parametrize("size", [10_000_000, 3000])
def test_nearly_all_that_has_not_changed_is_known(whole: bytes, size: int) -> None:
    first = read(whole, InMemory())
    held = InMemory(first)
    again = read(whole, held, size=size)
    usable = sum(isinstance(item, Parsed) for item in first.items)
    assert known(again.items) > usable * 0.9
    assert told(held.as_held(again)) == told(first) == told(read(whole))


def test_nearly_all_payments_that_have_not_changed_are_known(payments: bytes) -> None:
    first = read_yi(payments, InMemory())
    held = InMemory(first)
    again = read_yi(payments, held)
    usable = sum(isinstance(item, Parsed) and isinstance(item.record, Payment) for item in first.items)
    assert known(again.items) > usable * 0.9
    assert told(held.as_held(again)) == told(first) == told(read_yi(payments))


def test_whatever_changes_in_a_case_or_its_documents_is_read(small: bytes) -> None:
    held = InMemory(read(small, InMemory()))
    assert known(read(small, held).items) == 1
    number = 0
    for what, document in changed(small):
        by_held, alone = either_way(document, held)
        assert by_held == alone, what
        number += 1
    assert number > 300


def test_what_is_held_of_a_changed_message_is_known_as_well(small: bytes) -> None:
    """What can be used of a broken message has a fingerprint only if it tells the whole: one change in three."""
    for what, document in islice(changed(small), 0, None, 3):
        try:
            held = InMemory(read(document, InMemory()))
        except SourceError:
            continue
        for message in (document, small):
            by_held, alone = either_way(message, held)
            assert by_held == alone, what


def documents_of(root: _Element) -> list[_Element]:
    return [child for child in root[0][0] if child.tag == tags.DOCUMENT]


def test_a_case_is_read_when_a_document_goes_or_comes(small: bytes) -> None:
    root = etree.fromstring(small)
    one = documents_of(root)[0]
    root[0][0].remove(one)
    fewer = written(root)
    for before, after in ((small, fewer), (fewer, small)):
        held = InMemory(read(before, InMemory()))
        assert known(read(before, held).items) == 1
        by_held, alone = either_way(after, held)
        assert by_held == alone
        assert known(read(after, held).items) == 0


def test_a_document_that_comes_a_second_time_is_looked_at(small: bytes) -> None:
    held = InMemory(read(small, InMemory()))
    opening = b"<sdi:DokumentFiltreretOejebliksbillede>"
    place = small.index(opening)
    end = small.index(b"</sdi:DokumentFiltreretOejebliksbillede>", place) + len(opening) + 1
    twin = small[place:end].replace(b">2", b">1").replace(b"Opstaaet", b"Slettet")
    for message in (small[:end] + twin + small[end:], small[:place] + twin + small[place:]):
        by_held, alone = either_way(message, held)
        assert by_held == alone
        assert known(read(message, held).items) == 0


def test_a_case_that_comes_twice_is_read_twice(small: bytes) -> None:
    held = InMemory(read(small, InMemory()))
    opening, closing = b"<sdi:SagFiltreretOejebliksbillede>", b"</sdi:SagFiltreretOejebliksbillede>"
    place, end = small.index(opening), small.index(closing) + len(closing)
    answer = read(small[:end] + small[place:end] + small[end:], held)
    assert known(answer.items) == 0
    assert len(answer.items) == 2


TRICKS = {
    "a closing tag in a comment": b"<!-- </sdi:DokumentFiltreretOejebliksbillede> -->",
    "a closing tag in CDATA": b"<![CDATA[</sdi:DokumentFiltreretOejebliksbillede>]]>",
    "a document in a document": b"<sdi:DokumentFiltreretOejebliksbillede><x/></sdi:DokumentFiltreretOejebliksbillede>",
    "a case in a document": b"<sdi:SagFiltreretOejebliksbillede><x/></sdi:SagFiltreretOejebliksbillede>",
    "an element without an end": b"<x>",
    "an end without an element": b"</x>",
    "an entity": b"&x;",
    "bytes that are no text": b"\xff",
}


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
@pytest.mark.parametrize("opening", [b"<sdi:DokumentFiltreretOejebliksbillede>", b"<sdi:SagFiltreretOejebliksbillede>"])
def test_no_trick_hides_in_what_is_read_late_or_never(small: bytes, trick: bytes, opening: bytes) -> None:
    held = InMemory(read(small, InMemory()))
    place = small.index(opening) + len(opening)
    for at in (place, small.index(b"</", small.index(b"Registrering>", place))):
        message = small[:at] + trick + small[at:]
        by_held, alone = either_way(message, held)
        assert by_held == alone
        assert either_way(message, InMemory())[0] == alone


def test_what_time_alone_may_change_is_read_each_time(small: bytes) -> None:
    """Each Virkning in turn begins tomorrow: today and the day after must say what reading says."""
    root = etree.fromstring(small)
    starts = [element for element in root.iter() if str(element.tag).endswith("}FraTidspunkt")]
    assert len(starts) > 15
    unknown = 0
    for start in starts:
        moment = start[0]
        kept, moment.text = moment.text, (AT + timedelta(days=1)).isoformat()
        message = written(root)
        moment.text = kept
        held = InMemory(read(message, InMemory()))
        for days in (0, 2):
            by_held, alone = either_way(message, held, at=AT + timedelta(days=days))
            assert by_held == alone
        unknown += not known(read(message, held).items)
    assert unknown == len(starts)


def test_pieces_of_any_size_say_the_same(small: bytes) -> None:
    held = InMemory(read(small, InMemory()))
    for size in (1, 7, 1000):
        assert told(held.as_held(read(small, held, size=size))) == told(read(small))


def test_nothing_is_asked_without_need(small: bytes) -> None:
    held = InMemory(read(small, InMemory()))
    read(small, held)
    assert held.asked == list(held.held), "one question, about the case alone"


def test_a_document_whose_uuid_is_not_sure_at_once_is_looked_at(small: bytes) -> None:
    """Its title holds the name of the element that the UUID stands in; it is ordinary all the same."""
    place = small.index(b":DokumentFiltreretOejebliksbillede>")
    title = small.index(b"Titel>", place)
    before = small[:title] + b"Titel>ObjektType " + small[title + len(b"Titel>") :]
    held = InMemory(read(before, InMemory()))
    assert known(read(before, held).items) == 0
    after = before[:place] + before[place:].replace(b"Importeret", b"Slettet").replace(b"Opstaaet", b"Slettet")
    by_held, alone = either_way(after, held)
    assert alone != either_way(before, held)[1]
    assert by_held == alone
