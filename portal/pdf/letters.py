"""The letters that a PDF is written with: the pages' own, which set-up puts beside the design system.

The complete fonts as the maker gave them, not the parts that browsers fetch. A document may not hold a letter that none
of them has – PDF/UA forbids an empty box that is no box – so whoever lays one out asks here first.
"""

import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final
from unicodedata import category

FOLDER: Final = Path(__file__).parents[2] / "static" / "vendor" / "dkfds" / "fonts" / "whole"
FILES: Final = (
    *("IBMPlexSans-Regular.ttf", "IBMPlexSans-SemiBold.ttf"),
    *("IBMPlexSansArabic-Regular.ttf", "IBMPlexSansArabic-SemiBold.ttf"),
)
STAND_IN: Final = "\N{LOZENGE}"  # for what no font has
_RUN: Final = re.compile(rf"{STAND_IN}(?:\u200d?{STAND_IN})+")  # pictures may be joined to one
_BY_SEGMENTS: Final = 4  # the form of a table ``cmap`` that every font has
# Kept though it is in no font: what joins letters, and what turns the direction of words (Unicode TR9).
_STEERS: Final = frozenset(map(ord, "\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069"))


def missing(folder: Path) -> list[str]:
    """The files of letters that are not there: nothing can be written before set-up has fetched them."""
    return [name for name in FILES if not (folder / name).is_file()]


def in_ours(text: str) -> str:
    """The text with one ``STAND_IN`` for each run of letters that no font has: pictures, or another script.

    A space of another width is a space. What is drawn as nothing anyway – how a picture is to be coloured, where a word
    may be broken, what steers an old terminal – is left out.
    """
    return _RUN.sub(STAND_IN, text.translate({ord(letter): _instead(letter) for letter in set(text)}))


def _instead(letter: str) -> str:
    kind = category(letter)
    if ord(letter) in covered():
        return letter
    if kind == "Zs" or letter in "\n\t":
        return " "
    return "" if kind in {"Cc", "Cf"} or "\ufe00" <= letter <= "\ufe0f" else STAND_IN


@cache
def covered() -> frozenset[int]:
    """Every character that is in the fonts in both their weights, or only steers how others stand."""
    faces = [frozenset(_characters((FOLDER / name).read_bytes())) for name in FILES]
    regular, semibold, arabic, arabic_semibold = faces
    return _STEERS | (regular & semibold) | (arabic & arabic_semibold)


def _characters(font: bytes) -> Iterator[int]:
    """What a font has a shape for: its table ``cmap`` in format 4 (OpenType, "Segment mapping to delta values")."""
    (number,) = struct.unpack_from(">H", font, 4)
    heads = (struct.unpack_from(">4s4xLL", font, 12 + at * 16) for at in range(number))
    cmap = next(where for tag, where, _ in heads if tag == b"cmap")
    (number,) = struct.unpack_from(">H", font, cmap + 2)
    tables = (cmap + struct.unpack_from(">4xL", font, cmap + 4 + at * 8)[0] for at in range(number))
    table = next(where for where in tables if struct.unpack_from(">H", font, where)[0] == _BY_SEGMENTS)
    (twice,) = struct.unpack_from(">H", font, table + 6)
    segments = twice // 2
    words = struct.Struct(f">{segments}H")
    ends, starts = words.unpack_from(font, table + 14), words.unpack_from(font, table + 16 + twice)
    deltas, offsets_at = words.unpack_from(font, table + 16 + 2 * twice), table + 16 + 3 * twice
    offsets = words.unpack_from(font, offsets_at)
    for at, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for letter in range(start, min(end, 0xFFFE) + 1):
            glyph = letter
            if offset:
                (glyph,) = struct.unpack_from(">H", font, offsets_at + 2 * at + offset + 2 * (letter - start))
            if glyph and (glyph + delta) % 0x10000:
                yield letter
