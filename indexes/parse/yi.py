"""An answer of Ydelsesindeks (FremsoegYdelseIndeksOutput 6.0) to records: grants and payments together."""

from datetime import datetime

from indexes.errors import BadAnswer, Flaw
from indexes.parse import tags
from indexes.parse.elements import parts_of
from indexes.parse.grants import GRANT, GrantReader
from indexes.parse.objects import check_return, count_of, read_object
from indexes.parse.payments import PAYMENT, PaymentReader
from indexes.parse.roles import YiRoles
from indexes.records import Answer, Item
from indexes.stream import Found, ObjectStream, read_whole

_COUNTED = {"bevillinger": "grant", "ydelser": "benefit", "effektueringer": "payment"}


class YiAnswer:
    """The grants and payments of one answer as they stand at ``at`` (timezone-aware): fed in pieces, then closed."""

    def __init__(self, *, at: datetime, roles: YiRoles) -> None:
        self._at = at
        self._stream = ObjectStream(
            tags.YI_OUTPUT, objects=(tags.GRANT, tags.PAYMENT), others=(tags.STANDARD_RETURN, tags.YI_COUNT)
        )
        self._grants, self._payments = GrantReader(roles, at), PaymentReader(roles, at)
        self._items: list[Item] = []
        self._total: dict[str, int] = {}
        self._returned = False

    def feed(self, data: bytes) -> None:
        """Take in the next piece.

        Raises:
            SourceRefused: the index answered with another status than 20.
            BadAnswer: the answer as a whole cannot be used.
        """
        for found in self._stream.feed(data):
            self._take(found)

    def close(self) -> Answer:
        """The answer, in its order. ``total`` is by ``grant``, ``benefit`` and ``payment``.

        Raises:
            SourceRefused, Fault, BadAnswer: as ``feed``; the index answered with a SOAP Fault.
        """
        for found in self._stream.close():
            self._take(found)
        if not self._returned:
            raise BadAnswer(Flaw.WRONG_SHAPE)
        return Answer(items=tuple(self._items), total=self._total)

    def _take(self, found: Found) -> None:
        if found.tag == tags.PAYMENT:
            self._items.append(read_object(found.element, PAYMENT, self._payments, self._at))
        elif found.tag == tags.GRANT:
            self._items.append(read_object(found.element, GRANT, self._grants, self._at))
        elif found.tag == tags.YI_COUNT:
            count = parts_of(found.element)
            if kind := _COUNTED.get(count.get(tags.YI_COUNT_KIND) or ""):
                self._total[kind] = count_of(count.get(tags.YI_COUNT))
        elif not self._returned:
            check_return(found.element)
            self._returned = True


def parse_yi(data: bytes, *, at: datetime, roles: YiRoles) -> Answer:
    """A whole answer at once: ``YiAnswer``, fed and closed."""
    return read_whole(YiAnswer(at=at, roles=roles), data)
