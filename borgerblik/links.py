"""Where one can read more about a KLE number or do something oneself: from a data file that the editors own."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from borgerblik.areas import PREFIX_LENGTHS
from borgerblik.languages import DANISH
from borgerblik.overview.elements import RegisterText

DATA = Path(__file__).parent / "data" / "links.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """An address at another site, and what it is called."""

    text: RegisterText
    href: str
    does: bool  # one can do something there, and not only read


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text("utf-8"))


def post() -> str:
    """Where a citizen reads letters from the authorities."""
    return str(_file()["post"])


@cache
def of(kle: str, language: str) -> tuple[Lead, ...]:
    """The links of the longest prefix of a KLE number that has some."""
    for length in PREFIX_LENGTHS:
        if found := [row for row in _file()["link"] if kle[:length] in row["kle"]]:
            return tuple(_lead(row, language if language in row else DANISH) for row in found)
    return ()


def _lead(row: dict[str, Any], language: str) -> Lead:
    return Lead(text=RegisterText(text=row[language], lang=language), href=row["href"], does=row.get("do", False))
