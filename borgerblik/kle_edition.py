"""The KLE edition in use, from the tables. Held in memory, looked up anew every minute: one comes each year."""

import threading
import time

from borgerblik.kle import Kle
from borgerblik.models import KleEdition, KleTopic

SECONDS = 60
_lock = threading.Lock()
_held: tuple[float, Kle] | None = None


def current() -> Kle:
    """The newest published edition; without one, only our own plain words are known."""
    global _held  # noqa: PLW0603 - one small cache a process, guarded by the lock
    with _lock:
        if _held is None or time.monotonic() - _held[0] > SECONDS:
            _held = (time.monotonic(), _load())
        return _held[1]


def forget() -> None:
    """Look the edition up anew at the next call; after an import, and between tests."""
    global _held  # noqa: PLW0603 - see ``current``
    with _lock:
        _held = None


def _load() -> Kle:
    edition = KleEdition.objects.order_by("-published").first()
    if edition is None:
        return Kle()
    topics = KleTopic.objects.filter(edition=edition).values_list("number", "title", "deletion")
    return Kle(
        titles={number: title for number, title, _ in topics},
        deletions={number: deletion for number, _, deletion in topics if deletion},
    )
