"""A message of many objects read while it arrives, so that memory does not grow with it.

Objects are handed out one at a time: those in ordinary spelling as a reader of text made of them, all others as
elements. Every byte is either matched by that reader or read by the one hardened parser (``soap``): of objects that
were matched the parser is given an empty element in their place, and so says whether they stand where they may, in a
document that is well-formed, with the prefixes that the reader took for granted. Where text may be something else than
it looks (a comment, CDATA, a processing instruction, another encoding) nothing is matched any more.
"""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple, Protocol, TypeVar, cast
from xml.sax.saxutils import quoteattr

from lxml import etree
from lxml.etree import _Element

from indexes.errors import BadAnswer, Flaw
from indexes.soap import HARDENED, check_no_dtd, message_in, parse_xml

T_co = TypeVar("T_co", covariant=True)

LARGEST_OBJECT: Final = 4 * 2**20  # bytes; some hundred times the usual
_DECLARATION: Final = re.compile(rb"\A(?:\xef\xbb\xbf)?<\?xml [^?<>]*\?>")
_UTF8: Final = re.compile(rb"""encoding=["']utf-8["']""", re.IGNORECASE)
_ITSELF: Final = ((None, b"", None),)
_AMBIGUOUS: Final = re.compile(rb"<[!?]")
_PIECE: Final = 2**16
_GATHERED: Final = 2**22  # bytes of objects that a recogniser is asked about at once
_PROLOG: Final = 2**16  # bytes in which the first object is expected


class Ordinary(Protocol):
    """Reads an object from its text, opening and closing tag included."""

    def read(self, written: str, /) -> object | None:
        """What it says; None if it is not ordinary."""
        ...

    def name_in(self, written: bytes, /) -> bytes | None:
        """Its UUID in lower case, if it begins in an ordinary way."""
        ...


class Hint(NamedTuple):
    """What a ``Recogniser`` knows of an object: ``known`` is taken for what would be read of it, None if it is not."""

    fingerprint: bytes
    known: object | None


class Met(NamedTuple):
    """An object that a ``Recogniser`` is asked about."""

    tag: str
    name: bytes | None  # its UUID in lower case
    written: bytes


class Recogniser(Protocol):
    """Knows objects again by their bytes; asked about many at once. Known is what was matched from the same before."""

    def __call__(self, objects: Sequence[Met], bound: bytes, /) -> Sequence[Hint | None]:
        """A hint for each object, or None. ``bound``: the namespaces that hold in all of them, as attributes."""
        ...


class Found(NamedTuple):
    """A child of the message. ``read`` is what an ``Ordinary`` reader made of it; else there is an ``element``.

    The element is there until the next piece is taken in. ``written`` is the bytes that were matched, ``fingerprint``
    is theirs if there is a ``Recogniser``.
    """

    tag: str
    read: object | None
    element: _Element
    written: bytes
    fingerprint: bytes | None


Placed = tuple[object | None, bytes, bytes | None]
"""What was read of an object whose place another element has, its bytes, and their fingerprint."""


class ObjectStream:
    """One message (``message``, a Clark name), in a SOAP envelope or bare.

    ``objects`` are the tags of what there are many of, ``others`` of what else is wanted. ``spelled`` gives the readers
    of objects for the prefixes of an answer (by namespace); without, all are read as elements. ``recogniser``: see
    there; what it does not know is read.
    """

    def __init__(
        self,
        message: str,
        *,
        objects: Sequence[str],
        others: Sequence[str],
        spelled: Callable[[Mapping[str, str]], Mapping[str, Ordinary]] = lambda _: {},
        recogniser: Recogniser | None = None,
    ) -> None:
        self._message = message
        self._objects = frozenset(objects)
        self._spelled = spelled
        self._recogniser = recogniser
        self._gathered: list[tuple[bytes, bytes, bytes]] = []  # what stands before an object, its opening tag, itself
        self._gathered_bytes = 0
        self._parser = etree.XMLPullParser(events=("start", "end"), tag=(message, *objects, *others), **HARDENED)
        self._buffer = b""
        self._skeleton = bytearray()  # for the parser
        self._since_child = 0  # bytes given to the parser since a child was complete
        self._token = secrets.token_hex(8)  # no document can know which of its empty elements are ours
        self._number = 0
        self._placed: dict[str, list[Placed]] = {}
        self._run: tuple[bytes, list[Placed]] | None = None  # the opening tag of the objects last placed
        self._root: _Element | None = None
        self._readers: dict[bytes, tuple[bytes, str, Ordinary]] = {}  # opening tag -> closing tag, tag and reader
        self._opening: re.Pattern[bytes] | None = None
        self._begun = False

    def feed(self, data: bytes) -> Iterator[Found]:
        """Take in the next piece of the message; what is complete by it. To be exhausted before the next piece.

        Raises:
            BadAnswer: not well-formed, carries a DTD, or an object is too large.
        """
        self._buffer += data
        if not self._begun:
            yield from self._begin()
        if self._begun:
            self._take_objects()
            yield from self._parsed()

    def close(self) -> Iterator[Found]:
        """The message has ended; what is complete by it.

        Raises:
            Fault, ServerFault: the envelope holds a SOAP Fault.
            BadAnswer: not XML, cut off, or another message than the expected.
        """
        self._resolve()
        self._give(self._buffer)
        self._buffer = b""
        yield from self._parsed()
        try:
            root = self._parser.close()
        except (etree.XMLSyntaxError, ValueError) as error:
            raise BadAnswer(Flaw.NOT_XML) from error
        check_no_dtd(root)
        message_in(root, self._message)

    def _begin(self) -> Iterator[Found]:
        """Learn the prefixes from what stands before the first object. Without them everything is read as elements."""
        names = b"|".join(re.escape(tag.rpartition("}")[2].encode()) for tag in self._objects)
        first = re.search(rb"<[^<>/!?]*:(?:" + names + rb")>", self._buffer) if names else None
        if first is None and len(self._buffer) < _PROLOG:
            return
        self._begun = True
        if first is None:
            return
        before, self._buffer = self._buffer[: first.start()], self._buffer[first.start() :]
        declared = _DECLARATION.match(before)
        after = before[declared.end() :] if declared else before
        self._give(before)
        yield from self._parsed()
        plain = declared is None or b"encoding" not in declared[0] or _UTF8.search(declared[0])
        if self._root is None or not plain or _AMBIGUOUS.search(after):
            return
        prefixes = {uri: prefix for prefix, uri in self._root.nsmap.items() if prefix}
        for tag, reader in self._spelled(prefixes).items():
            uri, _, local = tag[1:].partition("}")
            if uri in prefixes:
                name = f"{prefixes[uri]}:{local}".encode()
                self._readers[b"<" + name + b">"] = (b"</" + name + b">", tag, reader)
        if self._readers:
            self._opening = re.compile(b"|".join(map(re.escape, self._readers)))

    def read(self, written: bytes) -> object | None:
        """What is read of an object whose place another element has; None if it is to be read as an element."""
        try:
            return self._readers[written[: written.index(b">") + 1]][2].read(written.decode())
        except UnicodeDecodeError:  # the parser will say what is wrong with it
            return None

    def element(self, written: bytes) -> _Element:
        """The element of an object whose place another has. Raises BadAnswer if it is not well-formed."""
        return parse_xml(b"<context" + self._bound() + b">" + written + b"</context>")[0]

    def _bound(self) -> bytes:
        """The namespaces that hold in each object, as attributes."""
        bound = {} if self._root is None else self._root.nsmap
        names = {f"xmlns:{prefix}" if prefix else "xmlns": uri for prefix, uri in bound.items()}
        return "".join(f" {name}={quoteattr(uri)}" for name, uri in sorted(names.items())).encode()

    def _take_objects(self) -> None:
        """Match what can be matched of the buffer, and give the rest to the parser; what is incomplete stays."""
        buffer, place = self._buffer, 0
        while self._opening is not None:
            found = self._opening.search(buffer, place)
            if found is None:
                self._resolve()
                rest = _unfinished_tag(buffer, place)
                self._give(buffer[place:rest])
                place = rest
                break
            closing = self._readers[found[0]][0]
            end = buffer.find(closing, found.end())
            if end < 0:
                break
            self._gathered.append((buffer[place : found.start()], found[0], buffer[found.start() : end + len(closing)]))
            self._gathered_bytes += end - place
            place = end + len(closing)
            if self._recogniser is None or self._gathered_bytes > _GATHERED:
                self._resolve()
        if self._opening is None:
            self._give(buffer[place:])
            place = len(buffer)
        self._buffer = buffer[place:]
        if len(self._buffer) > LARGEST_OBJECT:
            raise BadAnswer(Flaw.TOO_LARGE)

    def _resolve(self) -> None:
        """Place the objects gathered so far, those that are known or can be read, and give the others to the parser."""
        gathered, self._gathered, self._gathered_bytes = self._gathered, [], 0
        hints: Sequence[Hint | None] = ()
        if self._recogniser is not None and self._opening is not None and gathered:
            hints = self._recogniser([self._met(opening, written) for _, opening, written in gathered], self._bound())
        for (before, opening, written), hint in zip_longest(gathered, hints):
            self._give(before)
            if self._opening is None:
                self._give(written)
            else:
                self._take(written, opening, hint)

    def _met(self, opening: bytes, written: bytes) -> Met:
        _, tag, reader = self._readers[opening]
        return Met(tag, reader.name_in(written), written)

    def _take(self, written: bytes, opening: bytes, hint: Hint | None) -> None:
        read = (hint.known if hint else None) or self.read(written)
        if read is None:
            self._give(written)
            return
        placed = (read, written, hint.fingerprint if hint else None)
        if self._run is not None and self._run[0] == opening:
            self._run[1].append(placed)
            return
        self._number += 1
        mark = f"{self._token}{self._number}"
        self._placed[mark] = [placed]
        self._run = opening, self._placed[mark]
        self._skeleton += opening[:-1] + f' at="{mark}"/>'.encode()

    def _give(self, piece: bytes) -> None:
        """Text for the parser. If what follows may be something else than it looks, nothing is matched any more."""
        if self._run is not None and (not piece or piece.isspace()):
            return  # between objects of one place
        self._run = None
        if self._opening is not None and _AMBIGUOUS.search(piece):
            self._opening = None
        self._skeleton += piece

    def _parsed(self) -> Iterator[Found]:
        """What the parser has complete by now."""
        self._since_child += len(self._skeleton)
        try:
            self._parser.feed(bytes(self._skeleton))
        except (etree.XMLSyntaxError, ValueError) as error:
            raise BadAnswer(Flaw.NOT_XML) from error
        self._skeleton.clear()
        self._run = None
        last = None
        for event, element in self._events():
            if event == "start":
                if self._root is None and element.tag == self._message:
                    check_no_dtd(element)
                    self._root = element
                continue
            placed = self._placed.pop(element.get("at", ""), _ITSELF)
            if self._root is not None and element.getparent() is self._root:
                last = element
                for read, written, fingerprint in placed:
                    yield Found(element.tag, read, element, written, fingerprint)
        if last is not None and self._root is not None:
            self._since_child = 0
            _forget(self._root, last)
        if self._since_child > LARGEST_OBJECT:
            raise BadAnswer(Flaw.TOO_LARGE)

    def _events(self) -> Iterator[tuple[str, _Element]]:
        for event in self._parser.read_events():
            yield cast("tuple[str, _Element]", event)  # starts and ends are of elements alone


class Reading(Protocol[T_co]):
    """An answer that is read while it arrives."""

    def feed(self, data: bytes, /) -> None: ...
    def close(self) -> T_co: ...


def read_whole(reading: Reading[T_co], data: bytes) -> T_co:
    """What a message says that has come whole."""
    for piece in in_pieces(data):
        reading.feed(piece)
    return reading.close()


def in_pieces(data: bytes) -> Iterator[bytes]:
    """A whole message as it would arrive."""
    return (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))


def _unfinished_tag(buffer: bytes, place: int) -> int:
    """Where a tag begins that the buffer does not end; its length when there is none."""
    begun = buffer.rfind(b"<", place)
    return begun if begun >= 0 and buffer.find(b">", begun) < 0 else len(buffer)


def _forget(root: _Element, last: _Element) -> None:
    """Free the children up to ``last``, which stays, empty: the parser may still be at its end."""
    while root[0] is not last:
        del root[0]
    last.clear()
