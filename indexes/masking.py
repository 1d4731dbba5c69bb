"""A message's shape, which is what an operator may see of it: names of the indexes' schemas, and nobody's words.

Every text becomes its shape: a digit is 9, a letter x (X where it was large). A name that no schema knows is masked as
a text is: whoever sends nonsense may have put a person there.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from lxml.etree import QName, _Element

from indexes.errors import BadAnswer
from indexes.soap import parse_xml

NAMES: Final = Path(__file__).parent / "data" / "wire_names.txt"
MOST_BYTES: Final = 64_000  # of a larger message only the beginning is told, as text
MOST_LINES: Final = 80
MOST_LEVELS: Final = 10
LONGEST_TEXT: Final = 40
_INDENT: Final = "  "
_SPACE = re.compile(r"\s+")
_KEPT: Final = frozenset(" .,:;-+/_()<>=\"'?!&%#@*[]{}")  # punctuation tells of a form and of nobody


def masked(raw: bytes) -> str:
    """The structure of a message, an element a line; of what is no XML, the shape of its beginning."""
    if len(raw) <= MOST_BYTES:
        with suppress(BadAnswer):
            return _cut(_lines(parse_xml(raw), 0))
    beginning = raw[: MOST_LINES * LONGEST_TEXT].decode("utf-8", errors="replace")
    return "\n".join(shape(line, longest=2 * LONGEST_TEXT) for line in beginning.splitlines()[:MOST_LINES])


def shape(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """A text as a form that tells of nobody: "6113840001" is "9999999999", "Æbler & Co" "Xxxxxx & Xx"."""
    found = "".join(map(_masked, _SPACE.sub(" ", text.strip()[: 2 * longest])))
    return f"{found[:longest]}…" if len(found) > longest else found


def _masked(character: str) -> str:
    if character in _KEPT:
        return character
    if character.isnumeric():
        return "9"
    if character.isalpha():
        return "X" if character.isupper() else "x"
    return "·"


@cache
def _known() -> frozenset[str]:
    return frozenset(NAMES.read_text("utf-8").split())


def _lines(element: _Element, level: int) -> Iterator[str]:
    text = shape(element.text or "")
    yield f"{_INDENT * level}{_name(element)}{': ' if text else ''}{text}"
    if level == MOST_LEVELS:
        if len(element):
            yield f"{_INDENT * (level + 1)}…"
        return
    for child in element:
        yield from _lines(child, level + 1)


def _name(element: _Element) -> str:
    name = QName(element).localname
    return name if name in _known() else shape(name)


def _cut(lines: Iterator[str]) -> str:
    """So many lines; of lines that are the same one after another, the first and how many."""
    told: list[str] = []
    times = 1
    for line in lines:
        if told and told[-1] == line:
            times += 1
            continue
        if times > 1:
            told[-1] += f" (×{times})"
            times = 1
        if len(told) == MOST_LINES:
            return "\n".join([*told, "…"])
        told.append(line)
    if times > 1:
        told[-1] += f" (×{times})"
    return "\n".join(told)
