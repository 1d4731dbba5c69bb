"""Free text from the fagsystemer, made safe to show: no control characters, no CPR numbers, no caseworker's initials.

What a text may say is judged elsewhere; here it is only cleaned.
"""

import re
from collections.abc import Iterable
from typing import Final

from indexes.records import Defect

MASK = "[nummer fjernet]"

# Controls, soft hyphen, zero-width characters, bidi marks, overrides and isolates, variation selectors, tags, BOM.
# They can reverse what a reader sees or split a number so that it is not recognised.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")
# Inside a number may stand what is neither a letter nor a digit: a hyphen of any kind, a full stop, a space. It has a
# limit, so that a text is read once. After a date a comma, a colon or a bracket begins something else, such as a time.
_BETWEEN = r"[\W_]{0,3}"
_IN_DATE = r"(?:(?![,;:(){}\[\]])[\W_])"
_DAY = rf"\d\d{_IN_DATE}{{1,3}}\d\d{_IN_DATE}{{1,3}}\d\d{_IN_DATE}{{0,3}}"

CPR_LIKE: Final = re.compile(rf"(?<!\d)(?:\d{{6}}{_BETWEEN}|{_DAY})\d{{4}}(?!\d)")
"""What looks like a CPR number: six digits, as one or as a date, and four.

A KLE number or a date with nothing but a hyphen, a full stop or a space between it and four digits looks the same, and
counts as one: too much masked is a nuisance, too little a breach.
"""

_FOUR_DIGITS = re.compile(r"\d{4}")

# Stands where a name was taken out; ``clean`` has left no such character in a text.
_GAP = "\0"
_AROUND_GAP = re.compile(rf"([\s/|,;:·–-]*)(?:{_GAP}[\s/|,;:·–-]*)+")
_EMPTY_BRACKETS = re.compile(r"\s*(?:\(\s*\)|\[\s*\]|\{\s*\})")


def clean(text: str | None, defects: set[Defect]) -> str | None:
    """``text`` on one line, without invisible characters and with CPR numbers masked; None if nothing is left.

    Adds CPR_IN_TEXT to ``defects`` when a number was masked.
    """
    if not text:
        return None
    if text.isprintable() and "  " not in text and not _FOUR_DIGITS.search(text) and not _INVISIBLE.search(text):
        return text.strip() or None  # most texts: nothing in them for the rules below
    # Invisible characters first: one inside a number must not hide it from the mask.
    text = _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()
    masked = CPR_LIKE.sub(MASK, text)
    if masked != text:
        defects.add(Defect.CPR_IN_TEXT)
    return masked or None


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
    if without == title:
        return title
    defects.add(Defect.INITIALS_IN_TEXT)
    closed = _EMPTY_BRACKETS.sub("", _AROUND_GAP.sub(_closed, without))
    return closed.strip() or None


def _taken_out(text: str, name: str) -> str:
    if " " in name:
        if name.lower() in text.lower():
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _GAP, text, flags=re.IGNORECASE)
        return text
    for initials in {name, name.upper()}:
        if initials in text:
            text = re.sub(rf"(?<!\w){re.escape(initials)}(?!\w)", _GAP, text)
    return text


def _closed(gap: re.Match[str]) -> str:
    """What stands where a name was: the punctuation before it, or nothing at an end of the text or of a bracket."""
    before, after = gap.string[: gap.start()], gap.string[gap.end() :]
    if not before or not after or before[-1] in "([{" or after[0] in ")]}.":
        return ""
    return gap[1] or " "
