"""The searches we send, as bytes: valid against the indexes' 6.0 schemas and the plan index's own.

Two searches each: everything one citizen is the primary party of, and a page of what one authority owns. The filter
asks for all we read and nothing else; an empty one would return nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID, uuid4
from xml.sax.saxutils import escape, quoteattr

from indexes.parse.roles import SdiRoles, YiRoles
from indexes.soap import envelope

SDI_ACTION = "http://kombit.dk/sts/sagdokumentindeks/fremsoeg"
YI_ACTION = "http://kombit.dk/sts/ydelseindeks/fremsoeg"

_NAMESPACES = {
    "sd": "urn:oio:sagdok:3.0.0",
    "gd": "urn:oio:sts:generelledefinitioner:6",
    "sag": "urn:oio:sts:sagdok:sag:6",
    "si": "urn:oio:sts:sagdok:sagindeks:6",
    "sdi": "urn:oio:sts:sagdok:sagdokumentindeks:6",
    "bi": "urn:oio:sts:ydelse:bevillingindeks:6",
    "oef": "urn:oio:sts:ydelse:oekonomiskeffektueringindeks:6",
    "yi": "urn:oio:sts:ydelse:ydelseindeks:6",
}
_PLAN_NAMESPACE = "urn:borgerblik:planindeks:1"

_CASE_PARTS = (
    "egenskaber",
    "fremdrift",
    "sagsklasse",
    "sagsaktoer",
    "sagspart",
    "sagsrelation",
    "journalpost",
    "itsystem",
)
_DOCUMENT_PARTS = ("egenskaber", "fremdrift", "klasse")
_GRANT_PARTS = ("egenskaber", "bevilgetydelse", "sag", "part", "aktoer-ejer", "aktoer-ansvarlig")
_PAYMENT_PARTS = ("egenskaber", "aktoer", "oekonomiskeydelseeffektueringer", "itsystem")

_CPR = re.compile(r"[0-9]{10}")
_CVR = re.compile(r"[0-9]{8}")
_KLE = re.compile(r"[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2})?)?")


class SdiRequests:
    """Searches in Sags- og Dokumentindeks. Each asks for ``most`` cases from number ``first`` (from 0)."""

    def __init__(self, roles: SdiRoles, *, transaction: Callable[[], UUID] = uuid4) -> None:
        """``transaction`` gives each request the UUID by which the index's operator can find it."""
        self._roles = roles
        self._transaction = transaction

    def by_cpr(self, cpr: str, *, first: int, most: int) -> bytes:
        """Cases of which ``cpr`` is the primary party, with their documents."""
        return self._search(_relation("sag:Sagspart", self._roles.primary_party, _cpr_urn(cpr)), first, most)

    def by_owner(self, cvr: str, *, first: int, most: int, kle: str | None = None) -> bytes:
        """Cases the authority owns, of all topics or of those beginning with ``kle`` (2, 5 or 8 characters)."""
        relations = _relation("sag:Sagsaktoer", self._roles.owner, _cvr_urn(cvr))
        if kle is not None:
            key = f"<si:BrugervendtNoegle>{escape(_checked(_KLE, kle, 'KLE number'))}</si:BrugervendtNoegle>"
            details = f"<si:SagsklasseLokalUdvidelse>{key}</si:SagsklasseLokalUdvidelse>"
            relations += _relation("sag:Sagsklasse", self._roles.primary_class, None, details)
        return self._search(relations, first, most)

    def _search(self, relations: str, first: int, most: int) -> bytes:
        search = f"<sdi:SoegSag>{_page(first, most)}{_lists('sag', relations)}</sdi:SoegSag>"
        shown = _shown("sdi:SagVis", _CASE_PARTS) + _shown("sdi:DokumentVis", _DOCUMENT_PARTS)
        message = (
            f"<sdi:FremsoegSagDokumentIndeksInput{_declared('sdi', 'sag', 'si', 'gd', 'sd')}>"
            f"<sdi:SoegUdtryk><sdi:operation>AND</sdi:operation>{search}</sdi:SoegUdtryk>"
            f"<sdi:Filter>{shown}<sdi:SagInkluder>journalpost</sdi:SagInkluder></sdi:Filter>"
            "</sdi:FremsoegSagDokumentIndeksInput>"
        )
        return envelope(message, transaction=self._transaction())


class YiRequests:
    """Searches in Ydelsesindeks. Grants and payments are paged each on its own, in one request.

    ``first`` says for each of ``grant`` and ``payment`` the number (from 0) of the first wanted; a kind that is not
    named is not asked for. ``most`` is for each kind.
    """

    def __init__(self, roles: YiRoles, *, transaction: Callable[[], UUID] = uuid4) -> None:
        """``transaction`` gives each request the UUID by which the index's operator can find it."""
        self._roles = roles
        self._transaction = transaction

    def by_cpr(self, cpr: str, *, first: Mapping[str, int], most: int) -> bytes:
        """Grants and payments that ``cpr`` receives."""
        urn = _cpr_urn(cpr)
        grants = _relation("bi:Bevillingspart", self._roles.grant_receiver, urn)
        payments = _relation("oef:OekonomiskEffektueringPart", self._roles.payment_receiver, urn)
        return self._search(grants, payments, first, most)

    def by_owner(self, cvr: str, *, first: Mapping[str, int], most: int) -> bytes:
        """Grants and payments that the authority owns."""
        urn = _cvr_urn(cvr)
        grants = _relation("bi:Bevillingsaktoer", self._roles.grant_owner, urn)
        payments = _relation("oef:Aktoer", self._roles.payment_owner, urn)
        return self._search(grants, payments, first, most)

    def _search(self, grants: str, payments: str, first: Mapping[str, int], most: int) -> bytes:
        searches, shown = "", ""
        if "grant" in first:
            lists = _page(first["grant"], most) + _lists("bi", grants)
            searches += f"<yi:SoegBevillingIndeks>{lists}</yi:SoegBevillingIndeks>"
            shown += _shown("yi:BevillingVis", _GRANT_PARTS)
        if "payment" in first:
            lists = _page(first["payment"], most) + _lists("oef", payments)
            searches += f"<yi:SoegOekonomiskEffektueringIndeks>{lists}</yi:SoegOekonomiskEffektueringIndeks>"
            shown += _shown("yi:OekonomiskEffektueringVis", _PAYMENT_PARTS)
        message = (
            f"<yi:FremsoegYdelseIndeksInput{_declared('yi', 'bi', 'oef', 'gd', 'sd')}>"
            f"<yi:SoegUdtryk><yi:operation>OR</yi:operation>{searches}</yi:SoegUdtryk>"
            f"<yi:Filter>{shown}</yi:Filter></yi:FremsoegYdelseIndeksInput>"
        )
        return envelope(message, transaction=self._transaction())


def plan_by_cpr(cpr: str) -> bytes:
    """The plan of one citizen: there is at most one, so there are no pages."""
    return _plan(f"<Cpr>{escape(_checked(_CPR, cpr, 'CPR number'))}</Cpr>")


def plan_by_owner(cvr: str, *, first: int, most: int) -> bytes:
    owner = f"<EjerCvr>{escape(_checked(_CVR, cvr, 'CVR number'))}</EjerCvr>"
    return _plan(f"{owner}<Foerste>{first}</Foerste><Maks>{most}</Maks>")


def _plan(criteria: str) -> bytes:
    namespace = quoteattr(_PLAN_NAMESPACE)
    return f'<?xml version="1.0" encoding="UTF-8"?><PlanSoegning xmlns={namespace}>{criteria}</PlanSoegning>'.encode()


def _declared(*prefixes: str) -> str:
    return "".join(f" xmlns:{prefix}={quoteattr(_NAMESPACES[prefix])}" for prefix in prefixes)


def _page(first: int, most: int) -> str:
    return (
        f"<sd:FoersteResultatReference>{first}</sd:FoersteResultatReference>"
        f"<sd:MaksimalAntalKvantitet>{most}</sd:MaksimalAntalKvantitet>"
    )


def _lists(prefix: str, relations: str) -> str:
    return (
        f"<{prefix}:AttributListe/><{prefix}:TilstandListe/>"
        f"<{prefix}:RelationListe>{relations}</{prefix}:RelationListe>"
    )


def _relation(tag: str, role: UUID, urn: str | None, details: str = "") -> str:
    reference = (
        f"<gd:ReferenceID><sd:URNIdentifikator>{escape(urn)}</sd:URNIdentifikator></gd:ReferenceID>" if urn else ""
    )
    extension = f"<gd:LokalUdvidelseListe>{details}</gd:LokalUdvidelseListe>" if details else ""
    return (
        f"<{tag}><gd:Rolle><sd:UUIDIdentifikator>{role}</sd:UUIDIdentifikator></gd:Rolle>{reference}{extension}</{tag}>"
    )


def _shown(tag: str, parts: Iterable[str]) -> str:
    prefix = tag.partition(":")[0]
    return "".join(f"<{tag}><{prefix}:Vis>{part}</{prefix}:Vis></{tag}>" for part in parts)


def _cpr_urn(cpr: str) -> str:
    return f"urn:oio:cpr-nr:{_checked(_CPR, cpr, 'CPR number')}"


def _cvr_urn(cvr: str) -> str:
    return f"urn:oio:cvr-nr:{_checked(_CVR, cvr, 'CVR number')}"


def _checked(pattern: re.Pattern[str], value: str, what: str) -> str:
    """``value``, if it has the right shape. What it is never stands in the message."""
    if not pattern.fullmatch(value):
        raise ValueError(f"This is not a {what}, so no search was made: give one of the right length, digits only.")
    return value
