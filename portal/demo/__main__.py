"""``python -m portal.demo --port 8000``, which ``make demo`` calls."""

import argparse
import sys
from pathlib import Path

from portal.demo.commands import DEMO
from portal.demo.runner import run_demo

ROOT = Path(__file__).resolve().parents[2]
LARGEST_PORT = 65535


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 1 to {LARGEST_PORT}")
    return int(text)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.demo", description="Run Borgerblik on this machine.")
    parser.add_argument("--port", type=_port, default=8000, help="where the pages are served (8000)")
    return run_demo(DEMO, root=ROOT, port=parser.parse_args().port)


if __name__ == "__main__":
    sys.exit(main())
