"""Fair comparison on a shared machine: the limit and ours in turn, and the median of the ratios round by round."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of ``make bench``. ``ours`` and ``limit`` are medians in ``unit``; ``ratio`` is the median of ratios."""

    name: str
    ours: float
    limit: float
    ratio: float
    unit: str
    n: int

    def say(self) -> None:
        values = {
            "name": self.name,
            "ours": round(self.ours, 1),
            "limit": round(self.limit, 1),
            "ratio": round(self.ratio, 3),
            "unit": self.unit,
            "n": self.n,
        }
        sys.stdout.write(json.dumps(values) + "\n")
        sys.stdout.flush()


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    work()
    return clock() - began


def rates(  # noqa: PLR0913 - what a line says
    name: str,
    *,
    unit: str,
    n: int,
    limit: Callable[[], float],
    ours: Callable[[], float],
    rounds: int = 5,
) -> Line:
    """Compare two pieces of work on the same ``n`` things; each answers how many seconds it took.

    A first round of both warms up and is not counted.
    """
    limit(), ours()
    pairs = [(n / limit(), n / ours()) for _ in range(rounds)]
    return Line(
        name=name,
        limit=statistics.median(pair[0] for pair in pairs),
        ours=statistics.median(pair[1] for pair in pairs),
        ratio=statistics.median(ours_ / limit_ for limit_, ours_ in pairs),
        unit=unit,
        n=n,
    )
