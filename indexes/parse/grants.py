"""One Bevilling of Ydelsesindeks: what its receiver has been granted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from lxml.etree import _Element

from indexes.parse import decisive, tags
from indexes.parse.effect import Span, common, in_effect, latest, readable, stable
from indexes.parse.elements import (
    RELATION,
    Children,
    RelationKind,
    children_of,
    dated_fact,
    parts_of,
    relations_by_role,
    uuid_in,
)
from indexes.parse.facts import Fact, Parts, Relation, Relations, current_unit, the_one, urn_of
from indexes.parse.levels import UNTOLD, level_span, strictest_sensitivity
from indexes.parse.objects import Shape, required
from indexes.parse.problems import Unusable, undecidable
from indexes.parse.roles import YiRoles
from indexes.parse.text import clean_id, clean_name
from indexes.parse.values import amount_or_none, flag, kle, optional_day
from indexes.records import Benefit, Defect, Grant, Parsed, PaymentPlan, RefusalReason

GRANT = Shape(kind="grant", object_type=tags.GRANT_TYPE, registration=tags.GRANT_REGISTRATION)

_IN_ADVANCE = {"Forud": True, "Bagud": False}


class GrantReader:
    """Reads the grants of one answer as of ``at``."""

    def __init__(self, roles: YiRoles, at: datetime) -> None:
        self._at = at
        self._master = str(roles.master)
        self._user = str(roles.user_type)
        self._kinds = _relation_kinds(roles)

    def build(self, uuid: UUID, registered: datetime, registration: Children) -> Parsed:
        """The record of a living grant.

        Raises:
            Unusable: a deciding field or an amount cannot be read, or nothing is granted now.
            Gone: nobody receives it, or the receiver is no person.
        """
        at = self._at
        relations = relations_by_role(required(registration, tags.GRANT_RELATIONS), self._kinds)
        cpr, party_span = decisive.party(relations.get("receiver", ()), at, "Bevillingspart")
        owner_cvr, owner_span = decisive.owner(relations.get("owner", ()), at, "Bevillingsaktoer/Ejer", _actor_cvr)
        case_uuid, case_span = decisive.case(relations.get("case", ()), at, "Bevillingssag")
        attributes = required(registration, tags.GRANT_ATTRIBUTES)
        properties = _properties(attributes)
        defects: set[Defect] = set()
        benefits, benefits_span = _benefits_now(_granted(attributes), at, defects)
        valid = latest(readable(properties), at) or {}
        level = level_span(properties, tags.GRANT_SENSITIVITY, at)
        grant = Grant(
            uuid=uuid,
            registered=registered,
            holds=common((party_span, owner_span, case_span, benefits_span, level)),
            owner_cvr=owner_cvr,
            cpr=cpr,
            case_uuid=case_uuid,
            sensitivity=strictest_sensitivity(properties, tags.GRANT_SENSITIVITY, at, defects),
            fagsystem=self._fagsystem(benefits.values(), defects),
            unit=self._unit(relations, defects),
            start=optional_day(valid.get(tags.GRANT_START), defects),
            end=optional_day(valid.get(tags.GRANT_END), defects),
            benefits=tuple(_benefit(benefit_id, element, defects) for benefit_id, element in benefits.items()),
        )
        return Parsed(record=grant, defects=tuple(sorted(defects)))

    def about(self, registration: Children) -> str | None:
        """The receiver of a grant that cannot be used, None if it is of a level nobody is told of.

        Raises:
            Unusable: the receiver cannot be read, or the case: it could be one exempt from view.
            Gone: nobody receives it, or the receiver is no person.
        """
        relations = relations_by_role(required(registration, tags.GRANT_RELATIONS), self._kinds)
        cpr, _ = decisive.party(relations.get("receiver", ()), self._at, "Bevillingspart")
        decisive.case(relations.get("case", ()), self._at, "Bevillingssag")
        properties = _properties(required(registration, tags.GRANT_ATTRIBUTES))
        level = strictest_sensitivity(properties, tags.GRANT_SENSITIVITY, self._at, set())
        return None if level in UNTOLD else cpr

    def _unit(self, relations: Relations, defects: set[Defect]) -> str | None:
        responsible = current_unit(relations, "responsible", self._at, self._user)
        unit = clean_name(responsible.parts.get(tags.GRANT_ACTOR_NAME) if responsible else None, defects)
        if unit is None:
            defects.add(Defect.NO_UNIT)
        return unit

    def _fagsystem(self, benefits: Iterable[_Element], defects: set[Defect]) -> str | None:
        """The one master system of all benefits."""
        systems = (child for benefit in benefits for child in benefit if child.tag == tags.BENEFIT_SYSTEM)
        names = (
            clean_name(parts_of(system).get(tags.BENEFIT_SYSTEM_NAME), defects)
            for system in systems
            if uuid_in(children_of(system), tags.BENEFIT_SYSTEM_ROLE) == self._master
        )
        name = the_one(names)
        if name is None:
            defects.add(Defect.NO_FAGSYSTEM)
        return name


def _relation_kinds(roles: YiRoles) -> Mapping[str, RelationKind]:
    actors = {str(roles.grant_owner): "owner", str(roles.grant_responsible): "responsible"}
    case = frozenset({tags.GRANT_KEY, tags.GRANT_ACTOR_NAME})
    named = case | {tags.GRANT_ACTOR_CVR}
    return {
        tags.GRANT_PARTY: RelationKind(
            what="Bevillingspart", roles={str(roles.grant_receiver): "receiver"}, allowed=RELATION | named
        ),
        tags.GRANT_ACTOR: RelationKind(what="Bevillingsaktoer", roles=actors, allowed=RELATION | named),
        tags.GRANT_CASE: RelationKind(what="Bevillingssag", any_role="case", allowed=RELATION | case),
        tags.GRANT_SECURITY: RelationKind(what="Sikkerhedsprofil"),
    }


def _actor_cvr(actor: Relation) -> str | None:
    return actor.parts.get(tags.GRANT_ACTOR_CVR) or urn_of(actor)


def _properties(attributes: _Element) -> list[Fact]:
    """Egenskaber with their periods."""
    found = (child for child in attributes if child.tag == tags.GRANT_PROPERTIES)
    return [dated_fact(child, tags.GRANT_EFFECT, tags.GRANT_SENSITIVITY) for child in found]


def _granted(attributes: _Element) -> list[tuple[Span, _Element]]:
    """BevilgetYdelse with their periods. They decide: each carries its KLE number.

    Raises:
        Unusable: the Virkning of one cannot be read, or it has two or two Ydelse.
    """
    granted = []
    for child in attributes:
        if child.tag == tags.BENEFIT:
            span, _ = dated_fact(child, tags.GRANT_EFFECT, tags.YDELSE)
            if span is None:
                raise undecidable("BevilgetYdelse/Virkning")
            granted.append((span, child))
    return granted


def _benefits_now(
    granted: Sequence[tuple[Span, _Element]], at: datetime, defects: set[Defect]
) -> tuple[dict[str, _Element], Span]:
    """The benefits in effect by id, and how long they and their KLE numbers stay the same.

    A benefit without an Id, or with a CPR number in it, has its place in the grant as one; of two versions the one that
    started last counts.

    Raises:
        Unusable: NO_LINES if nothing is granted now, AMBIGUOUS_KLE if two versions of one benefit differ in KLE.
    """
    keyed = [
        (
            span,
            (clean_id(parts_of(benefit).get(tags.BENEFIT_ID), defects) or str(number), _kle_text(benefit), benefit),
        )
        for number, (span, benefit) in enumerate(granted, 1)
    ]
    valid = in_effect(keyed, at)
    if not valid:
        raise Unusable(RefusalReason.NO_LINES, "BevilgetYdelse")
    if len({(benefit_id, number) for benefit_id, number, _ in valid}) > len({benefit_id for benefit_id, _, _ in valid}):
        raise Unusable(RefusalReason.AMBIGUOUS_KLE, "BevilgetYdelse/Id")
    facts = [(span, (benefit_id, number)) for span, (benefit_id, number, _) in keyed]
    return {benefit_id: benefit for benefit_id, _, benefit in valid}, stable(facts, at)


def _kle_text(benefit: _Element) -> str | None:
    ydelse = children_of(benefit).get(tags.YDELSE)
    classed = None if ydelse is None else children_of(ydelse).get(tags.YDELSE_CLASS)
    return None if classed is None else parts_of(classed).get(tags.YDELSE_KLE)


def _benefit(benefit_id: str, element: _Element, defects: set[Defect]) -> Benefit:
    parts = parts_of(element)
    ydelse = children_of(element).get(tags.YDELSE)
    named: Parts = {} if ydelse is None else parts_of(ydelse)
    return Benefit(
        id=benefit_id,
        name=clean_name(parts.get(tags.BENEFIT_NAME) or named.get(tags.YDELSE_NAME), defects),
        kle=kle(_kle_text(element), "BevilgetYdelse/Ydelse/Klassifikation"),
        start=optional_day(parts.get(tags.BENEFIT_START), defects),
        end=optional_day(parts.get(tags.BENEFIT_END), defects),
        repayable=flag(parts.get(tags.BENEFIT_REPAYABLE)) or False,
        plans=tuple(_payment_plan(parts_of(child), defects) for child in element if child.tag == tags.PAYMENT_PLAN),
    )


def _payment_plan(parts: Parts, defects: set[Defect]) -> PaymentPlan:
    return PaymentPlan(
        start=optional_day(parts.get(tags.PLAN_START), defects),
        end=optional_day(parts.get(tags.PLAN_END), defects),
        frequency=clean_name(parts.get(tags.PLAN_FREQUENCY), defects),
        in_advance=_IN_ADVANCE.get(parts.get(tags.PLAN_ADVANCE) or ""),
        day=clean_name(parts.get(tags.PLAN_DAY), defects),
        amount=amount_or_none(parts.get(tags.PLAN_AMOUNT), "OekonomiskEffektueringsplan/Ydelsesbeloeb"),
    )
