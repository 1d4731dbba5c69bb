"""The object in a message (RegistreringBesked of Sag, Bevilling or OekonomiskEffektuering) to the item it gives.

The one place where events meet the parser of the indexes' answers: an object comes in both as the same registration, so
it is put into what an answer has around it, and read by the same reader.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from lxml import etree
from lxml.etree import _Element

from indexes.parse import tags
from indexes.parse.cases import CASE, WholeCaseReader
from indexes.parse.documents import FoundDocument
from indexes.parse.grants import GRANT, GrantReader
from indexes.parse.objects import Reader, Shape, read_object
from indexes.parse.payments import PAYMENT, PaymentReader
from indexes.parse.problems import Unusable
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.parse.values import BEGINNING, END
from indexes.records import Document, Item, Parsed, Period, RefusalReason, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """What the indexes' relations mean (settings)."""

    sdi: SdiRoles
    yi: YiRoles


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDocuments:
    """The documents of a case that is held, and the period in which they are as hidden or as open as they are held."""

    documents: tuple[Document, ...]
    period: Period


@dataclass(frozen=True, slots=True)
class _Kind:
    source: Source
    shape: Shape
    snapshot: str  # the name of the element around it in an answer
    reader: Callable[[Roles, datetime, HeldDocuments | None], Reader[Parsed]]


_KINDS: Final[Mapping[str, _Kind]] = {
    "{urn:oio:sts:sagdok:sag:6}RegistreringBesked": _Kind(
        Source.SDI, CASE, tags.CASE, lambda roles, at, held: WholeCaseReader(roles.sdi, at, _found(held))
    ),
    "{urn:oio:sts:ydelse:bevillingindeks:6}RegistreringBesked": _Kind(
        Source.YI, GRANT, tags.GRANT, lambda roles, at, _: GrantReader(roles.yi, at)
    ),
    "{urn:oio:sts:ydelse:oekonomiskeffektueringindeks:6}RegistreringBesked": _Kind(
        Source.YI, PAYMENT, tags.PAYMENT, lambda roles, at, _: PaymentReader(roles.yi, at)
    ),
}
SOURCES: Final[Mapping[str, Source]] = {kind.shape.kind: kind.source for kind in _KINDS.values()}


class Object:
    """An object of an index, as an answer holds it."""

    def __init__(self, payload: _Element) -> None:
        """What is in ``payload`` is taken out of it; what it has too much of comes along, for the reader to refuse.

        Raises:
            Unusable: it is no object of an index that we read.
        """
        kind = _KINDS.get(payload.tag)
        if kind is None:
            raise Unusable(RefusalReason.WRONG_SHAPE, "Beskeddata")
        self._kind = kind
        self._snapshot = etree.Element(kind.snapshot)
        for child in list(payload):
            if child.tag == tags.UUID_ID:
                object_type = etree.SubElement(self._snapshot, kind.shape.object_type)
                object_type.append(child)
            else:
                self._snapshot.append(child)

    @property
    def source(self) -> Source:
        return self._kind.source

    def raw(self) -> bytes:
        """Its bytes, as quarantine keeps an object."""
        return etree.tostring(self._snapshot, encoding="UTF-8", with_tail=False)

    def read(self, *, at: datetime, roles: Roles, held: HeldDocuments | None = None) -> Item:
        """The item that it gives as of ``at``.

        A message brings a case without its documents. ``held`` are those that we have: the case keeps what its journal
        still leads to, and what the journal now keeps from the public loses its title.
        """
        return read_object(self._snapshot, self._kind.shape, self._kind.reader(roles, at, held), at)


def _found(held: HeldDocuments | None) -> dict[UUID, FoundDocument | None]:
    if held is None:
        return {}
    span = (held.period.start or BEGINNING, held.period.end or END)
    return {
        document.uuid: FoundDocument(
            title=document.title,
            exempt=document.title is None,  # the journal's own title may be the one that was kept secret
            kind=document.kind,
            day=document.date,
            hidden=document.hidden,
            spans=(span,),
        )
        for document in held.documents
    }
