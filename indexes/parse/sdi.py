"""An answer of Sags- og Dokumentindeks (FremsoegSagDokumentIndeksOutput 6.0) to records, while it arrives."""

from datetime import datetime

from indexes.errors import BadAnswer, Flaw
from indexes.parse import tags
from indexes.parse.cases import CASE, CaseReader, Filed, case_kinds
from indexes.parse.documents import DocumentReader, document_kinds
from indexes.parse.elements import parts_of
from indexes.parse.objects import check_return, count_of, read_object
from indexes.parse.ordinary import OrdinaryObject, Spellings
from indexes.parse.problems import Unusable
from indexes.parse.roles import SdiRoles
from indexes.parse.sdi_ordinary import ORDINARY_CASE, ORDINARY_DOCUMENT
from indexes.records import Answer, Item, Refused, Withdrawn
from indexes.stream import Found, ObjectStream, parsed_again, read_whole

_COUNTED = {"sager": "case", "dokumenter": "document", "journalnotater": "note"}


class SdiSpellings(Spellings):
    """Readers of cases and documents in ordinary spelling."""

    def __init__(self, roles: SdiRoles) -> None:
        super().__init__([(ORDINARY_CASE, case_kinds(roles)), (ORDINARY_DOCUMENT, document_kinds(roles))])
        self.roles = roles


class SdiAnswer:
    """The cases of one answer as they stand at ``at`` (timezone-aware): fed piece by piece, and then closed."""

    def __init__(self, *, at: datetime, spellings: SdiSpellings) -> None:
        self._at = at
        self._stream = ObjectStream(
            tags.SDI_OUTPUT,
            objects=(tags.CASE, tags.DOCUMENT),
            others=(tags.STANDARD_RETURN, tags.SDI_COUNT),
            spelled=spellings,
        )
        self._cases = CaseReader(spellings.roles, at)
        self._documents = DocumentReader(spellings.roles, at)
        self._items: list[Filed | Withdrawn | Refused] = []
        self._total: dict[str, int] = {}
        self._returned = False

    def feed(self, data: bytes) -> None:
        """Take in the next piece.

        Raises:
            SourceRefused: the index answered with another status than 20.
            BadAnswer: the answer as a whole cannot be used.
        """
        for found in self._stream.feed(data):
            self._take(found)

    def close(self) -> Answer:
        """The answer, one item for each Sag, in its order. ``total`` is by ``case``, ``document`` and ``note``.

        Documents are not items: they come with their case.

        Raises:
            SourceRefused, Fault, BadAnswer: as ``feed``; the index answered with a SOAP Fault.
        """
        for found in self._stream.close():
            self._take(found)
        if not self._returned:
            raise BadAnswer(Flaw.WRONG_SHAPE)
        documents = self._documents.found()
        items: list[Item] = [
            self._cases.with_documents(item, documents) if isinstance(item, Filed) else item for item in self._items
        ]
        return Answer(items=tuple(items), total=self._total)

    def _take(self, found: Found) -> None:
        if found.tag == tags.CASE:
            self._items.append(self._case(found))
        elif found.tag == tags.DOCUMENT:
            if isinstance(found.read, OrdinaryObject):
                self._documents.ordinary(found.read)
            else:
                self._documents.read(found.element)
        elif found.tag == tags.SDI_COUNT:
            count = parts_of(found.element)
            if kind := _COUNTED.get(count.get(tags.SDI_COUNT_KIND) or ""):
                self._total[kind] = count_of(count.get(tags.SDI_COUNT))
        elif not self._returned:
            check_return(found.element)
            self._returned = True

    def _case(self, found: Found) -> Filed | Withdrawn | Refused:
        element = found.element
        if isinstance(found.read, OrdinaryObject):
            try:
                return self._cases.ordinary(found.read)
            except Unusable:
                element = parsed_again(found)  # what is told of it, and kept, comes from its elements
        return read_object(element, CASE, self._cases, self._at)


def parse_sdi(data: bytes, *, at: datetime, roles: SdiRoles) -> Answer:
    """A whole answer at once: ``SdiAnswer``, fed and closed."""
    return read_whole(SdiAnswer(at=at, spellings=SdiSpellings(roles)), data)
