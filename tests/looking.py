"""What a test sees of a page in a real Chromium: at every width, in every mode, by axe and by measures of our own.

One loaded page is looked at in all ways: it is resized, and its colours emulated, without loading it again. What costs
most is asked once of what is alike (``Seen``). Axe's rules are about elements, classes and attributes: a page built
like one before it, in other words and numbers, is not asked about again. Colours are an element's within those around
it: the other modes and widths are asked for a page that has an element where none was seen before. What words change –
whether they fit, where a finger finds a link, in which order they stand – is measured on every page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

WIDTHS = (1280, 390, 320)
MODES: dict[str, dict[str, Any]] = {
    # without the moments in which a colour passes into another
    "light": {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "reduce"},
    "dark": {"color_scheme": "dark", "forced_colors": "none", "reduced_motion": "reduce"},
    "forced": {"color_scheme": "light", "forced_colors": "active", "reduced_motion": "reduce"},
}
AXE = (Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")  # what another mode changes
SMALLEST_TARGET = 24  # CSS pixels (WCAG 2.5.8)
CONTRAST = 4.5

ASK_AXE = """([rules, colours]) => axe.run(document, {
  runOnly: colours ? {type: "rule", values: colours} : {type: "tag", values: rules},
  resultTypes: ["violations"], preload: false,
}).then(found => found.violations.flatMap(one => one.nodes.map(node => one.id + ": " + node.html.slice(0, 160))))"""
OPEN = "[...document.querySelectorAll('details')].slice(0, 6).forEach(one => { one.open = true; })"
# Small links and buttons, except links within a sentence, which the rule leaves out. One rings with a thumb.
SMALL_TARGETS = """least => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select")]
  .filter(e => e.checkVisibility() && !e.classList.contains("skipnav"))
  .filter(e => !(e.matches("a:not([href^=tel])") && getComputedStyle(e).display === "inline" &&
    (e.closest("h3") || e.closest("p, dd, small")?.textContent.trim().length > e.textContent.trim().length)))
  .filter(e => { const box = e.getBoundingClientRect(); return box.width < least || box.height < least; })
  .map(e => e.outerHTML.slice(0, 120))"""
# The keyboard goes by the document: nothing asks for another place, and whatever comes next stands further on – below,
# or beside on the side to which the language reads, or at the head of the next column.
OUT_OF_ORDER = """() => {
  const rtl = document.documentElement.dir === "rtl";
  const stops = [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && !e.classList.contains("skipnav"))
    .map(e => ({e, box: e.getBoundingClientRect()}));
  const wrong = [...document.querySelectorAll("[tabindex]")].filter(e => e.tabIndex > 0).map(e => e.outerHTML);
  for (let at = 1; at < stops.length; at += 1) {
    const [last, next] = [stops[at - 1].box, stops[at].box];
    const above = next.bottom <= last.top + 1 && next.left < last.right && last.left < next.right;
    const beside = next.top < last.bottom && last.top < next.bottom;
    const back = beside && (rtl ? next.left >= last.right : next.right <= last.left);
    if (above || back) { wrong.push(stops[at].e.outerHTML); }
  }
  return wrong.map(html => html.slice(0, 120));
}"""
# How wide a page is with twice the text (WCAG 1.4.4): the design system's root is 62.5 %.
TWICE = """() => {
  document.documentElement.style.fontSize = "125%";
  const wide = document.documentElement.scrollWidth;
  document.documentElement.style.fontSize = "";
  return wide;
}"""
# Axe measures no words in drawings: here they are held against the last shape painted under their middle, else against
# the ground of the element around the drawing. In the reader's own colours axe is wrong about other words too – it
# reads a property that browsers leave as it was – so there they are all measured here.
WEAK_WORDS = """([least, all]) => {
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const bright = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const seen = colour => { const [, , , alpha = 1] = parts(colour); return colour !== "none" && alpha > 0.5; };
  const ground = e => { while (e && !seen(getComputedStyle(e).backgroundColor)) { e = e.parentElement; }
    return e ? getComputedStyle(e).backgroundColor : "rgb(255, 255, 255)"; };
  const ratio = (...colours) => {
    const [one, other] = colours.map(colour => bright(parts(colour))).sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05);
  };
  const weak = [];
  const hold = (e, one, other) => {
    if (ratio(one, other) < least) { weak.push(`${e.textContent.trim()}: ${ratio(one, other).toFixed(2)} to 1`); }
  };
  for (const drawing of document.querySelectorAll("svg:not(svg svg)")) {
    const shapes = [...drawing.querySelectorAll("rect, text")].filter(e => e.checkVisibility());
    shapes.forEach((text, at) => {
      if (text.tagName !== "text" || !text.textContent.trim()) { return; }
      const box = text.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
      const under = shapes.slice(0, at).filter(e => e.tagName === "rect" && seen(getComputedStyle(e).fill) &&
        !getComputedStyle(e).fill.startsWith("url")).filter(e => { const r = e.getBoundingClientRect();
          return r.left <= x && x <= r.right && r.top <= y && y <= r.bottom; }).pop();
      hold(text, getComputedStyle(text).fill, under ? getComputedStyle(under).fill : ground(drawing));
    });
  }
  if (all) {
    [...document.body.querySelectorAll(":not(svg *)")].filter(e => e.checkVisibility() &&
      [...e.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
      .forEach(e => { hold(e, getComputedStyle(e).color, ground(e)); });
  }
  return weak;
}"""
# The page as axe sees it: no words, no numbers, no addresses, of a row of like elements the first two, and not the
# button that scripts alone have a use for.
MARKUP = """() => {
  const told = ["class", "role", "type", "scope", "hidden", "tabindex", "for", "name", "alt", "disabled"];
  const tell = e => {
    const own = [...e.attributes].filter(a => told.includes(a.name) || a.name.startsWith("aria-"))
      .map(a => a.name + "=" + (a.name.startsWith("aria-label") || a.name === "aria-describedby" ? "…" : a.value));
    const words = [...e.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const inside = [...e.children].filter(one => !one.matches("bdi, svg *, [data-print]")).map(tell);
    const kept = inside.filter((one, at) => !(at > 1 && one === inside[at - 1] && one === inside[at - 2]));
    return `<${e.tagName} ${own}>${words || e.querySelector(":scope > bdi") ? "…" : ""}${kept.join("")}`;
  };
  return tell(document.body);
}"""
# Each element within those around it.
PLACES = """() => {
  const places = new Set();
  const walk = (e, above) => {
    const place = `${above}>${e.tagName}.${e.getAttribute("class") || ""}.${e.getAttribute("aria-current") || ""}`;
    places.add(place);
    [...e.children].forEach(one => walk(one, place));
  };
  walk(document.body, "");
  return [...places];
}"""
# On paper nobody presses anything, and a heading says what it is.
OF_NO_USE_ON_PAPER = """() => {
  const left = [...document.querySelectorAll("button, input, select, textarea, nav, .bo-menu")]
    .filter(e => !e.matches(".console :is(.console-switch, input, select, textarea)"))  // they say what is decided
    .filter(e => e.checkVisibility()).map(e => "on paper: " + e.outerHTML.slice(0, 120));
  const heading = document.querySelector("h1");
  return heading?.checkVisibility() ? left : [...left, "on paper: no heading"];
}"""
PAPER = 680  # CSS pixels: A4 with 15 mm at each side
KEYS = 60
# What a keyboard stops at, numbered as it stands in the document. Of like radio buttons that is the chosen one, or the
# first.
NUMBER_STOPS = """() => [...document.querySelectorAll(
    "a[href], button, summary, select, textarea, input, [tabindex='0']")]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && e.type !== "hidden" && !e.disabled)
  .filter((e, at, all) => {
    const alike = e.type === "radio" ? all.filter(one => one.type === "radio" && one.name === e.name) : [e];
    return e === (alike.find(one => one.checked) || alike[0]);
  })
  .forEach((e, at) => { e.dataset.stop = at; })"""


def listen(page: Page) -> list[str]:
    """What the console will say: violated policies, files that are not there, broken scripts."""
    said: list[str] = []
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"console: {error}"))
    return said


@dataclass(slots=True)
class Seen:
    """What has been looked at in all ways."""

    builds: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    was_new: bool = True  # the last page, by its build

    def is_new_build(self, page: Page) -> bool:
        """Whether no page before this one was built like it."""
        build = without_numbers(page.evaluate(MARKUP))
        self.was_new = build not in self.builds
        self.builds.add(build)
        return self.was_new

    def has_new_place(self, page: Page) -> bool:
        """Whether an element stands where none has stood before."""
        places = set(map(without_numbers, page.evaluate(PLACES)))
        new = not places <= self.places
        self.places |= places
        return new


def without_numbers(told: str) -> str:
    return re.sub(r"\d+", "0", told)


def axe(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds: by all its rules of WCAG 2.2 AA and best practice, or by those that are named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(ASK_AXE, [TAGS, list(rules) or None])
    return found


def view(page: Page, mode: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media="screen", **MODES[mode])


def look(page: Page, seen: Seen) -> list[str]:
    """Everything that is wrong with a page that has been opened, in all its widths and modes."""
    page.evaluate("document.fonts.ready")
    page.evaluate(OPEN)
    new_build, new_place = seen.is_new_build(page), seen.has_new_place(page)
    wrong: list[str] = []
    for mode in MODES if new_place else ("light",):
        for width in WIDTHS:
            view(page, mode, width)
            found = _measured(page, mode, width)
            if mode == "light" and (new_place or (new_build and width == WIDTHS[0])):
                found += axe(page)
            if mode == "dark" and width != WIDTHS[-1]:
                found += axe(page, COLOURS)
            wrong += [f"{mode} {width}: {one}" for one in found]
    if new_place:
        wrong += _on_paper(page)
    view(page, "light", WIDTHS[0])
    return wrong


def _on_paper(page: Page) -> list[str]:
    """What is wrong with a page that is printed: dark or light, it is ink on white."""
    page.set_viewport_size({"width": PAPER, "height": 960})
    page.emulate_media(media="print", **MODES["dark"])
    wide = page.evaluate("document.documentElement.scrollWidth")
    wrong: list[str] = page.evaluate(OF_NO_USE_ON_PAPER)
    wrong += [f"on paper: weak words: {one}" for one in page.evaluate(WEAK_WORDS, [CONTRAST, True])]
    return wrong + ([f"on paper: {wide} pixels wide"] if wide > PAPER else [])


def fits(page: Page) -> list[str]:
    """What is wrong with other words on a page that has been looked at: on a phone, and with twice the text."""
    page.evaluate("document.fonts.ready")
    page.evaluate(OPEN)
    view(page, "light", WIDTHS[1])
    return _measured(page, "light", WIDTHS[1])


def _measured(page: Page, mode: str, width: int) -> list[str]:
    """What no rule of axe's tells. Darkness moves nothing, but the reader's own colours may draw edges."""
    weak = page.evaluate(WEAK_WORDS, [CONTRAST, mode == "forced"])
    wrong = [f"weak words: {one}" for one in weak]
    if mode != "dark":
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong += [f"{wide} pixels wide"] if wide > width else []
        wrong += [f"small target: {one}" for one in page.evaluate(SMALL_TARGETS, SMALLEST_TARGET)]
    if mode == "light":
        wrong += [f"out of order: {one}" for one in page.evaluate(OUT_OF_ORDER)]
        wide = page.evaluate(TWICE) if width != WIDTHS[-1] else 0
        wrong += [f"{wide} pixels wide with twice the text"] if wide > width else []
    return wrong


def walk(page: Page) -> list[str]:
    """What is wrong with the way that the tabulator goes: not by the document, or nowhere at all.

    In a field for a date it stops more than once: at the day, the month and the year.
    """
    page.evaluate(NUMBER_STOPS)
    stops = page.evaluate("document.querySelectorAll('[data-stop]').length")
    walked: list[float] = []
    for _ in range(min(stops, KEYS)):
        page.keyboard.press("Tab")
        stop = page.evaluate("Number(document.activeElement.dataset.stop)")
        walked += [stop] if walked[-1:] != [stop] else []
    if not walked:
        return ["nothing can be reached by keyboard"]
    return [] if walked == list(range(len(walked))) else [f"the tabulator goes {walked}"]
