"""``make fuzz ARGS=100000``: so many broken events and answers through decoding and storing.

Prints what became of them as JSON. Ends with 1 when one was lost or counted twice, took more than a second of CPU, or
when more memory was needed than a worker may have. The same number breaks the same messages.
"""

import argparse
import json
import sys

from django.core.management import call_command
from django.db import connection

from tests.bench import environment
from tests.fuzz.taking import MOST_MEMORY, most_memory, problems, take_in


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make fuzz", description="Take in broken messages, and see that none is lost."
    )
    parser.add_argument("messages", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    with environment.POSTGRES, environment.VALKEY:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("flush", verbosity=0, interactive=False)
        run = take_in(asked.messages, seed=asked.seed)
        found = list(problems(run, asked.messages))
        memory = most_memory()
        if memory > MOST_MEMORY:
            found.append(f"{memory:.0f} MB of memory were held.")
        call_command("flush", verbosity=0, interactive=False)
        connection.close()
    told = {
        "messages": asked.messages,
        "became": dict(sorted(run.became.items())),
        "objects of answers in quarantine": run.refused_objects,
        "slowest, ms of CPU": round(run.slowest * 1000),
        "most memory, MB": round(memory),
        "problems": found,
    }
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
