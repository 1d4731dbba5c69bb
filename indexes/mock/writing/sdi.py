"""Cases and documents as Sags- og Dokumentindeks 6.0 writes them.

Each function takes ``show``, the words of ``Vis`` that were asked for, and fills nothing else. Elements stand in the
order of Sag.xsd, SagIndeks.xsd and DokumentIndeks.xsd.
"""

from indexes.mock.objects import Case, Document, State
from indexes.mock.writing import roles, wire

NAMESPACES = (
    'xmlns:sdi="urn:oio:sts:sagdok:sagdokumentindeks:6" xmlns:sag="urn:oio:sts:sagdok:sag:6" '
    'xmlns:si="urn:oio:sts:sagdok:sagindeks:6" xmlns:di="urn:oio:sts:sagdok:dokumentindeks:6" '
    'xmlns:gd="urn:oio:sts:generelledefinitioner:6" xmlns:sd="urn:oio:sagdok:3.0.0"'
)
OUTDATED_TITLE = "Forældet titel"  # what an earlier registration said; a reader who shows it took the wrong one
_LAW = "Offentlighedslovens § 30"


def case_snapshot(case: Case, show: frozenset[str], *, outdated: str | None = None) -> str:
    """One SagFiltreretOejebliksbillede.

    ``outdated`` makes it an earlier state of the case instead, registered at that instant.
    """
    if outdated:
        registrations = _outdated(case, show, outdated)
    else:
        registrations = _case_registration(case, show)
        if case.earlier:
            registrations += _outdated(case, show, case.earlier)
    return (
        f"<sdi:SagFiltreretOejebliksbillede>{wire.by_uuid('sag:ObjektType', case.uuid)}{registrations}"
        "</sdi:SagFiltreretOejebliksbillede>\n"
    )


def _case_registration(case: Case, show: frozenset[str]) -> str:
    return (
        f"<sag:Registrering>{wire.registration(case.registered, case.lifecycle)}"
        f"<sag:AttributListe>{_case_attributes(case) if 'egenskaber' in show else ''}</sag:AttributListe>"
        f"<sag:TilstandListe>{_progress(case.states) if 'fremdrift' in show else ''}</sag:TilstandListe>"
        f"<sag:RelationListe>{_case_relations(case, show)}</sag:RelationListe></sag:Registrering>"
    )


def _outdated(case: Case, show: frozenset[str], registered: str) -> str:
    """How the case looked at its first registration: just begun, under another title."""
    title = (
        f"<sag:Egenskaber>{wire.virkning('sag:Virkning', case.start)}"
        f"<sag:Titel>{OUTDATED_TITLE}</sag:Titel></sag:Egenskaber>"
        if "egenskaber" in show
        else ""
    )
    states = _progress((State(code="Opstaaet", start=case.start),)) if "fremdrift" in show else ""
    return (
        f"<sag:Registrering>{wire.registration(registered, 'Opstaaet')}<sag:AttributListe>{title}</sag:AttributListe>"
        f"<sag:TilstandListe>{states}</sag:TilstandListe>"
        f"<sag:RelationListe>{_case_relations(case, show)}</sag:RelationListe></sag:Registrering>"
    )


def _secret(secret_title: str | None, prefix: str) -> str:
    """OffentlighedUndtaget: its presence makes Titel the public title and this one the secret."""
    if secret_title is None:
        return ""
    return (
        f"<{prefix}:OffentlighedUndtaget>{wire.maybe('sd:TitelAlternativTekst', secret_title)}"
        f"<sd:OffentlighedUndtagetHjemmelTekst>{_LAW}</sd:OffentlighedUndtagetHjemmelTekst>"
        f"</{prefix}:OffentlighedUndtaget>"
    )


def _case_attributes(case: Case) -> str:
    return (
        f"<sag:Egenskaber>{wire.virkning('sag:Virkning', case.start)}"
        f"<sag:BrugervendtNoegle>{wire.text(case.number)}</sag:BrugervendtNoegle>"
        f"{_secret(case.secret_title, 'sag')}<sag:Sagsnummer>{wire.text(case.number)}</sag:Sagsnummer>"
        f"{wire.maybe('sag:Titel', case.title)}</sag:Egenskaber>"
        f"<gd:LokalUdvidelseListe><si:SagIndeksEgenskaber>{wire.virkning('gd:Virkning', case.start)}"
        f"{wire.maybe('si:Sagsstatus', case.status_text)}{wire.maybe('si:Foelsomhed', case.sensitivity)}"
        f"<si:OprettetTidspunkt>{case.created}</si:OprettetTidspunkt>"
        "</si:SagIndeksEgenskaber></gd:LokalUdvidelseListe>"
    )


def _progress(states: tuple[State, ...]) -> str:
    return "".join(
        f"<sag:Fremdrift>{wire.virkning('sag:Virkning', state.start, state.end)}"
        f"<sag:FremdriftStatusKode>{state.code}</sag:FremdriftStatusKode></sag:Fremdrift>"
        for state in states
    )


def _case_relations(case: Case, show: frozenset[str]) -> str:
    effect = wire.virkning("gd:Virkning", case.start)
    parts = []
    if "sagsaktoer" in show:
        parts.append(_case_actors(case, effect))
    if "sagsklasse" in show:
        parts.append(_case_classes(case, effect))
    if "sagspart" in show:
        parts.append(_case_parties(case, effect))
    if "sagsrelation" in show:
        parts.extend(
            f"<sag:Sagsrelation>{effect}"
            f"{wire.reference(role=roles.CASE_RELATED, kind=roles.TYPE_CASE, target=wire.uuid_reference(uuid))}"
            "</sag:Sagsrelation>"
            for uuid in case.related
        )
    if "journalpost" in show:
        parts.append(_case_records(case))
    if "itsystem" in show and case.system:
        target = wire.uuid_reference(case.system.uuid)
        parts.append(
            f"<gd:LokalUdvidelseListe><si:SagsitsystemRelation>{effect}"
            f"{wire.reference(role=roles.SYSTEM_MASTER, kind=roles.TYPE_SYSTEM, target=target)}"
            f"<si:SystemNavn>{wire.text(case.system.name)}</si:SystemNavn>"
            "</si:SagsitsystemRelation></gd:LokalUdvidelseListe>"
        )
    return "".join(parts)


def _actor(effect: str, role: str, kind: str, uuid: str, local: str) -> str:
    extension = f"<si:SagsaktoerLokalUdvidelse>{local}</si:SagsaktoerLokalUdvidelse>"
    return (
        f"<sag:Sagsaktoer>{effect}"
        f"{wire.reference(role=role, kind=kind, target=wire.uuid_reference(uuid), local=extension)}</sag:Sagsaktoer>"
    )


def _case_actors(case: Case, effect: str) -> str:
    owner = case.owner
    names = f"<si:FuldtNavn>{wire.text(owner.name)}</si:FuldtNavn><si:CVR-Nummer>{owner.cvr}</si:CVR-Nummer>"
    parts = [_actor(effect, roles.CASE_OWNER, roles.TYPE_ORGANISATION, owner.uuid, names)]
    if case.unit:
        name = wire.maybe("si:FuldtNavn", case.unit.name)
        parts.append(_actor(effect, roles.CASE_RESPONSIBLE, roles.TYPE_UNIT, case.unit.uuid, name))
    if case.caseworker:
        worker = case.caseworker
        names = (
            f"<si:BrugervendtNoegle>{wire.text(worker.initials)}</si:BrugervendtNoegle>"
            f"<si:FuldtNavn>{wire.text(worker.name)}</si:FuldtNavn>"
        )
        parts.append(_actor(effect, roles.CASE_CASEWORKER, roles.TYPE_USER, worker.uuid, names))
    return "".join(parts)


def _class(effect: str, role: str, target: str, local: str) -> str:
    extension = f"<si:SagsklasseLokalUdvidelse>{local}</si:SagsklasseLokalUdvidelse>"
    return (
        f"<sag:Sagsklasse>{effect}"
        f"{wire.reference(role=role, kind=roles.TYPE_CLASS, target=target, local=extension)}</sag:Sagsklasse>"
    )


def _case_classes(case: Case, effect: str) -> str:
    parts = []
    if case.kle:
        local = (
            f"<si:Facettitel>KLE-emne</si:Facettitel>{wire.maybe('si:Klassetitel', case.kle_title)}"
            f"<si:BrugervendtNoegle>{case.kle}</si:BrugervendtNoegle>"
        )
        urn = wire.by_urn("gd:ReferenceID", roles.KLE_URN + case.kle)
        parts.append(_class(effect, roles.CASE_PRIMARY_CLASS, urn, local))
    facet = f"<si:Facettitel>KLE-facet</si:Facettitel><si:BrugervendtNoegle>{case.facet}</si:BrugervendtNoegle>"
    urn = wire.by_urn("gd:ReferenceID", roles.KLE_URN + case.facet)
    parts.append(_class(effect, roles.CASE_ACTION_CLASS, urn, facet))
    if case.hidden:
        uuid, title = roles.HIDDEN
        local = f"<si:Klassetitel>{title}</si:Klassetitel>"
        parts.append(_class(effect, roles.CASE_HIDING_CLASS, wire.uuid_reference(uuid), local))
    if case.outcome:
        uuid, title = roles.OUTCOMES[case.outcome]
        local = f"<si:Klassetitel>{title}</si:Klassetitel>"
        parts.append(_class(effect, roles.CASE_OUTCOME_CLASS, wire.uuid_reference(uuid), local))
    return "".join(parts)


def _case_parties(case: Case, effect: str) -> str:
    parties = [(roles.CASE_PRIMARY_PARTY, case.primary)] if case.primary else []
    parties += [(roles.CASE_SECONDARY_PARTY, party) for party in case.secondary]
    parts = []
    for role, party in parties:
        local = f"<si:SagspartLokalUdvidelse>{wire.maybe('si:FuldtNavn', party.name)}</si:SagspartLokalUdvidelse>"
        target = wire.cpr_reference(party)
        relation = wire.reference(role=role, kind=roles.TYPE_PERSON, target=target, local=local)
        parts.append(f"<sag:Sagspart>{effect}{relation}</sag:Sagspart>")
    return "".join(parts)


def _case_records(case: Case) -> str:
    parts = []
    for order, document in enumerate(case.documents, start=1):
        target = wire.uuid_reference(document.uuid)
        relation = wire.reference(role=roles.CASE_RECORD, kind=roles.TYPE_DOCUMENT, target=target, order=order)
        parts.append(
            f"<sag:Journalpost>{wire.virkning('gd:Virkning', document.start)}{relation}"
            f"<sag:JournalpostEgenskaber>{wire.maybe('sag:Dokumenttitel', document.title)}"
            f"{_secret(document.secret_title, 'sd')}</sag:JournalpostEgenskaber></sag:Journalpost>"
        )
    return "".join(parts)


def document_snapshot(document: Document, show: frozenset[str], *, outdated: str | None = None) -> str:
    """One DokumentFiltreretOejebliksbillede; ``outdated`` as in ``case_snapshot``."""
    title = OUTDATED_TITLE if outdated else document.title
    attributes = _document_attributes(document, title) if "egenskaber" in show else ""
    states = (
        f"<di:Fremdrift>{wire.virkning('di:Virkning', document.start)}"
        f"<di:FremdriftStatusKode>{'Modtaget' if outdated else 'Endeligt'}</di:FremdriftStatusKode></di:Fremdrift>"
        if "fremdrift" in show
        else ""
    )
    return (
        f"<sdi:DokumentFiltreretOejebliksbillede>{wire.by_uuid('di:ObjektType', document.uuid)}"
        f"<di:Registrering>{wire.registration(outdated or document.registered, 'Importeret')}"
        f"<di:AttributListe>{attributes}</di:AttributListe><di:TilstandListe>{states}</di:TilstandListe>"
        f"<di:RelationListe>{_document_relations(document, show)}</di:RelationListe></di:Registrering>"
        "</sdi:DokumentFiltreretOejebliksbillede>\n"
    )


def _document_attributes(document: Document, title: str | None) -> str:
    return (
        f"<di:Egenskaber>{wire.virkning('di:Virkning', document.start)}"
        f"<di:BrugervendtNoegle>{wire.text(document.number)}</di:BrugervendtNoegle>"
        f"{wire.maybe('di:Titel', title)}<di:BrevDato>{document.day}</di:BrevDato>"
        f"{_secret(document.secret_title, 'di')}"
        f"<di:Dokumentnummer>{wire.text(document.number)}</di:Dokumentnummer>"
        f"{wire.maybe('di:Foelsomhed', document.sensitivity)}<di:Type>{document.kind}</di:Type></di:Egenskaber>"
    )


def _document_relations(document: Document, show: frozenset[str]) -> str:
    effect = wire.virkning("gd:Virkning", document.start)
    parts = []
    if "aktoer" in show:
        owner = document.owner
        local = (
            f"<di:DokumentaktoerLokalUdvidelse>{wire.maybe('di:FuldtNavn', owner.name)}"
            f"<di:CVR-Nr>{owner.cvr}</di:CVR-Nr></di:DokumentaktoerLokalUdvidelse>"
        )
        target = wire.uuid_reference(owner.uuid)
        relation = wire.reference(role=roles.CASE_OWNER, kind=roles.TYPE_ORGANISATION, target=target, local=local)
        parts.append(f"<di:Dokumentaktoer>{effect}{relation}</di:Dokumentaktoer>")
    if "klasse" in show and document.hidden:
        uuid, title = roles.HIDDEN
        local = (
            f"<di:DokumentklasseLokalUdvidelse><di:Klassetitel>{title}</di:Klassetitel>"
            "</di:DokumentklasseLokalUdvidelse>"
        )
        target = wire.uuid_reference(uuid)
        relation = wire.reference(role=roles.CASE_HIDING_CLASS, kind=roles.TYPE_CLASS, target=target, local=local)
        parts.append(f"<di:Dokumentklasse>{effect}{relation}</di:Dokumentklasse>")
    if "itsystem" in show and document.system:
        target = wire.uuid_reference(document.system.uuid)
        relation = wire.reference(role=roles.SYSTEM_MASTER, kind=roles.TYPE_SYSTEM, target=target)
        parts.append(
            f"<gd:LokalUdvidelseListe><di:DokumentitsystemRelation>{effect}{relation}"
            f"<di:SystemNavn>{wire.text(document.system.name)}</di:SystemNavn>"
            "</di:DokumentitsystemRelation></gd:LokalUdvidelseListe>"
        )
    return "".join(parts)
