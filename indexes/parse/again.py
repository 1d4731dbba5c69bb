"""Objects that are held just as an index sends them again: known by their bytes, so that they need not be read."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from indexes.parse.values import UUID_LENGTH
from indexes.records import Known
from indexes.stream import Hint, Met

_NAMES: Final = b":UUIDIdentifikator>"
_TYPE: Final = b"ObjektType"  # in which an object's own UUID stands, under whatever prefix
OPENED_AND_CLOSED: Final = 2


class NotRead(NamedTuple):
    """In place of what is read of an object that is read only if what it belongs to must be."""

    uuid: UUID


class Held(Protocol):
    """What is held of an authority's records, as far as it is needed to pass over what has not changed."""

    def within(self, bound: bytes) -> Callable[[bytes], bytes]:
        """What gives the fingerprints of bytes in which names are ``bound`` so.

        The same bytes have the same as long as they would be read and kept in the same way.
        """
        ...

    def known(self, kind: str, fingerprints: Mapping[UUID, bytes]) -> Mapping[UUID, Known]:
        """Which of these records are held as read from bytes with these fingerprints."""
        ...


class _Object(NamedTuple):
    tag: str
    uuid: UUID | None
    fingerprint: bytes


class Recognition:
    """Asks what is held about many objects of an answer at once.

    ``kinds`` are the tags of what may be known (and our kind of it), ``attached`` the tag of what belongs to that. What
    comes twice at once is read twice: which of the two is held is not asked.
    """

    def __init__(self, held: Held, kinds: Mapping[str, str], attached: str | None) -> None:
        self._held = held
        self._kinds = kinds
        self._attached = attached

    def __call__(self, objects: Sequence[Met], bound: bytes) -> Sequence[Hint | None]:
        fingerprint = self._held.within(bound)
        all_of = [_Object(tag, uuid, fingerprint(written)) for tag, uuid, written in objects]
        known = {tag: self._known(kind, [one for one in all_of if one.tag == tag]) for tag, kind in self._kinds.items()}
        return [
            Hint(
                one.fingerprint,
                self._attached_to_others(one, written) or (one.uuid and known.get(one.tag, {}).get(one.uuid)),
            )
            for one, (_, _, written) in zip(all_of, objects, strict=True)
        ]

    def _known(self, kind: str, objects: Sequence[_Object]) -> Mapping[UUID, Known]:
        asked: dict[UUID, bytes] = {}
        twice: set[UUID] = set()
        for _, uuid, fingerprint in objects:
            if uuid in asked:
                twice.add(uuid)
            elif uuid is not None:
                asked[uuid] = fingerprint
        for uuid in twice:
            del asked[uuid]
        return self._held.known(kind, asked) if asked else {}

    def _attached_to_others(self, one: _Object, written: bytes) -> NotRead | None:
        return NotRead(one.uuid) if one.tag == self._attached and one.uuid and _is_whole(written) else None


class Attached:
    """The objects of an answer that belong to others, as far as a fingerprint tells of them."""

    def __init__(self, held: Held | None) -> None:
        self._fingerprint = held.within(b"") if held else None
        self._prints: dict[bytes, bytes] = {}  # of all that came of a UUID, in their order
        self._doubtful: set[bytes] = set()
        self._passed_over: set[bytes] = set()

    def add(self, uuid: UUID, fingerprint: bytes | None) -> None:
        """One of this UUID came; there may come others."""
        if fingerprint is None:
            self.doubt(uuid)
        else:
            name = named(str(uuid))
            self._prints[name] = self._prints.get(name, b"") + fingerprint

    def doubt(self, uuid: UUID | None) -> None:
        """No fingerprint tells what is read of it, or not for all times: so none tells of what it belongs to."""
        if uuid is not None:
            self._doubtful.add(named(str(uuid)))

    def pass_over(self, uuids: AbstractSet[bytes]) -> None:
        """What they belong to is known."""
        self._passed_over |= uuids

    def is_passed_over(self, uuid: UUID) -> bool:
        return named(str(uuid)) in self._passed_over

    def fingerprint(self, uuids: AbstractSet[bytes]) -> bytes | None:
        """That of all that came of these (``named``); None if one of them is doubtful."""
        if self._fingerprint is None or not self._doubtful.isdisjoint(uuids):
            return None
        return self._fingerprint(b"".join(uuid + self._one(uuid) for uuid in sorted(uuids & self._prints.keys())))

    def _one(self, uuid: bytes) -> bytes:
        """Many cases may name a document that came many times."""
        prints = self._prints[uuid]
        if self._fingerprint is not None and len(prints) > UUID_LENGTH:
            prints = self._prints[uuid] = self._fingerprint(prints)
        return prints


def named(reference: str) -> bytes:
    """A UUID as ``named_in`` gives it."""
    return reference.lower().encode()


def named_in(written: bytes) -> frozenset[bytes]:
    """All UUIDs that an object in ordinary spelling names, its own included, and what stands in place of one."""
    return frozenset([piece[:UUID_LENGTH] for piece in written.lower().split(_NAMES.lower())])


def is_named_in(written: bytes, reference: str) -> bool:
    """Whether ``named_in`` finds a reference: it may stand there with white space, or in place of something else."""
    return _NAMES + reference.encode() + b"<" in written


def _is_whole(written: bytes) -> bool:
    """Whether bytes from an opening to the first closing tag are one element of one UUID, if they are well-formed."""
    plain = (b"!" not in written or b"<!" not in written) and (b"?" not in written or b"<?" not in written)
    return plain and written.find(written[: written.index(b">")], 1) < 0 and written.count(_TYPE) == OPENED_AND_CLOSED
