"""The console's words: every one is used, every one that is asked for is there, and they are plain."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from borgerblik.areas import Agreement
from borgerblik.overview.reports import ItemKind
from borgerblik.policy import AreaRule, TitleChoice
from borgerblik.words import load
from indexes.mending import Mended
from indexes.models import Cause
from indexes.records import Defect, RefusalReason, Source
from portal.citizen.usefulness import ASKED
from portal.municipality.cleaning import KINDS
from portal.municipality.matrix import ETAPER
from portal.municipality.objections import WHAT, WHY
from portal.municipality.quality import STATES
from portal.municipality.words import tables

ROOT = Path(__file__).parents[2]
CHOICES: list[object] = ["tilstand", "kilde", "slags", "omraade"]
TAKEN = ("quarantined", "states", "defects", "usual_times")  # with an authority that has left, beside its records
MARKS = [*Agreement, "none"]
# Keys that the code puts together from a value, and every value there is: no other key of such a name is used.
FAMILIES: dict[str, list[object]] = {
    "letter.{}": [*MARKS],
    "legend.{}": [*MARKS],
    "etape.year_{}": [*ETAPER],
    "field.title_{}": [*TitleChoice],
    "field.title_{}_help": [*TitleChoice],
    "value.{}": [*TitleChoice],
    "setting.{}": [*(field.name for field in fields(AreaRule)), "on", "since", "retired"],
    "objection.what_{}": [*WHAT],
    "objection.why_{}": [*WHY],
    "limited.{}": ["matrix", "changes", "quality"],
    "useful.page_{}": [*ASKED],
    "quality.kind_{}": [*ItemKind],
    "quality.state_{}": [*STATES],
    "quality.source_{}": [*Source],
    "quality.choose_{}": CHOICES,
    "quality.every_{}": CHOICES,
    "quality.defect_{}": [*Defect],
    "quality.refused_{}": [*RefusalReason],
    "cleaning.kinds_{}": [*KINDS],
    "cleaning.messages_{}": ["one", "many"],
    "cleaning.cause_{}": [*Cause],
    "cleaning.count_{}": [*KINDS, *TAKEN, *Mended().as_json()],
    "cleaning.{}": ["citizens", "nothing_left", "leaning_grants", "leaning_payments", "hidden"],
    "quality.open_{}": ["one", "many"],
    "note.fagsystemer_{}": ["one", "many"],
}


def keys() -> set[str]:
    return {f"{table}.{name}" for table, words in tables().items() for name in words}


def of_families() -> set[str]:
    return {family.format(value) for family, values in FAMILIES.items() for value in values}


def in_templates() -> set[str]:
    pages = (ROOT / "templates" / "municipality").glob("*.html")
    return {found for page in pages for found in re.findall(r"\bwords\.(\w+\.\w+)", page.read_text("utf-8"))}


def in_code() -> set[str]:
    modules = (ROOT / "portal" / "municipality").glob("*.py")
    quoted = re.compile(r"[\"'](\w+\.\w+)[\"']")
    return {found for module in modules for found in quoted.findall(module.read_text("utf-8"))} & keys()


def put_together() -> Iterator[str]:
    """The names of keys that the code puts together, with "{}" for what is filled in."""
    for module in (ROOT / "portal" / "municipality").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="say"), args=[ast.JoinedStr(values=parts)]):
                    key = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
                    if key != "{}_{}":  # in ``counted`` itself, whose callers are looked at below
                        yield key
                case ast.Call(func=ast.Name(id="counted"), args=[ast.Constant(value=key), *_]):
                    yield f"{key}_{{}}"


def test_every_key_that_is_put_together_is_of_a_family_that_the_code_asks_for() -> None:
    assert set(put_together()) == set(FAMILIES)
    assert of_families() - keys() == set()


def test_every_word_a_page_asks_for_is_there() -> None:
    assert in_templates() - keys() == set()


def test_every_word_is_used() -> None:
    assert keys() - in_templates() - in_code() - of_families() == set()


def test_no_word_is_empty_and_no_name_to_fill_in_is_left_in_a_page() -> None:
    for key in sorted(keys()):
        table, name = key.split(".")
        words = tables()[table][name]
        assert words.strip() == words != ""
        asks = {field for _, field, _, _ in string.Formatter().parse(words) if field}
        assert not (asks and key in in_templates()), f"{key} is shown with {asks} unfilled"


def test_sentences_are_short() -> None:
    long = [
        sentence
        for words in tables().values()
        for text in words.values()
        for sentence in re.split(r"(?<=[.?!:]) ", text)
        if len(sentence.split()) > 20
    ]
    assert long == []


def test_an_objection_is_told_in_words_whatever_was_looked_at_and_why() -> None:
    def told_to_citizens(about: str) -> set[str]:
        return {key.split("/")[-1] for key in load("da").texts if key.startswith(f"overview/access/{about}/")}

    assert set(WHAT) == told_to_citizens("what")
    assert set(WHY) == told_to_citizens("why")
