"""What the answers of all three indexes are written with: escaping, Virkning, relations and amounts.

Answers are put together from text, never from an element tree: the mock must feed a bulk sync faster than it can read.
What is the same in many objects (an authority, a unit, a topic) is written once and kept.
"""

from collections.abc import Iterable
from functools import lru_cache

from indexes.mock.objects import Authority, Party, Unit
from indexes.mock.writing import roles


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


@lru_cache(maxsize=1024)
def _standing(role: str, kind: str, order: int) -> str:
    return f"{by_uuid('gd:Rolle', role)}{by_uuid('gd:Type', kind)}<gd:Indeks>{order}</gd:Indeks>"


def reference(*, role: str, kind: str, target: str, local: str = "", order: int = 1) -> str:
    """What a gd:RelationType holds after its Virkning. ``target`` is a written ReferenceID, ``local`` its extension."""
    if not local:
        return _standing(role, kind, order) + target
    return f"{_standing(role, kind, order)}{target}<gd:LokalUdvidelseListe>{local}</gd:LokalUdvidelseListe>"


def uuid_reference(uuid: str) -> str:
    return by_uuid("gd:ReferenceID", uuid)


def cpr_reference(party: Party) -> str:
    return by_urn("gd:ReferenceID", roles.CPR_URN + party.cpr)


def actors(
    tag: str, effect: str, prefix: str, owner: tuple[str, Authority] | None, unit: tuple[str, Unit] | None
) -> Iterable[str]:
    """The owner and the unit of a grant or payment as ``tag``, each with its role."""
    if owner:
        role, authority = owner
        yield (
            f"<{tag}>{effect}"
            f"{reference(role=role, kind=roles.TYPE_ORGANISATION, target=uuid_reference(authority.uuid))}"
            f"<{prefix}:FuldtNavn>{text(authority.name)}</{prefix}:FuldtNavn>"
            f"<{prefix}:CVR-nr>{authority.cvr}</{prefix}:CVR-nr></{tag}>"
        )
    if unit:
        role, place = unit
        yield (
            f"<{tag}>{effect}{reference(role=role, kind=roles.TYPE_UNIT, target=uuid_reference(place.uuid))}"
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
