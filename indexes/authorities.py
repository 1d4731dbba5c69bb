"""The authorities whose records we read: the 98 municipalities and Udbetaling Danmark, over ``data/authorities.csv``.

How to reach them is not here (``borgerblik/contacts.py``), nor what they have opened.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from indexes.records import SOURCES, Source

DATA = Path(__file__).parent / "data" / "authorities.csv"
UDK = "UDK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """One authority. ``code`` is the four digits of a kommune, or ``UDK``; ``cvr`` is eight digits."""

    code: str
    name: str
    cvr: str

    @property
    def sources(self) -> tuple[Source, ...]:
        """The indexes that hold records of this authority: a holistic plan is always a municipality's."""
        return (Source.SDI, Source.YI) if self.code == UDK else SOURCES


def _read() -> tuple[Authority, ...]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(Authority(code=row["code"], name=row["name"], cvr=row["cvr"]) for row in csv.DictReader(file))


all_of_them = _read()
by_code: Mapping[str, Authority] = MappingProxyType({authority.code: authority for authority in all_of_them})
by_cvr: Mapping[str, Authority] = MappingProxyType({authority.cvr: authority for authority in all_of_them})
