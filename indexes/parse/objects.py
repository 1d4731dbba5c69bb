"""What every object of an index has: a UUID, registrations of which the newest counts, a lifecycle, an answer."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar
from uuid import UUID

from lxml import etree
from lxml.etree import _Element

from indexes.errors import BadAnswer, Flaw, SourceRefused
from indexes.parse import tags
from indexes.parse.elements import Children, children_of, text_of
from indexes.parse.ordinary import OrdinaryObject
from indexes.parse.problems import Gone, Unusable, undecidable
from indexes.parse.values import BEGINNING, instant_in_reach, uuid_or_none
from indexes.records import RefusalReason, Refused, WithdrawalReason, Withdrawn

_OK = 20

# LivscyklusKode
GONE: Final = {"Slettet": WithdrawalReason.DELETED, "Passiveret": WithdrawalReason.PASSIVE}
LIVING: Final = frozenset({"Opstaaet", "Importeret"})

_STATUS = re.compile(r"[0-9]{1,3}")
_COUNT = re.compile(r"[0-9]{1,9}")

_CLOCKS_DIFFER = timedelta(days=1)  # how far into the future a registration may lie and be believed


Built_co = TypeVar("Built_co", covariant=True)


class Reader(Protocol[Built_co]):
    """Reads one kind of object from the children of its newest registration."""

    def build(self, uuid: UUID, registered: datetime, registration: Children) -> Built_co:
        """What a living object gives: its record, or what becomes one. Raises Unusable or Gone."""

    def about(self, registration: Children) -> str | None:
        """The CPR number of whom an unusable object is about, None if it is hidden. Raises Unusable or Gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The names under which one kind of object carries what all of them have."""

    kind: str
    object_type: str
    registration: str


def check_return(standard_return: _Element) -> None:
    """Nothing if the index says its answer is in order.

    Raises:
        SourceRefused: any other status than 20.
        BadAnswer: no status that can be read.
    """
    returned = children_of(standard_return)
    check_status(text_of(returned, tags.STATUS_CODE), text_of(returned, tags.ERROR_TEXT))


def check_status(code: str | None, sentence: str | None) -> None:
    """As ``check_return``, for a status that has been found."""
    if code is None or not _STATUS.fullmatch(code):
        raise BadAnswer(Flaw.WRONG_SHAPE)
    if int(code) != _OK:
        raise SourceRefused(int(code), sentence or "")


def count_of(number: str | None) -> int:
    """How many objects an index says there are.

    Raises:
        BadAnswer: it cannot be read; without the number nobody knows whether the answer is complete.
    """
    if number is None or not _COUNT.fullmatch(number):
        raise BadAnswer(Flaw.WRONG_SHAPE)
    return int(number)


def read_object(
    snapshot: _Element, shape: Shape, reader: Reader[Built_co], at: datetime
) -> Built_co | Withdrawn | Refused:
    """What an object gives: what ``reader`` builds, or that it must not be held, or that it cannot be used."""
    uuid: UUID | None = None
    registered: datetime | None = None
    registration: Children = {}
    try:
        uuid = object_uuid(snapshot, shape)
        registered, registration = newest(snapshot, shape, at)
        try:
            check_lifecycle(text_of(registration, tags.LIFECYCLE))
            return reader.build(uuid, registered, registration)
        except Gone as gone:
            return Withdrawn(kind=shape.kind, uuid=uuid, registered=registered, reason=gone.reason)
    except Unusable as problem:
        raw = etree.tostring(snapshot, encoding="UTF-8", with_tail=False)
        return Refused(
            kind=shape.kind,
            uuid=uuid,
            reason=problem.reason,
            what=problem.what,
            raw=raw,
            registered=registered,
            cpr=_about(reader, registration),
        )


def _about(reader: Reader[object], registration: Children) -> str | None:
    """Whom a refused object is about; None if that cannot be read either, or if it cannot be read what may hide it."""
    try:
        return reader.about(registration)
    except (Unusable, Gone):
        return None


def object_uuid(snapshot: _Element, shape: Shape) -> UUID:
    for child in snapshot:
        if child.tag == shape.object_type:
            uuid = uuid_or_none(text_of(children_of(child), tags.UUID_ID))
            if uuid:
                return uuid
            break
    raise Unusable(RefusalReason.NO_UUID, "ObjektType")


def newest(snapshot: _Element, shape: Shape, at: datetime) -> tuple[datetime, Children]:
    """The registration with the latest Tidspunkt; of two the one the index received last, then the last in the answer.

    Raises:
        Unusable: there is none, or one has no believable time: it could be the newest.
    """
    found: list[tuple[datetime, datetime, int, Children]] = []
    for child in snapshot:
        if child.tag == shape.registration:
            parts = children_of(child)
            if len(parts) != len(child):
                raise Unusable(RefusalReason.WRONG_SHAPE, "Registrering")
            registered = registration_time(text_of(parts, tags.REGISTERED), at, "Registrering/Tidspunkt")
            received = instant_in_reach(text_of(parts, tags.STS_REGISTERED)) or BEGINNING
            found.append((registered, received, len(found), parts))
    if not found:
        raise Unusable(RefusalReason.NO_REGISTRATION_TIME, "Registrering")
    registered, _, _, parts = found[0] if len(found) == 1 else max(found, key=lambda one: one[:3])
    return registered, parts


def registration_time(written: str | None, at: datetime, what: str) -> datetime:
    """When something was registered, as read at ``at``.

    Raises:
        Unusable: NO_REGISTRATION_TIME if it cannot be read or lies in the future: it would win over every later hiding.
    """
    registered = instant_in_reach(written)
    if registered is None or registered > at + _CLOCKS_DIFFER:
        raise Unusable(RefusalReason.NO_REGISTRATION_TIME, what)
    return registered


def check_lifecycle(lifecycle: str | None) -> None:
    """Nothing if an object of this LivscyklusKode is living.

    Raises:
        Gone: it is deleted, or passive.
        Unusable: the word cannot be read.
    """
    if lifecycle in GONE:
        raise Gone(GONE[lifecycle])
    if lifecycle not in LIVING:
        raise undecidable("LivscyklusKode")


def named(given: OrdinaryObject, at: datetime) -> tuple[UUID, datetime]:
    """The UUID of an object in ordinary spelling, and when it was registered.

    Raises:
        Unusable: one of them cannot be read.
    """
    uuid = uuid_or_none(given.uuid)
    if uuid is None:
        raise Unusable(RefusalReason.NO_UUID, "ObjektType")
    return uuid, registration_time(given.registered, at, "Registrering/Tidspunkt")


def required(registration: Children, tag: str) -> _Element:
    """A list every registration has.

    Raises:
        Unusable: WRONG_SHAPE.
    """
    element = registration.get(tag)
    if element is None:
        raise Unusable(RefusalReason.WRONG_SHAPE, tag.rpartition("}")[2])
    return element
