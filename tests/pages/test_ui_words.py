"""The interface's words: each key is used, each one asked for is there, and sentences are short."""

import re
from pathlib import Path

import pytest

from borgerblik.words import LANGUAGES
from portal.ui_words import MissingTextError, load, written
from tests.plain_danish import sentences, words

ROOT = Path(__file__).parents[2]
MOST_WORDS = 20


def forms_of(key: str) -> set[str]:
    """Those of none, one and many that a text for a number has in Danish."""
    return {form for form in ("none", "one", "many") if f"{key}_{form}" in written("da")}


def asked_for() -> set[str]:
    """Every key that a template or a module names."""
    keys = set(re.findall(r'"(nav_\w+)"', (ROOT / "portal" / "context.py").read_text("utf-8")))
    for path in (ROOT / "templates").rglob("*.html"):
        source = path.read_text("utf-8")
        keys |= set(re.findall(r"\bui\.(\w+)", source)) | set(re.findall(r'{% say "(\w+)"', source))
        keys |= {f"{key}_{form}" for key in re.findall(r'{% counted "(\w+)"', source) for form in forms_of(key)}
    return keys


def test_every_key_is_used_and_every_key_asked_for_is_there() -> None:
    assert asked_for() == set(written("da"))


def test_a_key_without_words_stops_the_page() -> None:
    with pytest.raises(MissingTextError, match=r"ui\.da\.toml has no words for 'nonsense'"):
        load("da")["nonsense"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    texts = [text for value in written(language).values() for text in ([value] if isinstance(value, str) else value)]
    assert [part for text in texts for part in sentences(text) if len(words(part)) > MOST_WORDS] == []
