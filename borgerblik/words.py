"""The words of one language, from the TOML files in ``texts/``; dates, amounts and lists as that language writes them.

Texts are data with an editor: keys are paths ("case/lead"), values are sentences with ``{names}`` to fill in. A key
that is missing is a defect and raises ``KeyError``; the suite proves that Danish has every key, and each language those
of its files (``data/languages.toml``). What a language lacks is said in Danish.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path

from babel.core import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from borgerblik import languages
from borgerblik.languages import DANISH, Language
from borgerblik.overview.elements import Money, When

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = tuple(languages.load())
FILES = ("overview", "areas", "kle", "privacy", "copy", "report", "power")  # <file>.<language>.toml, a first key each
ORE = Decimal("0.01")
MINUS = "\N{MINUS SIGN}"
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"  # keeps a sign before its number where words run from right to left
ISOLATES = _ISOLATE, _END_OF_ISOLATE = "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"


def _flatten(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        path = f"{prefix}/{key}"
        if isinstance(value, Mapping):
            yield from _flatten(path, value)
        else:
            yield path, str(value)


@lru_cache(maxsize=20_000)
def _date(value: dt.date, pattern: str, locale: str) -> str:
    return format_date(value, pattern, locale=locale)


@lru_cache(maxsize=20_000)
def _when(value: dt.date, pattern: str, weekday: str | None, locale: str) -> When:
    words = _date(value, pattern, locale)
    return When(words=f"{_date(value, weekday, locale)} {words}" if weekday else words, iso=value.isoformat())


@lru_cache(maxsize=20_000)
def _amount(value: Decimal, pattern: str, locale: str) -> str:
    return format_decimal(value, pattern, locale=locale)


@lru_cache(maxsize=20_000)
def _money(value: Decimal, pattern: str, locale: str, sentence: str, minus: str) -> Money:
    words = sentence.format(number=_amount(abs(value), pattern, locale))
    # To the øre also when the index left them out: equal amounts are kept as one, however they were written.
    return Money(words=f"{minus}{words}" if value < 0 else words, value=value.quantize(ORE))


@lru_cache(maxsize=2_000)
def _list(names: tuple[str, ...], locale: str) -> str:
    return format_list(names, locale=locale)


@lru_cache(maxsize=2_000)
def plural_form(number: int, locale: str) -> str:
    """The form that a number takes in a language: CLDR's zero, one, two, few, many or other."""
    return str(Locale.parse(locale).plural_form(number))


def filled(sentence: str, values: Mapping[str, object], *, direction: str) -> str:
    """A sentence with its ``{names}`` filled in.

    From right to left a value stands in an isolate: a Danish name or the parts of a day would else change places with
    the words around them.
    """
    if direction == "rtl":
        values = {name: isolated(value) if isinstance(value, str) else value for name, value in values.items()}
    return sentence.format(**values)


def isolated(text: str) -> str:
    """Words in the direction of their own, whatever stands around them (Unicode TR9). One number needs none."""
    return text if text.isdigit() or not text else f"{_ISOLATE}{text}{_END_OF_ISOLATE}"


def parted(sentence: str, names: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """A sentence in parts, each with whether it is one of the names: a register's own words within one of ours."""
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    if not longest_first:
        yield sentence, False
        return
    parts = re.split(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)", sentence)
    yield from ((part, number % 2 == 1) for number, part in enumerate(parts) if part)


@dataclass(frozen=True, kw_only=True, eq=False)  # loaded once: equal when it is the same
class Words:
    """One language's words. ``texts`` maps "file/key/key" to a sentence."""

    language: str
    texts: Mapping[str, str]

    @cached_property
    def of(self) -> Language:
        """What is known of the language."""
        return languages.load()[self.language]

    @cached_property
    def _sentences(self) -> Mapping[str, str]:
        """The overview's texts by their key in it."""
        own = f"{FILES[0]}/"
        return {key.removeprefix(own): text for key, text in self.texts.items() if key.startswith(own)}

    @cached_property
    def _locale(self) -> str:
        return self.of.locale

    @cached_property
    def _from_right(self) -> bool:
        return self.of.direction == "rtl"

    @cached_property
    def _minus(self) -> str:
        return f"{LEFT_TO_RIGHT}{MINUS}" if self._from_right else MINUS

    @cached_property
    def _kroner(self) -> str:
        """How an amount is written, with its number still to fill in."""
        return self._sentences["money/amount"]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of a key, filled in.

        Raises:
            KeyError: the key, or a value the sentence asks for, is missing: a defect in the texts or the caller.
        """
        sentence = self._sentences[key]
        if "{" not in sentence:
            return sentence
        return filled(sentence, values, direction="rtl") if self._from_right else sentence.format(**values)

    def counted(self, key: str, number: int, **values: object) -> str:
        """The sentence for a number: ``key/none``, or that of the form it takes; ``key/many`` where that has none."""
        form = plural_form(number, self._locale) if number else "none"
        return self(f"{key}/{form}" if f"{key}/{form}" in self._sentences else f"{key}/many", number=number, **values)

    def find(self, key: str) -> str | None:
        """The text of a whole path ("kle/32.30.04/title") where one has been written; None where none has."""
        return self.texts.get(key)

    def area(self, key: str) -> str:
        """What an area of the stage plan is called."""
        return self.texts[f"areas/{key}/title"]

    def amount(self, value: Decimal, *, whole: bool = False) -> Money:
        """Kroner and øre as the language writes them; ``whole`` leaves out øre that are zero."""
        pattern = "#,##0" if whole and value == value.to_integral_value() else "#,##0.00"
        return _money(value, pattern, self._locale, self._kroner, self._minus)

    def number(self, value: Decimal) -> str:
        """Kroner and øre without the word for them, where a heading says what they are: "13.412,00"."""
        return f"{self._minus if value < 0 else ''}{_amount(abs(value), '#,##0.00', self._locale)}"

    def whole(self, value: Decimal) -> str:
        """A number without decimals and without kroner, where there is no room for more: "13.412"."""
        return f"{self._minus if value < 0 else ''}{_amount(abs(value), '#,##0', self._locale)}"

    def day(self, value: dt.date, *, today: dt.date, weekday: bool = False) -> str:
        """A day in words: "23. november", with its year when that is not this year's."""
        return self.when(value, today=today, weekday=weekday).words

    def when(self, value: dt.date, *, today: dt.date, weekday: bool = False) -> When:
        """A day in words and for machines."""
        pattern = self("date/day_and_month" if value.year == today.year else "date/day_month_year")
        return _when(value, pattern, self("date/weekday") if weekday else None, self._locale)

    def moment(self, value: dt.datetime, *, today: dt.date) -> When:
        """An instant near now: "i dag kl. 7.45", "i går kl. 7.45", "21. november kl. 7.45". ``value`` is local time."""
        return _moment(self, value, value.fold, today)

    def clock(self, value: dt.datetime) -> str:
        return self("date/hour_minute", hour=value.hour, minute=f"{value.minute:02d}")

    def month(self, value: dt.date) -> str:
        """The month with its year: "november 2026". Alone, not as in a day: Polish and Ukrainian tell the two apart."""
        return _date(value, "LLLL y", self._locale)

    def month_of_year(self, value: dt.date) -> str:
        """The month where its year is said already: "november"."""
        return _date(value, "LLLL", self._locale)

    def short_month(self, value: dt.date) -> str:
        return _date(value, "LLL", self._locale)

    def short_day(self, value: dt.date) -> str:
        return _date(value, self("date/short_day"), self._locale)

    def period(self, start: dt.date | None, end: dt.date | None, *, today: dt.date) -> str:
        """A period in words; both days are included."""
        if start and start == end:
            return _date(start, self("date/day_month_year"), self._locale)
        if start and end:
            # The year stands once, at the end, when both days share it.
            first = _date(start, self("date/day_and_month"), self._locale) if start.year == end.year else None
            last = _date(end, self("date/day_month_year"), self._locale)
            return self(
                "date/from_to", start=first or _date(start, self("date/day_month_year"), self._locale), end=last
            )
        if start:
            return self("date/from", start=self.day(start, today=today))
        if end:
            return self("date/until", end=self.day(end, today=today))
        return self("date/no_period")

    def months(self, start: dt.date, end: dt.date) -> str:
        """Whole months from one to another: "november 2026", "oktober til december 2026"."""
        if (start.year, start.month) == (end.year, end.month):
            return self.month(start)
        first = _date(start, "LLLL", self._locale) if start.year == end.year else self.month(start)
        return self("date/from_to", start=first, end=self.month(end))

    def in_days(self, value: dt.date, *, today: dt.date) -> str:
        """How far away a day is: "i dag", "i morgen", "om 4 dage", "for 3 dage siden"."""
        days = (value - today).days
        if days in {0, 1, -1}:
            return self({0: "date/today", 1: "date/tomorrow", -1: "date/yesterday"}[days])
        return self.counted("date/in_days" if days > 0 else "date/days_ago", abs(days))

    def listed(self, names: list[str]) -> str:
        """Names as a list in words: "A, B og C"."""
        if len(names) == 1:
            return names[0]
        return _list(tuple(map(isolated, names) if self._from_right else names), self._locale)

    def beside(self, ours: str, registers: str) -> str:
        """Our word for something, with a register's own Danish one: for who cannot read that one alone."""
        return f"{ours} – {isolated(registers) if self._from_right else registers}"

    def in_a_sentence(self, name: str) -> str:
        """A name within a sentence: with a small letter, unless it is one like FGU or the language keeps them large."""
        small = not self.of.keeps_capitals and (name[1:2].islower() or name[1:2] in {"-", " "})
        return name[:1].lower() + name[1:] if small else name

    def as_one(self, names: Iterable[str]) -> str:
        """Each name once, as one name: "Folkepension og pensionstillæg", "Børne- og ungeydelse, Noah og Ida"."""
        first, *others = dict.fromkeys(names)
        kind, comma, _ = first.rpartition(", ")
        if comma and others and all(name.startswith(kind + comma) for name in others):
            whose = self.listed([name.removeprefix(kind + comma) for name in (first, *others)])
            return f"{isolated(kind + ',') if self._from_right else kind + ','} {whose}"
        return self.listed([first, *map(self.in_a_sentence, others)])


@lru_cache(maxsize=20_000)
def _moment(words: Words, value: dt.datetime, fold: int, today: dt.date) -> When:  # noqa: ARG001 - equal, but not the same hour
    clock = words("date/clock", hour=value.hour, minute=f"{value.minute:02d}")
    named = {0: "date/today", 1: "date/yesterday"}.get((today - value.date()).days)
    day = words(named) if named else words.day(value.date(), today=today)
    return When(words=words("date/moment", day=day, clock=clock), iso=value.isoformat(timespec="seconds"))


def written(language: str) -> dict[str, str]:
    """The texts that are written in a language, without those it takes from Danish.

    Raises:
        KeyError: the language is not one of ``LANGUAGES``.
    """
    texts: dict[str, str] = {}
    for file in FILES:
        if file in languages.load()[language].files:
            table = tomllib.loads((TEXTS / f"{file}.{language}.toml").read_text("utf-8"))
            texts.update(_flatten(file, table))
    return texts


@cache
def load(language: str) -> Words:
    """The words of a language, once read; what it lacks is said in Danish.

    Raises:
        KeyError: the language is not one of ``LANGUAGES``.
    """
    return Words(language=language, texts={**written(DANISH), **written(language)})
