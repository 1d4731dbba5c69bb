"""How long a session lasts: fifteen minutes without use, eight hours in all. Pure: the time it is, is a parameter.

Two times are kept in the session of whoever is signed in, as whole seconds. A session without them is over.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

IDLE = timedelta(minutes=15)
WHOLE = timedelta(hours=8)
WARNING = timedelta(minutes=2)  # before the end, when the page asks (WCAG 2.2.1: at least 20 seconds to answer)
STEP = timedelta(minutes=1)  # use is written down this often at most: each time is an UPDATE
AHEAD = timedelta(minutes=1)  # what clocks may differ; a time further ahead would make a session longer than it may be
BEGUN, SEEN = "begun", "seen"
Session = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of a session. ``last`` says that use makes it no longer: the eight hours are nearly over."""

    seconds: int
    last: bool


def start(session: Session, now: datetime) -> None:
    """Somebody has signed in."""
    session[BEGUN] = session[SEEN] = int(now.timestamp())


def use(session: Session, now: datetime) -> None:
    """Somebody uses the site."""
    at = int(now.timestamp())
    if at - session[SEEN] >= STEP.total_seconds():
        session[SEEN] = at


def left(session: Session, now: datetime) -> Left | None:
    """What is left; None when it is over, or when nobody knows."""
    begun, seen = session.get(BEGUN), session.get(SEEN)
    if not isinstance(begun, int) or not isinstance(seen, int):
        return None
    if max(begun, seen) > now.timestamp() + AHEAD.total_seconds():
        return None
    idle, whole = seen + int(IDLE.total_seconds()), begun + int(WHOLE.total_seconds())
    seconds = min(idle, whole) - int(now.timestamp())
    return Left(seconds=seconds, last=whole <= idle) if seconds > 0 else None
