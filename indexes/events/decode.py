"""What one message says, and whether it is for us. Pure: nothing held is looked at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from indexes.events.envelope import Envelope, Registration, read_envelope
from indexes.events.payload import SOURCES, Object, Roles
from indexes.events.roles import EventRoles
from indexes.models import Fate
from indexes.parse.objects import registration_time
from indexes.parse.problems import Unusable
from indexes.quarantine import ENVELOPE
from indexes.records import Item, Parsed, RefusalReason, Refused, Source, WithdrawalReason, Withdrawn
from indexes.store import Wanted
from indexes.store.sort import identity

HEAD: Final = 4_000  # bytes of a message that is too large, kept for whoever looks
UNTOLD: Final = Source.SDI  # in quarantine, the index of a message that does not say which: most are of cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What events are held to.

    ``authorities`` are the CVR numbers of those whose records we hold, ``recipients`` those that a message may be meant
    for. ``roles`` and ``events`` say what the wire's UUIDs mean.
    """

    wanted: Wanted
    authorities: frozenset[str]
    recipients: frozenset[str]
    roles: Roles
    events: EventRoles


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it came. Of one that is too large only its fingerprint and its beginning are left in ``body``."""

    body: bytes = field(repr=False)
    too_large: bool = False

    @classmethod
    def of(cls, body: bytes, *, max_bytes: int) -> "Message":
        if len(body) <= max_bytes:
            return cls(body=body)
        told = f"{len(body)} bytes, sha256 {sha256(body).hexdigest()}, beginning with:\n".encode()
        return cls(body=told + bytes(body[:HEAD]), too_large=True)

    def own_id(self) -> UUID:
        """What the same bytes are known by."""
        return UUID(bytes=sha256(self.body).digest()[:16])


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that an event says. ``object`` is what it said it with; None: the envelope alone."""

    source: Source
    item: Item
    object: Object | None = None

    @property
    def uuid(self) -> UUID | None:
        return self.item.record.uuid if isinstance(self.item, Parsed) else self.item.uuid

    @property
    def owner_cvr(self) -> str:
        return self.item.record.owner_cvr if isinstance(self.item, Parsed) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A ``message`` read. ``fate`` is set when it is known already: it is for somebody else.

    ``made`` and ``source`` are None when they cannot be read; ``id`` is then made from the bytes.
    """

    id: UUID
    message: Message
    made: datetime | None = None
    source: Source | None = None
    owner_cvr: str = ""
    things: tuple[Thing, ...] = ()
    fate: Fate | None = None


def decode(message: Message, *, terms: Terms, now: datetime) -> Event:
    """What a message says as of ``now``. One that cannot be read says so: it is a thing for quarantine."""
    if message.too_large:
        return _unusable(message, RefusalReason.WRONG_SHAPE, "Haendelsesbesked (too large)")
    try:
        envelope = read_envelope(message.body)
    except Unusable as problem:
        return _unusable(message, problem.reason, problem.what)
    owners = {one.owner_cvr for one in envelope.registrations if one.owner_cvr}
    event = Event(
        id=envelope.id or message.own_id(),
        message=message,
        made=envelope.made,
        owner_cvr=next(iter(owners & terms.authorities), ""),
    )
    if not _is_for_us(envelope, owners, terms):
        return replace(event, fate=Fate.FOREIGN)
    try:
        things = tuple(_things(envelope, message, terms, now))
    except Unusable as problem:
        unusable = _unusable(message, problem.reason, problem.what, source=_source(envelope, terms))
        return replace(event, things=unusable.things)
    return _of_ours(replace(event, things=things), terms)


def _is_for_us(envelope: Envelope, owners: set[str], terms: Terms) -> bool:
    """Whether it may come here: it names one of ours among those it is meant for, and an object that is ours.

    What names no recipient has none that it keeps out; then its owner, or the object's own, decides.
    """
    if envelope.recipients is not None and not envelope.recipients & terms.recipients:
        return False
    return not owners or bool(owners & terms.authorities)


def _things(envelope: Envelope, message: Message, terms: Terms, now: datetime) -> Iterator[Thing]:
    removals = [one for one in envelope.registrations if one.handling == terms.events.remove]
    for removal in removals:
        yield from _removed(removal, message, terms, now)
    if removals:
        return  # what stands beside it is the object as it was
    if not envelope.payload:
        raise Unusable(RefusalReason.WRONG_SHAPE, "Beskeddata")
    for payload in envelope.payload:
        held = Object(payload)
        yield Thing(source=held.source, item=held.read(at=now, roles=terms.roles), object=held)


def _removed(removal: Registration, message: Message, terms: Terms, now: datetime) -> Iterator[Thing]:
    """An object that its index has removed. Without a type it is gone whatever it was: no two have the same UUID."""
    if removal.uuid is None:
        raise Unusable(RefusalReason.NO_UUID, "ObjektId")
    kinds = _kinds(terms)
    kind = kinds.get(removal.kind) if removal.kind else None
    for one in [kind] if kind else kinds.values():
        yield Thing(source=SOURCES[one], item=_gone(one, removal.uuid, removal.registered, message, now))


def _kinds(terms: Terms) -> Mapping[UUID, str]:
    return {terms.events.case: "case", terms.events.grant: "grant", terms.events.payment: "payment"}


def _source(envelope: Envelope, terms: Terms) -> Source:
    """Whose a message is of which no object can be read, by the types in its envelope."""
    kinds = _kinds(terms)
    told = {SOURCES[kinds[one.kind]] for one in envelope.registrations if one.kind and one.kind in kinds}
    return told.pop() if len(told) == 1 else UNTOLD


def _gone(kind: str, uuid: UUID, registered: datetime | None, message: Message, now: datetime) -> Item:
    try:
        at = registration_time(registered.isoformat() if registered else None, now, "Registreringstidspunkt")
    except Unusable as problem:
        # It may be the newest word, so what is held goes; what comes then nobody knows.
        return Refused(kind=kind, uuid=uuid, reason=problem.reason, what=problem.what, raw=message.body)
    return Withdrawn(kind=kind, uuid=uuid, registered=at, reason=WithdrawalReason.DELETED)


def _of_ours(event: Event, terms: Terms) -> Event:
    """Without records of authorities that are none of ours, whatever the envelope says."""
    ours = tuple(thing for thing in event.things if not thing.owner_cvr or thing.owner_cvr in terms.authorities)
    if not ours:
        return replace(event, things=(), fate=Fate.FOREIGN)
    owner = event.owner_cvr or next((thing.owner_cvr for thing in ours if thing.owner_cvr), "")
    return replace(event, things=ours, owner_cvr=owner, source=ours[0].source)


def _unusable(message: Message, reason: RefusalReason, what: str, *, source: Source = UNTOLD) -> Event:
    refused = Refused(kind=ENVELOPE, uuid=None, reason=reason, what=what, raw=message.body)
    return Event(id=message.own_id(), message=message, things=(Thing(source=source, item=refused),))


def unexpected(message: Message) -> Event:
    """A message that nobody foresaw."""
    return _unusable(message, RefusalReason.WRONG_SHAPE, "Haendelsesbesked (unforeseen)")


def not_stored(event: Event, why: str) -> Event:
    """An event that could be read and not stored: its objects for quarantine. ``why`` is safe to log."""
    return replace(event, things=tuple(_not_stored(event.things, why)))


def _not_stored(things: Sequence[Thing], why: str) -> Iterator[Thing]:
    for thing in things:
        if not isinstance(thing.item, Parsed | Withdrawn):
            yield thing
            continue
        kind, uuid, registered = identity(thing.item)
        raw = thing.object.raw() if thing.object else f"{kind} {uuid} {registered.isoformat()}".encode()
        refused = Refused(
            kind=kind,
            uuid=uuid,
            reason=RefusalReason.NOT_STORED,
            what=why,
            raw=raw,
            registered=registered,
        )
        yield replace(thing, item=refused)
