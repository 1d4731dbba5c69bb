"""The console's words: every one is used, every one that is asked for is there, and they are plain."""

import re
import string
from pathlib import Path

from portal.municipality.words import tables

ROOT = Path(__file__).parents[2]
# Keys that are put together from a value: the whole family is used.
FAMILIES = ("letter", "legend", "setting", "etape.year_", "field.title_", "saved.etape_", "note.fagsystemer_", "value.")


def keys() -> set[str]:
    return {f"{table}.{name}" for table, words in tables().items() for name in words}


def in_templates() -> set[str]:
    pages = (ROOT / "templates" / "municipality").glob("*.html")
    return {found for page in pages for found in re.findall(r"\bwords\.(\w+\.\w+)", page.read_text("utf-8"))}


def in_code() -> set[str]:
    modules = (ROOT / "portal" / "municipality").glob("*.py")
    quoted = re.compile(r"[\"'](\w+\.\w+)[\"']")
    return {found for module in modules for found in quoted.findall(module.read_text("utf-8"))} & keys()


def test_every_word_a_page_asks_for_is_there() -> None:
    assert in_templates() - keys() == set()


def test_every_word_is_used() -> None:
    families = {key for key in keys() if key.startswith(FAMILIES)}
    assert keys() - in_templates() - in_code() - families == set()


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
