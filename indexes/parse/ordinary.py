"""Objects in their ordinary spelling, read from the text itself: what ``elements`` reads, at a tenth of the cost.

An index writes millions of objects in one and the same way: no attributes, no white space between elements, every
namespace bound above. Of such an object each piece between two Virkninger is one of some thousand that come again and
again, so it is looked up, and only the first of its kind is matched against what may stand there. An object is ordinary
when every character of it was matched; of all others nothing is read here, and ``elements`` reads them. So nothing is
ever decided here: the same facts come out either way, and a test holds the two to each other.

That an ordinary object stands where one is expected, in a well-formed document and with these prefixes bound, is for
``soap.ObjectStream`` to see to.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Final, NamedTuple

from indexes.parse import tags
from indexes.parse.effect import Span
from indexes.parse.elements import RelationKind
from indexes.parse.facts import DatedRelation, Fact, Parts, Relation, Relations
from indexes.parse.shapes import Mark, ObjectShape, Row
from indexes.parse.values import END, UUID_LENGTH, instant, is_uuid

_TEXT: Final = "[^<>&]*"
# What XML 1.0 forbids (2.2), and the carriage return, which a parser would change (2.11).
_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
# The predefined references (4.6) are taken out before anything is matched, and put back in the texts.
_REFERENCES: Final = {"&amp;": "\ue000", "&lt;": "\ue001", "&gt;": "\ue002", "&quot;": "\ue003", "&apos;": "\ue004"}
_PLACES: Final = re.compile(f"[{''.join(_REFERENCES.values())}]")
_MEANT: Final = str.maketrans(dict(zip(_REFERENCES.values(), "&<>\"'", strict=True)))
_NAME: Final = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOTHING: Final[Parts] = {}
_NOBODY: Final = Relation("", None, _NOTHING)
_OPENING: Final = r"(<[A-Za-z0-9_.:-]+>)?"
_MOST_REMEMBERED: Final = 20_000  # different pieces of one kind; more are read each time


class OrdinaryObject(NamedTuple):
    """An object's own texts, its attributes and states by their tag, and its relations."""

    uuid: str
    registered: str
    lifecycle: str
    facts: Mapping[str, Sequence[Fact]]
    related: Relations


def is_settled(given: OrdinaryObject, at: datetime) -> bool:
    """Whether the same will be read of it at any later time: no Virkning begins or ends after ``at``."""
    for dated in chain(given.facts.values(), given.related.values()):
        for span, _ in dated:
            if span is None or span[0] > at or at < span[1] != END:
                return False
    return True


class _Piece(NamedTuple):
    """What stands after one Virkning: the rest of a row, its end, and the opening of the ``next`` one, if any.

    ``name`` is that of an attribute or state, else ours for a relation's role; None for what we do not use.
    """

    name: str | None
    relation: Relation  # of an attribute or state, only its parts count
    next: "_Tail | None"


class Spelling:
    """Names as one answer writes them: with its prefix for each namespace."""

    def __init__(self, prefixes: Mapping[str, str], *, most_remembered: int = _MOST_REMEMBERED) -> None:
        """``prefixes`` by namespace; one that is missing makes every object with such a name extraordinary."""
        self._prefixes = prefixes
        self.most_remembered = most_remembered

    def of(self, tag: str) -> str:
        uri, _, local = tag[1:].partition("}")
        return f"{self._prefixes.get(uri, '?')}:{local}"

    def open(self, tag: str) -> str:
        return f"<{self.of(tag)}>"

    def close(self, tag: str) -> str:
        return f"</{self.of(tag)}>"

    def leaf(self, tag: str, *, group: bool = True) -> str:
        """A pattern for an element with text alone."""
        text = f"({_TEXT})" if group else _TEXT
        return f"{re.escape(self.open(tag))}{text}{re.escape(self.close(tag))}"

    def maybe(self, leaf: str | Mark, unused: frozenset[str]) -> str:
        """A pattern for a leaf, or a mark, that may be missing. One group: its text, which a mark has none of."""
        if isinstance(leaf, str):
            return f"(?:{self.leaf(leaf, group=leaf not in unused)})?"
        inner = "".join(f"(?:{self.leaf(tag, group=False)})?" for tag in leaf.leaves)
        return f"(?:{re.escape(self.open(leaf.tag))}(){inner}{re.escape(self.close(leaf.tag))})?"

    def within(self, way: Sequence[str], pattern: str) -> str:
        """``pattern`` inside elements, the outermost first."""
        before = "".join(re.escape(self.open(tag)) for tag in way)
        after = "".join(re.escape(self.close(tag)) for tag in reversed(way))
        return f"{before}{pattern}{after}"


class OrdinaryReader:
    """Reads one kind of object, as one answer spells it and as its relations' ``kinds`` say."""

    def __init__(self, shape: ObjectShape, kinds: Mapping[str, RelationKind], spelling: Spelling) -> None:
        self._open = spelling.open(shape.tag)
        self._list_open = spelling.open(shape.attribute_list)
        self._between = (
            spelling.close(shape.attribute_list) + spelling.open(shape.state_list),
            spelling.close(shape.state_list) + spelling.open(shape.relation_list),
            spelling.close(shape.relation_list) + spelling.close(shape.registration) + spelling.close(shape.tag),
        )
        lists = (shape.attribute_list, shape.state_list, shape.relation_list)
        self._empty = [(f"<{spelling.of(tag)}/>", spelling.open(tag) + spelling.close(tag)) for tag in lists]
        self._head = re.compile(_head_pattern(shape, spelling))
        before, self._after_uuid = _around_uuid(shape, spelling)
        self._before_uuid = self._open.encode() + before
        own, general = _Effects(shape.effect, spelling), _Effects(tags.EFFECT, spelling)

        def rows(of: Sequence[Row], effects: _Effects, extra: Row | None = None) -> _Rows:
            inside = (spelling.open(extra.tag), _Rows([extra], kinds, spelling, general)) if extra else None
            return _Rows(of, kinds, spelling, effects, inside)

        self._attributes = rows(shape.attributes, own, shape.extension)
        self._states = rows(shape.states, own)
        self._relations = rows(shape.relations, general, shape.extra_relation)

    def name_in(self, written: bytes) -> bytes | None:
        """Its UUID in lower case, if it begins in an ordinary way."""
        start = len(self._before_uuid)
        end = start + UUID_LENGTH
        if written.startswith(self._before_uuid) and written.startswith(self._after_uuid, end):
            name = written[start:end].lower()
            return name if _NAME.fullmatch(name) else None
        return None

    def read(self, written: str) -> OrdinaryObject | None:
        """The object (from its opening tag to its closing one), None if it is not ordinary."""
        if "&" in written:
            if _PLACES.search(written):
                return None
            for reference, place in _REFERENCES.items():
                written = written.replace(reference, place)
        sections = self._sections(written) or self._sections(self._in_full(written))
        if sections is None:
            return None
        told, attributes, states, relations = sections
        facts: dict[str, list[Fact]] = {}
        related: dict[str, list[DatedRelation]] = {}
        if not (
            self._attributes.into(facts, related, attributes)
            and self._states.into(facts, related, states)
            and self._relations.into(facts, related, relations)
        ):
            return None
        uuid, registered, lifecycle = told.groups()
        return OrdinaryObject(_text(uuid), _text(registered), _text(lifecycle), facts, related)

    def _sections(self, written: str) -> tuple[re.Match[str], str, str, str] | None:
        """What stands before the lists, and in each of them."""
        first, second, third = self._between
        head = written.find(self._list_open)
        attributes = written.find(first, head)
        states = written.find(second, attributes)
        relations = written.find(third, states)
        if min(head, attributes, states, relations) < 0 or relations + len(third) != len(written):
            return None
        if not written.startswith(self._open):
            return None
        told = self._head.fullmatch(written, len(self._open), head)
        return told and (
            told,
            written[head + len(self._list_open) : attributes],
            written[attributes + len(first) : states],
            written[states + len(second) : relations],
        )

    def _in_full(self, written: str) -> str:
        """With an empty list written as others are, not in short."""
        for short, long in self._empty:
            written = written.replace(short, long)
        return written


class Spellings:
    """Readers of objects in ordinary spelling, one of each kind for every set of prefixes met.

    What they have learned serves all answers of an index: keep it from one answer to the next.
    """

    def __init__(self, ordinary: Iterable[tuple[ObjectShape, Mapping[str, RelationKind]]]) -> None:
        """``ordinary``: the shapes, each with how its relations are read."""
        self._ordinary = tuple(ordinary)
        self._known: dict[frozenset[tuple[str, str]], Mapping[str, OrdinaryReader]] = {}

    def __call__(self, prefixes: Mapping[str, str]) -> Mapping[str, OrdinaryReader]:
        """The readers by the tag of what they read, for ``prefixes`` by namespace."""
        key = frozenset(prefixes.items())
        if key not in self._known:
            self._known.clear()  # an index keeps to its prefixes
            spelling = Spelling(prefixes)
            self._known[key] = {shape.tag: OrdinaryReader(shape, kinds, spelling) for shape, kinds in self._ordinary}
        return self._known[key]


def _around_uuid(shape: ObjectShape, spelling: Spelling) -> tuple[bytes, bytes]:
    """What stands in front of the UUID and behind it, after the object's opening tag."""
    way = (shape.object_type, tags.UUID_ID)
    return (
        "".join(spelling.open(tag) for tag in way).encode(),
        "".join(spelling.close(tag) for tag in reversed(way)).encode(),
    )


def _head_pattern(shape: ObjectShape, spelling: Spelling) -> str:
    """Everything before the lists: the UUID, when it was registered, and the lifecycle."""
    maybe = [
        spelling.within(
            [tags.USER], f"(?:{spelling.leaf(tags.UUID_ID, group=False)}|{spelling.leaf(tags.URN_ID, group=False)})"
        ),
        spelling.leaf(tags.STS_REGISTERED, group=False),
    ]
    return (
        spelling.within([shape.object_type], spelling.leaf(tags.UUID_ID))
        + re.escape(spelling.open(shape.registration))
        + f"(?:{spelling.leaf(tags.NOTE, group=False)})?"
        + spelling.leaf(tags.REGISTERED)
        + spelling.leaf(tags.LIFECYCLE)
        + "".join(f"(?:{each})?" for each in maybe)
    )


class _Effects:
    """Virkninger under one name: a start, and an end or none."""

    def __init__(self, tag: str, spelling: Spelling) -> None:
        self.open, self.close = spelling.open(tag), spelling.close(tag)
        timestamp = spelling.leaf(tags.TIMESTAMP)
        self._pattern = re.compile(
            spelling.within([tags.FROM], timestamp)
            + spelling.within([tags.UNTIL], f"(?:{timestamp}|{spelling.within([tags.NO_LIMIT], 'true')})")
        )
        self.spans: dict[str, Span] = {}
        self._most = spelling.most_remembered

    def span(self, written: str) -> Span | None:
        """The period; None if it is not ordinary, or cannot be read."""
        found = self._pattern.fullmatch(written)
        if found is None:
            return None
        start, end = instant(_text(found[1])), END if found[2] is None else instant(_text(found[2]))
        if start is None or end is None or start > end:
            return None
        if len(self.spans) < self._most:
            self.spans[written] = start, end
        return start, end


class _Rows:
    """The rows of one list, and those of the LokalUdvidelseListe at its end (``extra``)."""

    def __init__(
        self,
        rows: Iterable[Row],
        kinds: Mapping[str, RelationKind],
        spelling: Spelling,
        effects: _Effects,
        extra: "tuple[str, _Rows] | None" = None,
    ) -> None:
        """``extra``: how the first row of that list opens, and its rows."""
        self._effects = effects
        self._tails: dict[str, _Tail] = {}
        for row in rows:
            self._tails[spelling.open(row.tag)] = _Tail(row, kinds.get(row.tag), spelling, self._tails)
        self._extra = extra
        self._open, self._close = spelling.open(tags.EXTENSIONS), spelling.close(tags.EXTENSIONS)

    def into(self, facts: dict[str, list[Fact]], related: dict[str, list[DatedRelation]], written: str) -> bool:
        """Read a list's content; whether all of it is ordinary."""
        if self._extra is not None:
            first, extra = self._extra
            written, extended, extension = written.partition(self._open + first)
            if extended and not (
                extension.endswith(self._close)
                and extra.into(facts, related, first + extension.removesuffix(self._close))
            ):
                return False
        effects = self._effects
        spans, between = effects.spans, effects.close
        opening, *pieces = written.split(effects.open)
        tail = self._tails.get(opening)
        if not pieces:
            return not opening
        for piece in pieces:
            if tail is None:
                return False
            effect, _, rest = piece.partition(between)
            span = spans.get(effect) or effects.span(effect)
            found = tail.known.get(rest) or tail.read(rest)
            if span is None or found is None:
                return False
            name, relation, after = found
            if name is not None:
                if tail.relation:
                    related.setdefault(name, []).append((span, relation))
                else:
                    facts.setdefault(name, []).append((span, relation.parts))
            tail = after
        return tail is None


class _Tail:
    """What stands after the Virkning of one kind of row."""

    def __init__(self, row: Row, kind: RelationKind | None, spelling: Spelling, beside: "Mapping[str, _Tail]") -> None:
        """``beside``: the rows of the same list by how they open, itself included."""
        self.relation = row.relation
        self.known: dict[str, _Piece] = {}
        self._most = spelling.most_remembered
        self._row, self._kind, self._beside = row, kind, beside
        leaves = [leaf.tag if isinstance(leaf, Mark) else leaf for leaf in (*row.leaves, *row.inner_leaves)]
        self._tags = [tag for tag in leaves if tag not in row.unused]
        uuid, urn = spelling.leaf(tags.UUID_ID), spelling.leaf(tags.URN_ID)
        pattern = ""
        if row.relation:
            pattern = "".join(
                f"(?:{each})?"
                for each in (
                    spelling.within([tags.ROLE], uuid),
                    spelling.within([tags.TYPE], uuid),
                    spelling.leaf(tags.INDEX, group=False),
                    spelling.within([tags.REFERENCE], f"(?:{uuid}|{urn})"),
                )
            )
        pattern += "".join(spelling.maybe(leaf, row.unused) for leaf in row.leaves)
        if row.inner:
            inner = "".join(spelling.maybe(leaf, row.unused) for leaf in row.inner_leaves)
            pattern += f"(?:{spelling.within(row.inner, inner)})?"
        self._pattern = re.compile(pattern + re.escape(spelling.close(row.tag)) + _OPENING)

    def read(self, written: str) -> _Piece | None:
        """The piece; None if it is not ordinary."""
        found = self._pattern.fullmatch(written)
        if found is None or not (written.isprintable() or _FORBIDDEN.search(written) is None):
            return None
        *texts, opens = found.groups()
        after = self._beside.get(opens) if opens else None
        if opens and after is None:
            return None
        piece = self._related(texts, after) if self.relation else self._fact(texts, after)
        if piece and self._row.repeats and len(self.known) < self._most:
            self.known[written] = piece
        return piece

    def _fact(self, texts: Sequence[str | None], after: "_Tail | None") -> _Piece:
        return _Piece(self._row.tag, Relation("", None, self._parts(texts)), after)

    def _related(self, texts: Sequence[str | None], after: "_Tail | None") -> _Piece | None:
        role, type_, uuid, urn, *own = texts
        if self._kind is None:  # another system's extension
            return _Piece(None, _NOBODY, after)
        if role is not None:
            role = role.strip().lower()
        if self._kind.any_role is None and (role is None or not is_uuid(role)):
            return None
        name = self._kind.name_of(role)
        if name is None:
            return _Piece(None, _NOBODY, after)
        if type_ is not None:
            type_ = type_.strip().lower()
        reference = _text(uuid or urn or "")
        if reference != uuid and (uuid or is_uuid(reference)):
            return None  # with white space, or in place of a URN: whom it names could not be found by its bytes
        parts = self._parts(own) if self._tags else _NOTHING
        return _Piece(name, Relation(reference, type_ if type_ and is_uuid(type_) else None, parts), after)

    def _parts(self, texts: Sequence[str | None]) -> Parts:
        return {tag: _text(text) or None for tag, text in zip(self._tags, texts, strict=True) if text is not None}


def _text(written: str) -> str:
    """A text as it was meant, stripped."""
    plain = written.isascii() or not _PLACES.search(written)
    return (written if plain else written.translate(_MEANT)).strip()
