"""``make audit`` says what is known, and when nobody knows it says that."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASK = """
import sys
sys.path.insert(0, "scripts")
from audit import Audit, main
python, node = (Audit(lock=lock, service="a service", command=(sys.executable, "-c", said))
    for lock, said in zip(("one.lock", "two.lock"), sys.argv[1:]))
sys.exit(main(python, node))
"""
CLEAN = {"dependencies": [{"name": "django", "version": "5.2", "vulns": []}]}
HOLE = {
    "dependencies": [{"name": "django", "version": "5.2", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["5.2.9"]}]}]
}
NODE_CLEAN: dict[str, object] = {"vulnerabilities": {}}
NODE_HOLE = {"vulnerabilities": {"dkfds": {"range": "<15", "severity": "high", "fixAvailable": True}}}


def says(answer: object, code: int = 0) -> str:
    """A program that prints an answer and ends with a code."""
    return f"import sys; print({json.dumps(answer)!r}); sys.exit({code})"


SILENT = "import sys; sys.stderr.write('a traceback\\nConnectionError: no route'); sys.exit(1)"


@pytest.mark.parametrize(
    ("python", "node", "code", "words"),
    [
        (says(CLEAN), says(NODE_CLEAN), 0, "one.lock: no hole is known in what it pins (a service)."),
        (says(HOLE, 1), says(NODE_CLEAN), 1, "one.lock: django 5.2: CVE-2026-1, mended in 5.2.9"),
        (says(CLEAN), says(NODE_HOLE, 1), 1, "two.lock: dkfds <15: high, mended in a newer version"),
        (SILENT, says(NODE_CLEAN), 2, "a service did not answer, so nobody knows whether a hole is known in what one"),
        (says(HOLE, 1), says({"error": {}, "message": "405"}, 1), 2, "what two.lock pins. Run this where the network"),
    ],
)
def test_what_is_known_is_said(python: str, node: str, code: int, words: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", ASK, python, node], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_program_that_is_missing_is_named() -> None:
    missing = ASK.replace("command=(sys.executable,", 'command=("no-such-program",')
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", missing, "", ""], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "The program no-such-program is not on this machine" in done.stderr
