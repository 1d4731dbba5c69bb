"""A font out of its wrapping for browsers: the maker gives some both ways, so one can be held against the other."""

import importlib.util
import struct
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PLEX = ROOT / "node_modules" / "dkfds" / "dist" / "fonts" / "IBMPlexSans" / "complete"
BOTH_WAYS = ("Regular", "SemiBold", "Italic")


@pytest.fixture(scope="module")
def woff() -> ModuleType:
    spec = importlib.util.spec_from_file_location("woff", ROOT / "scripts" / "woff.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tables(font: bytes) -> dict[bytes, bytes]:
    (number,) = struct.unpack_from(">H", font, 4)
    entries = (struct.unpack_from(">4sLLL", font, 12 + at * 16) for at in range(number))
    return {tag: font[where : where + length] for tag, _, where, length in entries}


@pytest.mark.parametrize("weight", BOTH_WAYS)
def test_it_holds_what_the_makers_own_file_does(woff: ModuleType, weight: str) -> None:
    """But for the signature and the head's own sum, which the wrapping itself leaves out or makes anew."""
    mine = tables(woff.unwrapped((PLEX / "woff" / f"IBMPlexSans-{weight}.woff").read_bytes()))
    theirs = tables((PLEX / "ttf" / f"IBMPlexSans-{weight}.ttf").read_bytes())
    of_shapes = mine.keys() - {b"head", b"meta", b"DSIG"}
    assert {b"glyf", b"cmap", b"GSUB", b"GPOS"} <= of_shapes
    assert [tag for tag in of_shapes if mine[tag] != theirs[tag]] == []


def test_what_is_no_font_or_not_whole_is_refused(woff: ModuleType) -> None:
    whole = (PLEX / "woff" / "IBMPlexSans-Regular.woff").read_bytes()
    damaged = whole[:2000] + bytes(200) + whole[2200:]
    for broken in (b"", b"wOF2" + whole[4:], whole[:-1], whole + b"x", damaged):
        with pytest.raises(ValueError, match=r"font"):
            woff.unwrapped(broken)
