# ruff: noqa: RUF009 - a UUID never changes, so a default may hold one
"""The role UUIDs by which the indexes say what a relation means. They differ between test and production: settings.

Defaults are KOMBIT's test environment (anvisning for Sag 1.5 and the sample clients' properties). Those of
Visningsklasse and Afgørelsesklasse are not public: the defaults are the demo's own, and no other index uses them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from indexes.records import Outcome


class RolesError(ValueError):
    """SDI_ROLES, SDI_OUTCOMES or YI_ROLES cannot be used; the sentence says which, and why."""


def _demo_outcomes() -> Mapping[UUID, Outcome]:
    return MappingProxyType(
        {
            UUID("5a1d2f0e-0000-4000-8000-0000000000b1"): Outcome.GRANTED,
            UUID("5a1d2f0e-0000-4000-8000-0000000000b2"): Outcome.PARTLY,
            UUID("5a1d2f0e-0000-4000-8000-0000000000b3"): Outcome.REFUSED,
            UUID("5a1d2f0e-0000-4000-8000-0000000000b4"): Outcome.ANNULLED,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SdiRoles:
    """Roles in Sags- og Dokumentindeks, and the types of those who act on a case.

    Every class on the role ``display_class`` (Visningsklasse) hides what it stands on, known or not, so the class
    "Visning undtaget for borger" itself needs no setting.
    """

    owner: UUID = UUID("9e979b84-b846-4472-8622-58007dc63c7e")
    responsible: UUID = UUID("a1263342-d348-44ba-a566-233f37c4cb67")
    caseworker: UUID = UUID("bf1f93ed-9441-4af4-835b-baeb201f3076")
    primary_party: UUID = UUID("d839f26a-d4d1-4441-b2d6-3dbbb12a9404")
    primary_class: UUID = UUID("a86c6581-ec85-412d-a655-31a1f1d5b14f")
    facet: UUID = UUID("05ef7011-11a7-4e4c-a46b-3de6aa457fc3")
    display_class: UUID = UUID("5a1d2f0e-0000-4000-8000-000000000001")
    outcome_class: UUID = UUID("5a1d2f0e-0000-4000-8000-000000000002")
    outcomes: Mapping[UUID, Outcome] = field(default_factory=_demo_outcomes)
    master: UUID = UUID("251c24fd-57b0-4afc-9d73-b063d1957eb3")
    organisation_type: UUID = UUID("bc6972cd-8f2b-4b9d-8d37-62916d6a71aa")
    unit_type: UUID = UUID("c5fc3b3b-5197-49ee-92e6-ae6ba1957174")
    user_type: UUID = UUID("85d65133-4b00-460d-992e-3984857b5768")  # a person at work: never shown to the citizen


@dataclass(frozen=True, slots=True, kw_only=True)
class YiRoles:
    """Roles in Ydelsesindeks: of a Bevilling, of an OekonomiskEffektuering, and of the system both come from.

    ``user_type`` is the type of a person at work.
    """

    grant_owner: UUID = UUID("abdf4d3e-f113-4282-b13e-6cd32a82621c")
    grant_responsible: UUID = UUID("fbe1016a-170a-4dea-8652-2813c1a566c0")
    grant_receiver: UUID = UUID("3102fa7e-f56e-4510-b0d4-1650c590dc3b")
    payment_owner: UUID = UUID("a91824c4-da1d-47f9-bce2-5d6597879415")
    paying_unit: UUID = UUID("a1ff36be-b3fb-4e1f-aac0-9d3313070ecb")
    payment_receiver: UUID = UUID("68d4b903-acae-4f2f-aafc-45bd999ed81f")
    master: UUID = UUID("251c24fd-57b0-4afc-9d73-b063d1957eb3")
    user_type: UUID = UUID("85d65133-4b00-460d-992e-3984857b5768")


def sdi_roles(given: Mapping[str, UUID], outcomes: Mapping[str, UUID]) -> SdiRoles:
    """The roles of Sags- og Dokumentindeks, those ``given`` by name in place of the defaults.

    ``outcomes``, when there are any, are all that is known: they take the place of the demo's together.

    Raises:
        RolesError: a name is unknown, or two roles or two outcomes have the same UUID.
    """
    _check("SDI_ROLES", given, {role.name for role in fields(SdiRoles)} - {"outcomes"})
    _check("SDI_OUTCOMES", outcomes, set(Outcome))
    changes: dict[str, Any] = {**given}
    if outcomes:
        changes["outcomes"] = MappingProxyType({uuid: Outcome(name) for name, uuid in outcomes.items()})
    roles = replace(SdiRoles(), **changes)
    _check_different("SDI_ROLES", [getattr(roles, role.name) for role in fields(SdiRoles) if role.name != "outcomes"])
    _check_different("SDI_OUTCOMES", list(outcomes.values()))
    return roles


def yi_roles(given: Mapping[str, UUID]) -> YiRoles:
    """The roles of Ydelsesindeks, those ``given`` by name in place of the defaults.

    Raises:
        RolesError: a name is unknown, or two roles have the same UUID.
    """
    names = {role.name for role in fields(YiRoles)}
    _check("YI_ROLES", given, names)
    roles = replace(YiRoles(), **given)
    _check_different("YI_ROLES", [getattr(roles, name) for name in names])
    return roles


def _check(setting: str, given: Iterable[str], names: Iterable[str]) -> None:
    if unknown := sorted(set(given) - set(names)):
        raise RolesError(
            f"{setting} names {', '.join(unknown)}, which means nothing here, so a UUID would go unused: "
            f"use the names {', '.join(sorted(names))}."
        )


def _check_different(setting: str, uuids: list[UUID]) -> None:
    """One UUID for two roles would read one relation as the other, and could show what is exempt from view."""
    if len(set(uuids)) < len(uuids):
        raise RolesError(
            f"{setting} gives two names the same UUID, so one relation would be read as the other: "
            "give each name its own."
        )
