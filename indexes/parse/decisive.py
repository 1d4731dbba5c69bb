"""The facts that decide who may see an object: its party, owner, class and case. One value at one instant, or none.

Each function gives the value in effect and the span in which it stays the same.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from indexes.parse.effect import Span, certain, in_effect, stable
from indexes.parse.facts import DatedRelation, Relation
from indexes.parse.problems import Gone, Unusable, undecidable
from indexes.parse.values import cpr_of_urn, cvr, uuid_or_none
from indexes.parse.values import kle as kle_number
from indexes.records import RefusalReason, WithdrawalReason

H = TypeVar("H", bound=Hashable)


def _now(
    relations: Sequence[DatedRelation], at: datetime, what: str, value: Callable[[Relation], H]
) -> tuple[set[H], Span]:
    """The different values in effect, and how long they are.

    Raises:
        Unusable: a Virkning cannot be read.
    """
    if len(relations) == 1:  # nearly always: worth its own lines
        span = certain(relations[0][0], what)
        if span[0] <= at < span[1]:
            return {value(relations[0][1])}, span
    facts = [(certain(span, what), value(relation)) for span, relation in relations]
    return set(in_effect(facts, at)), stable(facts, at)


def party(relations: Sequence[DatedRelation], at: datetime, what: str) -> tuple[str, Span]:
    """The CPR number of the one primary party.

    Raises:
        Gone: nobody is it now, or it is no person.
        Unusable: two different ones are, or the reference cannot be read.
    """
    current, span = _now(relations, at, what, _reference)
    if not current:
        raise Gone(WithdrawalReason.NO_PRIMARY_PARTY)
    if len(current) > 1:
        raise Unusable(RefusalReason.AMBIGUOUS_PARTY, what)
    return cpr_of_urn(current.pop(), what), span


def owner(
    relations: Sequence[DatedRelation], at: datetime, what: str, cvr_text: Callable[[Relation], str | None]
) -> tuple[str, Span]:
    """The CVR number of the authority that owns the object.

    Raises:
        Unusable: NO_OWNER if nobody does now, BAD_DECIDING_FIELD if two do or the number cannot be read.
    """
    current, span = _now(relations, at, what, cvr_text)
    if not current:
        raise Unusable(RefusalReason.NO_OWNER, what)
    if len(current) > 1:
        raise undecidable(what)
    return cvr(current.pop(), what), span


def kle(
    relations: Sequence[DatedRelation], at: datetime, what: str, key_text: Callable[[Relation], str | None]
) -> tuple[str, Span]:
    """The KLE number of the one primary class.

    Raises:
        Unusable: NO_KLE if there is none now or it cannot be read, AMBIGUOUS_KLE if two differ.
    """
    current, span = _now(relations, at, what, key_text)
    if len(current) > 1:
        raise Unusable(RefusalReason.AMBIGUOUS_KLE, what)
    return kle_number(current.pop() if current else None, what), span


def hidden(relations: Sequence[DatedRelation], at: datetime, what: str) -> tuple[bool, Span]:
    """Whether a Visningsklasse is in effect. Every class on that role hides, known or not: silence means no.

    Raises:
        Unusable: a Virkning cannot be read.
    """
    current, span = _now(relations, at, what, _stands)
    return bool(current), span


def case(relations: Sequence[DatedRelation], at: datetime, what: str) -> tuple[UUID | None, Span]:
    """The case a grant belongs to, None if to none now. A case exempt from view hides its grants.

    Raises:
        Unusable: two different ones are in effect, or a reference or a Virkning cannot be read.
    """
    current, span = _now(relations, at, what, _uuid)
    if len(current) > 1 or None in current:
        raise undecidable(what)
    return next(iter(current), None), span


def _reference(relation: Relation) -> str:
    return relation.reference


def _uuid(relation: Relation) -> UUID | None:
    return uuid_or_none(relation.reference)


def _stands(_relation: Relation) -> bool:
    return True
