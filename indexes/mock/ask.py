"""Requests: from bytes to what is searched for. Refuses in a Danish sentence what the mock does not understand.

The part of the 6.0 search language that is understood: UUIDs, or one search per kind of object by the primary party's
CPR number and/or the owner's CVR number, narrowed by KLE number (2, 5 or 8 characters, matched from the left).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from indexes.mock import wire

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
PLAN = "urn:borgerblik:planindeks:1"
_NS = {
    "soap": ENVELOPE,
    "sdi": "urn:oio:sts:sagdok:sagdokumentindeks:6",
    "sag": "urn:oio:sts:sagdok:sag:6",
    "si": "urn:oio:sts:sagdok:sagindeks:6",
    "yi": "urn:oio:sts:ydelse:ydelseindeks:6",
    "bi": "urn:oio:sts:ydelse:bevillingindeks:6",
    "oef": "urn:oio:sts:ydelse:oekonomiskeffektueringindeks:6",
    "gd": "urn:oio:sts:generelledefinitioner:6",
    "sd": "urn:oio:sagdok:3.0.0",
    "plan": PLAN,
}

DEFAULT_PAGE = 500  # objects, when MaksimalAntalKvantitet is not given
LARGEST_PAGE = 1000  # objects: a larger MaksimalAntalKvantitet is lowered to this, and Paginering says so
_LARGEST_UUID_LIST = 1000
_KLE = re.compile(r"\d\d(\.\d\d(\.\d\d)?)?")


class NotUnderstood(Exception):  # noqa: N818  it is what the caller did, not a failure of ours
    """The bytes are no XML, or not the envelope or the operation that lives at this address."""


class Refused(Exception):  # noqa: N818  it is an answer: status 40
    """The request is readable but cannot be answered; the message is Danish, for FejlbeskedTekst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What the objects must have in common. At least one of ``cpr`` and ``cvr`` is given."""

    cpr: str | None = None
    cvr: str | None = None
    kle: str = ""  # the beginning of a KLE number
    first: int = 0
    most: int = DEFAULT_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class SdiSearch:
    case_uuids: tuple[str, ...]
    document_uuids: tuple[str, ...]
    criteria: Criteria | None
    show_case: frozenset[str]
    show_document: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class YiSearch:
    grant_uuids: tuple[str, ...]
    payment_uuids: tuple[str, ...]
    grants: Criteria | None
    payments: Criteria | None
    show_grant: frozenset[str]
    show_payment: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSearch:
    uuids: tuple[str, ...]
    criteria: Criteria | None


def _tree(body: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise NotUnderstood(f"The request is not well-formed XML: {error.msg}. Send a well-formed one.") from error


def _operation(body: bytes, name: str) -> etree._Element:
    """The element ``name`` in the body of a SOAP envelope. Raises NotUnderstood when there is none."""
    found = _tree(body).find(f"soap:Body/{name}", _NS)
    if found is None:
        raise NotUnderstood(f"There is no soap:Body/{name} in the request. Send that operation to this address.")
    return found


def _texts(node: etree._Element, path: str) -> tuple[str, ...]:
    return tuple((found.text or "").strip() for found in node.iterfind(path, _NS))


def _text(node: etree._Element, path: str) -> str | None:
    return next(iter(_texts(node, path)), None)


def _uuids(node: etree._Element, path: str) -> tuple[str, ...]:
    uuids = _texts(node, path)
    if len(uuids) > _LARGEST_UUID_LIST:
        raise Refused(f"Der er {len(uuids)} UUID'er i søgningen. Søg efter højst {_LARGEST_UUID_LIST} ad gangen.")
    return uuids


def _whole(node: etree._Element, path: str, *, default: int, least: int) -> int:
    words = _text(node, path)
    if words is None:
        return default
    if not re.fullmatch(r"\d{1,9}", words) or int(words) < least:
        raise Refused(f"{path.rsplit(':', maxsplit=1)[-1]} er '{words}'. Angiv et helt tal på mindst {least}.")
    return int(words)


def _leaves(expression: etree._Element | None, allowed: Iterable[str]) -> dict[str, etree._Element]:
    """The searches in a SoegUdtryk by their tags; at most one of each, and nothing but ``allowed``."""
    leaves: dict[str, etree._Element] = {}
    prefixes = {f"{{{_NS[name.split(':')[0]]}}}{name.split(':')[1]}": name for name in allowed}
    for child in () if expression is None else expression.iterchildren(etree.Element):
        name = prefixes.get(child.tag)
        if name is None:
            if etree.QName(child).localname == "operation":
                continue
            raise Refused(f"{etree.QName(child).localname} i SoegUdtryk forstås ikke. Søg med én enkel søgning.")
        if name in leaves:
            raise Refused(f"Der er mere end én {etree.QName(child).localname}. Søg med én ad gangen.")
        leaves[name] = child
    return leaves


def _relation(leaf: etree._Element, path: str, roles: tuple[str, ...], urn: str) -> str | None:
    """The number in the ReferenceID of the one relation at ``path``, which must have one of ``roles``."""
    found = leaf.findall(f"{path}", _NS)
    if not found:
        return None
    words = path.rsplit(":", maxsplit=1)[-1]
    if len(found) > 1:
        raise Refused(f"Der er {len(found)} {words} i søgningen. Søg med én.")
    role = _text(found[0], "gd:Rolle/sd:UUIDIdentifikator")
    if role not in roles:
        raise Refused(f"{words} har ikke en rolle, der kan søges på. Angiv rollens UUID i Rolle.")
    reference = _text(found[0], "gd:ReferenceID/sd:URNIdentifikator") or ""
    if not reference.startswith(urn):
        raise Refused(f"ReferenceID i {words} begynder ikke med {urn}. Angiv nummeret som URN.")
    number = reference.removeprefix(urn)
    if not number.isascii() or not number.isdigit() or len(number) != (10 if urn == wire.CPR_URN else 8):
        raise Refused(f"Nummeret i ReferenceID i {words} har ikke det rigtige antal cifre. Ret nummeret.")
    return number


def _criteria(leaf: etree._Element, *, cpr: str | None, cvr: str | None, kle: str | None) -> Criteria:
    if not cpr and not cvr:
        raise Refused("Søgningen er uden afgrænsning. Angiv en parts CPR-nummer, ejerens CVR-nummer eller UUID'er.")
    if kle is not None and not _KLE.fullmatch(kle):
        raise Refused(f"KLE-nummeret '{kle}' er ikke på 2, 5 eller 8 tegn. Skriv fx 32, 32.24 eller 32.24.04.")
    return Criteria(
        cpr=cpr,
        cvr=cvr,
        kle=kle or "",
        first=_whole(leaf, "sd:FoersteResultatReference", default=0, least=0),
        most=min(_whole(leaf, "sd:MaksimalAntalKvantitet", default=DEFAULT_PAGE, least=1), LARGEST_PAGE),
    )


def _constrained(*searches: object) -> None:
    if not any(searches):
        raise Refused("Søgningen er tom. Angiv en parts CPR-nummer, ejerens CVR-nummer eller UUID'er.")


def read_sdi(body: bytes) -> SdiSearch:
    """A fremsoeg request to Sags- og Dokumentindeks. Raises NotUnderstood or Refused."""
    request = _operation(body, "sdi:FremsoegSagDokumentIndeksInput")
    leaves = _leaves(request.find("sdi:SoegUdtryk", _NS), ["sdi:SoegSag"])
    search = SdiSearch(
        case_uuids=_uuids(request, "sdi:SagUuid"),
        document_uuids=_uuids(request, "sdi:DokumentUuid"),
        criteria=_case_criteria(leaves["sdi:SoegSag"]) if leaves else None,
        show_case=frozenset(_texts(request, "sdi:Filter/sdi:SagVis/sdi:Vis")),
        show_document=frozenset(_texts(request, "sdi:Filter/sdi:DokumentVis/sdi:Vis")),
    )
    _constrained(search.case_uuids, search.document_uuids, search.criteria)
    return search


def _case_criteria(leaf: etree._Element) -> Criteria:
    classes = "sag:RelationListe/sag:Sagsklasse"
    role = _text(leaf, f"{classes}/gd:Rolle/sd:UUIDIdentifikator")
    if leaf.find(classes, _NS) is not None and role != wire.CASE_PRIMARY_CLASS:
        raise Refused("Sagsklasse kan kun søges i rollen Primær klasse. Angiv dens UUID i Rolle.")
    return _criteria(
        leaf,
        cpr=_relation(leaf, "sag:RelationListe/sag:Sagspart", (wire.CASE_PRIMARY_PARTY,), wire.CPR_URN),
        cvr=_relation(leaf, "sag:RelationListe/sag:Sagsaktoer", (wire.CASE_OWNER,), wire.CVR_URN),
        kle=_text(leaf, f"{classes}/gd:LokalUdvidelseListe/si:SagsklasseLokalUdvidelse/si:BrugervendtNoegle"),
    )


def read_yi(body: bytes) -> YiSearch:
    """A fremsoeg request to Ydelsesindeks. Raises NotUnderstood or Refused."""
    request = _operation(body, "yi:FremsoegYdelseIndeksInput")
    grant, payment = "yi:SoegBevillingIndeks", "yi:SoegOekonomiskEffektueringIndeks"
    leaves = _leaves(request.find("yi:SoegUdtryk", _NS), [grant, payment])
    search = YiSearch(
        grant_uuids=_uuids(request, "yi:BevillingUuid"),
        payment_uuids=_uuids(request, "yi:OekonomiskEffektueringUuid"),
        grants=_grant_criteria(leaves[grant]) if grant in leaves else None,
        payments=_payment_criteria(leaves[payment]) if payment in leaves else None,
        show_grant=frozenset(_texts(request, "yi:Filter/yi:BevillingVis/yi:Vis")),
        show_payment=frozenset(_texts(request, "yi:Filter/yi:OekonomiskEffektueringVis/yi:Vis")),
    )
    _constrained(search.grant_uuids, search.payment_uuids, search.grants, search.payments)
    return search


def _grant_criteria(leaf: etree._Element) -> Criteria:
    return _criteria(
        leaf,
        cpr=_relation(leaf, "bi:RelationListe/bi:Bevillingspart", (wire.GRANT_RECIPIENT,), wire.CPR_URN),
        cvr=_relation(leaf, "bi:RelationListe/bi:Bevillingsaktoer", (wire.GRANT_OWNER,), wire.CVR_URN),
        kle=_text(leaf, "bi:AttributListe/bi:BevilgetYdelse/bi:Ydelse/bi:Klassifikation/bi:BrugervendtNoegle"),
    )


def _payment_criteria(leaf: etree._Element) -> Criteria:
    relations = "oef:RelationListe"
    return _criteria(
        leaf,
        cpr=_relation(leaf, f"{relations}/oef:OekonomiskEffektueringPart", (wire.PAYMENT_RECIPIENT,), wire.CPR_URN),
        cvr=_relation(leaf, f"{relations}/oef:Aktoer", (wire.PAYMENT_OWNER,), wire.CVR_URN),
        kle=_text(leaf, f"{relations}/oef:OekonomiskYdelseEffektueringRelation/oef:Klassifikationsbeskrivelse"),
    )


def read_plan(body: bytes) -> PlanSearch:
    """A PlanSoegning to the plan index. Raises NotUnderstood or Refused."""
    request = _tree(body)
    if request.tag != f"{{{PLAN}}}PlanSoegning":
        raise NotUnderstood(f"The request is no PlanSoegning in {PLAN}. Send that to this address.")
    uuids = _uuids(request, "plan:PlanUuid")
    if uuids:
        return PlanSearch(uuids=uuids, criteria=None)
    cpr, cvr = _text(request, "plan:Cpr"), _text(request, "plan:EjerCvr")
    for name, number, digits in (("Cpr", cpr, 10), ("EjerCvr", cvr, 8)):
        if number is not None and not re.fullmatch(rf"[0-9]{{{digits}}}", number):
            raise Refused(f"{name} er ikke på {digits} cifre. Ret nummeret.")
    if not cpr and not cvr:
        raise Refused("Søgningen er uden afgrænsning. Angiv Cpr, EjerCvr eller PlanUuid.")
    first = _whole(request, "plan:Foerste", default=0, least=0)
    most = min(_whole(request, "plan:Maks", default=DEFAULT_PAGE, least=1), LARGEST_PAGE)
    return PlanSearch(uuids=(), criteria=Criteria(cpr=cpr, cvr=cvr, first=first, most=most))
