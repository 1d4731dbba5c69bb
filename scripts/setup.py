"""``make setup``: the virtual environment, the locked dependencies and the design system, from nothing.

Run by the machine's own Python with nothing installed, so: standard library only. What is in place already is left
alone; a second run takes a moment. What the design system needs is in ``fetch_static``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import sysconfig
from pathlib import Path

from fetch_static import fetch_static
from running import INTERRUPTED, ROOT, VENV, SetupError, end_when_asked, fingerprint, is_current, run, say, venv_python

OLDEST, NEWEST = (3, 11), (3, 13)  # the versions that every locked package has a wheel for
LOCK = ROOT / "requirements-dev.lock"
STAMP = VENV / "installed-from"


def main(command: str) -> int:
    """Set up; ``command`` is what was typed, for sentences that name it."""
    end_when_asked()
    try:
        refuse_other_python(sys.version_info[:2], command)
        if not is_current(STAMP, wanted_stamp()) or not venv_python().exists():
            refuse_foreign_venv()
            make_venv()
            install()
        fetch_static()
    except SetupError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(
            f"{error.filename or ROOT} cannot be written ({error.strerror}), so the set-up stops. "
            "Make room, or make the checkout writable for you, and run the same command again."
        )
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted. Run the same command again: it goes on where it stopped.")
        return INTERRUPTED
    return 0


def refuse_other_python(version: tuple[int, int], command: str) -> None:
    """The versions without a wheel for every package are refused before anything is fetched.

    Raises:
        SetupError: naming the command that was given.
    """
    if not OLDEST <= version <= NEWEST:
        raise SetupError(
            f"This is Python {_dotted(version)}, and Borgerblik runs on {_dotted(OLDEST)} to {_dotted(NEWEST)}, so "
            f"nothing is set up. Install one of them and say which to use: {command} PYTHON=python3.11"
        )


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def refuse_foreign_venv() -> None:
    """What one account changes in another's ``.venv`` the other can no longer change, nor always use.

    Raises:
        SetupError: naming the account.
    """
    if VENV.exists() and VENV.stat().st_uid != os.geteuid():
        raise SetupError(
            f"The folder {VENV} was made by the account {_owner(VENV)}, which could not use it any more if you changed "
            "it, so nothing is set up. Use that account, or a checkout of your own."
        )


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return f"number {path.stat().st_uid}"


def wanted_stamp() -> str:
    """What an up-to-date ``.venv`` was made from: this lock file, this Python, this place, this script."""
    made_of = f"{fingerprint(LOCK, Path(__file__))} {sys.version_info[:2]} {sys.base_prefix} {ROOT}"
    return hashlib.sha256(made_of.encode()).hexdigest()


def make_venv() -> None:
    """Make ``.venv`` unless a working one of this Python is there."""
    for module, package in (("venv", "python3-venv"), ("ensurepip", "python3-venv")):
        if importlib.util.find_spec(module) is None:
            raise SetupError(
                f"This Python lacks its module '{module}', so no virtual environment can be made. "
                f"Install it (Debian and Ubuntu: apt-get install {package}) and run the same command again."
            )
    if not _works():
        say("Making the virtual environment .venv …")
        run([sys.executable, "-m", "venv", "--clear", VENV], "The virtual environment .venv could not be made")


def _works() -> bool:
    """Whether ``.venv`` holds this version of Python, and pip; an interrupted one does not."""
    major, minor = sys.version_info[:2]
    check = f"import sys, pip; sys.exit(sys.version_info[:2] != ({major}, {minor}))"
    if not venv_python().exists():
        return False
    try:
        run([venv_python(), "-c", check], "")
    except SetupError:
        return False
    return True


def install() -> None:
    """Install exactly what the lock file names, and make the checkout importable from everywhere in ``.venv``."""
    say("Installing the locked dependencies (about a minute the first time) …")
    STAMP.unlink(missing_ok=True)
    run(
        [
            *(venv_python(), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"),
            *("--progress-bar=off", "--require-hashes", "-r", LOCK),
        ],
        "The dependencies could not be installed",
        progress=_pip_progress,
    )
    packages = _packages()
    # Relative, and so plain ASCII: Python reads this file in the encoding of whatever locale it is started in.
    (packages / "borgerblik.pth").write_text(f"{os.path.relpath(ROOT, packages)}\n", encoding="ascii")
    STAMP.write_text(wanted_stamp(), encoding="ascii")


def _packages() -> Path:
    """Where ``.venv`` keeps its packages."""
    return Path(sysconfig.get_path("purelib", vars={"base": str(VENV), "platbase": str(VENV)}, scheme="venv"))


def _pip_progress(said: str) -> str:
    """How far pip has come: it names each package it fetches, and says nothing more while it installs them."""
    names = [line.partition(" ")[0] for line in said.splitlines()]
    total = sum("==" in line for line in LOCK.read_text(encoding="utf-8").splitlines()) - names.count("Ignoring")
    if "Installing" in names:
        done, doing = sum(1 for _ in _packages().glob("*.dist-info")), "installed"
    else:
        done, doing = names.count("Collecting") + names.count("Requirement"), "fetched"
    return f"{min(done, total)} of {total} packages {doing}"


if __name__ == "__main__":
    sys.exit(main(" ".join(["make", *(sys.argv[1:] or ["setup"])])))
