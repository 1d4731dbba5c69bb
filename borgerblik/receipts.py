"""What a citizen tells an authority is wrong: with an entry of the log (``objections``) or an item (``reports``).

The same of both: a receipt that names nobody, words without CPR numbers, so many a day, one answer.
"""

import datetime as dt
import secrets
from typing import Any, Final
from uuid import UUID

from django.db import connections, router
from django.db.models import QuerySet

from borgerblik.models import Told
from indexes.cpr_numbers import masked_by_hand
from indexes.parse.text import MASK

LONGEST: Final = 1_000  # letters, of the citizen's words and of the answer
MOST_A_DAY: Final = 10  # of each sort by one citizen: beyond, a telephone call is better for everybody
A_DAY: Final = dt.timedelta(days=1)
MOST_ANSWERED: Final = 100  # of those that are answered, on the console's list
DIGITS: Final = 12
TELLING: Final = 7_470_401  # our number among PostgreSQL's advisory locks
_WAIT: Final = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"


class TooManyError(Exception):
    """The citizen has told of as much today as one may."""


def new_receipt() -> str:
    """Random digits: they say nothing of whose it is."""
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))


def safe(words: str) -> str:
    """Somebody's own words as they are kept."""
    return masked_by_hand(words.strip(), MASK)


def one_at_a_time(citizen: UUID) -> None:
    """Wait until no other transaction tells of something, or gives a power of attorney, as this citizen.

    Held until the transaction ends. What is counted or looked for afterwards stands: two requests at the same
    moment would both find room for the last.
    """
    with connections[router.db_for_write(Told)].cursor() as cursor:
        cursor.execute(_WAIT, [TELLING, str(citizen)])


def expect_room(theirs: QuerySet[Any], now: dt.datetime) -> None:
    """Go on only if the citizen, whose rows these are and whose turn it is, may tell of one more today.

    Raises:
        TooManyError: they may not.
    """
    if theirs.filter(made__gt=now - A_DAY).count() >= MOST_A_DAY:
        raise TooManyError


def in_order(rows: QuerySet[Any]) -> list[Any]:
    """Unanswered first, the oldest of those first; then the newest answers."""
    return [
        *rows.filter(answered=None).order_by("made"),
        *rows.exclude(answered=None).order_by("-answered")[:MOST_ANSWERED],
    ]


def answer(rows: QuerySet[Any], *, words: str, staff_key: str, now: dt.datetime) -> bool:
    """Answer once: the citizen has read it. False when there is none to answer."""
    return bool(rows.filter(answered=None).update(answer=safe(words), answered=now, answered_by=staff_key))
