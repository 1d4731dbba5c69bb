"""Free text from the fagsystemer, made safe to show: no control characters, no CPR numbers, no caseworker's initials.

What a text may say is judged elsewhere; here it is only cleaned.
"""

import re
from collections.abc import Iterable
from typing import Final

from indexes.cpr_numbers import INVISIBLE, masked
from indexes.records import Defect

MASK = "[nummer fjernet]"

_SPACE = re.compile(r"\s+")
# Fewer hold no CPR number, however it is written.
_FOUR_DIGITS = re.compile(r"\d{4}")
_TEN_DIGITS = re.compile(r"(?:\d\D*){10}")

# What the indexes' schemas allow a name or a title, and the longest description.
_LONGEST_NAME: Final = 255
_LONGEST_TEXT: Final = 4096

# Stands where a name was taken out; ``clean`` has left no such character in a text.
_GAP = "\0"
_PUNCTUATION = " /|,;:·–-"
_EMPTY_BRACKETS = re.compile(r" ?(?:\( ?\)|\[ ?\]|\{ ?\})")


def clean(text: str | None, defects: set[Defect]) -> str | None:
    """``text`` on one line, without invisible characters and with CPR numbers masked; None if nothing is left.

    Longer than a schema allows it is cut, after the masking: half a number would not be known as one. Adds CPR_IN_TEXT
    to ``defects`` when a number was masked.
    """
    if not text:
        return None
    if (
        text.isprintable()
        and "  " not in text
        and not (_FOUR_DIGITS.search(text) and _TEN_DIGITS.search(text))
        and (text.isascii() or not INVISIBLE.search(text))
    ):
        return _cut(text.strip(), _LONGEST_TEXT) or None  # most texts: nothing in them for the rules below
    line = _SPACE.sub(" ", INVISIBLE.sub("", text)).strip()
    safe = masked(line, MASK)
    if safe != line:
        defects.add(Defect.CPR_IN_TEXT)
    return _cut(safe, _LONGEST_TEXT) or None


def clean_name(text: str | None, defects: set[Defect]) -> str | None:
    """``clean`` for what the schemas call a name: of a unit, a benefit, a fagsystem."""
    name = clean(text, defects)
    return _cut(name, _LONGEST_NAME) if name else None


def clean_id(given: str | None, defects: set[Defect]) -> str | None:
    """An identifier, None if it holds a CPR number: a digest of one is as good as the number, a mask no identifier."""
    cleaned = clean(given, defects)
    return None if cleaned is None or MASK in cleaned else cleaned


def clean_title(text: str | None, names: Iterable[str], defects: set[Defect]) -> str | None:
    """``clean`` and without ``names`` (a caseworker's initials and full name) where they stand as words.

    Initials count as written and in capitals, full names (with a space) in any case: a word such as "om" must not go
    because somebody's initials are OM. Adds INITIALS_IN_TEXT to ``defects`` when something was removed.
    """
    title = clean(text, defects)
    if title is None:
        return None
    without = title
    for name in names:
        without = _taken_out(without, name)
    if without != title:
        defects.add(Defect.INITIALS_IN_TEXT)
        title = _EMPTY_BRACKETS.sub("", _closed(without)).strip().rstrip(_PUNCTUATION)
    return _cut(title, _LONGEST_NAME) or None  # last: half a name would not be known as one


def _cut(text: str, longest: int) -> str:
    """``text`` with at most ``longest`` characters, the last one an ellipsis where words had to go."""
    if len(text) <= longest:
        return text
    whole_words = text[:longest].rpartition(" ")[0]
    return f"{whole_words or text[: longest - 1].rstrip('0123456789')}…"


def _taken_out(text: str, name: str) -> str:
    if " " in name:
        if name.lower() in text.lower():
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _GAP, text, flags=re.IGNORECASE)
        return text
    for initials in {name, name.upper()}:
        if initials in text:
            text = re.sub(rf"(?<!\w){re.escape(initials)}(?!\w)", _GAP, text)
    return text


def _closed(text: str) -> str:
    """``text`` with its gaps closed: each with the punctuation before it, or nothing at an end or inside a bracket.

    It goes from gap to gap: a pattern for the punctuation before one would try again at every character of a long row.
    """
    first, *others = text.split(_GAP)
    parts = [first.rstrip(_PUNCTUATION)]
    joint = first[len(parts[0]) :]
    for number, other in enumerate(others, 1):
        after = other.lstrip(_PUNCTUATION)
        if not after:
            continue  # two names beside each other are one gap
        last = parts[-1]
        part = after if number == len(others) else after.rstrip(_PUNCTUATION)
        parts += ("" if not last or last[-1] in "([{" or after[0] in ")]}." else joint or " ", part)
        joint = after[len(part) :]
    return "".join(parts)


class Cleaner:
    """``clean_name`` and ``clean_title`` for the texts of one answer, in which many are the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, tuple[str, ...] | None], tuple[str | None, frozenset[Defect]]] = {}

    def name(self, text: str | None, defects: set[Defect]) -> str | None:
        return self._cleaned(text, None, defects)

    def title(self, text: str | None, names: tuple[str, ...], defects: set[Defect]) -> str | None:
        return self._cleaned(text, names, defects)

    def _cleaned(self, text: str | None, names: tuple[str, ...] | None, defects: set[Defect]) -> str | None:
        if not text:
            return None
        found = self._known.get((text, names))
        if found is None:
            told: set[Defect] = set()
            cleaned = clean_name(text, told) if names is None else clean_title(text, names, told)
            found = self._known[text, names] = (cleaned, frozenset(told))
        if found[1]:
            defects |= found[1]
        return found[0]
