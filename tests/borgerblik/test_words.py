"""The texts: the same keys in every language, the same values to fill in; dates, amounts and names in words."""

import datetime as dt
import re
import string
from decimal import Decimal

import pytest

from borgerblik import areas, words
from borgerblik.kle import Kle, without_ending

TODAY = dt.date(2026, 11, 24)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_what_a_language_lacks_is_said_in_danish() -> None:
    for language in words.LANGUAGES:
        lacked = set(words.written("da")) - set(words.written(language))
        assert {words.load(language).texts[key] == words.written("da")[key] for key in lacked} <= {True}


def test_every_area_has_a_title() -> None:
    titled = {key.split("/")[1] for key in words.load("da").texts if key.startswith("areas/")}
    assert titled == set(areas.load().by_key)


def test_sentences_are_short() -> None:
    long = [
        sentence
        for text in words.load("da").texts.values()
        for sentence in re.split(r"(?<=[.!?])\s", text)
        if len(sentence.split()) > 20
    ]
    assert long == []


def test_dates_as_danes_and_the_english_write_them() -> None:
    danish, english = words.load("da"), words.load("en")
    day = dt.date(2026, 11, 30)
    assert danish.day(day, today=TODAY, weekday=True) == "mandag den 30. november"
    assert english.day(day, today=TODAY, weekday=True) == "Monday 30 November"
    assert danish.day(dt.date(2014, 5, 1), today=TODAY) == "1. maj 2014"
    assert danish.in_days(day, today=TODAY) == "om 6 dage"
    assert danish.in_days(TODAY, today=TODAY) == "i dag"
    assert danish.in_days(dt.date(2026, 11, 21), today=TODAY) == "for 3 dage siden"
    assert danish.moment(dt.datetime(2026, 11, 23, 7, 5), today=TODAY).words == "i går kl. 7.05"  # noqa: DTZ001
    assert danish.period(day, None, today=TODAY) == "fra 30. november"
    assert danish.period(None, None, today=TODAY) == "uden fast periode"
    assert (
        danish.period(dt.date(2025, 12, 1), dt.date(2026, 1, 31), today=TODAY) == "1. december 2025 til 31. januar 2026"
    )


def test_amounts() -> None:
    danish, english = words.load("da"), words.load("en")
    assert danish.amount(Decimal("13412.5")).words == "13.412,50 kr."
    assert danish.amount(Decimal(13412), whole=True).words == "13.412 kr."
    assert danish.amount(Decimal(-850)).words == "−850,00 kr."
    assert english.amount(Decimal("13412.5")).words == "DKK 13,412.50"


def test_a_missing_key_is_a_defect() -> None:
    with pytest.raises(KeyError):
        words.load("da")("no/such/key")
    with pytest.raises(KeyError):
        words.load("xx")


def test_a_number_falls_back_to_its_nearest_known_parent() -> None:
    kle, danish = Kle(titles={"32.06.99": "Særlig boligstøtte [udgår 2026]", "85": "Fritid"}), words.load("da")
    assert kle.title("32.30.04", danish) == "Sygedagpenge"
    assert kle.title("32.06.99", danish) == "Særlig boligstøtte"
    assert kle.title("32.06.98", danish) == "Boligstøtte"
    assert kle.title("85.01.01", danish) == "Fritid"
    assert kle.title("99.01.01", danish) is None
    assert kle.text("32.24.99", "lead_given", danish) == "Du får penge at leve for, mens du ikke selv kan tjene dem."


def test_who_reads_no_danish_is_told_our_word_beside_the_danish_name_of_a_number() -> None:
    kle = Kle(titles={"32.06.99": "Særlig boligstøtte [udgår 2026]", "85": "Fritid"})
    assert kle.title("32.06.99", words.load("da-simple")) == "Særlig boligstøtte"
    assert kle.title("32.06.99", words.load("de")) == "Wohngeld (boligstøtte) – Særlig boligstøtte"
    assert kle.title("32.06.99", words.load("ar")) == "دعم السكن (boligstøtte) – \u2068Særlig boligstøtte\u2069"
    assert kle.title("85.01.01", words.load("de")) == "Fritid"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Revalidering [udgår 2026]", ("Revalidering", 2026)),
        ("Revalidering [Udgår]", ("Revalidering", None)),
        ("Revalidering ", ("Revalidering", None)),
        ("[udgår 2026] i midten", ("[udgår 2026] i midten", None)),
    ],
)
def test_the_mark_of_an_ending_number(title: str, expected: tuple[str, int | None]) -> None:
    assert without_ending(title) == expected


def test_an_area_that_names_a_number_the_edition_lacks_is_reported() -> None:
    gone = areas.load().missing_from(["32.06.04", "15.17.30", "27.36.04"])
    assert gone["udk_delpension"] == ("32.02.24",)
    assert "udk_boligstoette" not in gone


def test_an_amount_is_told_to_machines_with_two_decimals_however_the_index_wrote_it() -> None:
    amounts = [words.load("da").amount(Decimal(written)) for written in ("77", "77.0", "77.00", "7.7E+1")]
    assert {str(amount.value) for amount in amounts} == {"77.00"}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Børne- og ungeydelse, Noah", "Børne- og ungeydelse, Ida"], "Børne- og ungeydelse, Noah og Ida"),
        (["Børne- og ungeydelse, Noah", "Børne- og ungeydelse, Noah"], "Børne- og ungeydelse, Noah"),
        (["Børne- og ungeydelse, Noah", "Boligstøtte"], "Børne- og ungeydelse, Noah og boligstøtte"),
        (["Folkepension", "Pensionstillæg"], "Folkepension og pensionstillæg"),
    ],
)
def test_what_names_have_in_common_is_said_once(names: list[str], said: str) -> None:
    assert words.load("da").as_one(names) == said
