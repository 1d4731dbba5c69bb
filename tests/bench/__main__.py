"""``make bench``: one JSON object a line, ours against the limit measured in the same run. Takes some minutes.

``make bench ARGS=summary`` measures that alone.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence

from django.core.management import call_command
from django.db import connection
from tqdm import tqdm

from tests.bench import (
    environment,
    eventing,
    ingesting,
    mocking,
    parsing,
    reading_at_size,
    storing,
    summary,
    whole_way,
    workers,
)
from tests.bench.measure import Line
from tests.ops.mock_indexes import MockIndexes

CASES_TO_STORE, CASES_TO_LOAD = 50_000, 200_000


def _postmaster() -> int:
    """The process all of PostgreSQL's own descend from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return summary.parent_of(backend)


def _lines(pages: Sequence[bytes]) -> dict[str, Callable[[], Iterable[Line]]]:
    """What is measured, in its order. ``pages`` are the mock's answers of cases."""
    return {
        "mock": lambda: [mocking.mock_line()],
        "parse": lambda: [parsing.parse_line(pages)],
        "store": lambda: [storing.store_line(storing.many_cases(parsing.read(pages), CASES_TO_STORE))],
        "ingest": lambda: ingesting.ingest_lines(CASES_TO_LOAD),
        "workers": workers.worker_lines,
        "whole-way": whole_way.whole_way_lines,
        "events": eventing.event_lines,
        "summary": lambda: summary.summary_lines(summary.make_citizens(), _postmaster(), environment.PLACE),
        "reads": lambda: reading_at_size.lines(_postmaster(), environment.PLACE),
    }


def _asked() -> Sequence[str]:
    """What is to be measured; everything when nothing is named."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure against the limits of this machine.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"one or more of {', '.join(_lines([]))}")
    names: Sequence[str] = parser.parse_args().names
    if unknown := set(names) - _lines([]).keys():
        parser.error(f"There is no {', '.join(sorted(unknown))} to measure. Name some of {', '.join(_lines([]))}.")
    return names or list(_lines([]))


def main() -> None:
    """Measure the parts on data made here; the database is emptied before and after."""
    asked = _asked()
    with environment.POSTGRES, environment.VALKEY, tqdm(total=10, desc="Preparing", file=sys.stderr) as progress:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("flush", verbosity=0, interactive=False)
        call_command("load_demo", verbosity=0, stdout=sys.stderr)
        with MockIndexes(log=environment.PLACE / "mock.log", citizens=20_000, seed=2030) as mock:
            pages = parsing.fetch(mock)
        for name, lines in _lines(pages).items():
            progress.update()
            if name in asked:
                progress.set_description(name)
                for line in lines():
                    line.say()
        progress.update()
        call_command("flush", verbosity=0, interactive=False)
        connection.close()


if __name__ == "__main__":
    main()
    sys.exit(os.EX_OK)
