# ruff: noqa: RUF009 - a UUID never changes, so a default may hold one
"""The UUIDs by which a message says what has happened, and to what. They differ between test and production: settings.

None of them is public: the defaults are the demo's own, and no other Beskedfordeler uses them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from uuid import UUID

from indexes.parse.roles import RolesError


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRoles:
    """ObjektHandling and ObjektType, from the classification of each.

    ``remove`` is the handling of an object that was removed (the operation fjern), which comes without the object;
    ``case``, ``grant`` and ``payment`` are the types of Sag, Bevilling and OekonomiskEffektuering.
    """

    remove: UUID = UUID("5a1d2f0e-0000-4000-8000-0000000000e1")
    case: UUID = UUID("5a1d2f0e-0000-4000-8000-000000000006")
    grant: UUID = UUID("5a1d2f0e-0000-4000-8000-0000000000e2")
    payment: UUID = UUID("5a1d2f0e-0000-4000-8000-0000000000e3")


def event_roles(given: Mapping[str, UUID]) -> EventRoles:
    """The roles of events, those ``given`` by name in place of the defaults.

    Raises:
        RolesError: a name is unknown, or two have the same UUID.
    """
    names = {role.name for role in fields(EventRoles)}
    if unknown := sorted(given.keys() - names):
        raise RolesError(
            f"EVENT_ROLES names {', '.join(unknown)}, which means nothing here, so a UUID would go unused: "
            f"use the names {', '.join(sorted(names))}."
        )
    roles = replace(EventRoles(), **given)
    if len({getattr(roles, name) for name in names}) < len(names):
        raise RolesError(
            "EVENT_ROLES gives two names the same UUID, so one thing would be taken for the other: give each its own."
        )
    return roles
