"""The languages: each file of texts is written in those that are to have it, key by key, with the same to fill in."""

import string
from collections.abc import Iterator, Mapping

import pytest
from babel.core import Locale

from borgerblik import languages, words
from borgerblik.languages import DANISH
from borgerblik.overview.reports import ItemKind, Report, report_view
from portal import ui_words
from tests.borgerblik.makers import NOW, TODAY

CATEGORIES = ("zero", "one", "two", "few", "many", "other")  # CLDR's forms of a number
OTHERS = [code for code, one in languages.load().items() if not one.is_danish]
EASY = [code for code, one in languages.load().items() if one.is_danish and code != DANISH]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def texts_of(language: str) -> dict[str, str]:
    """What is written in a language: the overview's files by "file/key", the interface's as "ui/key"."""
    own = {f"ui/{key}": text for key, text in ui_words.written(language).items()}
    told = {key: "\n".join(text) if isinstance(text, list) else text for key, text in own.items()}
    return {**words.written(language), **told}


def stem(key: str, filled: set[str]) -> str | None:
    """What stands before the form of a text for a number: "cases/open/many" -> "cases/open/"."""
    return key.removesuffix("many") if key.endswith(("/many", "_many")) and "number" in filled else None


def forms(language: str, least: int) -> Iterator[str]:
    """The forms that whole numbers from ``least`` on take in a language; "many" where it has no such form."""
    locale = Locale.parse(languages.load()[language].locale)
    found = {str(locale.plural_form(number)) for number in range(least, 1000)}
    for form in found:
        yield "many" if form == "other" and "many" not in found else form


def expected(language: str, danish: Mapping[str, str]) -> dict[str, set[str]]:
    """Every key that is to be written in a language, with what it is to fill in."""
    files = languages.load()[language].files
    own = {key: blanks(text) for key, text in danish.items() if key.split("/")[0] in files}
    for many in list(own):
        if begun := stem(many, own[many]):
            filled = own.pop(many)
            least = 2 if own.pop(f"{begun}one", None) is None else 1
            own |= {f"{begun}{form}": filled for form in forms(language, least)}
    return own


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_text_of_its_files(language: str) -> None:
    assert set(texts_of(language)) == set(expected(language, texts_of(DANISH)))


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_fills_in_what_the_danish_one_does(language: str) -> None:
    """A text for a number need not hold the number: "two cases" may be one word."""
    wanted, own = expected(language, texts_of(DANISH)), texts_of(language)
    differ = {key: blanks(own[key]) ^ blank for key, blank in wanted.items() if key in own}
    allowed = {key: {"number"} if key.endswith(CATEGORIES) else set() for key in differ}
    assert {key: found for key, found in differ.items() if found - allowed[key]} == {}


@pytest.mark.parametrize("language", EASY)
def test_easy_danish_says_otherwise_what_is_there_and_fills_in_the_same(language: str) -> None:
    danish, easy = texts_of(DANISH), texts_of(language)
    assert set(easy) <= set(danish)
    assert {key: blanks(text) for key, text in easy.items()} == {key: blanks(danish[key]) for key in easy}
    assert {key for key, text in easy.items() if text == danish[key]} == set(), "What is the same need not be written."


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_empty_where_the_danish_one_is_not(language: str) -> None:
    danish, own = texts_of(DANISH), texts_of(language)
    assert {key for key in own if not own[key].strip() and danish.get(key, "x").strip()} == set()


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_language_is_known_to_cldr(language: str) -> None:
    one = languages.load()[language]
    locale = Locale.parse(one.locale)
    assert (locale.language, locale.text_direction) == (one.tag, one.direction)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_text_of_several_paragraphs_has_them_in_every_language(language: str) -> None:
    danish = {key for key, text in ui_words.written(DANISH).items() if isinstance(text, list)}
    own = ui_words.written(language)
    assert {key for key in danish & set(own) if not isinstance(own[key], list)} == set()
    assert {key for key, text in own.items() if isinstance(text, list)} <= danish


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_no_paragraph_is_left_out(language: str) -> None:
    """Of the Danish ones: what is new there is to be said in every language."""
    danish, own = ui_words.written(DANISH), ui_words.written(language)
    lists = {key: len(text) for key, text in own.items() if isinstance(text, list)}
    assert lists == {key: len(danish[key]) for key in lists}


def test_a_number_takes_the_form_of_the_language() -> None:
    assert words.plural_form(1, "da_DK") == "one"
    assert [words.plural_form(number, "ar") for number in (0, 1, 2, 3, 11, 100)] == list(CATEGORIES)
    assert [words.plural_form(number, "uk") for number in (21, 22, 25)] == ["one", "few", "many"]


def test_from_right_to_left_a_value_keeps_its_own_direction() -> None:
    assert words.filled("{a} {b}", {"a": "1. maj", "b": 2}, direction="rtl") == "\u20681. maj\u2069 2"
    assert words.filled("{a}", {"a": "1. maj"}, direction="ltr") == "1. maj"


def test_a_name_in_what_became_of_a_report_keeps_its_own_direction() -> None:
    told = Report(
        receipt="483920175664",
        kind=ItemKind.CASE,
        topics=("Boligstøtte",),
        part="",
        day=None,
        reason="other",
        words="",
        authority="Randers Kommune",
        made=NOW,
        taken=None,
        answer="",
        answered=None,
    )
    seen = report_view(told, words.load("ar"), TODAY)
    assert "\u2068Randers Kommune\u2069" in seen.status
    assert "\u2068boligstøtte\u2069" in seen.about.lower()
