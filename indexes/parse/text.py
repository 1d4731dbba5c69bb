"""Free text from the fagsystemer, made safe to show: no control characters, no CPR numbers, no caseworker's initials.

What a text may say is judged elsewhere; here it is only cleaned.
"""

import re
from collections.abc import Iterable

from indexes.records import Defect

MASK = "[nummer fjernet]"

# Controls, soft hyphen, zero-width characters, bidi marks, overrides and isolates, variation selectors, tags, BOM.
# They can reverse what a reader sees or split a number so that it is not recognised.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")
# Ten digits as a CPR number is written: with or without a space, a hyphen or a dash after the sixth.
_CPR = re.compile(r"(?<!\d)\d{6} ?[-‐‑‒–—−]? ?\d{4}(?!\d)")
# Anything the rules above could touch. Most texts match nothing and are returned as they are.
_SUSPECT = re.compile(rf"{_INVISIBLE.pattern}|\s\s|[^\S ]|^\s|\s$|\d{{4}}")

_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}")
_DOUBLE_SEPARATOR = re.compile(r"(?:^|(?<=\s))([/|,;:·–-])(?:\s+[/|,;:·–-])+(?=\s|$)")
_LOOSE_ENDS = re.compile(r"^[\s/|,;:·–-]+|[\s/|,;:·–-]+$")
_SPACE_BEFORE = re.compile(r"\s+(?=[,;:.)\]])")


def clean(text: str | None, defects: set[Defect]) -> str | None:
    """``text`` on one line, without invisible characters and with CPR numbers masked; None if nothing is left.

    Adds CPR_IN_TEXT to ``defects`` when a number was masked.
    """
    if not text:
        return None
    if not _SUSPECT.search(text):
        return text
    # Invisible characters first: one inside a number must not hide it from the mask.
    text = _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()
    masked = _CPR.sub(MASK, text)
    if masked != text:
        defects.add(Defect.CPR_IN_TEXT)
    return masked or None


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
        without = _without(without, name)
    if without == title:
        return title
    defects.add(Defect.INITIALS_IN_TEXT)
    return _tidied(without) or None


def _without(text: str, name: str) -> str:
    if " " in name:
        return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", text, flags=re.IGNORECASE)
    for initials in {name, name.upper()}:
        if initials in text:
            text = re.sub(rf"(?<!\w){re.escape(initials)}(?!\w)", "", text)
    return text


def _tidied(text: str) -> str:
    """``text`` without the punctuation a removed word leaves behind."""
    text = _EMPTY_BRACKETS.sub(" ", text)
    text = _SPACE.sub(" ", text)
    text = _DOUBLE_SEPARATOR.sub(r"\1", text)
    return _LOOSE_ENDS.sub("", _SPACE_BEFORE.sub("", text))
