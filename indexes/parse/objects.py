"""What every object of an index has: a UUID, registrations of which the newest counts, a lifecycle, an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lxml import etree
from lxml.etree import _Element

from indexes.errors import BadAnswer, Flaw, SourceRefused
from indexes.parse import tags
from indexes.parse.effect import BEGINNING
from indexes.parse.elements import Parts, parts_of, text
from indexes.parse.problems import Gone, Unusable, undecidable
from indexes.parse.values import instant_in_reach, uuid_or_none
from indexes.records import Item, Parsed, RefusalReason, Refused, WithdrawalReason, Withdrawn

_OK = 20

_GONE = {"Slettet": WithdrawalReason.DELETED, "Passiveret": WithdrawalReason.PASSIVE}
_LIVING = frozenset({"Opstaaet", "Importeret"})

Build = Callable[[UUID, datetime, Parts], Parsed]
"""Makes the record of an object from its UUID, its registration time and the newest registration's children."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The names under which one kind of object carries what all of them have."""

    kind: str
    object_type: str
    registration: str


def check_return(output: _Element) -> None:
    """Nothing if the index says its answer is in order (StandardRetur 20).

    Raises:
        SourceRefused: any other status.
        BadAnswer: no status that can be read.
    """
    for child in output:
        if child.tag == tags.STANDARD_RETURN:
            returned = parts_of(child)
            status = text(returned, tags.STATUS_CODE) or ""
            if not (status.isascii() and status.isdigit() and len(status) <= 3):  # noqa: PLR2004 - codes have two or three digits
                break
            if int(status) != _OK:
                raise SourceRefused(int(status), text(returned, tags.ERROR_TEXT) or "")
            return
    raise BadAnswer(Flaw.WRONG_SHAPE)


def counted(count: _Element, element_tag: str, number_tag: str, kinds: Mapping[str, str]) -> tuple[str, int]:
    """What an Antal says: our word for the kind, and how many there are in all.

    Raises:
        BadAnswer: it cannot be read; without the number nobody knows whether the answer is complete.
    """
    parts = parts_of(count)
    kind = kinds.get(text(parts, element_tag) or "")
    number = text(parts, number_tag) or ""
    if kind is None or not (number.isascii() and number.isdigit() and len(number) < 10):  # noqa: PLR2004 - fits any count
        raise BadAnswer(Flaw.WRONG_SHAPE)
    return kind, int(number)


def read_object(snapshot: _Element, shape: Shape, build: Build) -> Item:
    """The item an object gives: a record, or that it must not be held, or that it cannot be used."""
    uuid: UUID | None = None
    try:
        uuid = object_uuid(snapshot, shape)
        registered, registration = newest(snapshot, shape)
        try:
            _check_lifecycle(registration)
            return build(uuid, registered, registration)
        except Gone as gone:
            return Withdrawn(kind=shape.kind, uuid=uuid, registered=registered, reason=gone.reason)
    except Unusable as problem:
        raw = etree.tostring(snapshot, encoding="UTF-8", with_tail=False)
        return Refused(kind=shape.kind, uuid=uuid, reason=problem.reason, what=problem.what, raw=raw)


def object_uuid(snapshot: _Element, shape: Shape) -> UUID:
    for child in snapshot:
        if child.tag == shape.object_type:
            uuid = uuid_or_none(text(parts_of(child), tags.UUID_ID))
            if uuid:
                return uuid
            break
    raise Unusable(RefusalReason.NO_UUID, "ObjektType")


def newest(snapshot: _Element, shape: Shape) -> tuple[datetime, Parts]:
    """The registration with the latest Tidspunkt; of two the one the index received last, then the last in the answer.

    Raises:
        Unusable: there is none, or one has no readable time: it could be the newest.
    """
    found: list[tuple[datetime, datetime, int, Parts]] = []
    for child in snapshot:
        if child.tag == shape.registration:
            parts = parts_of(child)
            if len(parts) != len(child):
                raise Unusable(RefusalReason.WRONG_SHAPE, "Registrering")
            registered = instant_in_reach(text(parts, tags.REGISTERED))
            if registered is None:
                raise Unusable(RefusalReason.NO_REGISTRATION_TIME, "Registrering/Tidspunkt")
            received = instant_in_reach(text(parts, tags.STS_REGISTERED)) or BEGINNING
            found.append((registered, received, len(found), parts))
    if not found:
        raise Unusable(RefusalReason.NO_REGISTRATION_TIME, "Registrering")
    newest = found[0] if len(found) == 1 else max(found, key=lambda one: one[:3])
    return newest[0], newest[3]


def _check_lifecycle(registration: Parts) -> None:
    lifecycle = text(registration, tags.LIFECYCLE)
    if lifecycle in _GONE:
        raise Gone(_GONE[lifecycle])
    if lifecycle not in _LIVING:
        raise undecidable("LivscyklusKode")


def required(registration: Parts, tag: str) -> _Element:
    """A list every registration has.

    Raises:
        Unusable: WRONG_SHAPE.
    """
    element = registration.get(tag)
    if element is None:
        raise Unusable(RefusalReason.WRONG_SHAPE, tag.rpartition("}")[2])
    return element
