"""Reading elements, one by one: whatever shape they have. Knows no single index's words.

One walk down the tree, each child looked at once and kept by its tag: lxml's own ``find`` by path was measured at 2.3
times the cost.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml.etree import _Element

from indexes.parse import tags
from indexes.parse.effect import span_or_none
from indexes.parse.facts import DatedRelation, Fact, Parts, Relation, Relations
from indexes.parse.problems import undecidable
from indexes.parse.values import is_uuid

Children = dict[str, _Element]
"""An element's children by tag."""

# What every relation (gd:RelationType) may hold; its own type adds to it.
RELATION: Final = frozenset({tags.EFFECT, tags.ROLE, tags.TYPE, tags.INDEX, tags.REFERENCE, tags.EXTENSIONS})


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationKind:
    """How one kind of relation is read: the roles we use, each under our own name for it.

    ``any_role`` is our name for kinds whose role does not matter, ``otherwise`` for every role not among ``roles``.
    ``allowed`` is given for kinds that decide who may see the object: what cannot be read there is refused, elsewhere
    it is passed over. ``inner`` is the one element whose texts count as the relation's own: an extension of its
    LokalUdvidelseListe, or a child.
    """

    what: str
    roles: Mapping[str, str] = field(default_factory=dict)
    any_role: str | None = None
    otherwise: str | None = None
    allowed: frozenset[str] | None = None
    inner: str | None = None

    def name_of(self, role: str | None) -> str | None:
        """Our name for a relation of this role (a UUID in lower case, or None); None if we do not use it."""
        return self.any_role or self.roles.get(role or "", self.otherwise)


def children_of(element: _Element) -> Children:
    """The children by tag; of several with the same tag the last. For elements that decide nothing."""
    return {child.tag: child for child in element}


def parts_of(element: _Element) -> Parts:
    """The children's texts by tag; of several with the same tag the last."""
    return {child.tag: (child.text or "").strip() or None for child in element}


def text_of(children: Children, tag: str) -> str | None:
    """The text of a child, stripped; None if the child is missing or empty."""
    child = children.get(tag)
    if child is None:
        return None
    return (child.text or "").strip() or None


def dated_fact(element: _Element, effect: str, deciding: str) -> Fact:
    """The period (its Virkning ``effect``) and the texts of an attribute in which the child ``deciding`` decides.

    No period if it cannot be read, or if there are two of either: nobody knows which one counts.
    """
    children = children_of(element)
    if len(children) < len(element) and any(len(element.findall(tag)) > 1 for tag in (effect, deciding)):
        return None, parts_of(element)
    return span_or_none(children.get(effect)), parts_of(element)


def state_fact(element: _Element, effect: str) -> Fact:
    """The period and the texts of a state; of several children with the same tag the last."""
    return span_or_none(children_of(element).get(effect)), parts_of(element)


def uuid_in(children: Children, tag: str) -> str | None:
    """The UUID inside a child, in lower case; None if it is missing or no UUID."""
    child = children.get(tag)
    if child is None or len(child) != 1:
        return None
    given = child[0]
    written = (given.text or "").strip().lower()
    return written if given.tag == tags.UUID_ID and is_uuid(written) else None


def relations_by_role(listing: _Element, kinds: Mapping[str, RelationKind]) -> Relations:
    """Sorts a RelationListe, its LokalUdvidelseListe included, by what ``kinds`` knows of each tag.

    Raises:
        Unusable: an unknown kind of relation, or a deciding one that cannot be read: it could be the one that hides.
    """
    found: dict[str, list[DatedRelation]] = defaultdict(list)
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


def _sort_in(element: _Element, kind: RelationKind, found: dict[str, list[DatedRelation]]) -> None:
    children = children_of(element)
    if kind.allowed is not None and (len(children) != len(element) or not children.keys() <= kind.allowed):
        raise undecidable(kind.what)
    role = None
    if kind.any_role is None:
        role = uuid_in(children, tags.ROLE)
        if role is None and kind.allowed is not None:
            raise undecidable(f"{kind.what}/Rolle")
    name = kind.name_of(role)
    if name is not None:
        span = span_or_none(children.get(tags.EFFECT))
        relation = Relation(_reference(children), uuid_in(children, tags.TYPE), _own(children, kind))
        found[name].append((span, relation))


def _reference(children: Children) -> str:
    """The UUID or URN a relation points at, as it stands; an empty string if it is missing or cannot be read."""
    reference = children.get(tags.REFERENCE)
    if reference is None or len(reference) != 1:
        return ""
    given = reference[0]
    return (given.text or "").strip() if given.tag in {tags.URN_ID, tags.UUID_ID} else ""


def _own(children: Children, kind: RelationKind) -> Parts:
    own = {tag: (child.text or "").strip() or None for tag, child in children.items() if tag not in RELATION}
    if kind.inner is None:
        return own
    inner = children.get(kind.inner)
    if inner is None and tags.EXTENSIONS in children:
        inner = next((child for child in children[tags.EXTENSIONS] if child.tag == kind.inner), None)
    return own if inner is None else {**own, **parts_of(inner)}
