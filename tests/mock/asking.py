"""Requests to the mock indexes, as text, and the paths needed to look at the answers."""

from collections.abc import Iterable

CASE_VIS = (
    "egenskaber",
    "fremdrift",
    "sagsklasse",
    "sagsaktoer",
    "sagspart",
    "sagsrelation",
    "journalpost",
    "itsystem",
)
DOCUMENT_VIS = ("egenskaber", "fremdrift", "klasse", "aktoer", "itsystem")
GRANT_VIS = ("egenskaber", "bevilgetydelse", "sag", "part", "aktoer-ejer", "aktoer-ansvarlig")
PAYMENT_VIS = ("egenskaber", "aktoer", "oekonomiskeydelseeffektueringer", "itsystem")

NS = {
    "soap": "http://schemas.xmlsoap.org/soap/envelope/",
    "sd": "urn:oio:sagdok:3.0.0",
    "gd": "urn:oio:sts:generelledefinitioner:6",
    "sag": "urn:oio:sts:sagdok:sag:6",
    "si": "urn:oio:sts:sagdok:sagindeks:6",
    "di": "urn:oio:sts:sagdok:dokumentindeks:6",
    "sdi": "urn:oio:sts:sagdok:sagdokumentindeks:6",
    "yi": "urn:oio:sts:ydelse:ydelseindeks:6",
    "bi": "urn:oio:sts:ydelse:bevillingindeks:6",
    "oef": "urn:oio:sts:ydelse:oekonomiskeffektueringindeks:6",
    "plan": "urn:borgerblik:planindeks:1",
}
XML = {"Content-Type": "text/xml; charset=utf-8"}
HEADERS = {
    "sdi": {**XML, "SOAPAction": '"http://kombit.dk/sts/sagdokumentindeks/fremsoeg"'},
    "yi": {**XML, "SOAPAction": '"http://kombit.dk/sts/ydelseindeks/fremsoeg"'},
    "plan": XML,
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())


def envelope(content: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope {_DECLARED}><soap:Header>'
        '<rh:RequestHeader xmlns:rh="http://kombit.dk/xml/schemas/RequestHeader/1/">'
        "<rh:TransactionUUID>11111111-2222-4333-8444-555555555555</rh:TransactionUUID></rh:RequestHeader>"
        f"</soap:Header><soap:Body>{content}</soap:Body></soap:Envelope>"
    ).encode()


def _relation(tag: str, role: str, urn: str) -> str:
    return (
        f"<{tag}><gd:Rolle><sd:UUIDIdentifikator>{role}</sd:UUIDIdentifikator></gd:Rolle>"
        f"<gd:ReferenceID><sd:URNIdentifikator>{urn}</sd:URNIdentifikator></gd:ReferenceID></{tag}>"
    )


def _page(first: int | None, most: int | None) -> str:
    parts = []
    if first is not None:
        parts.append(f"<sd:FoersteResultatReference>{first}</sd:FoersteResultatReference>")
    if most is not None:
        parts.append(f"<sd:MaksimalAntalKvantitet>{most}</sd:MaksimalAntalKvantitet>")
    return "".join(parts)


def _filter(prefix: str, shown: dict[str, Iterable[str]]) -> str:
    words = "".join(
        f"<{prefix}:{tag}><{prefix}:Vis>{word}</{prefix}:Vis></{prefix}:{tag}>"
        for tag, each in shown.items()
        for word in each
    )
    return f"<{prefix}:Filter>{words}</{prefix}:Filter>"


def sdi(  # noqa: PLR0913  every way to ask, all of them by name
    *,
    cpr: str | None = None,
    cvr: str | None = None,
    kle: str | None = None,
    cases: Iterable[str] = (),
    documents: Iterable[str] = (),
    first: int | None = None,
    most: int | None = None,
    case_vis: Iterable[str] = CASE_VIS,
    document_vis: Iterable[str] = DOCUMENT_VIS,
) -> bytes:
    relations = ""
    if cvr:
        relations += _relation("sag:Sagsaktoer", "9e979b84-b846-4472-8622-58007dc63c7e", f"urn:oio:cvr-nr:{cvr}")
    if kle:
        relations += (
            "<sag:Sagsklasse><gd:Rolle><sd:UUIDIdentifikator>a86c6581-ec85-412d-a655-31a1f1d5b14f"
            "</sd:UUIDIdentifikator></gd:Rolle><gd:LokalUdvidelseListe><si:SagsklasseLokalUdvidelse>"
            f"<si:BrugervendtNoegle>{kle}</si:BrugervendtNoegle></si:SagsklasseLokalUdvidelse>"
            "</gd:LokalUdvidelseListe></sag:Sagsklasse>"
        )
    if cpr:
        relations += _relation("sag:Sagspart", "d839f26a-d4d1-4441-b2d6-3dbbb12a9404", f"urn:oio:cpr-nr:{cpr}")
    search = (
        f"<sdi:SoegUdtryk><sdi:operation>AND</sdi:operation><sdi:SoegSag>{_page(first, most)}<sag:AttributListe/>"
        f"<sag:TilstandListe/><sag:RelationListe>{relations}</sag:RelationListe></sdi:SoegSag></sdi:SoegUdtryk>"
        if relations
        else ""
    )
    return envelope(
        "<sdi:FremsoegSagDokumentIndeksInput>"
        + "".join(f"<sdi:SagUuid>{uuid}</sdi:SagUuid>" for uuid in cases)
        + "".join(f"<sdi:DokumentUuid>{uuid}</sdi:DokumentUuid>" for uuid in documents)
        + search
        + _filter("sdi", {"SagVis": case_vis, "DokumentVis": document_vis})
        + "</sdi:FremsoegSagDokumentIndeksInput>"
    )


def yi(  # noqa: PLR0913  every way to ask, all of them by name
    *,
    cpr: str | None = None,
    cvr: str | None = None,
    kle: str | None = None,
    grants: Iterable[str] = (),
    payments: Iterable[str] = (),
    first: int | None = None,
    most: int | None = None,
    payments_first: int | None = None,
    grant_vis: Iterable[str] = GRANT_VIS,
    payment_vis: Iterable[str] = PAYMENT_VIS,
) -> bytes:
    searches = ""
    if cpr or cvr:
        grant_vis, payment_vis = tuple(grant_vis), tuple(payment_vis)
        if grant_vis:
            searches += _grant_search(cpr, cvr, kle, _page(first, most))
        if payment_vis:
            later = first if payments_first is None else payments_first
            searches += _payment_search(cpr, cvr, kle, _page(later, most))
    return envelope(
        "<yi:FremsoegYdelseIndeksInput>"
        + "".join(f"<yi:BevillingUuid>{uuid}</yi:BevillingUuid>" for uuid in grants)
        + "".join(f"<yi:OekonomiskEffektueringUuid>{uuid}</yi:OekonomiskEffektueringUuid>" for uuid in payments)
        + f"<yi:SoegUdtryk>{searches}</yi:SoegUdtryk>"
        + _filter("yi", {"BevillingVis": grant_vis, "OekonomiskEffektueringVis": payment_vis})
        + "</yi:FremsoegYdelseIndeksInput>"
    )


def _grant_search(cpr: str | None, cvr: str | None, kle: str | None, page: str) -> str:
    part = _relation("bi:Bevillingspart", "3102fa7e-f56e-4510-b0d4-1650c590dc3b", f"urn:oio:cpr-nr:{cpr}")
    owner = _relation("bi:Bevillingsaktoer", "abdf4d3e-f113-4282-b13e-6cd32a82621c", f"urn:oio:cvr-nr:{cvr}")
    subject = (
        "<bi:BevilgetYdelse><bi:Ydelse><bi:Klassifikation>"
        f"<bi:BrugervendtNoegle>{kle}</bi:BrugervendtNoegle></bi:Klassifikation></bi:Ydelse></bi:BevilgetYdelse>"
    )
    return (
        f"<yi:SoegBevillingIndeks>{page}<bi:AttributListe>{subject if kle else ''}</bi:AttributListe>"
        f"<bi:TilstandListe/><bi:RelationListe>{part if cpr else ''}{owner if cvr else ''}</bi:RelationListe>"
        "</yi:SoegBevillingIndeks>"
    )


def _payment_search(cpr: str | None, cvr: str | None, kle: str | None, page: str) -> str:
    part = _relation("oef:OekonomiskEffektueringPart", "68d4b903-acae-4f2f-aafc-45bd999ed81f", f"urn:oio:cpr-nr:{cpr}")
    owner = _relation("oef:Aktoer", "a91824c4-da1d-47f9-bce2-5d6597879415", f"urn:oio:cvr-nr:{cvr}")
    subject = (
        "<oef:OekonomiskYdelseEffektueringRelation>"
        f"<oef:Klassifikationsbeskrivelse>{kle}</oef:Klassifikationsbeskrivelse>"
        "</oef:OekonomiskYdelseEffektueringRelation>"
    )
    return (
        f"<yi:SoegOekonomiskEffektueringIndeks>{page}<oef:AttributListe/><oef:TilstandListe/><oef:RelationListe>"
        f"{subject if kle else ''}{owner if cvr else ''}{part if cpr else ''}</oef:RelationListe>"
        "</yi:SoegOekonomiskEffektueringIndeks>"
    )


def plan(
    *,
    cpr: str | None = None,
    cvr: str | None = None,
    uuids: Iterable[str] = (),
    first: int | None = None,
    most: int | None = None,
) -> bytes:
    content = f"<Cpr>{cpr}</Cpr>" if cpr else ""
    if cvr:
        content += f"<EjerCvr>{cvr}</EjerCvr>"
        content += "" if first is None else f"<Foerste>{first}</Foerste>"
        content += "" if most is None else f"<Maks>{most}</Maks>"
    content += "".join(f"<PlanUuid>{uuid}</PlanUuid>" for uuid in uuids)
    return f'<PlanSoegning xmlns="{NS["plan"]}">{content}</PlanSoegning>'.encode()
