"""Employees as the tests make them: with what their organisation has granted, as signing in writes it down."""

from collections.abc import Mapping, Sequence

from indexes.authorities import UDK, by_code
from portal.models import StaffUser

Kept = dict[str, object]
NO_LIMITS: Mapping[str, Sequence[str]] = {"kle": (), "sensitivity": (), "units": (), "systems": ()}


def granted(code: str, role: str = "administrator", **limits: Sequence[str]) -> Kept:
    """A role in an authority (its code), narrowed by ``limits``, as it is kept with an employee."""
    kept = {name: list(values) for name, values in {**NO_LIMITS, **limits}.items()}
    return {
        "role": f"http://borgerblik.dk/roles/usersystemrole/{role}/1",
        "cvr": by_code[code].cvr,
        "limits": kept,
    }


def employee(role: str, *municipalities: str, key: str = "", name: str = "Karen Dahl") -> StaffUser:
    """An employee with the whole of a role in each municipality, or at Udbetaling Danmark."""
    return StaffUser.objects.create(
        key=key or f"{role}-1",
        name=name,
        role=role,
        municipalities=list(municipalities),
        privileges=[granted(code, role) for code in municipalities or (UDK,)],
    )
