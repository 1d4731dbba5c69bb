"""The interface's words: the same keys in every language, each one used, each one asked for there, short sentences."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from borgerblik.words import LANGUAGES, TEXTS
from portal.ui_words import MissingTextError, Text, load
from tests.plain_danish import sentences, words

ROOT = Path(__file__).parents[2]
MOST_WORDS = 20


def table(language: str) -> dict[str, Text]:
    found: dict[str, Text] = tomllib.loads((TEXTS / f"ui.{language}.toml").read_text("utf-8"))["ui"]
    return found


def asked_for() -> set[str]:
    """Every key that a template or a module names."""
    keys: set[str] = set()
    for path in (ROOT / "templates").rglob("*.html"):
        source = path.read_text("utf-8")
        keys |= set(re.findall(r"\bui\.(\w+)", source)) | set(re.findall(r'{% say "(\w+)"', source))
    keys |= set(re.findall(r'"(nav_\w+)"', (ROOT / "portal" / "context.py").read_text("utf-8")))
    return keys


def test_every_key_is_used_and_every_key_asked_for_is_there() -> None:
    assert asked_for() == set(table("da"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_kinds_and_blanks(language: str) -> None:
    danish, other = table("da"), table(language)
    assert list(danish) == list(other)
    for key, value in danish.items():
        assert type(value) is type(other[key]), key
        blanks = [{name for _, name, _, _ in string.Formatter().parse(str(one)) if name} for one in (value, other[key])]
        assert blanks[0] == blanks[1], key
        assert str(other[key]).strip(), key


def test_a_key_without_words_stops_the_page() -> None:
    with pytest.raises(MissingTextError, match=r"ui\.da\.toml has no words for 'nonsense'"):
        load("da")["nonsense"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    texts = [text for value in table(language).values() for text in ([value] if isinstance(value, str) else value)]
    assert [part for text in texts for part in sentences(text) if len(words(part)) > MOST_WORDS] == []
