"""The envelope of a message of Beskedfordeler (Haendelsesbesked, Beskedkuvert 1.0): whom it is for, and about what.

Untrusted, and read as an index's answer is (``soap.parse_xml``): no DTD, nesting and lengths bounded. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from lxml.etree import _Element

from indexes.errors import BadAnswer
from indexes.parse.problems import Unusable
from indexes.parse.values import cvr, instant_in_reach, uuid_or_none
from indexes.records import RefusalReason
from indexes.soap import parse_xml

_K: Final = "{urn:oio:besked:kuvert:1.0}"
_SD: Final = "{urn:oio:sagdok:3.0.0}"
_MESSAGE: Final = f"{_K}Haendelsesbesked"
_CVR_URN: Final = "urn:oio:cvr-nr:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One ObjektRegistrering: which object was registered, when, by whose authority, and what was done to it."""

    uuid: UUID | None
    registered: datetime | None
    owner_cvr: str | None
    kind: UUID | None  # ObjektType
    handling: UUID | None  # ObjektHandling


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a message says of itself. ``payload`` is what stands in its Beskeddata, unread.

    ``recipients`` are the CVR numbers it is meant for: None when it names nobody, and empty when it names somebody who
    is no CVR number.
    """

    id: UUID | None
    made: datetime | None
    recipients: frozenset[str] | None
    registrations: tuple[Registration, ...]
    payload: tuple[_Element, ...]


def read_envelope(data: bytes) -> Envelope:
    """A message's envelope.

    Raises:
        Unusable: it is no message of Beskedfordeler, or its envelope is not whole.
    """
    try:
        root = parse_xml(data)
    except BadAnswer:
        raise Unusable(RefusalReason.WRONG_SHAPE, "Haendelsesbesked") from None
    if root.tag != _MESSAGE:
        raise Unusable(RefusalReason.WRONG_SHAPE, "Haendelsesbesked")
    cover = _one(root, "Beskedkuvert")
    filtering = _one(cover, "Filtreringsdata")
    delivery = _one(cover, "Leveranceinformation")
    named = [_identity(child) for child in _all(filtering, "TilladtModtager")]
    return Envelope(
        id=uuid_or_none(_identity(_first(root, "BeskedId"))),
        made=_instant(_first(delivery, "Dannelsestidspunkt")),
        recipients=frozenset(filter(None, map(_cvr_or_none, named))) if named else None,
        registrations=tuple(map(_registration, _all(filtering, "ObjektRegistrering"))),
        payload=tuple(element for data in _all(root, "Beskeddata") for element in data),
    )


def _registration(element: _Element) -> Registration:
    return Registration(
        uuid=uuid_or_none(_identity(_first(element, "ObjektId"))),
        registered=_instant(_first(element, "Registreringstidspunkt")),
        owner_cvr=_cvr_or_none(_identity(_first(element, "ObjektAnsvarligMyndighed"))),
        kind=uuid_or_none(_identity(_first(element, "ObjektType"))),
        handling=uuid_or_none(_identity(_first(element, "ObjektHandling"))),
    )


def _all(parent: _Element, name: str) -> Iterator[_Element]:
    return (child for child in parent if child.tag == _K + name)


def _one(parent: _Element, name: str) -> _Element:
    """The one child of a name. Two of it: nobody knows which one counts."""
    found: Sequence[_Element] = list(_all(parent, name))
    if len(found) != 1:
        raise Unusable(RefusalReason.WRONG_SHAPE, name)
    return found[0]


def _first(parent: _Element, name: str) -> _Element | None:
    return next(_all(parent, name), None)


def _identity(element: _Element | None) -> str | None:
    """The UUID or the URN in an element, as it stands (sd:UnikIdType)."""
    if (
        element is None
        or len(element) != 1
        or element[0].tag not in {f"{_SD}UUIDIdentifikator", f"{_SD}URNIdentifikator"}
    ):
        return None
    return (element[0].text or "").strip() or None


def _instant(element: _Element | None) -> datetime | None:
    if element is None or len(element) != 1 or element[0].tag != f"{_SD}TidsstempelDatoTid":
        return None
    return instant_in_reach((element[0].text or "").strip())


def _cvr_or_none(identity: str | None) -> str | None:
    """The CVR number that an identity is, None for anything else: that is nobody whom we read for."""
    if identity is None or not identity.lower().startswith(_CVR_URN):
        return None
    try:
        return cvr(identity, "")
    except Unusable:
        return None
