"""``make audit``: whether a hole is known in anything that the lock files pin. Asks two services on the network.

Not part of the tests: what is known changes from day to day, and no change of ours makes it so.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from running import ROOT, SetupError, say, venv_python

NO_ANSWER = 2  # exit code: nobody knows; 1: something is known


@dataclass(frozen=True)
class Audit:
    """One question: which lock file, whom it is put to, and by which program, whose answer is JSON."""

    lock: str
    service: str
    command: tuple[str, ...]


# requirements-dev.lock holds all that requirements.lock does. OSV gathers what PyPI and the others know.
_PIP_AUDIT = (
    "-m",
    "pip_audit",
    "--vulnerability-service=osv",
    "--disable-pip",
    "--format=json",
    "--progress-spinner=off",
)
PYTHON = Audit(
    lock="requirements-dev.lock",
    service="OSV (api.osv.dev)",
    command=(str(venv_python()), *_PIP_AUDIT, "--requirement=requirements-dev.lock"),
)
NODE = Audit(
    lock="package-lock.json",
    service="npm's registry",
    command=("npm", "audit", "--package-lock-only", "--json"),
)


def _mended(where: str) -> str:
    return f"mended in {where}" if where else "not mended yet"


def holes_of_python(told: dict[str, Any]) -> list[str]:
    """What pip-audit says, one sentence each."""
    return [
        f"{package['name']} {package['version']}: {hole['id']}, {_mended(', '.join(hole['fix_versions']))}"
        for package in told["dependencies"]
        for hole in package.get("vulns", ())
    ]


def holes_of_node(told: dict[str, Any]) -> list[str]:
    """What npm says, one sentence each."""
    return [
        f"{name} {hole['range']}: {hole['severity']}, {_mended('a newer version' if hole['fixAvailable'] else '')}"
        for name, hole in told["vulnerabilities"].items()
    ]


def answer_of(audit: Audit) -> dict[str, Any]:
    """What the program was told.

    Raises:
        SetupError: it was told nothing, in one sentence.
    """
    sentence = f"{audit.service} did not answer, so nobody knows whether a hole is known in what {audit.lock} pins. "
    try:
        done = subprocess.run(audit.command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    except FileNotFoundError as error:
        message = (
            f"The program {audit.command[0]} is not on this machine, so {audit.lock} was not looked at. Install it."
        )
        raise SetupError(message) from error
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise SetupError(f"{sentence}Run this where the network reaches it. ({last[:120]})") from error
    if "error" in told:
        raise SetupError(f"{sentence}Run this where the network reaches it. ({str(told.get('message', ''))[:120]})")
    return told


def main(python: Audit = PYTHON, node: Audit = NODE) -> int:
    """Ask about each lock file; 0 when nothing is known, 1 when something is, 2 when somebody did not answer."""
    code = 0
    for audit, read in ((python, holes_of_python), (node, holes_of_node)):
        try:
            found = read(answer_of(audit))
        except SetupError as error:
            say(str(error))
            code = NO_ANSWER
            continue
        for hole in found:
            say(f"{audit.lock}: {hole}")
        if found:
            code = code or 1
        else:
            print(f"{audit.lock}: no hole is known in what it pins ({audit.service}).")
    return code


if __name__ == "__main__":
    sys.exit(main())
