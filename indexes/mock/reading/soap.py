"""Requests to Sags- og Dokumentindeks and Ydelsesindeks: the operation fremsoeg of 6.0 in a SOAP 1.1 envelope.

The part of the 6.0 search language that is understood: UUIDs, or one search per kind of object by the primary party's
CPR number and/or the owner's CVR number, narrowed by KLE number (2, 5 or 8 characters, matched from the left). Anything
else in a search is refused, never overlooked: an overlooked condition would find too much.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from indexes.mock.reading.elements import NS, local_name, only, prefixed, text, texts, tree, uuids, whole
from indexes.mock.reading.search import (
    DEFAULT_PAGE,
    LARGEST_PAGE,
    Criteria,
    NotUnderstood,
    Refused,
    SdiSearch,
    YiSearch,
    constrained,
)
from indexes.mock.writing import roles

_OPERATIONS = ("AND", "OR")  # the same for the one search of each kind that is understood
_INCLUDED = {"SagInkluder": ("journalpost",)}  # the documents of the cases, which come along anyhow
_KLE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2})?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaf:
    """Where the conditions of one kind of search stand, as paths from the search, and their roles."""

    party: str
    party_role: str
    owner: str
    owner_role: str
    kle: str

    def paths(self) -> frozenset[str]:
        """Every path on which something may stand."""
        relation = ("gd:Rolle/sd:UUIDIdentifikator", "gd:ReferenceID/sd:URNIdentifikator")
        class_role = self.kle.partition("/gd:LokalUdvidelseListe")[0]
        return frozenset(
            [
                "sd:FoersteResultatReference",
                "sd:MaksimalAntalKvantitet",
                self.kle,
                f"{class_role}/{relation[0]}",
                *(f"{path}/{each}" for path in (self.party, self.owner) for each in relation),
            ]
        )


_CASES = _Leaf(
    party="sag:RelationListe/sag:Sagspart",
    party_role=roles.CASE_PRIMARY_PARTY,
    owner="sag:RelationListe/sag:Sagsaktoer",
    owner_role=roles.CASE_OWNER,
    kle="sag:RelationListe/sag:Sagsklasse/gd:LokalUdvidelseListe/si:SagsklasseLokalUdvidelse/si:BrugervendtNoegle",
)
_GRANTS = _Leaf(
    party="bi:RelationListe/bi:Bevillingspart",
    party_role=roles.GRANT_RECIPIENT,
    owner="bi:RelationListe/bi:Bevillingsaktoer",
    owner_role=roles.GRANT_OWNER,
    kle="bi:AttributListe/bi:BevilgetYdelse/bi:Ydelse/bi:Klassifikation/bi:BrugervendtNoegle",
)
_PAYMENTS = _Leaf(
    party="oef:RelationListe/oef:OekonomiskEffektueringPart",
    party_role=roles.PAYMENT_RECIPIENT,
    owner="oef:RelationListe/oef:Aktoer",
    owner_role=roles.PAYMENT_OWNER,
    kle="oef:RelationListe/oef:OekonomiskYdelseEffektueringRelation/oef:Klassifikationsbeskrivelse",
)
_CASE_CLASS_ROLE = "sag:RelationListe/sag:Sagsklasse/gd:Rolle/sd:UUIDIdentifikator"


def read_sdi(body: bytes) -> SdiSearch:
    """A fremsoeg request to Sags- og Dokumentindeks. Raises NotUnderstood or Refused."""
    request = _operation(body, "sdi:FremsoegSagDokumentIndeksInput", ("sdi:SagUuid", "sdi:DokumentUuid"))
    shown = _shown(request, "sdi", {"SagVis": roles.CASE_PARTS, "DokumentVis": roles.DOCUMENT_PARTS, **_INCLUDED})
    leaves = _leaves(request, "sdi:SoegUdtryk", {"sdi:SoegSag": _CASES})
    search = SdiSearch(
        case_uuids=uuids(request, "sdi:SagUuid"),
        document_uuids=uuids(request, "sdi:DokumentUuid"),
        criteria=leaves.get("sdi:SoegSag"),
        show_case=shown["SagVis"],
        show_document=shown["DokumentVis"],
    )
    constrained(search.case_uuids, search.document_uuids, search.criteria)
    return search


def read_yi(body: bytes) -> YiSearch:
    """A fremsoeg request to Ydelsesindeks. Raises NotUnderstood or Refused."""
    request = _operation(body, "yi:FremsoegYdelseIndeksInput", ("yi:BevillingUuid", "yi:OekonomiskEffektueringUuid"))
    words = {"BevillingVis": roles.GRANT_PARTS, "OekonomiskEffektueringVis": roles.PAYMENT_PARTS}
    shown = _shown(request, "yi", words)
    grant, payment = "yi:SoegBevillingIndeks", "yi:SoegOekonomiskEffektueringIndeks"
    leaves = _leaves(request, "yi:SoegUdtryk", {grant: _GRANTS, payment: _PAYMENTS})
    search = YiSearch(
        grant_uuids=uuids(request, "yi:BevillingUuid"),
        payment_uuids=uuids(request, "yi:OekonomiskEffektueringUuid"),
        grants=leaves.get(grant),
        payments=leaves.get(payment),
        show_grant=shown["BevillingVis"],
        show_payment=shown["OekonomiskEffektueringVis"],
    )
    constrained(search.grant_uuids, search.payment_uuids, search.grants, search.payments)
    return search


def _operation(body: bytes, name: str, uuid_lists: tuple[str, str]) -> etree._Element:
    """The element ``name``, alone in the body of a SOAP envelope. Raises NotUnderstood when it is not there."""
    found = tree(body).findall("soap:Body/*", NS)
    if [prefixed(each) for each in found] != [name]:
        raise NotUnderstood(f"There is no soap:Body/{name} alone in the request. Send that operation to this address.")
    request, prefix = found[0], name.partition(":")[0]
    only(request, [f"{prefix}:{part}" for part in ("SoegUdtryk", "Filter", "Sortering")], repeated=uuid_lists)
    if (sorting := request.find(f"{prefix}:Sortering", NS)) is not None and len(sorting):
        raise Refused("Sortering forstås ikke: rækkefølgen er altid borger og dernæst UUID. Udelad Sortering.")
    return request


def _shown(request: etree._Element, prefix: str, known: dict[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """The words of Filter by the element they stand in, of which ``known`` has all that may stand there."""
    said: dict[str, set[str]] = {name: set() for name in known}
    for child in request.iterfind(f"{prefix}:Filter/*", NS):
        tag = local_name(child)
        if prefixed(child) != f"{prefix}:{tag}" or tag not in known:
            raise Refused(f"{tag} i Filter forstås ikke. Vælg blandt {', '.join(known)}.")
        if tag.endswith("Vis"):
            only(child, [f"{prefix}:Vis"])
        for word in texts(child, f"{prefix}:Vis") if tag.endswith("Vis") else ((child.text or "").strip(),):
            if word not in known[tag]:
                raise Refused(f"'{word}' i {tag} kendes ikke. Vælg blandt {', '.join(known[tag])}.")
            said[tag].add(word)
    return {tag: frozenset(words) for tag, words in said.items()}


def _leaves(request: etree._Element, path: str, known: dict[str, _Leaf]) -> dict[str, Criteria]:
    """The searches in a SoegUdtryk by their names: at most one of each, and nothing else."""
    leaves: dict[str, Criteria] = {}
    operation = f"{path.partition(':')[0]}:operation"
    _check_operations(texts(request, f"{path}/{operation}"))
    for child in request.iterfind(f"{path}/*", NS):
        name = prefixed(child)
        if name == operation:
            continue
        if name not in known:
            raise Refused(f"{local_name(child)} i SoegUdtryk forstås ikke. Søg med én enkel søgning.")
        if name in leaves:
            raise Refused(f"Der er mere end én {local_name(child)} i SoegUdtryk. Søg med én ad gangen.")
        leaves[name] = _criteria(child, known[name])
    return leaves


def _check_operations(said: Sequence[str]) -> None:
    """Raises Refused unless nothing is said, or one of what there is."""
    if len(said) > 1:
        raise Refused("Der er mere end én operation i SoegUdtryk. Angiv én.")
    if said and said[0] not in _OPERATIONS:
        raise Refused(f"operation er '{said[0]}'. Skriv {' eller '.join(_OPERATIONS)}.")


def _criteria(node: etree._Element, leaf: _Leaf) -> Criteria:
    _only_known(node, "", leaf.paths())
    class_role = text(node, _CASE_CLASS_ROLE)
    if leaf is _CASES and text(node, leaf.kle) is not None and class_role != roles.CASE_PRIMARY_CLASS:
        raise Refused("Sagsklasse kan kun søges i rollen Primær klasse. Angiv dens UUID i Rolle.")
    cpr = _relation(node, leaf.party, leaf.party_role, roles.CPR_URN, digits=10)
    cvr = _relation(node, leaf.owner, leaf.owner_role, roles.CVR_URN, digits=8)
    constrained(cpr, cvr)
    kle = text(node, leaf.kle)
    if kle is not None and not _KLE.fullmatch(kle):
        raise Refused(f"KLE-nummeret '{kle}' er ikke på 2, 5 eller 8 tegn. Skriv fx 32, 32.24 eller 32.24.04.")
    return Criteria(
        cpr=cpr,
        cvr=cvr,
        kle=kle or "",
        first=whole(node, "sd:FoersteResultatReference", default=0, least=0),
        most=min(whole(node, "sd:MaksimalAntalKvantitet", default=DEFAULT_PAGE, least=1), LARGEST_PAGE),
    )


def _only_known(node: etree._Element, path: str, known: frozenset[str]) -> None:
    """Raises Refused when something is said anywhere but on the known paths, or more than once on one of them."""
    said: set[str] = set()
    for child in node:
        place = f"{path}{prefixed(child)}"
        if place in said:
            raise Refused(f"Der er mere end én {local_name(child)} i søgningen. Søg med én.")
        said.add(place)
        if len(child):
            _only_known(child, f"{place}/", known)
        elif (child.text or "").strip() and place not in known:
            raise Refused(f"{local_name(child)} kan der ikke søges på her. Udelad det af søgningen.")


def _relation(node: etree._Element, path: str, role: str, urn: str, *, digits: int) -> str | None:
    """The number in the ReferenceID of the relation at ``path``, which must have the role; None without one."""
    found = node.find(path, NS)
    if found is None:
        return None
    if text(found, "gd:Rolle/sd:UUIDIdentifikator") != role:
        raise Refused(f"{local_name(found)} har ikke en rolle, der kan søges på. Angiv rollens UUID i Rolle: {role}.")
    reference = text(found, "gd:ReferenceID/sd:URNIdentifikator") or ""
    if not re.fullmatch(rf"{urn}[0-9]{{{digits}}}", reference):
        raise Refused(f"ReferenceID i {local_name(found)} er ikke {urn} fulgt af {digits} cifre. Angiv nummeret sådan.")
    return reference.removeprefix(urn)
