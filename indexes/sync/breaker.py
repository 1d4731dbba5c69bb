"""An index that fails for an authority is left alone for longer and longer, and then tried again by itself.

The smallest circuit breaker there is, over ``SourceState``: closed while nothing failed, open until ``try_after``, then
half open: the next reading tries it, and its outcome closes the breaker or opens it for longer. That the whole index is
down is ``pace``'s to know. By hand (``sync_indexes``) it is always tried.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from indexes.models import SourceState
from indexes.records import Source

FIRST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(minutes=15)
DOUBLINGS: Final = 10  # more would only be a larger number


def try_after(failures: int, now: datetime, *, chance: Callable[[], float] = random.random) -> datetime:
    """When to try again after so many failures in a row: twice as long each time, and not all at once."""
    wait: timedelta = min(LONGEST, FIRST * 2 ** min(failures - 1, DOUBLINGS))
    return now + wait * (0.5 + chance() / 2)


def left_alone(now: datetime) -> set[tuple[Source, str]]:
    """The indexes and authorities (CVR numbers) whose time has not come."""
    open_ones = SourceState.objects.filter(try_after__gt=now).values_list("source", "authority_cvr")
    return {(Source(source), cvr) for source, cvr in open_ones}
