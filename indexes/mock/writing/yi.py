"""Grants and payments as Ydelsesindeks 6.0 writes them.

Each function takes ``show``, the words of ``Vis`` that were asked for, and fills nothing else. The one exception is
the payment's party: OekonomiskEffektueringVis has no word for it, so it stands whenever anything is asked for.
Elements stand in the order of BevillingIndeks.xsd and OekonomiskEffektueringIndeks.xsd.
"""

from indexes.mock.objects import Benefit, Grant, Instalment, Line, Payment
from indexes.mock.writing import roles, wire

NAMESPACES = (
    'xmlns:yi="urn:oio:sts:ydelse:ydelseindeks:6" xmlns:bi="urn:oio:sts:ydelse:bevillingindeks:6" '
    'xmlns:oef="urn:oio:sts:ydelse:oekonomiskeffektueringindeks:6" '
    'xmlns:gd="urn:oio:sts:generelledefinitioner:6" xmlns:sd="urn:oio:sagdok:3.0.0"'
)
OUTDATED_AMOUNT = 100  # øre: what an earlier registration of a payment said it came to


def grant_snapshot(grant: Grant, show: frozenset[str], *, outdated: str | None = None) -> str:
    """One BevillingFiltreretOejebliksbillede.

    ``outdated`` makes it an earlier state of the grant instead, registered at that instant and without benefits.
    """
    return (
        f"<yi:BevillingFiltreretOejebliksbillede>{wire.by_uuid('bi:ObjektType', grant.uuid)}"
        f"{_grant_registration(grant, show, outdated)}</yi:BevillingFiltreretOejebliksbillede>\n"
    )


def grant_message(grant: Grant) -> str:
    """What an event holds of a grant."""
    registration = _grant_registration(grant, frozenset(roles.GRANT_PARTS))
    uuid = f"<sd:UUIDIdentifikator>{grant.uuid}</sd:UUIDIdentifikator>"
    return f"<bi:RegistreringBesked {NAMESPACES}>{uuid}{registration}</bi:RegistreringBesked>"


def _grant_registration(grant: Grant, show: frozenset[str], outdated: str | None = None) -> str:
    attributes = _grant_attributes(grant) if "egenskaber" in show else ""
    if "bevilgetydelse" in show and not outdated:
        attributes += "".join(_benefit(grant, benefit) for benefit in grant.benefits)
    return (
        f"<bi:Registrering>{wire.registration(outdated or grant.registered, grant.lifecycle)}"
        f"<bi:AttributListe>{attributes}</bi:AttributListe><bi:TilstandListe/>"
        f"<bi:RelationListe>{_grant_relations(grant, show)}</bi:RelationListe></bi:Registrering>"
    )


def _grant_attributes(grant: Grant) -> str:
    return (
        f"<bi:Egenskaber>{wire.virkning('bi:Virkning', grant.start_instant)}"
        f"<bi:BrugervendtNoegle>{wire.text(grant.number)}</bi:BrugervendtNoegle>"
        f"<bi:Bevillingstartdato>{grant.start}</bi:Bevillingstartdato>"
        f"{wire.maybe('bi:Bevillingslutdato', grant.end)}"
        f"{wire.maybe('bi:Foelsomhed', grant.sensitivity)}</bi:Egenskaber>"
    )


def _benefit(grant: Grant, benefit: Benefit) -> str:
    system = ""
    if grant.system:
        system = (
            f"<bi:ItSystem>{wire.by_uuid('bi:Rolle', roles.SYSTEM_MASTER)}{wire.by_uuid('bi:Type', roles.TYPE_SYSTEM)}"
            f"{wire.by_uuid('bi:ReferenceID', grant.system.uuid)}"
            f"<bi:SystemNavn>{wire.text(grant.system.name)}</bi:SystemNavn></bi:ItSystem>"
        )
    return (
        f"<bi:BevilgetYdelse>{wire.virkning('bi:Virkning', grant.start_instant)}"
        f"<bi:Id>{benefit.id}</bi:Id><bi:Navn>{wire.text(benefit.name)}</bi:Navn>"
        f"<bi:BevilgetYdelseStartdato>{benefit.start}</bi:BevilgetYdelseStartdato>"
        f"{wire.maybe('bi:BevilgetYdelseSlutdato', benefit.end)}"
        f"<bi:Tilbagebetalingspligtig>{'true' if benefit.repayable else 'false'}</bi:Tilbagebetalingspligtig>{system}"
        f"<bi:Ydelse><bi:Ydelsesnavn>{wire.text(benefit.name)}</bi:Ydelsesnavn>"
        f"<bi:Klassifikation>{wire.by_uuid('bi:Rolle', roles.GRANT_CLASS)}"
        f"<bi:BrugervendtNoegle>{benefit.kle}</bi:BrugervendtNoegle>"
        f"<bi:Klassetitel>{wire.text(benefit.kle_title)}</bi:Klassetitel></bi:Klassifikation></bi:Ydelse>"
        f"{''.join(_instalment(number, plan) for number, plan in enumerate(benefit.plans, start=1))}"
        "</bi:BevilgetYdelse>"
    )


def _instalment(number: int, plan: Instalment) -> str:
    return (
        f"<bi:OekonomiskEffektueringsplan><bi:Id>{number}</bi:Id>"
        f"<bi:EffektueringsplanStartdato>{plan.start}</bi:EffektueringsplanStartdato>"
        f"{wire.maybe('bi:EffektueringsplanSlutdato', plan.end)}"
        f"<bi:Beregningsfrekvens>{wire.text(plan.frequency)}</bi:Beregningsfrekvens>"
        f"<bi:ForudBagud>{'Forud' if plan.in_advance else 'Bagud'}</bi:ForudBagud>"
        f"<bi:Dispositionsdag>{wire.text(plan.day)}</bi:Dispositionsdag>"
        f"<bi:Ydelsesbeloeb>{wire.amount(plan.amount)}</bi:Ydelsesbeloeb></bi:OekonomiskEffektueringsplan>"
    )


def _grant_relations(grant: Grant, show: frozenset[str]) -> str:
    effect = wire.virkning("gd:Virkning", grant.start_instant)
    parts = []
    if "sag" in show and grant.case_uuid:
        target = wire.uuid_reference(grant.case_uuid)
        relation = wire.reference(role=roles.PART_OF, kind=roles.TYPE_CASE, target=target)
        parts.append(f"<bi:Bevillingssag>{effect}{relation}</bi:Bevillingssag>")
    if "part" in show:
        target = wire.cpr_reference(grant.recipient)
        relation = wire.reference(role=roles.GRANT_RECIPIENT, kind=roles.TYPE_PERSON, target=target)
        name = wire.maybe("bi:FuldtNavn", grant.recipient.name)
        parts.append(f"<bi:Bevillingspart>{effect}{relation}{name}</bi:Bevillingspart>")
    owner = (roles.GRANT_OWNER, grant.owner) if "aktoer-ejer" in show else None
    unit = (roles.GRANT_RESPONSIBLE, grant.unit) if "aktoer-ansvarlig" in show and grant.unit else None
    parts.extend(wire.actors("bi:Bevillingsaktoer", effect, "bi", owner, unit))
    return "".join(parts)


def payment_snapshot(payment: Payment, show: frozenset[str], *, outdated: str | None = None) -> str:
    """One OekonomiskEffektueringFiltreretOejebliksbillede; ``outdated`` as in ``grant_snapshot``."""
    return (
        f"<yi:OekonomiskEffektueringFiltreretOejebliksbillede>{wire.by_uuid('oef:ObjektType', payment.uuid)}"
        f"{_payment_registration(payment, show, outdated)}</yi:OekonomiskEffektueringFiltreretOejebliksbillede>\n"
    )


def payment_message(payment: Payment) -> str:
    """What an event holds of a payment."""
    registration = _payment_registration(payment, frozenset(roles.PAYMENT_PARTS))
    uuid = f"<sd:UUIDIdentifikator>{payment.uuid}</sd:UUIDIdentifikator>"
    return f"<oef:RegistreringBesked {NAMESPACES}>{uuid}{registration}</oef:RegistreringBesked>"


def _payment_registration(payment: Payment, show: frozenset[str], outdated: str | None = None) -> str:
    attributes = _payment_attributes(payment, outdated=bool(outdated)) if "egenskaber" in show else ""
    return (
        f"<oef:Registrering>{wire.registration(outdated or payment.registered, 'Importeret')}"
        f"<oef:AttributListe>{attributes}</oef:AttributListe><oef:TilstandListe/>"
        f"<oef:RelationListe>{_payment_relations(payment, show)}</oef:RelationListe></oef:Registrering>"
    )


def _payment_attributes(payment: Payment, *, outdated: bool) -> str:
    ladder = (OUTDATED_AMOUNT,) * 4 if outdated else (payment.gross, payment.after_tax, payment.sent, payment.paid)
    gross, after_tax, sent, paid = (None if ore is None else wire.amount(ore) for ore in ladder)
    return (
        f"<oef:Egenskaber>{wire.virkning('oef:Virkning', payment.registered)}"
        f"<oef:BrugervendtNoegle>{wire.text(payment.number)}</oef:BrugervendtNoegle>"
        f"<oef:Startdato>{payment.start}</oef:Startdato><oef:Slutdato>{payment.end}</oef:Slutdato>"
        f"<oef:SamletBruttobeloeb>{gross}</oef:SamletBruttobeloeb>"
        f"<oef:Dispositionsdato>{payment.available}</oef:Dispositionsdato>"
        f"<oef:BeloebEfterSkatATP>{after_tax}</oef:BeloebEfterSkatATP>"
        f"<oef:BeloebSendtTilUdbetaling>{sent}</oef:BeloebSendtTilUdbetaling>"
        f"{wire.maybe('oef:BeloebUdbetalt', paid)}"
        f"{wire.maybe('oef:Udbetalingsafdeling', payment.unit.name if payment.unit else None)}"
        f"{wire.maybe('oef:SendtTilUdbetalingTekst', payment.sent_text)}"
        f"{wire.maybe('oef:UdbetaltTekst', payment.paid_text)}</oef:Egenskaber>"
    )


def _line(line: Line, effect: str) -> str:
    target = wire.by_urn("gd:ReferenceID", roles.KLE_URN + line.kle)
    return (
        f"<oef:OekonomiskYdelseEffektueringRelation>{effect}"
        f"{wire.reference(role=roles.PART_OF, kind=roles.TYPE_CLASS, target=target)}"
        f"<oef:YdelsesperiodeStartdato>{line.start}</oef:YdelsesperiodeStartdato>"
        f"<oef:YdelsesperiodeSlutdato>{line.end}</oef:YdelsesperiodeSlutdato>"
        f"<oef:Ydelsesbeloeb>{wire.amount(line.amount)}</oef:Ydelsesbeloeb>"
        f"<oef:Klassifikationsbeskrivelse>{line.kle}</oef:Klassifikationsbeskrivelse>"
        f"<oef:BevilgetYdelseRef><sd:UUIDIdentifikator>{line.grant_uuid}</sd:UUIDIdentifikator>"
        f"<oef:BevilgetYdelseId>{line.benefit_id}</oef:BevilgetYdelseId></oef:BevilgetYdelseRef>"
        "</oef:OekonomiskYdelseEffektueringRelation>"
    )


def _payment_relations(payment: Payment, show: frozenset[str]) -> str:
    effect = wire.virkning("gd:Virkning", payment.registered)  # not the period: that may lie ahead
    parts: list[str] = []
    if "oekonomiskeydelseeffektueringer" in show:
        parts.extend(_line(line, effect) for line in payment.lines)
    if "aktoer" in show:
        unit = (roles.PAYMENT_UNIT, payment.unit) if payment.unit else None
        parts.extend(wire.actors("oef:Aktoer", effect, "oef", (roles.PAYMENT_OWNER, payment.owner), unit))
    if "itsystem" in show and payment.system:
        target = wire.uuid_reference(payment.system.uuid)
        relation = wire.reference(role=roles.SYSTEM_MASTER, kind=roles.TYPE_SYSTEM, target=target)
        name = wire.maybe("oef:SystemNavn", payment.system.name)
        parts.append(f"<oef:ItSystem>{effect}{relation}{name}</oef:ItSystem>")
    target = wire.cpr_reference(payment.recipient)
    relation = wire.reference(role=roles.PAYMENT_RECIPIENT, kind=roles.TYPE_PERSON, target=target)
    name = wire.maybe("oef:FuldtNavn", payment.recipient.name)
    parts.append(f"<oef:OekonomiskEffektueringPart>{effect}{relation}{name}</oef:OekonomiskEffektueringPart>")
    return "".join(parts)
