"""How an index ordinarily writes its objects: in which order, and with what in it. Data; ``ordinary`` reads by it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """An element of which only matters that it stands there. It holds these leaves, or some of them."""

    tag: str
    leaves: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How one kind of attribute, state or relation is ordinarily written after its Virkning.

    ``leaves`` are children with text alone, each at most once and in this order; ``inner_leaves`` those of the element
    that ``inner`` leads to. Those ``unused`` may stand there, and are not kept. A ``relation`` has role, type, index
    and reference in front. What ``repeats`` in many objects is remembered; never a row that may name a citizen.
    """

    tag: str
    relation: bool = False
    leaves: Sequence[str | Mark] = ()
    inner: Sequence[str] = ()
    inner_leaves: Sequence[str | Mark] = ()
    unused: frozenset[str] = frozenset()
    repeats: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectShape:
    """How one kind of object is ordinarily written: three lists, and the rows that each holds.

    ``extension`` and ``extra_relation`` are the rows of the LokalUdvidelseListe at the end of the attributes and of the
    relations. ``effect`` is the Virkning of the attributes and of the states; in extensions and relations it is gd's.
    """

    tag: str
    object_type: str
    registration: str
    attribute_list: str
    state_list: str
    relation_list: str
    effect: str
    attributes: Sequence[Row]
    extension: Row | None = None
    states: Sequence[Row]
    relations: Sequence[Row]
    extra_relation: Row | None = None
