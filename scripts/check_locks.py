"""Lock files name what is installed, with its hash, and never where from: each machine has a registry of its own."""

import re
import sys
from pathlib import Path

from running import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock", "package-lock.json")
ADDRESS = re.compile(r"""\w+://|"resolved":|^\s*--?(?:index-url|extra-index-url|find-links|i|f)\b|\s@\s""")

FUNDING = re.compile(
    r'^\s*"url": "[^"]*",?$'
)  # where to thank a package's author, as npm writes it: nothing is fetched


def complaints(lock: Path) -> list[str]:
    """One sentence for each line of the file that holds an address."""
    return [
        f"{lock.name}, line {number} holds an address. Make the lock file anew with `make lock`."
        for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), start=1)
        if ADDRESS.search(line) and not FUNDING.match(line)
    ]


def main(names: list[str]) -> int:
    found = [sentence for name in names or LOCKS for sentence in complaints(ROOT / name)]
    sys.stderr.writelines(f"{sentence}\n" for sentence in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
