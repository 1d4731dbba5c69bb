"""A case as a reading of the index stores it, with its documents."""

from indexes.mock.objects import Case
from indexes.mock.writing import roles, sdi
from indexes.parse.roles import SdiRoles
from indexes.parse.sdi import parse_sdi
from indexes.records import Case as CaseRecord
from indexes.records import Parsed
from indexes.store import save
from tests.events.makers import TERMS
from tests.indexes.makers import NOW, RANDERS


def read_case(case: Case) -> CaseRecord:
    """What the index answers of a case, stored."""
    snapshots = sdi.case_snapshot(case, frozenset(roles.CASE_PARTS)) + "".join(
        sdi.document_snapshot(document, frozenset(roles.DOCUMENT_PARTS)) for document in case.documents
    )
    answer = (
        f"<sdi:FremsoegSagDokumentIndeksOutput {sdi.NAMESPACES}><sd:StandardRetur><sd:StatusKode>20</sd:StatusKode>"
        f"</sd:StandardRetur>{snapshots}</sdi:FremsoegSagDokumentIndeksOutput>"
    )
    items = parse_sdi(answer.encode(), at=NOW, roles=SdiRoles()).items
    save(items, wanted=TERMS.wanted, now=NOW, since=NOW, owner_cvr=RANDERS)
    (item,) = items
    assert isinstance(item, Parsed)
    assert isinstance(item.record, CaseRecord)
    return item.record
