"""The facts that decide who may see an object: its party, owner, class and case. One value at one instant, or none.

Each function gives the value in effect and the span in which it stays the same.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from indexes.parse.effect import Span, certain, in_effect, stable
from indexes.parse.facts import Relation
from indexes.parse.problems import Gone, Unusable, undecidable
from indexes.parse.values import cpr_of_urn, cvr, uuid_or_none
from indexes.parse.values import kle as kle_number
from indexes.records import RefusalReason, WithdrawalReason


def party(relations: Sequence[Relation], at: datetime, what: str) -> tuple[str, Span]:
    """The CPR number of the one primary party.

    Raises:
        Gone: nobody is it now, or it is no person.
        Unusable: two different ones are, or the reference cannot be read.
    """
    facts = [(certain(relation.span, what), relation.reference) for relation in relations]
    current = set(in_effect(facts, at))
    if not current:
        raise Gone(WithdrawalReason.NO_PRIMARY_PARTY)
    if len(current) > 1:
        raise Unusable(RefusalReason.AMBIGUOUS_PARTY, what)
    return cpr_of_urn(current.pop(), what), stable(facts, at)


def owner(
    relations: Sequence[Relation], at: datetime, what: str, cvr_text: Callable[[Relation], str | None]
) -> tuple[str, Span]:
    """The CVR number of the authority that owns the object.

    Raises:
        Unusable: NO_OWNER if nobody does now, BAD_DECIDING_FIELD if two do or the number cannot be read.
    """
    facts = [(certain(relation.span, what), cvr_text(relation)) for relation in relations]
    current = set(in_effect(facts, at))
    if not current:
        raise Unusable(RefusalReason.NO_OWNER, what)
    if len(current) > 1:
        raise undecidable(what)
    return cvr(current.pop(), what), stable(facts, at)


def kle(
    relations: Sequence[Relation], at: datetime, what: str, key_text: Callable[[Relation], str | None]
) -> tuple[str, Span]:
    """The KLE number of the one primary class.

    Raises:
        Unusable: NO_KLE if there is none now or it cannot be read, AMBIGUOUS_KLE if two differ.
    """
    facts = [(certain(relation.span, what), key_text(relation)) for relation in relations]
    current = set(in_effect(facts, at))
    if len(current) > 1:
        raise Unusable(RefusalReason.AMBIGUOUS_KLE, what)
    return kle_number(current.pop() if current else None, what), stable(facts, at)


def hidden(relations: Sequence[Relation], at: datetime, what: str) -> tuple[bool, Span]:
    """Whether a Visningsklasse is in effect. Every class on that role hides, known or not: silence means no.

    Raises:
        Unusable: a Virkning cannot be read.
    """
    facts = [(certain(relation.span, what), True) for relation in relations]
    return bool(in_effect(facts, at)), stable(facts, at)


def case(relations: Sequence[Relation], at: datetime, what: str) -> tuple[UUID | None, Span]:
    """The case a grant belongs to, None if to none now. A case exempt from view hides its grants.

    Raises:
        Unusable: two different ones are in effect, or a reference or a Virkning cannot be read.
    """
    facts = [(certain(relation.span, what), uuid_or_none(relation.reference)) for relation in relations]
    current = set(in_effect(facts, at))
    if len(current) > 1 or None in current:
        raise undecidable(what)
    return next(iter(current), None), stable(facts, at)
