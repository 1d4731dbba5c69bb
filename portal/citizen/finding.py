"""Finding cases: by words, area, year, and whether they have ended. Pure; cases are put into words only to be read."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, cast
from urllib.parse import urlencode

from borgerblik.overview.cases import CaseItem
from borgerblik.overview.listed import Listed
from borgerblik.overview.shapes import CaseInShort, CaseSection, CaseView

YEAR_DIGITS: Final = 4
OPEN, CLOSED = "igang", "afsluttede"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for, as it stands in the address; what is empty does not narrow."""

    q: str = ""
    omraade: str = ""
    emne: str = ""  # a KLE number
    aar: str = ""
    vis: str = ""

    def query(self, **changes: str) -> str:
        """The address of the same question with some of it changed."""
        asked = replace(self, **changes)
        return urlencode({name: value for name in _RULES if (value := getattr(asked, name))})

    def narrows(self) -> tuple[str, ...]:
        """What of it narrows."""
        return tuple(name for name in _RULES if getattr(self, name))

    def missed_by(self, item: CaseItem) -> tuple[str, ...]:
        """The parts of the question that a case does not answer: two of them at most, for then it is out."""
        missing = (name for name in self.narrows() if not _RULES[name](item, getattr(self, name)))
        return tuple(islice(missing, 2))


def asked_for(query: Mapping[str, str]) -> Asked:
    """The question in an address; a year or a state that is none asks for nothing."""
    year, state = query.get("aar", ""), query.get("vis", "")
    return Asked(
        q=" ".join(query.get("q", "").split()),
        omraade=query.get("omraade", ""),
        emne=query.get("emne", ""),
        aar=year if _is_year(year) else "",
        vis=state if state in {OPEN, CLOSED} else "",
    )


def _is_year(word: str) -> bool:
    return len(word) == YEAR_DIGITS and word.isascii() and word.isdecimal()


def _holds_words(item: CaseItem, words: str) -> bool:
    """Whether it holds every word: in what the reader can see of it in the list, its number, or as one of its years."""
    case, outcome = item.short, item.outcome
    seen = (case.title, case.lead, case.area_title, case.sender, case.status.words, item.case.number or "")
    text = " ".join((*seen, outcome.words if outcome else "")).casefold()
    return all(word in text or (_is_year(word) and int(word) in item.years) for word in words.casefold().split())


# In the order of the form; words come last, for they are what costs.
_RULES: Final[Mapping[str, Callable[[CaseItem, str], bool]]] = {
    "omraade": lambda item, area: item.area.key == area,
    "emne": lambda item, kle: item.case.kle == kle,
    "aar": lambda item, year: int(year) in item.years,
    "vis": lambda item, state: item.is_open == (state == OPEN),
    "q": _holds_words,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the values that can be asked for; ``number`` is how many cases it would find."""

    value: str
    title: str
    chosen: bool
    number: int
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wider:
    """The question with one part of it left out, for whoever has found nothing."""

    part: str  # q, omraade, emne, aar, vis
    number: int
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer, and where one can go from it."""

    cases: Listed[CaseView, CaseInShort]  # open ones first
    areas: tuple[Choice, ...]  # by title
    years: tuple[Choice, ...]  # newest first; only those with cases
    wider: tuple[Wider, ...]  # what would find something; only when nothing was found


def find(cases: CaseSection, asked: Asked) -> Found:
    """The cases that are asked for, among those that are shown."""
    # the lists of a case section are made of these (overview/cases.py)
    items = cast("Sequence[CaseItem]", (cases.open + cases.closed).items)
    by_missed: dict[tuple[str, ...], list[CaseItem]] = {}
    for item in items:
        by_missed.setdefault(asked.missed_by(item), []).append(item)
    found = by_missed.get((), [])
    return Found(
        cases=Listed(found),
        areas=_areas(items, asked),
        years=_years([*found, *by_missed.get(("aar",), [])], asked),
        wider=() if found else _wider(by_missed, asked),
    )


def _areas(items: Sequence[CaseItem], asked: Asked) -> tuple[Choice, ...]:
    titles = {item.area.key: item.area_title for item in items}
    numbers = Counter(item.area.key for item in items)
    choices = (
        Choice(
            value=key,
            title=title,
            chosen=key == asked.omraade,
            number=numbers[key],
            query=asked.query(omraade=key),
        )
        for key, title in titles.items()
    )
    return tuple(sorted(choices, key=lambda choice: choice.title))


def _years(items: Sequence[CaseItem], asked: Asked) -> tuple[Choice, ...]:
    numbers = Counter(year for item in items for year in item.years)
    return tuple(
        Choice(
            value=str(year),
            title=str(year),
            chosen=str(year) == asked.aar,
            number=numbers[year],
            query=asked.query(aar=str(year)),
        )
        for year in sorted(numbers, reverse=True)
    )


def _wider(by_missed: Mapping[tuple[str, ...], Sequence[CaseItem]], asked: Asked) -> tuple[Wider, ...]:
    return tuple(
        Wider(part=part, number=len(by_missed[part,]), query=asked.query(**{part: ""}))
        for part in asked.narrows()
        if (part,) in by_missed
    )
