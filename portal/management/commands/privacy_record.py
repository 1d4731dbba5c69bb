"""``manage.py privacy_record``: write docs/privacy/record.md anew from the code."""

import tomllib
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from borgerblik import declared as borgerblik_declared
from indexes.personal import Rule
from portal import retention
from portal.access import access_of
from portal.declared import PLACES, TABLES
from portal.privacy_record import Enforced, Way, record

ROOT: Final = Path(__file__).resolve().parents[3]
PLACE: Final = ROOT / "docs" / "privacy" / "record.md"
TOLD: Final = Path(borgerblik_declared.__file__).parent / "data" / "privacy.toml"
PUBLIC: Final = "public"
NIGHTLY: Final = "`purge_expired`, each night"


class Command(BaseCommand):
    help = "Writes the record of processing (docs/privacy/record.md) anew from the code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=PLACE, metavar="FILE", help="where to write it")

    def handle(self, *_args: Any, **options: Any) -> None:
        place: Path = options["to"]
        place.parent.mkdir(parents=True, exist_ok=True)
        text = as_it_is()
        before = place.read_text("utf-8") if place.exists() else ""
        place.write_text(text, "utf-8")
        self.stdout.write(f"{place} {'says the same as before' if text == before else 'was written anew'}.")


def as_it_is() -> str:
    """The record as the code is now."""
    return record(
        tables=TABLES,
        places=PLACES,
        ways=ways(),
        rules=rules(),
        told=tomllib.loads(TOLD.read_text("utf-8")),
    )


def rules() -> list[Enforced]:
    """Every rule with what enforces it, in the order of the vocabulary."""
    days = retention.days()
    return [Enforced(rule=rule, days=days.get(rule), by=retention.ELSEWHERE.get(rule, NIGHTLY)) for rule in Rule]


def ways() -> list[Way]:
    """Every address that is not open to everybody, and who may open it."""
    return [
        Way(address=address, who=str(access))
        for address, access in _addresses(get_resolver("portal.urls").url_patterns)
        if access != PUBLIC
    ]


def _addresses(patterns: Iterable[URLPattern | URLResolver], at: str = "") -> Iterator[tuple[str, object]]:
    for one in patterns:
        address = at + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _addresses(one.url_patterns, address)
        else:
            yield address, access_of(one.callback)
