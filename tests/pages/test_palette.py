"""The two lists of colours, light and dark: words and drawings stand out in both, and neither forgets a colour."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
CSS = (STATIC / "css" / "bo.css").read_text("utf-8")
LIGHT, DARK = (STATIC / "css" / "colours.css").read_text("utf-8").split("@media screen", maxsplit=1)
DESIGN_SYSTEM = (STATIC / "vendor" / "dkfds" / "css" / "dkfds.css").read_text("utf-8").partition("\n@media")[0]
TEXT, DRAWING = 4.5, 3.0  # WCAG 1.4.3 and 1.4.11
WHITE = "#ffffff"
MODES = {"light": DESIGN_SYSTEM + LIGHT, "dark": DESIGN_SYSTEM + LIGHT + DARK}
# Grounds that are dark or strong already, with the white words on them, and edges between the two.
ALIKE = {
    *(
        "edge-1b86c3",
        "edge-358000",
        "edge-febb30",
        "ground-3c5c22",
        "ground-44831e",
        "ground-454545",
        "ground-cc0000",
        "ink-ffffff",
    ),
}


def colour(name: str, mode: str = "light") -> str:
    """What a colour is in a mode; ``df-…`` names one of the design system's."""
    if name.startswith("#"):
        return name
    name = name if name.startswith("df-") else f"bo-{name}"
    found = re.findall(rf"--{name}:\s?(#[0-9a-f]{{6}});", MODES[mode])
    assert found, name
    return str(found[-1])


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


def test_the_dark_list_forgets_no_colour_of_the_design_system() -> None:
    named = set(re.findall(r"--df-((?:ink|ground|edge)-[0-9a-f]{6}):", DESIGN_SYSTEM))
    dark = set(re.findall(r"--df-((?:ink|ground|edge)-[0-9a-f]{6}):", DARK))
    assert named - dark == ALIKE
    assert dark <= named, "a colour that the design system no longer has"


def test_no_rule_of_a_page_names_a_colour_of_its_own() -> None:
    """But white on a strong ground, black on paper, and the sheet for the fridge."""
    screens, _, paper = CSS.partition("@media print")
    rules = [rule for rule in re.findall(r"[^{}]+\{[^{}]*\}", screens) if ".bo-sheet" not in rule]
    assert {code for rule in rules for code in re.findall(r"#[0-9a-f]{3,8}\b", rule)} == {"#fff"}
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", paper)) == {"#fff", "#000"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("words", "ground"),
    [
        (WHITE, "green"),
        (WHITE, "ended"),
        (WHITE, "red"),
        (WHITE, "green-deep"),
        ("on-deep", "green-deep"),
        ("on-yellow", "yellow"),
        ("green-ink", "paper"),
        ("green-ink", "bar"),
        ("text", "ground"),
        ("text", "stopped"),
        ("quiet", "paper"),
        ("quiet", "ground"),
        ("quiet", "green-soft"),
        ("quiet", "df-ground-ffffff"),
        ("text", "yellow-soft"),
        *(("text", f"badge-{tone}") for tone in ("success", "warning", "error", "neutral")),
        *(("df-ink-004d99", ground) for ground in ("paper", "ground", "yellow-soft", "red-soft", "blue-soft")),
        ("df-ink-cc0000", "paper"),
        ("df-ink-1a1a1a", "df-ground-ffffff"),
        ("df-ink-707070", "df-ground-ffffff"),
    ],
)
def test_words_stand_out(words: str, ground: str, mode: str) -> None:
    assert contrast(colour(words, mode), colour(ground, mode)) >= TEXT


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "drawn",
    [
        *("green", "ended", "red", "blue-dark", "series-0", "series-2", "series-4"),
        *("rule-strong", "stopped-edge", "df-edge-8e8e8e", "df-edge-454545", "df-edge-44831e", "df-ground-1a1a1a"),
    ],
)
def test_drawings_stand_out(drawn: str, mode: str) -> None:
    assert contrast(colour(drawn, mode), colour("paper", mode)) >= DRAWING


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("weak", "edge"), [("series-1", "series-0"), ("series-3", "series-2"), ("series-5", "series-4")]
)
def test_a_weak_series_has_an_edge_and_differs_from_its_neighbour(weak: str, edge: str, mode: str) -> None:
    assert f"fill: var(--bo-{weak}); stroke: var(--bo-{edge})" in CSS
    assert contrast(colour(weak, mode), colour(edge, mode)) >= 2.5  # beside the edge itself, which reaches 3
    assert contrast(colour(edge, mode), colour("paper", mode)) >= DRAWING
