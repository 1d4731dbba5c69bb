"""What a copy is written with: letters of our own, for every language; what they lack stops no copy."""

import datetime as dt
import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from borgerblik.readable import Document, Section, Table
from borgerblik.words import TEXTS
from portal import pdf
from portal.pdf import letters

SMILE, FAMILY = "\N{GRINNING FACE}", "\U0001f468\u200d\U0001f469\u200d\U0001f467"
AT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


def one(words: str, language: str = "da", direction: str = "ltr") -> Document:
    return Document(
        title="Alt",
        language=language,
        direction=direction,
        page="{page} af {pages}",
        unshown="{sign} kan ikke vises.",
        paragraphs=(words,),
        sections=(Section(title="Del", table=Table(head=("Hvad",), rows=((words,),))),),
    )


def read(document: Document) -> str:
    made = PdfReader(io.BytesIO(pdf.render(document, made=AT)))
    return "\n".join(page.extract_text() for page in made.pages)


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.toml")), ids=lambda path: path.name)
def test_every_text_of_ours_can_be_written(path: Path) -> None:
    text = path.read_text("utf-8").replace("\n", "")
    assert letters.in_ours(text) == text


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (f"Godt{SMILE}{SMILE}!", "Godt◊!"),
        (FAMILY, "◊"),
        ("汉字 og ŁĄĘ Ґґ ή", "◊ og ŁĄĘ Ґґ ή"),
        ("\N{CHECK MARK}\ufe0f ja", "\N{CHECK MARK} ja"),
        ("1\u202f216,00\u200b", "1 216,00"),
        ("a\x07b\tc\nd", "ab c d"),
        ("\u2068Mette\u2069 \u200f", "\u2068Mette\u2069 \u200f"),
    ],
)
def test_what_no_letter_is_for_is_stood_in_for(told: str, shown: str) -> None:
    assert letters.in_ours(told) == shown


@pytest.mark.parametrize("words", [SMILE, "汉字", "\x07", "\ue000", "ا\u0640ً🙂", "\ud7ff"])
@pytest.mark.parametrize(("language", "direction"), [("da", "ltr"), ("ar", "rtl"), ("uk", "ltr")])
def test_no_words_stop_a_copy(words: str, language: str, direction: str) -> None:
    """A citizen may write what they like, and a register too."""
    assert "Alt" in read(one(f"før {words} efter", language, direction))


def test_every_letter_that_is_said_to_be_there_is() -> None:
    assert len(letters.covered()) > 1_000
    assert "Alt" in read(one(" ".join(map(chr, sorted(letters.covered())))))


def test_it_says_what_stands_for_what_cannot_be_shown_and_only_then() -> None:
    assert "◊ kan ikke vises." in read(one(f"Tak {SMILE}"))
    assert "kan ikke vises" not in read(one("Tak \N{CHECK MARK}\ufe0f"))


def test_without_letters_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(pdf.PdfError, match=r"letters IBMPlexSans-Regular\.ttf, .* are not here\. Run make setup"):
        pdf.render(one("Tak"), made=AT, folder=tmp_path)
