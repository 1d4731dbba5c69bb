"""Whether the portions of a reading hang together, so that nothing has slipped between them.

An index lists its objects in an order that stays; some may come or go while it is read. Each portion has read one run
of that list without a gap (``sources.Cursor``). If it shares an object with the portion before, the two are one run;
and if all are, nothing that was there throughout has slipped past, whoever read them and when. What a portion left to
the one before must be there.
"""

from typing import Final

from django.db import connection

from indexes.models import Load

ROUNDS: Final = 3  # how often a portion is read again because it does not meet the one before
WIDER: Final = 500  # objects on either side, for each round

# The array operators look at an edge of some twenty against a portion.
_BROKEN: Final = """
SELECT later.id, later.rounds, earlier.id FROM indexes_portion AS later
LEFT JOIN indexes_portion AS earlier
    ON earlier.load_id = later.load_id AND earlier.kind = later.kind AND earlier."end" = later.first
WHERE later.load_id = %s AND later.first > 0 AND NOT coalesce(
    earlier.to_the_end OR later.blind OR earlier.met = '{}'
        OR (later.edge && earlier.met AND later.owed <@ earlier.met),
    false
)
"""
_AGAIN: Final = """
UPDATE indexes_portion SET done = false, rounds = rounds + 1, tries = 0,
    before = least(first, %(wider)s * (rounds + 1)), after = %(wider)s * (rounds + 1)
WHERE id = ANY(%(portions)s)
"""


def mend(load: Load) -> bool:
    """Whether all hangs together. If not, what does not meet the portion before is to be read again, and wider.

    Raises:
        BrokenError: that has been done often enough.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN, [load.pk])
        broken = cursor.fetchall()
        if any(rounds >= ROUNDS for _, rounds, _ in broken):
            raise BrokenError
        again = {later for later, _, _ in broken}
        # All that the earlier one has met may be gone.
        again |= {earlier for _, rounds, earlier in broken if rounds and earlier}
        if again:
            cursor.execute(_AGAIN, {"portions": list(again), "wider": WIDER})
    return not broken


class BrokenError(Exception):
    """The list changed too much while it was read."""
