"""What is only one person's: words and ids from their rows that stand in nobody else's and in no text of ours."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.test import override_settings

from indexes.crypto import Sealed, cpr_keys
from tests.ops.environment import ROOT
from tests.wall.site import CITIZENS, Site

TABLES = ("indexes_case", "indexes_grant", "indexes_payment", "indexes_plan")
SHORTEST = 8  # letters; a shorter word may stand anywhere


def citizen_ids(site: Site) -> Mapping[str, UUID]:
    """The ids of the demo's citizens by their key, as the owner of the database and of the keys finds them."""
    keys = dict(line.split("=", 1) for line in (site.data / "demo.env").read_text("utf-8").splitlines())
    cprs = {str(person["cpr"]): key for key, person in site.people.items()}
    with override_settings(CPR_KEYS=keys["CPR_KEYS"]), site.connect() as database:
        rows = database.execute("SELECT id, key_id, cpr_sealed FROM indexes_citizen").fetchall()
        opened = {
            cpr_keys().open(Sealed(key_id=key, data=bytes(data)), bound_to=citizen.bytes).decode(): citizen
            for citizen, key, data in rows
        }
    return {key: opened[cpr] for cpr, key in cprs.items() if cpr in opened}


def secrets_of(site: Site) -> Mapping[str, frozenset[bytes]]:
    """For each citizen of the demo what nobody else may be shown."""
    ids, public = citizen_ids(site), _public_words(site)
    holders: dict[str, set[UUID]] = defaultdict(set)
    with site.connect() as database:
        for table in TABLES:
            for citizen, uuid, facts in database.execute(f"SELECT citizen_id, uuid, facts FROM {table}"):  # noqa: S608
                for word in {str(uuid), *_words(facts)}:
                    holders[word].add(citizen)
    others = {
        citizen: "\n".join(word for word, whose in holders.items() if whose - {citizen}) for citizen in ids.values()
    }
    return {
        key: frozenset(
            {str(citizen).encode(), str(site.people[key]["name"]).encode(), str(site.people[key]["cpr"]).encode()}
            | {
                word.encode()
                for word, whose in holders.items()
                if citizen in whose and word not in others[citizen] + public
            }
        )
        for key, citizen in ids.items()
        if key in CITIZENS
    }


def _words(facts: Any) -> Iterator[str]:
    """The texts and amounts of a row, as a page or an answer of REST would write them."""
    if isinstance(facts, dict):
        for given in facts.values():
            yield from _words(given)
    elif isinstance(facts, list):
        for given in facts:
            yield from _words(given)
    elif isinstance(facts, str):
        if _is_amount(facts):
            yield _in_danish(Decimal(facts))
        elif len(facts) >= SHORTEST and not facts[:4].isdigit():  # a date is everybody's
            yield facts


def _is_amount(text: str) -> bool:
    whole, dot, cents = text.lstrip("-").partition(".")
    return bool(dot) and whole.isdigit() and cents.isdigit() and len(whole) > 3


def _in_danish(amount: Decimal) -> str:
    return f"{abs(amount):,.2f}".translate(str.maketrans(",.", ".,"))


def _public_words(site: Site) -> str:
    """Everything that we say to everybody, as one text; whatever stands in there is nobody's secret."""
    files = [*(ROOT / "borgerblik").rglob("*.toml"), *(ROOT / "templates").rglob("*.html")]
    files += [path for path in (ROOT / "indexes" / "data").iterdir() if path.is_file()]
    files += [ROOT / "indexes" / "mock" / "data" / name for name in ("kle.csv", "systems.toml", "units.toml")]
    # Mette's answer stands in the documentation as the example; those words of hers are nobody's secret.
    files.append(ROOT / "portal" / "api" / "examples.json")
    with site.connect() as database:
        titles = database.execute("SELECT title FROM borgerblik_kletopic").fetchall()
        settings = database.execute("SELECT fagsystemer FROM borgerblik_areasetting").fetchall()
    said = [Path(file).read_text("utf-8") for file in files]
    return "\n".join([*said, *(title for (title,) in titles), json.dumps(settings, ensure_ascii=False)])
