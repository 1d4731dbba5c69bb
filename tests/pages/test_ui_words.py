"""The interface's words: the same keys in every language, each one used, each one asked for there, easy to read."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from borgerblik.words import LANGUAGES, TEXTS
from portal.ui_words import MissingTextError, Text, load

ROOT = Path(__file__).parents[2]
LONG = 6  # letters; a longer word is a long word (Björnsson's LIX)
MOST_LIX, MOST_WORDS = 30, 20
CLUMSY = ("såfremt", "hvorvidt", "foranledige", "vedrørende", "jf.", "i henhold til", "ligeledes", "endvidere")
ABBREVIATED = {"axe, ": "axe ", "2.1": "2", "2.2": "2"}  # full stops and names that end no sentence


def table(language: str) -> dict[str, Text]:
    found: dict[str, Text] = tomllib.loads((TEXTS / f"ui.{language}.toml").read_text("utf-8"))["ui"]
    return found


def every_text(language: str) -> list[str]:
    return [text for value in table(language).values() for text in ([value] if isinstance(value, str) else value)]


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


def sentences(text: str) -> list[str]:
    for found, instead in ABBREVIATED.items():
        text = text.replace(found, instead)
    return [part for part in re.split(r"[.!?:]\s|[.!?:]$", text) if part.strip()]


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-zÆØÅæøåÉé]+", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    for text in every_text(language):
        for sentence in sentences(text):
            assert len(words(sentence)) <= MOST_WORDS, sentence


def test_the_danish_is_easy() -> None:
    """LIX of all running text: words a sentence, plus the percentage of long words. Under 30 is easy."""
    running = [text for text in every_text("da") if text.endswith(".")]
    found = [word for text in running for word in words(text)]
    count = sum(len(sentences(text)) for text in running)
    long = sum(len(word) > LONG for word in found)
    assert len(found) / count + 100 * long / len(found) <= MOST_LIX


def test_no_clumsy_words() -> None:
    assert not [(clumsy, text) for text in every_text("da") for clumsy in CLUMSY if clumsy in text.casefold()]
