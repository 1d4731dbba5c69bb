"""An answer of Sags- og Dokumentindeks (FremsoegSagDokumentIndeksOutput 6.0) to records."""

from datetime import datetime

from indexes.parse import tags
from indexes.parse.cases import CASE, CaseReader
from indexes.parse.documents import DocumentReader
from indexes.parse.elements import parts_of
from indexes.parse.facts import text
from indexes.parse.objects import check_return, count_of, read_object
from indexes.parse.roles import SdiRoles
from indexes.records import Answer
from indexes.soap import message_of

_COUNTED = {"sager": "case", "dokumenter": "document", "journalnotater": "note"}


def parse_sdi(data: bytes, *, at: datetime, roles: SdiRoles) -> Answer:
    """The cases of an answer as they stand at ``at`` (timezone-aware), one item for each Sag in the answer's order.

    ``total`` is by ``case``, ``document`` and ``note``. Documents are not items: they come with their case.

    Raises:
        SourceRefused: the index answered with another status than 20.
        Fault: it answered with a SOAP Fault.
        BadAnswer: the answer as a whole cannot be used.
    """
    output = message_of(data, tags.SDI_OUTPUT)
    check_return(output)
    cases, documents, total = [], [], {}
    for child in output:
        if child.tag == tags.CASE:
            cases.append(child)
        elif child.tag == tags.DOCUMENT:
            documents.append(child)
        elif child.tag == tags.SDI_COUNT:
            count = parts_of(child)
            if kind := _COUNTED.get(text(count, tags.SDI_COUNT_KIND) or ""):
                total[kind] = count_of(text(count, tags.SDI_COUNT))
    reader = CaseReader(roles, at, DocumentReader(roles, at).read(documents))
    return Answer(items=tuple(read_object(case, CASE, reader, at) for case in cases), total=total)
