"""``python -m portal.demo --port 8000``, which ``make demo`` calls."""

import argparse
import sys
from pathlib import Path

from portal.demo.commands import DEMO
from portal.demo.errors import DemoError
from portal.demo.port import read_port
from portal.demo.runner import run_demo

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.demo", description="Run Borgerblik on this machine.")
    parser.add_argument("--port", default="8000", help="where the pages are served (8000)")
    asked = parser.parse_args()
    try:
        port = read_port(asked.port)
    except DemoError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return run_demo(DEMO, root=ROOT, port=port)


if __name__ == "__main__":
    sys.exit(main())
