"""The design system's style sheet, repaired: fonts in parts, colours that a mode can change. Text in, text out.

Standard library only, as ``fetch_static``, which puts what comes out in its place.
"""

from __future__ import annotations

import re

FONTS = (
    ("Regular", 400, "normal"),
    ("Italic", 400, "italic"),
    ("Medium", 500, "normal"),
    ("SemiBold", 600, "normal"),
    ("Bold", 700, "normal"),
)
# What each part of a font holds, as its own table of characters says. A browser fetches a part when a page has one of
# its characters: Danish, English and German need the first alone.
PARTS = {
    "Latin1": "U+0000,U+000D,U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2013-2014,U+2018-201A,"
    "U+201C-201E,U+2020-2022,U+2026,U+2030,U+2039-203A,U+2044,U+20AC,U+2122,U+2212,U+FB01-FB02",
    "Latin2": "U+0100-0130,U+0132-0151,U+0154-017F,U+0218-021B,U+1E80-1E85,U+1E9E",
    "Cyrillic": "U+0400-045F,U+0472-0473,U+0490-049D,U+04A0-04A5,U+04AA-04AB,U+04AE-04B3,U+04B6-04BB,U+04C0-04C2,"
    "U+04CF-04D9,U+04DC-04DF,U+04E2-04E9,U+04EE-04F5,U+04F8-04F9",
    "Pi": "U+2032-2033,U+2190-2199,U+2248,U+2260,U+2264-2265,U+2713",
}
# Arabic has a font of its own, which only the mirrored style sheet names: its letters and their forms.
ARABIC = "U+0600-06FF,U+0750-077F,U+0870-088E,U+0890-0891,U+0898-08E1,U+08E3-08FF,U+FB50-FDFF,U+FE70-FEFC"
ARABIC_WEIGHTS = (400, 500, 600, 700)
STAND_IN = "Plex meanwhile"
# The machine's own font until ours has come, made as wide and as high as ours, so that nothing moves when it does.
# Measured on running Danish text against Arial, and Liberation Sans which is as wide as Arial: our advance widths
# through theirs, and our height (1.025 up, 0.275 down) through that.
STAND_INS = ((400, "Arial", "Liberation Sans", 1.0028), (700, "Arial Bold", "Liberation Sans Bold", 0.9785))
UP, DOWN = 1.025, 0.275
ROLES = {"color": "ink", "fill": "ink", "background": "ground", "background-color": "ground"}
DECLARATION = re.compile(r"(?<![\w-])(color|fill|background(?:-color|-image)?|border[a-z-]*|outline[a-z-]*):([^;{}]*)")
COLOUR = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
# Components and helpers that no page has, by the first word of their classes; a test holds the templates to this.
UNUSED = (
    *("navigation-menu", "date-picker", "sidemenu", "overflow-menu", "header", "language-switcher", "pagination"),
    *("table-pagination", "fds-modal", "tab-container", "step-indicator", "card", "tooltip-wrapper", "tooltip"),
    *("accordion", "cookie-container", "cookie-message", "toast", "breadcrumbs", "footer", "solution-header"),
    *("portal-header", "mainmenu", "mobile-menu", "file-input", "range", "spinner", "tag", "search", "overlay"),
)
UNUSED_HELPERS = (
    *(f"{what}{side}" for what in "mp" for side in ("", "t", "b", "l", "r", "x", "y")),
    *("align-content", "align-items", "align-self", "justify-content", "w-percent", "order", "offset", "flex"),
    *("accordion", "pagination", "table-pagination", "date-picker", "overflow-menu", "step-indicator", "toast"),
    *(
        "icon(?!-svg)",
        "navigation-menu",
        "fds-modal",
        "tab",
        "tooltip",
        "header",
        "footer",
        "language-switcher",
        "card",
    ),
)
# The symbols that pages draw, of nearly two hundred; a test holds templates, data and code to this.
ICONS = (
    *("accessibility-new", "calculator", "calendar-month", "check", "chevron-left", "chevron-right", "construction"),
    *("contact-card", "download", "email", "error", "file", "flag", "flag-fill", "folder-open", "groups", "headset"),
    *(
        "home",
        "hourglass",
        "info",
        "language",
        "lock",
        "notifications",
        "open-in-new",
        "payments",
        "person",
        "print",
        "search",
    ),
    *("star", "student", "success", "sync", "time", "visibility-off", "warning"),
)
# The pictures that stand on a ground which a dark mode darkens.
DARK_PAGES = ":root:not(:has(.bo-sheet-page))"  # as in colours.css
DARK_ICONS = ("calendar-month", "check", "chevron-down", "chevron-up", "close", "minus", "more-vert", "plus")


def repair_css(css: str) -> str:
    """The style sheet, repaired.

    Its font-face rules make browsers fetch woff, and all characters of a font: ours name woff2 only, in parts. Its
    colours are written into every rule: ours are custom properties named by role and colour (``--df-ink-1a1a1a``), so
    that one list of other values is a dark mode (``static/css/colours.css``). Pictures are named likewise, and their
    dark ones said here: an address in a property is read from where it is used. borger.dk's logo is a mark that the
    licence of the file gives no right to: no rule draws it. The source map stays behind, and manifest storage refuses
    an address without a file.
    """
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r"""url\(["']?\.\./img/logo[^)]*\)""", "none", css)
    css = re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", css)
    css = re.sub(r"font-family:IBM Plex Sans,", f'font-family:"IBM Plex Sans","{STAND_IN}",', css)
    css = _drop_unused(css)
    css, colours = _name_colours(css)
    css, icons = _name_icons(css)
    names = _properties({**colours, **icons})
    dark = f"@media screen and (prefers-color-scheme:dark){{{DARK_PAGES}{{{_properties(_in_white(icons))}}}}}"
    faces = "".join(_font_face(*font, part) for font in FONTS for part in PARTS)
    return f"{faces}{''.join(_stand_in(*one) for one in STAND_INS)}:root{{{names}}}\n{dark}\n{css}"


def parts_of_fonts() -> list[str]:
    """The names of the font files, without their ending."""
    return [f"IBMPlexSans-{name}-{part}" for name, _, _ in FONTS for part in PARTS]


def arabic_faces() -> str:
    """The rules that give the font its Arabic letters."""
    return "".join(
        f'@font-face{{font-family:"IBM Plex Sans";font-style:normal;font-weight:{weight};font-display:swap;'
        f'src:url(../fonts/ibm-plex-sans-arabic-arabic-{weight}-normal.woff2) format("woff2");'
        f"unicode-range:{ARABIC}}}\n"
        for weight in ARABIC_WEIGHTS
    )


def keep_icons(sprite: str) -> str:
    """The sprite with the symbols that pages draw."""
    return re.sub(
        r'<symbol id="([^"]+)".*?</symbol>',
        lambda symbol: symbol[0] if symbol[1] in ICONS else "",
        sprite,
        flags=re.DOTALL,
    )


def white(icon: str) -> str:
    """A picture of the design system in white."""
    return icon.replace("<svg ", '<svg fill="#FFFFFF" ', 1)


def _name_colours(css: str) -> tuple[str, dict[str, str]]:
    """The style sheet with names for its colours, and what they are: transparent ones keep their own word."""
    found: dict[str, str] = {}

    def name(role: str, colour: str) -> str:
        code = "".join(digit * (6 // len(colour)) for digit in colour.lower())
        found[f"{role}-{code}"] = f"#{code}"
        return f"var(--df-{role}-{code})"

    def declaration(match: re.Match[str]) -> str:
        role = ROLES.get(match[1], "edge")
        return f"{match[1]}:{COLOUR.sub(lambda colour: name(role, colour[1]), match[2])}"

    return DECLARATION.sub(declaration, css), found


def _name_icons(css: str) -> tuple[str, dict[str, str]]:
    addresses = {icon: f"url(../img/svg-icons/{icon}.svg)" for icon in DARK_ICONS}
    for icon, address in addresses.items():
        css = css.replace(address, f"var(--df-icon-{icon})")
    return css, {f"icon-{icon}": address for icon, address in addresses.items()}


def _in_white(icons: dict[str, str]) -> dict[str, str]:
    return {name: address.replace(".svg", "-white.svg") for name, address in icons.items()}


def _properties(named: dict[str, str]) -> str:
    return "".join(f"--df-{name}:{value};" for name, value in sorted(named.items()))


def _font_face(name: str, weight: int, style: str, part: str) -> str:
    return (
        f'@font-face{{font-family:"IBM Plex Sans";font-style:{style};font-weight:{weight};font-display:swap;'
        f'src:url(../fonts/IBMPlexSans-{name}-{part}.woff2) format("woff2");unicode-range:{PARTS[part]}}}\n'
    )


def _stand_in(weight: int, usual: str, free: str, wide: float) -> str:
    return (
        f'@font-face{{font-family:"{STAND_IN}";font-weight:{weight};src:local("{usual}"),local("{free}");'
        f"size-adjust:{wide:.2%};ascent-override:{UP / wide:.2%};descent-override:{DOWN / wide:.2%};"
        "line-gap-override:0%}\n"
    )


def _drop_unused(css: str) -> str:
    """The style sheet without the rules of components and helpers that no page has: two thirds of it.

    A rule that only leaves such a component out (``:not(.card)``) stays.
    """
    unused = re.compile(rf"\.(?:{'|'.join(UNUSED)})(?![a-z])|\.(?:{'|'.join(UNUSED_HELPERS)})-")
    kept: list[str] = []
    for part in re.split(r"(?<=\})", css):  # each ends with a brace: of a rule, or of the block around rules
        head, brace, rest = part.rpartition("{")
        outer, between, selectors = head.rpartition("{")
        alive = [one for one in _selectors(selectors) if not unused.search(re.sub(r":not\([^)]*\)", "", one))]
        if not brace:
            kept.append(part)
        elif alive or selectors.lstrip().startswith("@"):
            kept.append(f"{outer}{between}{','.join(alive)}{{{rest}")
        else:
            kept.append(f"{outer}{between}")
    return "".join(kept)


def _selectors(told: str) -> list[str]:
    """The selectors before a rule; a comma within ``:not(…)`` or ``:is(…)`` parts none."""
    return re.split(r",(?![^(]*\))", told)
