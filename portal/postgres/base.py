"""Whether a kept connection still stands is seen on its socket. Asking over it would be a round trip more a request."""

from select import POLLIN, poll
from typing import Final

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

_AT_REST: Final = frozenset({TransactionStatus.IDLE, TransactionStatus.INTRANS})


class DatabaseWrapper(base.DatabaseWrapper):
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
