"""How fast an index is asked by bulk readings: one row an index, that all workers share in the database.

Calls are spaced by reserving the next moment in the row, and as many portions are in hand at once as calls may be open.
Both go by one ``share`` of what the settings allow: it is halved when the index slows or refuses and grows again with
each good call (additive increase, multiplicative decrease, as TCP does). An index that fails several calls in a row is
left alone, for longer and longer, and then tried by single calls.

Nothing is held that a dead worker could keep: a moment that is far off is not reserved, but waited for. Who signs in
does not wait here: only that the index is left alone holds for them, too. Their calls that fail slow it as any do;
those that go well are small and say nothing of how much it bears.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import connection

from indexes.client import Retry
from indexes.errors import NotAsked, Overloaded, SourceError, Temporary
from indexes.parse.again import Held
from indexes.records import Answer, Source
from indexes.sources import IndexSource

LEAST: Final = 1 / 16  # of full speed: an index that is asked no more could not show that it is well
STEP: Final = 0.05  # what a good call adds
SETTLE: Final = 2.0  # seconds: calls that fail together slow it once
SLOW: Final = 4.0  # times what a page usually takes, and
NOTICEABLE: Final = 0.5  # seconds, is slow
IN_A_ROW: Final = 5  # failed calls, after which it is left alone
LONGEST: Final = 60.0  # seconds that it is left alone at a time
LONGEST_ASKED_FOR: Final = 900.0  # seconds that are waited when it asks for it (Retry-After)
PATIENCE: Final = 10.0  # seconds: what is paused for longer is a failure of the reading, and told as one
NEAR: Final = 1.0  # seconds: a turn further off is not reserved; by then the pace may be another, or the index paused
LOOK: Final = 30.0  # seconds at most between looks at when one's turn comes
SHORTEST: Final = 0.01  # seconds

_MAKE: Final = """
INSERT INTO indexes_sourcepace (source, share, failures, citizens_failures, error) VALUES (%s, 1, 0, 0, '')
ON CONFLICT DO NOTHING
"""
_RESERVE: Final = """
UPDATE indexes_sourcepace SET
    next_call = greatest(next_call, paused_until, clock_timestamp()) + make_interval(secs => 1.0 / (%(rate)s * share))
WHERE source = %(source)s AND coalesce(
    greatest(next_call, paused_until) <= clock_timestamp() + make_interval(secs => %(near)s), true
)
RETURNING extract(epoch FROM next_call - make_interval(secs => 1.0 / (%(rate)s * share)) - clock_timestamp())::float8
"""
_AHEAD: Final = """
SELECT coalesce(extract(epoch FROM paused_until - clock_timestamp())::float8, 0), error,
    extract(epoch FROM greatest(next_call, paused_until) - clock_timestamp())::float8
FROM indexes_sourcepace WHERE source = %(source)s
"""
_PAUSED: Final = """
SELECT source, error, extract(epoch FROM paused_until - clock_timestamp())::float8
FROM indexes_sourcepace WHERE paused_until > clock_timestamp()
"""
# Nobody asks in a pause, so a call that ends well in one was made before it, and says nothing of now.
_WELL: Final = """
UPDATE indexes_sourcepace SET
    failures = 0, error = '',
    usual = CASE WHEN %(full)s THEN coalesce(usual * 0.95 + %(seconds)s * 0.05, %(seconds)s) ELSE usual END,
    share = CASE WHEN NOT (%(full)s AND %(seconds)s > greatest(%(slow)s * usual, %(noticeable)s))
        OR usual IS NULL THEN least(1, share + %(step)s)
        WHEN slowed_at > clock_timestamp() - make_interval(secs => %(settle)s) THEN share
        ELSE greatest(%(least)s, share / 2) END,
    slowed_at = CASE WHEN %(full)s AND %(seconds)s > greatest(%(slow)s * usual, %(noticeable)s)
        AND coalesce(slowed_at <= clock_timestamp() - make_interval(secs => %(settle)s), true)
        THEN clock_timestamp() ELSE slowed_at END
WHERE source = %(source)s AND coalesce(paused_until <= clock_timestamp(), true)
"""
_WELL_FOR_CITIZEN: Final = """
UPDATE indexes_sourcepace SET citizens_failures = 0
WHERE source = %(source)s AND citizens_failures > 0 AND coalesce(paused_until <= clock_timestamp(), true)
"""
_ILL: Final = """
UPDATE indexes_sourcepace SET
    $whose = $whose + 1, error = %(error)s,
    share = CASE WHEN slowed_at > clock_timestamp() - make_interval(secs => %(settle)s) THEN share
        ELSE greatest(%(least)s, share / 2) END,
    slowed_at = CASE WHEN slowed_at > clock_timestamp() - make_interval(secs => %(settle)s) THEN slowed_at
        ELSE clock_timestamp() END,
    paused_until = greatest(
        paused_until,
        clock_timestamp() + make_interval(secs => %(asked_for)s::float8),
        CASE WHEN $whose + 1 >= %(in_a_row)s THEN clock_timestamp() + make_interval(
            secs => %(jitter)s * least(%(longest)s, power(2, least($whose + 1 - %(in_a_row)s, 10)))
        ) END
    )
WHERE source = %(source)s
"""
_ILL_IN_BULK: Final = _ILL.replace("$whose", "failures")
_ILL_FOR_CITIZEN: Final = _ILL.replace("$whose", "citizens_failures")


def make(source: Source) -> None:
    """The row of an index, if it has none."""
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, [source.value])


def wait(
    source: Source, *, waiting: Callable[[], None] = lambda: None, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Until this call's turn has come, however far off it is. ``waiting`` is called now and then meanwhile.

    Raises:
        NotAsked: the index is left alone for a while.
    """
    about = {"source": source.value, "rate": float(settings.SOURCE_CALLS_PER_SECOND[source]), "near": NEAR}
    while (seconds := _reserved(about)) is None:
        waiting()
        sleep(_far(source, about))
    if seconds > 0:
        sleep(seconds)


def _reserved(about: dict[str, Any]) -> float | None:
    """In how many seconds it is this call's turn, which is reserved; None if that is too far off to be."""
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE, about)
        found = cursor.fetchone()
    return None if found is None else float(found[0])


def _far(source: Source, about: dict[str, Any]) -> float:
    """Seconds until the next turn can be near, or may have changed.

    Raises:
        NotAsked: see ``wait``.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, about)
        found = cursor.fetchone()
    if found is None:
        make(source)
        return 0
    paused, error, ahead = found
    if paused > PATIENCE:
        raise NotAsked(error)
    return min(LOOK, max(SHORTEST, float(ahead) - NEAR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """For how long an index is left alone, and the code of its last failure."""

    seconds: float
    error: str


def paused() -> dict[Source, Pause]:
    """The indexes that are left alone now."""
    with connection.cursor() as cursor:
        cursor.execute(_PAUSED)
        return {Source(source): Pause(seconds=seconds, error=error) for source, error, seconds in cursor.fetchall()}


def note(source: Source, *, seconds: float, full: bool, error: SourceError | None) -> None:
    """What a call was like. ``full``: it brought a page as large as it was asked for, so its time can be compared.

    An answer that cannot be used is no sign of load, and none of health.
    """
    if error is None:
        about = {"full": full, "seconds": seconds, "slow": SLOW, "noticeable": NOTICEABLE, "step": STEP}
        _write(_WELL, source, about)
    else:
        _write_failure(_ILL_IN_BULK, source, error)


def note_for_citizen(source: Source, error: SourceError | None) -> None:
    """How a call about a citizen ended. It breaks a row of failed calls of its own kind alone.

    Answers about one person come from an index that no longer manages its pages: they must not hide that, nor make it
    be asked faster.
    """
    if error is None:
        _write(_WELL_FOR_CITIZEN, source, {})
    else:
        _write_failure(_ILL_FOR_CITIZEN, source, error)


def _write_failure(statement: str, source: Source, error: SourceError) -> None:
    if isinstance(error, Temporary) and not isinstance(error, NotAsked):
        about = {"error": error.code, "in_a_row": IN_A_ROW, "longest": LONGEST, "asked_for": _asked_for(error)}
        _write(statement, source, about | {"jitter": 0.5 + random.random() / 2})  # noqa: S311 - no secret


def _write(statement: str, source: Source, about: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"source": source.value, "least": LEAST, "settle": SETTLE, **about})


def _asked_for(error: SourceError) -> float | None:
    given = error.retry_after if isinstance(error, Overloaded) else None
    return None if given is None else min(given, LONGEST_ASKED_FOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paced:
    """An index that is asked at its pace, and again when that can help."""

    reader: IndexSource
    retry: Retry
    clock: Callable[[], float] = time.monotonic
    alive: Callable[[], None] = lambda: None  # called while its turn is waited for, and before each call

    @property
    def source(self) -> Source:
        return self.reader.source

    def page_of_owner(self, cvr: str, *, kind: str, first: int, most: int, held: Held | None = None) -> Answer:
        return self.retry.run(lambda: self._ask(cvr, kind, first, most, held))

    def of_citizen(self, cpr: str) -> Answer:
        return self.reader.of_citizen(cpr)

    def _ask(self, cvr: str, kind: str, first: int, most: int, held: Held | None) -> Answer:
        wait(self.source, waiting=self.alive)
        self.alive()
        began = self.clock()
        try:
            answer = self.reader.page_of_owner(cvr, kind=kind, first=first, most=most, held=held)
        except SourceError as error:
            note(self.source, seconds=self.clock() - began, full=False, error=error)
            raise
        full = len(answer.items) >= min(most, settings.SOURCE_PAGE_SIZE)
        seconds = self.clock() - began if answer.seconds is None else answer.seconds
        note(self.source, seconds=seconds, full=full, error=None)
        return answer
