"""Free text is cleaned before anybody can read it."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.cpr_numbers import CPR_LIKE
from indexes.parse.text import MASK, clean, clean_name, clean_title
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
        ("7513\u316480\u115f43\uffa021", MASK),
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
        ("Jobcenter, Vibeke Yde (VIYD)", "Jobcenter"),
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


@pytest.mark.parametrize(
    "number",
    [
        *("751380.4321", "751380/4321", "751380_4321", "751380:4321", "751380,4321", "751380--4321", "751380 / 4321"),
        *("75.13.80-4321", "75-13-80-4321", "75 13 80 4321", "75/13/80-4321", "75. 13. 80 - 4321", "75.13.80.4321"),
        *("751380\uff0d4321", "751380\ufe634321", "751380\u20434321", "751380\u30004321", "751380\u20e34321"),
        *("751380%2D4321", "751380%204321", "751380%E2%80%934321", "751380%252D4321", "75%2E13%2E80%2D4321"),
        "\uff17\uff15\uff11\uff13\uff18\uff10\uff0d\uff14\uff13\uff12\uff11",
    ],
)
def test_a_cpr_number_is_masked_however_it_is_written(number: str) -> None:
    defects: set[Defect] = set()
    assert clean(f"Født {number}.", defects) == f"Født {MASK}."
    assert defects == {Defect.CPR_IN_TEXT}
    assert CPR_LIKE.fullmatch(number)


@pytest.mark.parametrize(
    "text",
    [
        *("1.234.567.890", "12.345.678.901 kr.", "12 345 678", "1234567,50 kr.", "100.000,00"),
        *("12345678", "1234 5678", "+45 12 34 56 78", "+45 12345678", "(45) 12345678", "12 34 56 78, 8900 Randers"),
        *("27.60.04-A26-1-26", "26-001234", "2026-17-1234", "26/123456", "27.60.04", "KLE 27.60.04, 2026"),
        *("01.02.2026 kl. 1230", "01-02-2026 12:30", "01.02.26 12:30", "01.02.26, 8900 Randers", "01.02.26: 1500 kr."),
        *("01.01.25-31.12.25", "2026-03-01T12:34:56.123456", "12:34:56 1234", "10.12.34.56:7890", "75 13 80 43 21"),
        *(
            "6a10b5ab-cd6b-4301-9234-ab7513804321",
            "6f6c0d0e-5a0d-4a49-9f0e-6f6f3b1b0a01",
            "Paragraf 81 og 82",
            "751380 nr. 4321",
        ),
    ],
)
def test_other_numbers_stay(text: str) -> None:
    defects: set[Defect] = set()
    assert clean(text, defects) == text
    assert not defects


@pytest.mark.parametrize("repeated", ["7", "75", "75.", "75 ", "751380", "751380-", "-", ".-/", "75.13.80"])
def test_a_long_text_is_read_once(repeated: str) -> None:
    length = len(clean(f"{repeated * 200_000} 1234", set()) or "")
    assert 0 < length <= 4096


@pytest.mark.parametrize("repeated", ["-", " -", "/ ", "( ", "VIYD", "VIYD ", "-VIYD", "VIYD Vibeke Yde "])
def test_a_long_row_around_a_name_is_read_once(repeated: str) -> None:
    title = clean_title(f"Ansøgning VIYD x{repeated * 200_000}x", ("Vibeke Yde", "VIYD"), set()) or ""
    assert title.startswith("Ansøgning")
    assert len(title) <= 255


def test_a_text_is_as_long_as_the_schemas_allow() -> None:
    assert clean("x" * 4096, set()) == "x" * 4096
    assert clean("x" * 4097, set()) == "x" * 4095 + "…"
    assert clean("ord " * 2000, set()) == "ord " * 1022 + "ord ord…"
    assert clean_name("ord " * 63, set()) == ("ord " * 63).strip()
    assert clean_name("x" * 255, set()) == "x" * 255
    assert clean_title("x" * 256, (), set()) == clean_name("x" * 256, set()) == "x" * 254 + "…"
    assert clean_name(None, set()) is None


def test_nothing_half_is_left_where_a_text_is_cut() -> None:
    filling = "x" * 250
    assert clean_title(f"{filling} Vibeke Yde {filling}", ("Vibeke Yde",), set()) == f"{filling}…"
    assert clean_name(f"{filling} 751380 4321", set()) == f"{filling}…"
    assert clean_name("7" * 300, set()) == "…"


texts = st.text(st.one_of(st.characters(), st.sampled_from("0123456789 -./_\u200b\u202e\u00ad")), max_size=60)


@given(texts)
def test_nothing_invisible_and_no_number_is_left(text: str) -> None:
    cleaned = clean(text, set()) or ""
    assert not re.search(r"(?<!\d)\d{6}[ ./_-]{0,3}\d{4}(?!\d)", cleaned)
    assert not re.search(r"(?<!\d)\d\d[./-]\d\d[./-]\d\d[ ./-]\d{4}(?!\d)", cleaned)
    assert cleaned == " ".join(cleaned.split())
    assert not [char for char in cleaned if unicodedata.category(char) == "Cc"]
    assert not set(cleaned) & set("\u200b\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u00ad\ufeff")


@given(texts)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text, set())
    assert clean(once, set()) == once
