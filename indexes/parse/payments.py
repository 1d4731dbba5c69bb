"""One OekonomiskEffektuering of Ydelsesindeks: what has been paid, from gross to the account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from msgspec.structs import replace

from indexes.parse import decisive, tags
from indexes.parse.effect import Span, certain, common, in_effect, latest, stable
from indexes.parse.elements import RELATION, Children, RelationKind, relations_by_role, state_fact
from indexes.parse.facts import DatedRelation, Fact, Parts, Relation, Relations, current, current_unit, the_one, urn_of
from indexes.parse.objects import Shape, check_lifecycle, named, required
from indexes.parse.ordinary import OrdinaryObject, is_settled
from indexes.parse.problems import Gone, Unusable
from indexes.parse.roles import YiRoles
from indexes.parse.text import clean, clean_id, clean_name
from indexes.parse.values import amount, amount_or_none, day_of, kle, optional_day, uuid_or_none
from indexes.records import Defect, Parsed, Payment, PaymentLine, RefusalReason, Withdrawn

PAYMENT = Shape(kind="payment", object_type=tags.PAYMENT_TYPE, registration=tags.PAYMENT_REGISTRATION)

_KLE_URN = "urn:oio:kle:"


class PaymentFacts(Protocol):
    """What the newest registration of a payment says. Each method raises Unusable."""

    def relations(self) -> Relations: ...
    def properties(self) -> Sequence[Fact]:
        """Egenskaber."""


@dataclass(frozen=True, slots=True)
class _PaymentElements:
    """The facts of a payment, read element by element."""

    registration: Children
    kinds: Mapping[str, RelationKind]

    def relations(self) -> Relations:
        return relations_by_role(required(self.registration, tags.PAYMENT_RELATIONS), self.kinds)

    def properties(self) -> Sequence[Fact]:
        listing = required(self.registration, tags.PAYMENT_ATTRIBUTES)
        return [state_fact(child, tags.PAYMENT_EFFECT) for child in listing if child.tag == tags.PAYMENT_PROPERTIES]


class _Ordinary:
    """The facts of a payment in ordinary spelling."""

    def __init__(self, given: OrdinaryObject) -> None:
        self._given = given

    def relations(self) -> Relations:
        return self._given.related

    def properties(self) -> Sequence[Fact]:
        return self._given.facts.get(tags.PAYMENT_PROPERTIES, ())


class PaymentReader:
    """Reads the payments of one answer as of ``at``."""

    def __init__(self, roles: YiRoles, at: datetime) -> None:
        self._at = at
        self._user = str(roles.user_type)
        self._kinds = payment_kinds(roles)

    def build(self, uuid: UUID, registered: datetime, registration: Children) -> Parsed:
        """The record of a living payment, read element by element.

        Raises:
            Unusable: a deciding field, an amount or the day it is available cannot be read, or it has no lines.
            Gone: nobody receives it, or the receiver is no person.
        """
        return self._record(uuid, registered, _PaymentElements(registration, self._kinds))

    def ordinary(self, given: OrdinaryObject, fingerprint: bytes | None) -> Parsed | Withdrawn:
        """A payment in ordinary spelling, of bytes with this fingerprint. Raises Unusable as ``build``."""
        uuid, registered = named(given, self._at)
        try:
            check_lifecycle(given.lifecycle)
            parsed = self._record(uuid, registered, _Ordinary(given))
            return replace(parsed, fingerprint=fingerprint) if is_settled(given, self._at) else parsed
        except Gone as gone:
            return Withdrawn(kind=PAYMENT.kind, uuid=uuid, registered=registered, reason=gone.reason)

    def _record(self, uuid: UUID, registered: datetime, facts: PaymentFacts) -> Parsed:
        at = self._at
        relations = facts.relations()
        cpr, party_span = decisive.party(relations.get("receiver", ()), at, "OekonomiskEffektueringPart")
        owner_cvr, owner_span = decisive.owner(relations.get("owner", ()), at, "Aktoer/Ejer", _actor_cvr)
        defects: set[Defect] = set()
        lines, lines_span = _lines(relations.get("line", ()), at, defects)
        properties = self._in_effect(facts.properties())
        after_tax = amount_or_none(properties.get(tags.PAYMENT_AFTER_TAX), "BeloebEfterSkatATP")
        sent = amount_or_none(properties.get(tags.PAYMENT_SENT), "BeloebSendtTilUdbetaling")
        paid = amount_or_none(properties.get(tags.PAYMENT_PAID), "BeloebUdbetalt")
        sent_text = clean(properties.get(tags.PAYMENT_SENT_TEXT), defects)
        paid_text = clean(properties.get(tags.PAYMENT_PAID_TEXT), defects)
        if _unexplained(after_tax, sent, sent_text) or _unexplained(sent, paid, paid_text):
            defects.add(Defect.UNEXPLAINED_DIFFERENCE)
        payment = Payment(
            uuid=uuid,
            registered=registered,
            holds=common((party_span, owner_span, lines_span)),
            owner_cvr=owner_cvr,
            cpr=cpr,
            fagsystem=self._fagsystem(relations, defects),
            paying_unit=self._paying_unit(relations, properties, defects),
            start=optional_day(properties.get(tags.PAYMENT_START), defects),
            end=optional_day(properties.get(tags.PAYMENT_END), defects),
            available=_available(properties),
            gross=amount(properties.get(tags.PAYMENT_GROSS), "SamletBruttobeloeb"),
            after_tax=after_tax,
            sent=sent,
            paid=paid,
            sent_text=sent_text,
            paid_text=paid_text,
            lines=lines,
        )
        return Parsed(record=payment, defects=tuple(sorted(defects)))

    def about(self, registration: Children) -> str | None:
        """The receiver of a payment that cannot be used.

        Raises:
            Unusable: the receiver cannot be read.
            Gone: nobody receives it, or the receiver is no person.
        """
        relations = _PaymentElements(registration, self._kinds).relations()
        return decisive.party(relations.get("receiver", ()), self._at, "OekonomiskEffektueringPart")[0]

    def _in_effect(self, properties: Sequence[Fact]) -> Parts:
        """The Egenskaber in effect. They hold the amounts, so their Virkning must be readable."""
        found = [(certain(span, "Egenskaber"), parts) for span, parts in properties]
        return latest(found, self._at) or {}

    def _fagsystem(self, relations: Relations, defects: set[Defect]) -> str | None:
        systems = current(relations, "master", self._at)
        name = the_one(clean_name(system.parts.get(tags.PAYMENT_SYSTEM_NAME), defects) for system in systems)
        if name is None:
            defects.add(Defect.NO_FAGSYSTEM)
        return name

    def _paying_unit(self, relations: Relations, properties: Parts, defects: set[Defect]) -> str | None:
        """Udbetalende enhed, else Udbetalingsafdeling."""
        unit = current_unit(relations, "unit", self._at, self._user)
        actor = unit.parts.get(tags.PAYMENT_ACTOR_NAME) if unit else None
        name = clean_name(actor or properties.get(tags.PAYMENT_DEPARTMENT), defects)
        if name is None:
            defects.add(Defect.NO_UNIT)
        return name


def payment_kinds(roles: YiRoles) -> Mapping[str, RelationKind]:
    actors = {str(roles.payment_owner): "owner", str(roles.paying_unit): "unit"}
    named = frozenset({tags.PAYMENT_KEY, tags.PAYMENT_ACTOR_NAME, tags.PAYMENT_ACTOR_CVR})
    line = frozenset({tags.LINE_START, tags.LINE_END, tags.LINE_AMOUNT, tags.LINE_KLE, tags.LINE_BENEFIT})
    return {
        tags.PAYMENT_PARTY: RelationKind(
            what="OekonomiskEffektueringPart",
            roles={str(roles.payment_receiver): "receiver"},
            allowed=RELATION | named,
        ),
        tags.PAYMENT_ACTOR: RelationKind(what="Aktoer", roles=actors, allowed=RELATION | named),
        tags.LINE: RelationKind(
            what="OekonomiskYdelseEffektueringRelation",
            any_role="line",
            allowed=RELATION | line,
            inner=tags.LINE_BENEFIT,
        ),
        tags.PAYMENT_SYSTEM: RelationKind(what="ItSystem", roles={str(roles.master): "master"}),
    }


def _actor_cvr(actor: Relation) -> str | None:
    return actor.parts.get(tags.PAYMENT_ACTOR_CVR) or urn_of(actor)


def _lines(
    relations: Sequence[DatedRelation], at: datetime, defects: set[Defect]
) -> tuple[tuple[PaymentLine, ...], Span]:
    """The lines in effect, in the payment's order, and how long they and their KLE numbers stay the same.

    Raises:
        Unusable: NO_LINES, or a line's KLE number, amount or Virkning cannot be read.
    """
    what = "OekonomiskYdelseEffektueringRelation"
    facts = [(certain(span, what), number) for number, (span, _) in enumerate(relations)]
    valid = sorted(in_effect(facts, at))
    if not valid:
        raise Unusable(RefusalReason.NO_LINES, what)
    return tuple(_line(relations[number][1], defects) for number in valid), stable(facts, at)


def _line(line: Relation, defects: set[Defect]) -> PaymentLine:
    parts = line.parts
    return PaymentLine(
        kle=_line_kle(line),
        amount=amount(parts.get(tags.LINE_AMOUNT), "Ydelsesbeloeb"),
        start=optional_day(parts.get(tags.LINE_START), defects),
        end=optional_day(parts.get(tags.LINE_END), defects),
        grant_uuid=uuid_or_none(parts.get(tags.UUID_ID)),
        benefit_id=clean_id(parts.get(tags.LINE_BENEFIT_ID), defects),
    )


def _line_kle(line: Relation) -> str:
    """Klassifikationsbeskrivelse; without one, the line's reference to a KLE class.

    Raises:
        Unusable: NO_KLE, or AMBIGUOUS_KLE if both stand there and differ.
    """
    urn = urn_of(line) or ""
    referred = urn[len(_KLE_URN) :] if urn.lower().startswith(_KLE_URN) else None
    number = kle(line.parts.get(tags.LINE_KLE) or referred, "Klassifikationsbeskrivelse")
    if referred not in {None, number}:
        raise Unusable(RefusalReason.AMBIGUOUS_KLE, "Klassifikationsbeskrivelse")
    return number


def _available(properties: Parts) -> date:
    day = day_of(properties.get(tags.PAYMENT_AVAILABLE))
    if day is None:
        raise Unusable(RefusalReason.BAD_DATE, "Dispositionsdato")
    return day


def _unexplained(before: Decimal | None, after: Decimal | None, explanation: str | None) -> bool:
    """Two known steps differ and no text says why (YI-anvisning: the text is required then)."""
    return before is not None and after is not None and before != after and explanation is None
