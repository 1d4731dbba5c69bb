"""The Danish that citizens read is plain: each text is easy, and none holds a word of an office or of an index."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from borgerblik.words import TEXTS
from tests.plain_danish import (
    AVOIDED,
    MOST_OF_A_TEXT,
    MOST_WHEN_EASY,
    OF_OTHERS,
    OF_THE_INDEXES,
    SHORT_TEXT,
    avoided,
    lix,
    sentences,
    words,
)

OF_CITIZENS = (
    "overview",
    "areas",
    "kle",
    "privacy",
    "copy",
    "power",
    "report",
    "ui",
)  # console.da.toml is read by those who run it
# Words that must stand, each with its reason.
MUST_STAND = {
    "ui/login_limited_text": {"kle"},  # read by staff who cannot sign in: their roles are limited by KLE number
}
# Names to fill in stand as one short word: what is filled in is judged on the pages.
BLANK = re.compile(r"\{\w+\}")
NAMES = re.compile("|".join(map(re.escape, OF_OTHERS)))


def texts_of(path: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for key, one in value.items():
                yield from texts_of(f"{path}/{key}", one)
        case list():
            yield path, " ".join(value)
        case _:
            yield path, str(value)


def every_text(language: str = "da") -> Iterator[tuple[str, str]]:
    """Every text that is written in Danish, or in easy Danish, by its key, the paragraphs of one key together."""
    for file in OF_CITIZENS:
        if (path := TEXTS / f"{file}.{language}.toml").exists():
            table = tomllib.loads(path.read_text("utf-8"))
            yield from texts_of(file, table.get("ui", table))


TEXTS_BY_KEY = dict(every_text())
EASY = {**TEXTS_BY_KEY, **dict(every_text("da-simple"))}  # what is not said otherwise is said as it is
READ = [(TEXTS_BY_KEY, MOST_OF_A_TEXT), (EASY, MOST_WHEN_EASY)]


def test_every_file_of_texts_is_judged() -> None:
    there = {file.name.removesuffix(".da.toml") for file in TEXTS.glob("*.da.toml")}
    assert there == {*OF_CITIZENS, "console"}


@pytest.mark.parametrize(("texts", "most"), READ, ids=["Danish", "easy Danish"])
def test_no_text_is_hard_to_read(texts: dict[str, str], most: int) -> None:
    filled = {key: NAMES.sub("det", BLANK.sub("det", text)) for key, text in texts.items()}
    hard = {
        f"{key} ({lix(text):.0f})": text
        for key, text in filled.items()
        if len(words(text)) >= SHORT_TEXT and lix(text) > most
    }
    assert hard == {}, "Say it in shorter sentences and shorter words."


def test_no_text_holds_a_word_of_an_office_or_of_an_index() -> None:
    found = {key: avoided(BLANK.sub("", text)) for key, text in [*TEXTS_BY_KEY.items(), *EASY.items()]}
    assert {key: there for key, there in found.items() if set(there) - MUST_STAND.get(key, set())} == {}


def test_no_sentence_ends_in_an_amount_which_has_a_stop_of_its_own() -> None:
    """An amount is "1.000,00 kr."; another stop behind it is one too many."""
    ends = re.compile(r"\{(amount|total|low|high|sum)\}\.(\s|$)")
    assert [key for key, text in [*TEXTS_BY_KEY.items(), *EASY.items()] if ends.search(text)] == []


@pytest.mark.parametrize("key", MUST_STAND)
def test_a_word_that_must_stand_still_stands(key: str) -> None:
    assert set(avoided(TEXTS_BY_KEY[key])) == MUST_STAND[key]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Du får ja.", 3),  # three words a sentence, none of them long
        ("Kommunen har sagt ja. Du kan læse brevet.", 4 + 100 / 8),
        ("Det kom den 24. november kl. 7.45 fra os.", 7 + 100 / 7),  # one sentence; numbers are no words
        ("Sådan er det: Du får ja.", 3),  # a colon ends a sentence
    ],
)
def test_what_is_measured(text: str, expected: float) -> None:
    assert lix(text) == pytest.approx(expected)


def test_how_an_office_writes_is_found_hard_and_its_words_are_named() -> None:
    text = (
        "Såfremt De er berettiget til ydelsen, fremsendes afgørelsen vedrørende bevillingen efter partshøring, "
        "jf. lovens bestemmelser om sagsbehandlingsfrister og dokumentationskrav."
    )
    assert lix(text) > MOST_OF_A_TEXT
    expected = {"såfremt", "berettiget", "fremsend", "vedrør", "bevilling", "partshøring", "jf.", "sagsbehandl"}
    assert set(avoided(text)) == expected
    assert set(avoided("Fremdrift: Opstaaet (SDI, KLE 32.30.04)")) == {"fremdrift", "opstaaet", "sdi", "kle"}
    assert avoided("Vi har ikke klemt noget, og intet er uoplyst.") == {}


def test_what_is_said_instead_is_itself_plain() -> None:
    assert {word: avoided(plain) for word, plain in {**AVOIDED, **OF_THE_INDEXES}.items() if avoided(plain)} == {}


def test_a_sentence_ends_where_it_ends() -> None:
    assert sentences("Senest 3. maj, f.eks. i dag. Ring!") == ["Senest 3 maj, f.eks i dag", " Ring"]
