"""What is said of a lock that another session of the database holds for longer than we wait (LOCK_TIMEOUT).

Any role may take advisory locks, so whoever has the password of one could otherwise hang worker and pages for ever.
"""

from typing import ClassVar, Final

from django.db import OperationalError

_SENTENCE: Final = (
    "Another session of the database has held a lock for longer than LOCK_TIMEOUT, so this was given up and nothing of "
    "it was changed. See whose it is: SELECT DISTINCT pid, usename, client_addr, backend_start FROM pg_locks "
    "JOIN pg_stat_activity USING (pid). End one that is none of yours, as its role or a superuser: "
    "SELECT pg_terminate_backend(pid); and change the password of its role."
)


class LockedError(OperationalError):
    """A statement was given up, and its transaction with it. Raised by ``portal.postgres`` in place of Django's own."""

    code: ClassVar[str] = "locked"

    def __init__(self) -> None:
        super().__init__(_SENTENCE)
