"""The tables under ``data/``: municipalities, fagsystemer and KLE numbers, read once when the program starts."""

import csv
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from indexes.mock.dice import Dice
from indexes.mock.objects import Authority, Caseworker, System, Unit

DATA = Path(__file__).parent / "data"

UDK_CVR = "33236239"  # ATP, whose Udbetaling Danmark owns these cases
DEMO_MUNICIPALITIES = ("0730", "0360", "0461")

# Systems, authorities and units are the same in every synthetic Denmark, so their UUIDs hang on no seed.
_NAMESPACE = UUID("5a1d2f0e-0000-4000-8000-000000000000")


def read_toml(name: str) -> dict[str, Any]:
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)


def read_csv(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=4096)
def fixed_uuid(name: str) -> str:
    """The UUID of something that is not a person's, known by its name."""
    return str(uuid5(_NAMESPACE, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    code: str
    authority: Authority
    name: str  # "Randers", without "Kommune"
    residents: int  # thousands, rounded: only for spreading the synthetic citizens
    jobcenter_system: str
    esdh_system: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    municipalities: dict[str, Municipality]
    udk: Authority
    systems: dict[str, System]
    case_numbers: dict[str, str]  # by fagsystem: a format over year, number and kle
    kle: dict[str, str]
    pay: dict[str, dict[str, Any]]  # how each rule of ``days.Payday`` is written in a grant
    units: dict[str, dict[str, str]]
    names: dict[str, list[str]]

    def system(self, name: str, municipality: Municipality) -> System:
        """The fagsystem called ``name``; "jobcenter" and "esdh" are the ones that the municipality uses."""
        names = {"jobcenter": municipality.jobcenter_system, "esdh": municipality.esdh_system}
        return self.systems[names.get(name, name)]

    def home(
        self, municipality: Municipality, system: System, kle: str, unit: str | None = None
    ) -> tuple[Authority, Unit]:
        """Who owns a case in ``system`` and which unit has it; ``unit`` names another than the usual."""
        if system.name in self.units["udk"]:
            return self.udk, unit_called(unit or self.units["udk"][system.name])
        usual = self.units["kommune"][kle[:2]]
        return municipality.authority, unit_called(unit or f"{usual}, {municipality.authority.name}")

    def case_number(self, system: System, year: int, number: int, kle: str) -> str:
        return self.case_numbers[system.name].format(year=year, short_year=f"{year % 100:02d}", number=number, kle=kle)

    def caseworker(self, dice: Dice) -> Caseworker:
        """Someone who works at an authority; the initials are the first letters of the names."""
        return _caseworker(dice.pick(self.names["caseworker_given"]), dice.pick(self.names["caseworker_family"]))


@lru_cache(maxsize=4096)
def _caseworker(given: str, family: str) -> Caseworker:
    name = f"{given} {family}"
    return Caseworker(name=name, initials=(given[:2] + family[:2]).upper(), uuid=fixed_uuid(name))


@lru_cache(maxsize=1024)
def unit_called(name: str) -> Unit:
    return Unit(name=name, uuid=fixed_uuid(name))


def _authority(cvr: str, name: str) -> Authority:
    return Authority(cvr=cvr, name=name, uuid=fixed_uuid(cvr))


def _municipality(row: dict[str, str]) -> Municipality:
    return Municipality(
        code=row["code"],
        authority=_authority(row["cvr"], row["full_name"]),
        name=row["name"],
        residents=int(row["residents"]),
        jobcenter_system=row["jobcenter_system"],
        esdh_system=row["esdh_system"],
        phone=row["phone"],
    )


def load_tables(municipalities: int = 98) -> Tables:
    """Everything the data files say, for the demo municipalities and enough others to make ``municipalities``."""
    rows = [_municipality(row) for row in read_csv("municipalities.csv")]
    demo_first = sorted(rows, key=lambda row: row.code not in DEMO_MUNICIPALITIES)
    chosen = sorted(demo_first[: max(municipalities, len(DEMO_MUNICIPALITIES))], key=lambda row: row.code)
    systems = read_toml("systems.toml")
    return Tables(
        municipalities={row.code: row for row in chosen},
        udk=_authority(UDK_CVR, "Udbetaling Danmark"),
        systems={name: System(name=name, uuid=fixed_uuid(name)) for name in systems},
        case_numbers={name: entry["habit"] for name, entry in systems.items()},
        kle={row["number"]: row["title"] for row in read_csv("kle.csv")},
        pay=read_toml("pay.toml"),
        units=read_toml("units.toml"),
        names=read_toml("names.toml"),
    )
