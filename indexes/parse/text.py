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
    if text.isprintable() and "  " not in text and not _FOUR_DIGITS.search(text) and not _INVISIBLE.search(text):
        return _cut(text.strip(), _LONGEST_TEXT) or None  # most texts: nothing in them for the rules below
    # Invisible characters first: one inside a number must not hide it from the mask.
    text = _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()
    masked = CPR_LIKE.sub(MASK, text)
    if masked != text:
        defects.add(Defect.CPR_IN_TEXT)
    return _cut(masked, _LONGEST_TEXT) or None


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
