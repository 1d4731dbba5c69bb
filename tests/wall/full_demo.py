"""The demo as ``make demo`` runs it, but for fewer people, in a folder of its own.

python -m tests.wall.full_demo ROOT PORT
"""

import sys
from dataclasses import replace
from pathlib import Path

from portal.demo.commands import DEMO, MOCK
from portal.demo.runner import run_demo

PEOPLE = ("--citizens=300", "--seed=2030")  # in which each demo municipality has something in every index
COMMANDS = replace(DEMO, mock=replace(MOCK, command=(*MOCK.command[:-2], *PEOPLE)))

if __name__ == "__main__":
    sys.exit(run_demo(COMMANDS, root=Path(sys.argv[1]), port=int(sys.argv[2])))
