"""Small editions of KLE, as XML in KLE-Online's form. The titles are made up."""

from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True, kw_only=True)
class Emne:
    nr: str
    title: str
    deletion: str = "P1825D"
    gone_since: str | None = None


def _info(level: str, gone_since: str | None = None) -> str:
    historic = f"<Historisk><UdgaaetDato>{gone_since}</UdgaaetDato></Historisk>" if gone_since else ""
    return (
        f"<{level}AdministrativInfo><OprettetDato>2004-02-01</OprettetDato>{historic}</{level}AdministrativInfo>"
        f"<{level}Filter/><{level}Stikord><Orden>1</Orden><Tekst>stikord</Tekst></{level}Stikord>"
    )


def _emne(emne: Emne) -> str:
    deletion = (
        f"<SletningJaevnfoerPersondataloven>{emne.deletion}</SletningJaevnfoerPersondataloven>" if emne.deletion else ""
    )
    return (
        f"<Emne><EmneNr>{emne.nr}</EmneNr><EmneTitel>{escape(emne.title)}</EmneTitel>"
        f"<EmneVejledning><VejledningTekst><p>Emnet dækker <b>meget</b>.</p></VejledningTekst></EmneVejledning>"
        f"{_info('Emne', emne.gone_since)}<BevaringJaevnfoerArkivloven>K</BevaringJaevnfoerArkivloven>{deletion}"
        f"<EmneOgHandlingsfacetStikord><Tekst>x</Tekst><HandlingsfacetNr>G01</HandlingsfacetNr>"
        f"</EmneOgHandlingsfacetStikord><UUID>00000000-0000-4000-8000-000000000000</UUID></Emne>"
    )


def emneplan(*emner: Emne, published: str = "2025-05-01") -> bytes:
    """An edition with these topics, and the main groups and groups that they stand in."""
    groups: dict[str, dict[str, list[Emne]]] = {}
    for emne in emner:
        groups.setdefault(emne.nr[:2], {}).setdefault(emne.nr[:5], []).append(emne)
    parts = []
    for main, inside in groups.items():
        parts.append(
            f"<Hovedgruppe><HovedgruppeNr>{main}</HovedgruppeNr><HovedgruppeTitel>Hovedgruppe {main}"
            f"</HovedgruppeTitel>{_info('Hovedgruppe')}"
        )
        for group, topics in inside.items():
            parts.append(f"<Gruppe><GruppeNr>{group}</GruppeNr><GruppeTitel>Gruppe {group}</GruppeTitel>")
            parts += [_info("Gruppe"), *map(_emne, topics), "</Gruppe>"]
        parts.append("</Hovedgruppe>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<KLE-Emneplan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:noNamespaceSchemaLocation="http://skemaer.kle-online.dk/rest/KLE-REST-Emneplan-fuld-version-1-3.xsd">\n'
        f"<UdgivelsesDato>{published}</UdgivelsesDato>{''.join(parts)}</KLE-Emneplan>"
    ).encode()
