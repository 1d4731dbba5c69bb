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
_LONG: Final = 64  # bytes of fingerprints


class NotRead(NamedTuple):
    """In place of what is read of an object (its UUID, ``named``) that is read only if what it belongs to must be."""

    name: bytes


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
    name: bytes | None
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
        all_of = [_Object(tag, name, fingerprint(written)) for tag, name, written in objects]
        known = {tag: self._known(kind, [one for one in all_of if one.tag == tag]) for tag, kind in self._kinds.items()}
        return [
            Hint(
                one.fingerprint,
                self._attached_to_others(one, written) or (one.name and known.get(one.tag, {}).get(one.name)),
            )
            for one, (_, _, written) in zip(all_of, objects, strict=True)
        ]

    def _known(self, kind: str, objects: Sequence[_Object]) -> Mapping[bytes, Known]:
        asked: dict[bytes, bytes] = {}
        twice: set[bytes] = set()
        for _, name, fingerprint in objects:
            if name in asked:
                twice.add(name)
            elif name is not None:
                asked[name] = fingerprint
        uuids = {UUID(name.decode()): name for name in asked if name not in twice}
        known = self._held.known(kind, {uuid: asked[name] for uuid, name in uuids.items()}) if uuids else {}
        return {uuids[uuid]: one for uuid, one in known.items()}

    def _attached_to_others(self, one: _Object, written: bytes) -> NotRead | None:
        return NotRead(one.name) if one.tag == self._attached and one.name and _is_whole(written) else None


class Attached:
    """The objects of an answer that belong to others, as far as a fingerprint tells of them."""

    def __init__(self, held: Held | None) -> None:
        self._fingerprint = held.within(b"") if held else None
        self._prints: dict[bytes, bytes] = {}  # of all that came of a UUID, in their order
        self._doubtful: set[bytes] = set()
        self._passed_over: set[bytes] = set()

    def add(self, name: bytes, fingerprint: bytes) -> None:
        """One of this UUID came; there may come others."""
        self._prints[name] = self._prints.get(name, b"") + fingerprint

    def doubt(self, uuid: UUID | None) -> None:
        """No fingerprint tells what is read of it, or not for all times: so none tells of what it belongs to."""
        if uuid is not None:
            self._doubtful.add(named(str(uuid)))

    def pass_over(self, names: AbstractSet[bytes]) -> None:
        """What they belong to is known."""
        self._passed_over |= names

    def is_passed_over(self, name: bytes) -> bool:
        return name in self._passed_over

    def fingerprint(self, names: AbstractSet[bytes]) -> bytes | None:
        """That of all that came of these (``named``); None if one of them is doubtful."""
        if self._fingerprint is None or not self._doubtful.isdisjoint(names):
            return None
        return self._fingerprint(b"".join(name + self._one(name) for name in sorted(names & self._prints.keys())))

    def _one(self, name: bytes) -> bytes:
        """Many cases may name a document that came many times."""
        prints = self._prints[name]
        if self._fingerprint is not None and len(prints) > _LONG:
            prints = self._prints[name] = self._fingerprint(prints)
        return prints


def named(reference: str) -> bytes:
    """A UUID as ``named_in`` gives it."""
    return reference.lower().encode()


def named_in(written: bytes) -> frozenset[bytes]:
    """All UUIDs that an object in ordinary spelling names, its own included, and what stands in place of one."""
    return frozenset([piece[:UUID_LENGTH] for piece in written.lower().split(_NAMES.lower())])


def _is_whole(written: bytes) -> bool:
    """Whether bytes from an opening to the first closing tag are one element of one UUID, if they are well-formed."""
    plain = (b"!" not in written or b"<!" not in written) and (b"?" not in written or b"<?" not in written)
    return plain and written.find(written[: written.index(b">")], 1) < 0 and written.count(_TYPE) == OPENED_AND_CLOSED
