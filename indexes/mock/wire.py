"""What the answers of all three indexes are written with: escaping, Virkning, relations, amounts and the fixed UUIDs.

Answers are put together from text, never from an element tree: the mock must feed a bulk sync faster than it can read.
"""

from collections.abc import Iterable

from indexes.mock.objects import Authority, Party, Unit

# Roles and types as in the sample clients that KOMBIT publishes (they are those of its test environment).
CASE_OWNER = "9e979b84-b846-4472-8622-58007dc63c7e"
CASE_RESPONSIBLE = "a1263342-d348-44ba-a566-233f37c4cb67"
CASE_CASEWORKER = "bf1f93ed-9441-4af4-835b-baeb201f3076"
CASE_PRIMARY_PARTY = "d839f26a-d4d1-4441-b2d6-3dbbb12a9404"
CASE_PRIMARY_CLASS = "a86c6581-ec85-412d-a655-31a1f1d5b14f"
CASE_ACTION_CLASS = "05ef7011-11a7-4e4c-a46b-3de6aa457fc3"
SYSTEM_MASTER = "251c24fd-57b0-4afc-9d73-b063d1957eb3"
GRANT_OWNER = "abdf4d3e-f113-4282-b13e-6cd32a82621c"
GRANT_RESPONSIBLE = "fbe1016a-170a-4dea-8652-2813c1a566c0"
GRANT_RECIPIENT = "3102fa7e-f56e-4510-b0d4-1650c590dc3b"
GRANT_CLASS = "ea909030-c5fa-4544-9b22-a0010d08ebe1"
PART_OF = "ccc9d91b-9a4c-4ada-9be4-795ca068e89d"
PAYMENT_OWNER = "a91824c4-da1d-47f9-bce2-5d6597879415"
PAYMENT_UNIT = "a1ff36be-b3fb-4e1f-aac0-9d3313070ecb"
PAYMENT_RECIPIENT = "68d4b903-acae-4f2f-aafc-45bd999ed81f"
TYPE_ORGANISATION = "bc6972cd-8f2b-4b9d-8d37-62916d6a71aa"
TYPE_UNIT = "c5fc3b3b-5197-49ee-92e6-ae6ba1957174"
TYPE_USER = "85d65133-4b00-460d-992e-3984857b5768"
TYPE_PERSON = "c189ba35-de4b-4363-a8b7-67f1456cf56f"
TYPE_CLASS = "267235ea-526d-4a18-8001-f2a0e563eba1"
TYPE_SYSTEM = "29fe1da2-897a-46cd-b635-b9be8e0bffd6"

# These UUIDs were not found in any public source. They are ours, and settings in whoever reads them.
CASE_HIDING_CLASS = "5a1d2f0e-0000-4000-8000-000000000001"  # Visningsklasse, on cases and on documents
CASE_OUTCOME_CLASS = "5a1d2f0e-0000-4000-8000-000000000002"  # Afgørelsesklasse
CASE_SECONDARY_PARTY = "5a1d2f0e-0000-4000-8000-000000000003"  # Sekundær part
CASE_RECORD = "5a1d2f0e-0000-4000-8000-000000000004"  # Journalpost: Tilakteret
CASE_RELATED = "5a1d2f0e-0000-4000-8000-000000000005"  # Sagsrelation: Andre sager
TYPE_CASE = "5a1d2f0e-0000-4000-8000-000000000006"
TYPE_DOCUMENT = "5a1d2f0e-0000-4000-8000-000000000007"
HIDDEN = ("5a1d2f0e-0000-4000-8000-0000000000a1", "Visning undtaget for borger")
OUTCOMES = {
    "granted": ("5a1d2f0e-0000-4000-8000-0000000000b1", "I partens favør"),
    "partly": ("5a1d2f0e-0000-4000-8000-0000000000b2", "Delvis i partens favør"),
    "refused": ("5a1d2f0e-0000-4000-8000-0000000000b3", "Ikke i partens favør"),
    "annulled": ("5a1d2f0e-0000-4000-8000-0000000000b4", "Annulleret"),
}

CPR_URN = "urn:oio:cpr-nr:"
CVR_URN = "urn:oio:cvr-nr:"
KLE_URN = "urn:oio:kle:"


def text(words: str) -> str:
    """``words`` as the content of an element."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def maybe(tag: str, words: str | None) -> str:
    """An element with ``words`` in it, or nothing at all for None."""
    return "" if words is None else f"<{tag}>{text(words)}</{tag}>"


def amount(ore: int) -> str:
    """Øre as BeloebType: kroner with a full stop and two decimals, e.g. -850.00."""
    sign = "-" if ore < 0 else ""
    return f"{sign}{abs(ore) // 100}.{abs(ore) % 100:02d}"


def virkning(tag: str, start: str, end: str | None = None) -> str:
    """A Virkning from ``start`` (included) to ``end`` (not included; None is unbounded)."""
    until = (
        "<sd:GraenseIndikator>true</sd:GraenseIndikator>"
        if end is None
        else f"<sd:TidsstempelDatoTid>{end}</sd:TidsstempelDatoTid>"
    )
    return (
        f"<{tag}><sd:FraTidspunkt><sd:TidsstempelDatoTid>{start}</sd:TidsstempelDatoTid></sd:FraTidspunkt>"
        f"<sd:TilTidspunkt>{until}</sd:TilTidspunkt></{tag}>"
    )


def by_uuid(tag: str, uuid: str) -> str:
    return f"<{tag}><sd:UUIDIdentifikator>{uuid}</sd:UUIDIdentifikator></{tag}>"


def by_urn(tag: str, urn: str) -> str:
    return f"<{tag}><sd:URNIdentifikator>{urn}</sd:URNIdentifikator></{tag}>"


def reference(*, role: str, kind: str, target: str, local: str = "", order: int = 1) -> str:
    """What a gd:RelationType holds after its Virkning. ``target`` is a written ReferenceID, ``local`` its extension."""
    extension = f"<gd:LokalUdvidelseListe>{local}</gd:LokalUdvidelseListe>" if local else ""
    return f"{by_uuid('gd:Rolle', role)}{by_uuid('gd:Type', kind)}<gd:Indeks>{order}</gd:Indeks>{target}{extension}"


def uuid_reference(uuid: str) -> str:
    return by_uuid("gd:ReferenceID", uuid)


def cpr_reference(party: Party) -> str:
    return by_urn("gd:ReferenceID", CPR_URN + party.cpr)


def actors(
    tag: str, effect: str, prefix: str, owner: tuple[str, Authority] | None, unit: tuple[str, Unit] | None
) -> Iterable[str]:
    """The owner and the unit of a grant or payment as ``tag``, each with its role."""
    if owner:
        role, authority = owner
        yield (
            f"<{tag}>{effect}"
            f"{reference(role=role, kind=TYPE_ORGANISATION, target=uuid_reference(authority.uuid))}"
            f"<{prefix}:FuldtNavn>{text(authority.name)}</{prefix}:FuldtNavn>"
            f"<{prefix}:CVR-nr>{authority.cvr}</{prefix}:CVR-nr></{tag}>"
        )
    if unit:
        role, place = unit
        yield (
            f"<{tag}>{effect}{reference(role=role, kind=TYPE_UNIT, target=uuid_reference(place.uuid))}"
            f"<{prefix}:FuldtNavn>{text(place.name)}</{prefix}:FuldtNavn></{tag}>"
        )


def registration(registered: str, lifecycle: str, note: str = "") -> str:
    """The opening fields of a Registrering."""
    return (
        f"{note}<sd:Tidspunkt>{registered}</sd:Tidspunkt><sd:LivscyklusKode>{lifecycle}</sd:LivscyklusKode>"
        f"<gd:StsTidspunkt>{registered}</gd:StsTidspunkt>"
    )


def count(prefix: str, element: str, total: int, paging: tuple[int, int] | None = None) -> str:
    """An Antal. With ``paging`` (first, most) it tells the total there is; without, what this answer holds."""
    pages = (
        f"<{prefix}:Paginering><sd:FoersteResultatReference>{paging[0]}</sd:FoersteResultatReference>"
        f"<sd:MaksimalAntalKvantitet>{paging[1]}</sd:MaksimalAntalKvantitet></{prefix}:Paginering>"
        if paging
        else ""
    )
    return (
        f"<{prefix}:Antal><{prefix}:Element>{element}</{prefix}:Element>"
        f"<{prefix}:Antal>{total}</{prefix}:Antal>{pages}</{prefix}:Antal>"
    )
