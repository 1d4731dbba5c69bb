"""Colours of drawings, which axe does not measure: words in and beside bars, and bars against what they stand on."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "static" / "css" / "bo.css").read_text("utf-8")
TEXT, DRAWING = 4.5, 3.0  # WCAG 1.4.3 and 1.4.11
WHITE = "#ffffff"


def colour(name: str) -> str:
    found = re.search(rf"--bo-{name}: (#[0-9a-f]{{3,6}});", CSS)
    assert found, name
    code = found[1]
    return code if len(code) == 7 else "#" + "".join(2 * digit for digit in code[1:])


def luminance(code: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        (WHITE, "green"),
        (WHITE, "ended"),
        (WHITE, "red"),
        (WHITE, "green-deep"),
        ("green-edge", "green-deep"),
        ("green-deep", "paper"),
        ("text", "ground"),
        ("quiet", "paper"),
        ("quiet", "ground"),
        ("text", "yellow-soft"),
    ],
)
def test_words_stand_out(words: str, ground: str) -> None:
    code = words if words.startswith("#") else colour(words)
    assert contrast(code, colour(ground)) >= TEXT


@pytest.mark.parametrize("drawn", ["green", "ended", "red", "blue-dark", "series-0", "series-2", "series-4"])
def test_drawings_stand_out(drawn: str) -> None:
    assert contrast(colour(drawn), WHITE) >= DRAWING


@pytest.mark.parametrize(
    ("light", "edge"), [("series-1", "series-0"), ("series-3", "series-2"), ("series-5", "series-4")]
)
def test_a_light_series_has_an_edge_and_differs_from_its_neighbour(light: str, edge: str) -> None:
    assert f"fill: var(--bo-{light}); stroke: var(--bo-{edge})" in CSS
    assert contrast(colour(light), colour(edge)) >= 2.5  # beside the edge itself, which reaches 3
    assert contrast(colour(edge), WHITE) >= DRAWING
