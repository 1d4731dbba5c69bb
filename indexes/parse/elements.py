"""Reading elements: children by tag, texts, and relations by role. Knows no single index's words.

One walk with look-ups by tag: lxml's own ``find`` costs more than twice as much (docs on speed: a dispatching walk
takes 1.7 times the raw parse, ``findtext`` 4 times).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from lxml.etree import _Element

from indexes.parse import tags
from indexes.parse.effect import Span, span_of, span_or_none
from indexes.parse.problems import undecidable
from indexes.parse.values import uuid_or_none

T = TypeVar("T")

Parts = dict[str, _Element]
"""An element's children by tag."""

# What a relation (gd:RelationType) may hold besides what its own type adds.
_RELATION: Final = frozenset({tags.EFFECT, tags.ROLE, tags.TYPE, tags.INDEX, tags.REFERENCE, tags.EXTENSIONS})


def text(parts: Parts, tag: str) -> str | None:
    """The text of a child, stripped; None if the child is missing or empty."""
    child = parts.get(tag)
    if child is None or child.text is None:
        return None
    return child.text.strip() or None


def parts_of(element: _Element) -> Parts:
    """The children by tag; of several with the same tag the last. For elements that decide nothing."""
    return {child.tag: child for child in element}


def strict_parts(element: _Element, what: str, extra: frozenset[str] = frozenset()) -> Parts:
    """The children of a relation that decides, by tag.

    Raises:
        Unusable: BAD_DECIDING_FIELD if a child is unknown or stands twice: it could be the one that hides.
    """
    parts = {child.tag: child for child in element}
    if len(parts) != len(element) or not (parts.keys() <= _RELATION or parts.keys() <= _RELATION | extra):
        raise undecidable(what)
    return parts


def role_of(parts: Parts, tag: str = tags.ROLE) -> str | None:
    """The UUID of a relation's role, in lower case; None if it is missing or no UUID."""
    role = parts.get(tag)
    if role is not None and len(role) == 1 and role[0].tag == tags.UUID_ID:
        given = (role[0].text or "").strip()
        if uuid_or_none(given):
            return given.lower()
    return None


def reference_of(parts: Parts) -> str:
    """The UUID or URN a relation points at, as it stands; an empty string if it is missing or cannot be read."""
    reference = parts.get(tags.REFERENCE)
    if reference is None or len(reference) != 1 or reference[0].tag not in {tags.UUID_ID, tags.URN_ID}:
        return ""
    return (reference[0].text or "").strip()


def urn_of(parts: Parts) -> str | None:
    """The URN a relation points at, None if it points at nothing or by a UUID."""
    reference = parts.get(tags.REFERENCE)
    if reference is None or len(reference) != 1 or reference[0].tag != tags.URN_ID:
        return None
    return (reference[0].text or "").strip() or None


def details_of(parts: Parts, tag: str) -> Parts:
    """The children of the extension ``tag`` in a relation's LokalUdvidelseListe; empty if there is none."""
    extensions = parts.get(tags.EXTENSIONS)
    if extensions is not None:
        for extension in extensions:
            if extension.tag == tag:
                return parts_of(extension)
    return {}


def span(parts: Parts, what: str) -> Span:
    """The Virkning of a relation."""
    return span_of(parts.get(tags.EFFECT), what)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationKind:
    """How one kind of relation is read: the roles we use, each under our own name for it.

    ``decides`` is for kinds that say who may see the object: there, what cannot be read is refused. Elsewhere it is
    passed over. ``any_role`` is our name for kinds whose role does not matter. ``extra`` is what a deciding kind may
    hold besides what every relation holds.
    """

    what: str
    roles: Mapping[str, str] = field(default_factory=dict)
    any_role: str | None = None
    decides: bool = False
    extra: frozenset[str] = frozenset()


Relations = Mapping[str, list[Parts]]
"""The relations of an object that we use, under our names for their roles."""


def relations_by_role(listing: _Element, kinds: Mapping[str, RelationKind]) -> Relations:
    """Sorts a RelationListe, its LokalUdvidelseListe included, by what ``kinds`` knows of each tag.

    Raises:
        Unusable: an unknown kind of relation, or a deciding one that cannot be read: it could be the one that hides.
    """
    found: dict[str, list[Parts]] = defaultdict(list)
    for relation in listing:
        tag = relation.tag
        if kind := kinds.get(tag):
            _sort_in(relation, kind, found)
        elif tag == tags.EXTENSIONS:
            for extension in relation:
                if kind := kinds.get(extension.tag):  # other systems' extensions are none of ours
                    _sort_in(extension, kind, found)
        else:
            raise undecidable("RelationListe")
    return found


def _sort_in(relation: _Element, kind: RelationKind, found: dict[str, list[Parts]]) -> None:
    parts = strict_parts(relation, kind.what, kind.extra) if kind.decides else parts_of(relation)
    if kind.any_role:
        found[kind.any_role].append(parts)
        return
    role = role_of(parts)
    if role is None and kind.decides:
        raise undecidable(f"{kind.what}/Rolle")
    if name := kind.roles.get(role or ""):
        found[name].append(parts)


def dated(relations: Iterable[Parts]) -> list[tuple[Span, Parts]]:
    """Relations that decide nothing, with their periods; one whose Virkning cannot be read is left out."""
    return [(period, parts) for parts in relations if (period := span_or_none(parts.get(tags.EFFECT)))]


def the_one(values: Iterable[T | None]) -> T | None:
    """The one value among ``values``; None if there is none, or several that differ."""
    different = {value for value in values if value is not None}
    return different.pop() if len(different) == 1 else None
