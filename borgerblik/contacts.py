"""How a citizen reaches each authority: from a data file that the authorities own. Never a person's number."""

import tomllib
from functools import cache
from pathlib import Path

from borgerblik.overview.elements import Contact

DATA = Path(__file__).parent / "data" / "contacts.toml"


@cache
def _entries() -> dict[str, dict[str, str]]:
    return tomllib.loads(DATA.read_text("utf-8"))


@cache
def of(code: str, name: str) -> Contact:
    """The contact of an authority; only its name when the file says nothing of it."""
    entry = _entries().get(code, {})
    phone = entry.get("phone")
    return Contact(
        name=name,
        unit=None,
        phone=phone,
        phone_href=f"tel:+45{phone.replace(' ', '')}" if phone else None,
        hours=entry.get("hours"),
        address=entry.get("address"),
        website=entry.get("website"),
    )
