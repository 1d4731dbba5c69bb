"""What an employee may do, as their organisation has said it: the OIO Basic Privilege Profile, versions 1.0.1 to 1.2.

A list in XML of groups; each holds in one organisation (Scope), names roles (Privilege) and may narrow them
(Constraint: KOMBIT's four). Whatever is not understood grants nothing: a limit that we cannot keep is worse than a role
too few. Plain Python: how far a limited role reaches is for ``reach``, who that makes somebody for ``claims``.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from lxml.etree import _Element

from indexes.errors import BadAnswer
from indexes.parse import levels
from indexes.records import Sensitivity
from indexes.soap import parse_xml

# Version 1.0.1, which KOMBIT still uses, and 1.2.
_NAMESPACES: Final = (
    "http://itst.dk/oiosaml/basic_privilege_profile",
    "http://digst.dk/oiosaml/basic_privilege_profile",
)
_CONSTRAINT: Final = "http://sts.kombit.dk/constraints/{}/1"
_SCOPE: Final = re.compile(r"urn:dk:gov:saml:cvrNumberIdentifier:([0-9]{8})", re.ASCII)
# A whole main group, group or topic of KLE, or what begins so; * alone is all of it. KOMBIT's documents show "32.*".
_KLE: Final = re.compile(r"\*|[0-9]{2}(\.[0-9]{2}){0,2}(\.\*)?", re.ASCII)
_SYSTEM: Final = re.compile(r"[\w.:/-]{1,200}", re.ASCII)
MOST_CHARACTERS: Final = 64 * 1024  # of the claim; a list of a hundred groups is a third of that


class PrivilegesError(ValueError):
    """The list cannot be read at all. The message holds nothing of it."""


class _NotUnderstoodError(ValueError):
    """A group says something that we do not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What narrows a role. An empty part narrows nothing.

    Attributes:
        kle: topics, such as ``32.*`` or ``15.17.06``.
        sensitivity: levels.
        units: UUIDs of organisational units.
        systems: it-systems, as KOMBIT's organisation names them.
    """

    kle: tuple[str, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = ()
    units: tuple[UUID, ...] = ()
    systems: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[str]]:
        return {
            "kle": list(self.kle),
            "sensitivity": [str(level) for level in self.sensitivity],
            "units": [str(unit) for unit in self.units],
            "systems": list(self.systems),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Privilege:
    """One role in one organisation. ``role`` is a URI, ``cvr`` eight digits."""

    role: str
    cvr: str
    limits: Limits

    def as_json(self) -> dict[str, object]:
        """As it is kept with the employee."""
        return {"role": self.role, "cvr": self.cvr, "limits": self.limits.as_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A list as far as it is understood, and how many of its groups are not."""

    privileges: tuple[Privilege, ...] = ()
    not_understood: int = 0


def read_privileges(claim: str) -> Granted:
    """The privileges of a claim ``privilegesIntermediate`` (base64 of the XML).

    Raises:
        PrivilegesError: it is no such list.
    """
    if len(claim) > MOST_CHARACTERS:
        raise PrivilegesError(f"The privileges are longer than {MOST_CHARACTERS} characters, so they were not read.")
    try:
        root = parse_xml(base64.b64decode("".join(claim.split()), validate=True))
    except (binascii.Error, ValueError, BadAnswer) as error:
        raise PrivilegesError(f"The privileges cannot be read ({type(error).__name__}), so none is granted.") from None
    space = next((name for name in _NAMESPACES if root.tag == f"{{{name}}}PrivilegeList"), None)
    if space is None:
        raise PrivilegesError("The privileges are no OIO BPP PrivilegeList, so none is granted.")
    groups = [_group(group, space) for group in root]
    return Granted(
        privileges=tuple(privilege for group in groups for privilege in group or ()), not_understood=groups.count(None)
    )


def _group(group: _Element, space: str) -> list[Privilege] | None:
    """A group's privileges; None if anything in it is not understood."""
    try:
        _expect(group, space, "PrivilegeGroup", {"Scope"})
        cvr = _organisation(group.get("Scope", ""))
        roles = [_role(child, space) for child in group if _is(child, space, "Privilege")]
        limits = _limits([child for child in group if not _is(child, space, "Privilege")], space)
    except _NotUnderstoodError:
        return None
    return [Privilege(role=role, cvr=cvr, limits=limits) for role in roles]


def _role(privilege: _Element, space: str) -> str:
    _expect(privilege, space, "Privilege", set())
    return _text(privilege)


def _organisation(scope: str) -> str:
    """The CVR number of a scope; those of other kinds (a production unit, a person) mean nothing here."""
    found = _SCOPE.fullmatch(scope)
    if found is None:
        raise _NotUnderstoodError
    return found[1]


def _is(element: _Element, space: str, name: str) -> bool:
    """The schema leaves the elements inside unqualified; some write them in the list's own namespace."""
    return element.tag in {name, f"{{{space}}}{name}"}


def _expect(element: _Element, space: str, name: str, attributes: set[str]) -> None:
    if not _is(element, space, name) or set(element.keys()) != attributes:
        raise _NotUnderstoodError


def _text(element: _Element) -> str:
    if len(element):
        raise _NotUnderstoodError
    return (element.text or "").strip()


def _limits(constraints: list[_Element], space: str) -> Limits:
    """What a group's constraints say together; each kind may stand once."""
    found: dict[str, tuple[str, ...]] = {}
    for constraint in constraints:
        _expect(constraint, space, "Constraint", {"Name"})
        name = constraint.get("Name", "")
        values = tuple(value.strip() for value in _text(constraint).split(","))
        if name in found or not all(values):
            raise _NotUnderstoodError
        found[name] = values
    return _read_limits(found)


def _read_limits(found: Mapping[str, tuple[str, ...]]) -> Limits:
    kinds = {name: _CONSTRAINT.format(name) for name in ("KLE", "foelsomhed", "orgenhed", "itsystem")}
    if not found.keys() <= set(kinds.values()):
        raise _NotUnderstoodError
    kle, words, units, systems = (found.get(kind, ()) for kind in kinds.values())
    try:
        return limits_of(kle=kle, sensitivity=tuple(map(levels.sensitivity, words)), units=units, systems=systems)
    except ValueError:
        raise _NotUnderstoodError from None


def limits_of(
    *, kle: Sequence[str], sensitivity: Sequence[str], units: Sequence[str], systems: Sequence[str]
) -> Limits:
    """Limits from their texts.

    Raises:
        ValueError: one of them is not what its kind may hold.
    """
    read = tuple(map(Sensitivity, sensitivity))
    if Sensitivity.UNKNOWN in read or not all([*map(_KLE.fullmatch, kle), *map(_SYSTEM.fullmatch, systems)]):
        raise ValueError("a limit of an unknown kind")
    return Limits(kle=tuple(kle), sensitivity=read, units=tuple(map(UUID, units)), systems=tuple(systems))
