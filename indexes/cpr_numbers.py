"""What looks like a CPR number, and how it is masked: the one rule, for texts at the door and for lines of the log.

A KLE number or a date with nothing but a hyphen, a full stop or a space between it and four digits looks the same, and
counts as one: too much masked is a nuisance, too little a breach. Ids stay: now and then some digits of one stand as
those of a CPR number do.
"""

import re
from typing import Final

# Controls, soft hyphen, zero-width characters, bidi marks, overrides and isolates, letters that are drawn as nothing,
# variation selectors, tags, BOM. They can reverse what a reader sees or split a number so that it is not recognised.
INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# Inside a number may stand what is neither a letter nor a digit: a hyphen of any kind, a full stop, a space; in an
# address as a percent code, perhaps coded again. It has a limit, so that a text is read once. After a date a comma, a
# colon or a bracket begins something else, such as a time.
_CODED = "%(?:25)*[0-9A-Fa-f]{2}"
_BETWEEN = rf"(?:{_CODED}|[\W_]){{0,3}}"
_IN_DATE = rf"(?:{_CODED}|(?![,;:(){{}}\[\]])[\W_])"
_DAY = rf"\d\d{_IN_DATE}{{1,3}}\d\d{_IN_DATE}{{1,3}}\d\d{_IN_DATE}{{0,3}}"
_CPR = rf"(?<!\d)(?:\d{{6}}{_BETWEEN}|{_DAY})\d{{4}}(?!\d)"
_ID = r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f])"
_ID_OR_CPR = re.compile(rf"(?P<id>{_ID})|{_CPR}")

# Whoever writes by hand parts the digits as they like: in pairs, as a telephone number, one by one. So many texts would
# be masked for nothing, unless the digits begin with a day and a month (with 60 days more for a replacement, and a
# thirteenth month for a test), and are no date with an hour behind it.
_APART = r"[\s.\-\u2010-\u2015]{0,5}"
_NO_DATE = r"(?!\d\d?[./-]\d\d?[./-](?:19|20)\d\d(?!\d)|(?:19|20)\d\d-\d\d-\d\d(?!\d))"
_DAY_AND_MONTH = rf"[0-36-9]{_APART}\d{_APART}(?:0{_APART}[1-9]|1{_APART}[0-3])"
_BY_HAND = re.compile(rf"(?P<id>{_ID})|(?<!\d){_NO_DATE}{_DAY_AND_MONTH}(?:{_APART}\d){{6}}(?!\d)")

CPR_LIKE: Final = re.compile(_CPR)
"""Six digits, as one or as a date, and four."""


def masked(text: str, mask: str) -> str:
    """``text`` without invisible characters, and with ``mask`` for whatever looks like a CPR number."""
    # Invisible characters first: one inside a number must not hide it from the mask.
    return _ID_OR_CPR.sub(lambda found: found["id"] or mask, INVISIBLE.sub("", text))


def masked_by_hand(text: str, mask: str) -> str:
    """The same of what a person has written here: also when the digits are parted in some other way."""
    return _BY_HAND.sub(lambda found: found["id"] or mask, masked(text, mask))
