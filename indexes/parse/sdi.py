"""An answer of Sags- og Dokumentindeks (FremsoegSagDokumentIndeksOutput 6.0) to records, while it arrives."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from indexes.parse import tags
from indexes.parse.answers import SoapAnswer
from indexes.parse.cases import CASE, CaseReader, Filed, case_kinds
from indexes.parse.documents import DocumentReader, document_kinds
from indexes.parse.objects import read_object
from indexes.parse.ordinary import OrdinaryObject, Spellings
from indexes.parse.problems import Unusable
from indexes.parse.roles import SdiRoles
from indexes.parse.sdi_ordinary import ORDINARY_CASE, ORDINARY_DOCUMENT
from indexes.records import Answer, Item, Refused, Withdrawn
from indexes.stream import Found, parsed_again, read_whole


class SdiSpellings(Spellings):
    """Readers of cases and documents in ordinary spelling."""

    def __init__(self, roles: SdiRoles) -> None:
        super().__init__([(ORDINARY_CASE, case_kinds(roles)), (ORDINARY_DOCUMENT, document_kinds(roles))])
        self.roles = roles


class SdiAnswer(SoapAnswer):
    """The cases of one answer as they stand at ``at`` (timezone-aware), one item for each Sag.

    Documents are not items: they come with their case. ``total`` is by ``case``, ``document`` and ``note``.
    """

    message = tags.SDI_OUTPUT
    objects = (tags.CASE, tags.DOCUMENT)
    count, count_kind = tags.SDI_COUNT, tags.SDI_COUNT_KIND
    counted: ClassVar = {"sager": "case", "dokumenter": "document", "journalnotater": "note"}

    def __init__(self, *, at: datetime, spellings: SdiSpellings) -> None:
        super().__init__(spellings)
        self._at = at
        self._cases = CaseReader(spellings.roles, at)
        self._documents = DocumentReader(spellings.roles, at)
        self._found: list[Filed | Withdrawn | Refused] = []

    def _items(self) -> Iterator[Item]:
        documents = self._documents.found()
        for item in self._found:
            yield self._cases.with_documents(item, documents) if isinstance(item, Filed) else item

    def _take(self, found: Found) -> None:
        if found.tag == tags.CASE:
            self._found.append(self._case(found))
        elif isinstance(found.read, OrdinaryObject):
            self._documents.ordinary(found.read)
        else:
            self._documents.read(found.element)

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
