"""Who the provider's claims say that somebody is: a citizen, or an employee of one organisation.

The names are those of NemLog-in (OIOSAML Web SSO Profile 3.0, attribute profiles), which the Danish brokers pass on as
claims of the same name. Only what is needed is read of them: not the CPR UUID, which no index knows anybody by (ADR 9).
Plain Python: nothing is looked up and nobody is signed in here.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from indexes.authorities import UDK, by_code, by_cvr
from portal.login.failures import Reason, SignInError, refused
from portal.login.privileges import Granted, Privilege, PrivilegesError, read_privileges
from portal.login.reach import is_kept

_EID: Final = "https://data.gov.dk/model/core/eid/"
CPR: Final = f"{_EID}cprNumber"
FULL_NAME: Final = f"{_EID}fullName"
FIRST_NAME: Final = f"{_EID}firstName"
BORN: Final = f"{_EID}dateOfBirth"
CVR: Final = f"{_EID}professional/cvr"
STAFF_UUID: Final = f"{_EID}professional/uuid/persistent"
PRIVILEGES: Final = f"{_EID}privilegesIntermediate"
LEVEL: Final = "https://data.gov.dk/concept/core/nsis/loa"
# NSIS 2.0.1: Low, Substantial, High. Sensitive personal data ask for Substantial at least.
HIGH_ENOUGH: Final = frozenset({"Substantial", "High"})
_URN: Final = "urn:uuid:"
LONGEST_NAME: Final = 200  # characters; what the column of an employee's name holds, and enough for a session
# A person has one role here. Of several the one that may most; those of Udbetaling Danmark are its own staff's.
_ORDER: Final = ("udk_administrator", "administrator", "coordinator")
_AT_UDK: Final = frozenset({"udk_administrator"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the settings say of claims.

    Attributes:
        municipality: the claim that names the municipality of residence, by kommune code.
        roles: our role -> the URI of its privilege.
        delegations: an authority's CVR number -> that of the organisation whose staff may act for it.
    """

    municipality: str
    roles: Mapping[str, str]
    delegations: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """A person as such. ``municipality`` is a kommune code."""

    cpr: str = field(repr=False)
    name: str
    given_name: str
    birth_date: dt.date | None
    municipality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """A person at work. ``municipalities`` are kommune codes; none at Udbetaling Danmark.

    ``left_out`` are the codes of authorities where a limit that is not kept here leaves them no role at all.
    """

    key: str
    name: str
    role: str
    municipalities: tuple[str, ...]
    privileges: tuple[Privilege, ...]
    left_out: tuple[str, ...] = ()


def read_claims(claims: Mapping[str, object], rules: Rules) -> Citizen | Employee:
    """Who it is. Whoever signs in for an organisation is an employee, also when the claims hold a CPR number.

    Raises:
        SignInError: the assurance is too low, or what is needed is missing.
    """
    if _text(claims, LEVEL) not in HIGH_ENOUGH:
        raise SignInError(
            Reason.LEVEL, "The level of assurance (NSIS) is below Substantial or missing, so nobody was signed in."
        )
    return _employee(claims, rules) if CVR in claims else _citizen(claims, rules)


def _text(claims: Mapping[str, object], name: str) -> str:
    """The text of a claim without white space around it; empty when it is missing or no text."""
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _name(claims: Mapping[str, object]) -> str:
    name = _text(claims, FULL_NAME)
    if not 0 < len(name) <= LONGEST_NAME:
        raise refused(f"The identity provider gave no name that can be used ({FULL_NAME}), so nobody was signed in.")
    return name


def _citizen(claims: Mapping[str, object], rules: Rules) -> Citizen:
    cpr = _text(claims, CPR)
    if not re.fullmatch(r"[0-9]{10}", cpr):
        raise SignInError(Reason.NO_CPR, f"The identity provider gave no CPR number ({CPR}), so nobody was signed in.")
    municipality = _text(claims, rules.municipality)
    if municipality not in by_code or municipality == UDK:
        raise SignInError(
            Reason.NO_MUNICIPALITY,
            f"The identity provider gave no kommune code ({rules.municipality}), so nobody was signed in. See that "
            "OIDC_MUNICIPALITY_CLAIM names the claim that holds it.",
        )
    name = _name(claims)
    given_name = _text(claims, FIRST_NAME)
    return Citizen(
        cpr=cpr,
        name=name,
        given_name=given_name if 0 < len(given_name) <= LONGEST_NAME else name.split()[0],
        birth_date=_date(_text(claims, BORN)),
        municipality=municipality,
    )


def _uuid(text: str) -> UUID | None:
    """None for what is no UUID: without one no employee is signed in."""
    try:
        return UUID(text.lower().removeprefix(_URN))
    except ValueError:
        return None


def _date(text: str) -> dt.date | None:
    """None for what is no day: then nobody's power of attorney can be taken on (``citizen.helpers``)."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _employee(claims: Mapping[str, object], rules: Rules) -> Employee:
    key = _uuid(_text(claims, STAFF_UUID))
    if key is None:
        raise refused(f"The identity provider gave an employee without {STAFF_UUID}, so nobody was signed in.")
    name = _name(claims)
    try:
        given = read_privileges(_text(claims, PRIVILEGES)) if PRIVILEGES in claims else Granted()
    except PrivilegesError as error:
        raise SignInError(Reason.NO_PRIVILEGES, str(error), employee=str(key)) from None
    meant = _meant(given.privileges, _text(claims, CVR), rules)
    role = next((role for role in _ORDER if any(is_kept(role, one.limits) for one in meant.get(role, ()))), None)
    if role is None:
        raise _without_role(given, str(key), limited=bool(meant))
    kept = tuple(one for one in meant[role] if is_kept(role, one.limits))
    codes = _codes(kept)
    return Employee(
        key=str(key),
        name=name,
        role=role,
        municipalities=() if role in _AT_UDK else codes,
        privileges=kept,
        left_out=tuple(code for code in _codes(meant[role]) if code not in codes),
    )


def _codes(privileges: Iterable[Privilege]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(by_cvr[privilege.cvr].code for privilege in privileges))


def _without_role(given: Granted, key: str, *, limited: bool) -> SignInError:
    """Why nothing of what was granted gives a role here."""
    if limited:
        return SignInError(
            Reason.LIMITED,
            "An employee's roles are all limited by what no page here can keep (sensitivity, unit, it-system), so "
            "nobody was signed in: their organisation must grant the role without, or limited by KLE alone.",
            employee=key,
        )
    return SignInError(
        Reason.NO_PRIVILEGES,
        f"None of an employee's {len(given.privileges)} privileges is a role of ours in their own organisation and "
        f"{given.not_understood} groups were not understood, so nobody was signed in. See OIDC_ROLES, and what "
        "their organisation has granted.",
        employee=key,
    )


def _meant(given: tuple[Privilege, ...], own: str, rules: Rules) -> dict[str, tuple[Privilege, ...]]:
    """Our role -> the privileges that name it: in the employee's own organisation, or one that has delegated to it."""
    names = {uri: role for role, uri in rules.roles.items()}
    found: dict[str, tuple[Privilege, ...]] = {}
    for privilege in given:
        role, authority = names.get(privilege.role), by_cvr.get(privilege.cvr)
        theirs = privilege.cvr == own or rules.delegations.get(privilege.cvr) == own
        if role and authority and theirs and (role in _AT_UDK) == (authority.code == UDK):
            found[role] = (*found.get(role, ()), privilege)
    return found
