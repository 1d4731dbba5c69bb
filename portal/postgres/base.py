"""What is ours of the backend: how a kept connection is tried, and what is said of a lock that is not given up.

Whether a connection still stands is seen on its socket. Asking over it would be a round trip more a request.
"""

from select import POLLIN, poll
from types import TracebackType
from typing import Final

from django.db.backends.postgresql import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property
from psycopg.errors import LockNotAvailable
from psycopg.pq import TransactionStatus

from indexes.locked import LockedError

_AT_REST: Final = frozenset({TransactionStatus.IDLE, TransactionStatus.INTRANS})


class _Errors(DatabaseErrorWrapper):
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, LockNotAvailable):
            raise LockedError from error
        super().__exit__(kind, error, trace)


class DatabaseWrapper(base.DatabaseWrapper):
    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        """Django's, with a sentence of ours for one of them."""
        return _Errors(self)

    def is_usable(self) -> bool:
        """Whether the server has said nothing since the last answer: on a connection at rest it only speaks to end it.

        A server that has vanished without a word is found out by the next statement, as it would be by a question.
        """
        if self.connection is None or self.connection.closed:
            return False
        wire = self.connection.pgconn
        if wire.transaction_status not in _AT_REST:
            return False
        said = poll()
        said.register(wire.socket, POLLIN)
        return not said.poll(0)
