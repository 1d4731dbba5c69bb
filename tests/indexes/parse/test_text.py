"""Free text is cleaned before anybody can read it."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.parse.text import MASK, clean, clean_title
from indexes.records import Defect


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        (None, None),
        ("", None),
        (" \u200b\n", None),
        ("Boligsikring", "Boligsikring"),
        ("  Bolig \n\t sikring ", "Bolig sikring"),
        ("Bolig\u00a0sikring", "Bolig sikring"),
        ("Bo\u00adlig\u202esikring\u202c", "Boligsikring"),
        ("\ufeffBolig\x85sikring", "Bolig sikring"),
        ("Sag 7513804321", f"Sag {MASK}"),
        ("Sag 751380-4321.", f"Sag {MASK}."),
        ("751380 4321", MASK),
        ("751380 - 4321", MASK),
        ("751380–4321", MASK),
        ("75\u200b1380\u00ad4321", MASK),
        ("CPR7513804321x", f"CPR{MASK}x"),
        ("7513804321 og 7614804322", f"{MASK} og {MASK}"),
        ("Sag 2026-000123", "Sag 2026-000123"),
        ("75138043210", "75138043210"),
        ("Ring 12 34 56 78", "Ring 12 34 56 78"),
    ],
)
def test_clean(given_text: str | None, expected: str | None) -> None:
    defects: set[Defect] = set()
    assert clean(given_text, defects) == expected
    assert defects == ({Defect.CPR_IN_TEXT} if expected and MASK in expected else set())


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Ansøgning / VIYD", "Ansøgning"),
        ("VIYD: Ansøgning", "Ansøgning"),
        ("Ansøgning (VIYD)", "Ansøgning"),
        ("Ansøgning (VIYD / 2026)", "Ansøgning (2026)"),
        ("Ansøgning - VIYD - 2026", "Ansøgning - 2026"),
        ("Ansøgning, VIYD, 2026", "Ansøgning, 2026"),
        ("Ansøgning VIYD.", "Ansøgning."),
        ("Ansøgning VIYD / Vibeke Yde / bolig", "Ansøgning bolig"),
        ("Ansøgning/VIYD/bolig", "Ansøgning/bolig"),
        ("Møde med vibeke yde om bolig", "Møde med om bolig"),
        ("VIYD", None),
        ("Ansøgning / VIYDA", "Ansøgning / VIYDA"),
        ("Om OM-spørgsmål / OM", "Om spørgsmål"),
        ("Spørgsmål om bolig", "Spørgsmål om bolig"),
        ("Ansøgning", "Ansøgning"),
    ],
)
def test_a_caseworker_is_taken_out_of_a_title(title: str, expected: str | None) -> None:
    defects: set[Defect] = set()
    assert clean_title(title, ("Vibeke Yde", "VIYD", "OM"), defects) == expected
    assert defects == (set() if title == expected else {Defect.INITIALS_IN_TEXT})


def test_initials_count_in_capitals_too() -> None:
    assert clean_title("Ansøgning / VIYD", ("viyd",), set()) == "Ansøgning"


texts = st.text(st.one_of(st.characters(), st.sampled_from("0123456789 -\u200b\u202e\u00ad")), max_size=60)


@given(texts)
def test_nothing_invisible_and_no_number_is_left(text: str) -> None:
    cleaned = clean(text, set()) or ""
    assert not re.search(r"(?<!\d)\d{6}[ -]?\d{4}(?!\d)", cleaned)
    assert cleaned == " ".join(cleaned.split())
    assert not [char for char in cleaned if unicodedata.category(char) == "Cc"]
    assert not set(cleaned) & set("\u200b\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u00ad\ufeff")


@given(texts)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text, set())
    assert clean(once, set()) == once
