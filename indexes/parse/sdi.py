"""An answer of Sags- og Dokumentindeks (FremsoegSagDokumentIndeksOutput 6.0) to records, while it arrives."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import ClassVar, NamedTuple

from indexes.parse import tags
from indexes.parse.again import Attached, Held, NotRead, named, named_in
from indexes.parse.answers import SoapAnswer
from indexes.parse.cases import CASE, CaseReader, Filed, case_kinds
from indexes.parse.documents import DocumentReader, document_kinds
from indexes.parse.objects import read_object
from indexes.parse.ordinary import OrdinaryObject, Spellings
from indexes.parse.problems import Unusable
from indexes.parse.roles import SdiRoles
from indexes.parse.sdi_ordinary import ORDINARY_CASE, ORDINARY_DOCUMENT
from indexes.parse.values import uuid_or_none
from indexes.records import Answer, Item, Known, Refused, Withdrawn
from indexes.stream import Found, read_whole


class SdiSpellings(Spellings):
    """Readers of cases and documents in ordinary spelling."""

    def __init__(self, roles: SdiRoles) -> None:
        super().__init__([(ORDINARY_CASE, case_kinds(roles)), (ORDINARY_DOCUMENT, document_kinds(roles))])
        self.roles = roles


class _Unread(NamedTuple):
    """An object that is read at the end of the answer, if at all.

    A case has what it is ``known`` for: it is, if the documents it names are those it was read with. A document has its
    place among those of the answer.
    """

    written: bytes
    fingerprint: bytes | None
    known: Known | None = None
    place: int = 0


_Case = Filed | Known | Withdrawn | Refused


class SdiAnswer(SoapAnswer):
    """The cases of one answer as they stand at ``at`` (timezone-aware), one item for each Sag.

    Documents are not items: they come with their case. ``total`` is by ``case``, ``document`` and ``note``.
    """

    message = tags.SDI_OUTPUT
    objects = (tags.CASE, tags.DOCUMENT)
    count, count_kind = tags.SDI_COUNT, tags.SDI_COUNT_KIND
    counted: ClassVar = {"sager": "case", "dokumenter": "document", "journalnotater": "note"}
    recognised: ClassVar = {tags.CASE: "case"}
    attached = tags.DOCUMENT

    def __init__(self, *, at: datetime, spellings: SdiSpellings, held: Held | None = None) -> None:
        super().__init__(spellings, held)
        self._at = at
        self._cases = CaseReader(spellings.roles, at)
        self._documents = DocumentReader(spellings.roles, at)
        self._attached = Attached(held)
        self._found: list[_Case | _Unread] = []
        self._unread: dict[bytes, list[_Unread]] = {}  # documents, by their UUIDs (``named``)
        self._came = 0  # so many documents

    def _items(self) -> Iterator[Item]:
        found = [self._settled(case) if isinstance(case, _Unread) else case for case in self._found]
        self._read_documents(found)
        documents = self._documents.found()
        for case in found:
            if isinstance(case, Filed):
                yield self._cases.with_documents(case, documents, self._fingerprint(case))
            else:
                yield case

    def _take(self, found: Found) -> None:
        if found.tag == tags.CASE:
            self._found.append(self._case(found))
            return
        self._came += 1
        if isinstance(found.read, NotRead):
            self._attached.add(found.read.name, found.fingerprint or b"")
            waits = _Unread(found.written, found.fingerprint, place=self._came)
            self._unread.setdefault(found.read.name, []).append(waits)
        elif isinstance(found.read, OrdinaryObject):
            self._documents.ordinary(found.read, self._came)
            self._attached.doubt(uuid_or_none(found.read.uuid))  # that it is there has not been told by its bytes
        else:
            self._attached.doubt(self._documents.read(found.element, self._came))

    def _case(self, found: Found) -> _Case | _Unread:
        if isinstance(found.read, Known):
            known = found.read
            return _Unread(found.written, found.fingerprint, known) if known.besides else known
        if isinstance(found.read, OrdinaryObject):
            return self._ordinary(found.read, found.written, found.fingerprint)
        return read_object(found.element, CASE, self._cases, self._at)

    def _settled(self, case: _Unread) -> _Case:
        """A case that is known if its documents are, now that they have come; else it is read."""
        uuids = named_in(case.written)
        if case.known and case.known.besides == self._attached.fingerprint(uuids):
            self._attached.pass_over(uuids)
            return case.known
        given = self._stream.read(case.written)
        if isinstance(given, OrdinaryObject):
            return self._ordinary(given, case.written, case.fingerprint)
        return read_object(self._stream.element(case.written), CASE, self._cases, self._at)

    def _ordinary(self, given: OrdinaryObject, written: bytes, fingerprint: bytes | None) -> _Case:
        try:
            return self._cases.ordinary(given, fingerprint)
        except Unusable:  # what is told of it, and kept, comes from its elements
            return read_object(self._stream.element(written), CASE, self._cases, self._at)

    def _read_documents(self, cases: Iterable[_Case]) -> None:
        """All but those that only known cases name."""
        needed = {named(entry.reference) for case in cases if isinstance(case, Filed) for _, entry in case.entries}
        for name, unread in self._unread.items():
            if name in needed or not self._attached.is_passed_over(name):
                for document in unread:
                    self._read_document(document)

    def _read_document(self, document: _Unread) -> None:
        given = self._stream.read(document.written)
        if not isinstance(given, OrdinaryObject):
            self._attached.doubt(self._documents.read(self._stream.element(document.written), document.place))
        elif not self._documents.ordinary(given, document.place):
            self._attached.doubt(uuid_or_none(given.uuid))

    def _fingerprint(self, case: Filed) -> bytes | None:
        """Of a case and the documents it was read with, if the same would be read of them at any later time."""
        if case.fingerprint is None or not case.entries:
            return case.fingerprint
        besides = self._attached.fingerprint({named(entry.reference) for _, entry in case.entries if entry.reference})
        return besides and case.fingerprint + besides


def parse_sdi(data: bytes, *, at: datetime, roles: SdiRoles) -> Answer:
    """A whole answer at once: ``SdiAnswer``, fed and closed."""
    return read_whole(SdiAnswer(at=at, spellings=SdiSpellings(roles)), data)
