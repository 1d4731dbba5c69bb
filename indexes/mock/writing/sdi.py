"""Cases and documents as Sags- og Dokumentindeks 6.0 writes them.

Each function takes ``show``, the words of ``Vis`` that were asked for, and fills nothing else. Elements stand in the
order of Sag.xsd, SagIndeks.xsd and DokumentIndeks.xsd.
"""

from functools import lru_cache
from itertools import count

from indexes.mock.objects import Case, Document, State
from indexes.mock.writing import roles, wire

NAMESPACES = (
    'xmlns:sdi="urn:oio:sts:sagdok:sagdokumentindeks:6" xmlns:sag="urn:oio:sts:sagdok:sag:6" '
    'xmlns:si="urn:oio:sts:sagdok:sagindeks:6" xmlns:di="urn:oio:sts:sagdok:dokumentindeks:6" '
    'xmlns:gd="urn:oio:sts:generelledefinitioner:6" xmlns:sd="urn:oio:sagdok:3.0.0"'
)
OUTDATED_TITLE = "Forældet titel"  # what an earlier registration said; a reader who shows it took the wrong one
_LAW = "Offentlighedslovens § 30"
_OWNER = (roles.CASE_OWNER, roles.TYPE_ORGANISATION)
_RESPONSIBLE = (roles.CASE_RESPONSIBLE, roles.TYPE_UNIT)
_CASEWORKER = (roles.CASE_CASEWORKER, roles.TYPE_USER)
_KEPT = 8192  # more than there are authorities, units, caseworkers, fagsystemer or topics


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


def case_message(case: Case) -> str:
    """What an event holds of a case: a RegistreringBesked, everything in it but the documents themselves."""
    registration = _case_registration(case, frozenset(roles.CASE_PARTS))
    uuid = f"<sd:UUIDIdentifikator>{case.uuid}</sd:UUIDIdentifikator>"
    return f"<sag:RegistreringBesked {NAMESPACES}>{uuid}{registration}</sag:RegistreringBesked>"


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
        [
            f"<sag:Fremdrift>{wire.virkning('sag:Virkning', state.start, state.end)}"
            f"<sag:FremdriftStatusKode>{state.code}</sag:FremdriftStatusKode></sag:Fremdrift>"
            for state in states
        ]
    )


def _case_relations(case: Case, show: frozenset[str]) -> str:
    effect = wire.virkning("gd:Virkning", case.start)
    parts: list[str] = []
    if "sagsaktoer" in show:
        parts += _case_actors(case, effect)
    if "sagsklasse" in show:
        parts += _case_classes(case, effect)
    if "sagspart" in show:
        parts += _case_parties(case, effect)
    if "sagsrelation" in show and case.related:
        parts.extend(
            f"<sag:Sagsrelation>{effect}"
            f"{wire.reference(role=roles.CASE_RELATED, kind=roles.TYPE_CASE, target=wire.uuid_reference(uuid))}"
            "</sag:Sagsrelation>"
            for uuid in case.related
        )
    if "journalpost" in show:
        parts += map(_case_record, case.documents, count(1))
    if "itsystem" in show and case.system:
        system = _system(case.system.uuid, case.system.name)
        parts.append(
            f"<gd:LokalUdvidelseListe><si:SagsitsystemRelation>{effect}{system}"
            "</si:SagsitsystemRelation></gd:LokalUdvidelseListe>"
        )
    return "".join(parts)


@lru_cache(maxsize=_KEPT)
def _system(uuid: str, name: str) -> str:
    """What a SagsitsystemRelation holds after its Virkning."""
    relation = wire.reference(role=roles.SYSTEM_MASTER, kind=roles.TYPE_SYSTEM, target=wire.uuid_reference(uuid))
    return f"{relation}<si:SystemNavn>{wire.text(name)}</si:SystemNavn>"


@lru_cache(maxsize=_KEPT)
def _actor(role: tuple[str, str], uuid: str, name: str, initials: str | None = None, cvr: str | None = None) -> str:
    """What a Sagsaktoer with this role and type holds after its Virkning."""
    names = (
        f"{wire.maybe('si:BrugervendtNoegle', initials)}{wire.maybe('si:FuldtNavn', name)}"
        f"{wire.maybe('si:CVR-Nummer', cvr)}"
    )
    extension = f"<si:SagsaktoerLokalUdvidelse>{names}</si:SagsaktoerLokalUdvidelse>"
    return wire.reference(role=role[0], kind=role[1], target=wire.uuid_reference(uuid), local=extension)


def _case_actors(case: Case, effect: str) -> list[str]:
    owner, unit, worker = case.owner, case.unit, case.caseworker
    actors = [_actor(_OWNER, owner.uuid, owner.name, cvr=owner.cvr)]
    if unit:
        actors.append(_actor(_RESPONSIBLE, unit.uuid, unit.name))
    if worker:
        actors.append(_actor(_CASEWORKER, worker.uuid, worker.name, initials=worker.initials))
    return [f"<sag:Sagsaktoer>{effect}{actor}</sag:Sagsaktoer>" for actor in actors]


@lru_cache(maxsize=_KEPT)
def _topic(role: str, facet: str, title: str | None, key: str) -> str:
    """What a Sagsklasse of KLE holds after its Virkning."""
    local = (
        f"<si:Facettitel>{facet}</si:Facettitel>{wire.maybe('si:Klassetitel', title)}"
        f"<si:BrugervendtNoegle>{key}</si:BrugervendtNoegle>"
    )
    return _class(role, wire.by_urn("gd:ReferenceID", roles.KLE_URN + key), local)


@lru_cache(maxsize=_KEPT)
def _mark(role: str, uuid: str, title: str) -> str:
    """What any other Sagsklasse holds after its Virkning."""
    return _class(role, wire.uuid_reference(uuid), f"<si:Klassetitel>{title}</si:Klassetitel>")


def _class(role: str, target: str, local: str) -> str:
    extension = f"<si:SagsklasseLokalUdvidelse>{local}</si:SagsklasseLokalUdvidelse>"
    return wire.reference(role=role, kind=roles.TYPE_CLASS, target=target, local=extension)


def _case_classes(case: Case, effect: str) -> list[str]:
    classes = [_topic(roles.CASE_PRIMARY_CLASS, "KLE-emne", case.kle_title, case.kle)] if case.kle else []
    classes.append(_topic(roles.CASE_ACTION_CLASS, "KLE-facet", None, case.facet))
    if case.hidden:
        classes.append(_mark(roles.CASE_HIDING_CLASS, *roles.HIDDEN))
    if case.outcome:
        classes.append(_mark(roles.CASE_OUTCOME_CLASS, *roles.OUTCOMES[case.outcome]))
    return [f"<sag:Sagsklasse>{effect}{each}</sag:Sagsklasse>" for each in classes]


def _case_parties(case: Case, effect: str) -> list[str]:
    parties = [(roles.CASE_PRIMARY_PARTY, case.primary)] if case.primary else []
    parties += [(roles.CASE_SECONDARY_PARTY, party) for party in case.secondary]
    parts = []
    for role, party in parties:
        local = f"<si:SagspartLokalUdvidelse>{wire.maybe('si:FuldtNavn', party.name)}</si:SagspartLokalUdvidelse>"
        target = wire.cpr_reference(party)
        relation = wire.reference(role=role, kind=roles.TYPE_PERSON, target=target, local=local)
        parts.append(f"<sag:Sagspart>{effect}{relation}</sag:Sagspart>")
    return parts


def _case_record(document: Document, order: int) -> str:
    target = wire.uuid_reference(document.uuid)
    relation = wire.reference(role=roles.CASE_RECORD, kind=roles.TYPE_DOCUMENT, target=target, order=order)
    return (
        f"<sag:Journalpost>{wire.virkning('gd:Virkning', document.start)}{relation}"
        f"<sag:JournalpostEgenskaber>{wire.maybe('sag:Dokumenttitel', document.title)}"
        f"{_secret(document.secret_title, 'sd')}</sag:JournalpostEgenskaber></sag:Journalpost>"
    )


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
