"""A bulk load that does not end, beside which reads are measured.

New cases of new citizens into the same tables, batch after batch, as a worker stores them. Ended by whoever began it.
"""

from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

from msgspec.structs import replace

from borgerblik.wanted import wanted
from indexes.records import Case, Parsed
from indexes.store import save
from tests.scale.filling import case_pattern

BATCH = 2_000
CASES_A_CITIZEN = 5


def load() -> None:
    """Store until the process is ended."""
    keep, patterns = wanted(), [case_pattern(number) for number in range(5)]
    for first in count(step=BATCH):
        cases: list[Parsed] = []
        for number in range(first, first + BATCH):
            pattern: Case = patterns[number % len(patterns)]
            cpr = f"62{number // CASES_A_CITIZEN:08d}"  # day 62: nobody's
            cases.append(Parsed(record=replace(pattern, uuid=uuid4(), cpr=cpr)))
        save(cases, wanted=keep, now=datetime.now(UTC))
