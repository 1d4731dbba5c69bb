"""An answer of Ydelsesindeks (FremsoegYdelseIndeksOutput 6.0) to records: grants and payments together."""

from datetime import datetime

from indexes.errors import BadAnswer, Flaw
from indexes.parse import tags
from indexes.parse.elements import parts_of
from indexes.parse.grants import GRANT, GrantReader
from indexes.parse.objects import check_return, count_of, read_object
from indexes.parse.ordinary import OrdinaryObject, Spellings
from indexes.parse.payments import PAYMENT, PaymentReader, payment_kinds
from indexes.parse.problems import Unusable
from indexes.parse.roles import YiRoles
from indexes.parse.yi_ordinary import ORDINARY_PAYMENT
from indexes.records import Answer, Item
from indexes.stream import Found, ObjectStream, parsed_again, read_whole

_COUNTED = {"bevillinger": "grant", "ydelser": "benefit", "effektueringer": "payment"}


class YiSpellings(Spellings):
    """Readers of payments in ordinary spelling. Grants are few, and are read as elements."""

    def __init__(self, roles: YiRoles) -> None:
        super().__init__([(ORDINARY_PAYMENT, payment_kinds(roles))])
        self.roles = roles


class YiAnswer:
    """The grants and payments of one answer as they stand at ``at`` (timezone-aware): fed in pieces, then closed."""

    def __init__(self, *, at: datetime, spellings: YiSpellings) -> None:
        self._at = at
        self._stream = ObjectStream(
            tags.YI_OUTPUT,
            objects=(tags.GRANT, tags.PAYMENT),
            others=(tags.STANDARD_RETURN, tags.YI_COUNT),
            spelled=spellings,
        )
        self._grants, self._payments = GrantReader(spellings.roles, at), PaymentReader(spellings.roles, at)
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
            self._items.append(self._payment(found))
        elif found.tag == tags.GRANT:
            self._items.append(read_object(found.element, GRANT, self._grants, self._at))
        elif found.tag == tags.YI_COUNT:
            count = parts_of(found.element)
            if kind := _COUNTED.get(count.get(tags.YI_COUNT_KIND) or ""):
                self._total[kind] = count_of(count.get(tags.YI_COUNT))
        elif not self._returned:
            check_return(found.element)
            self._returned = True

    def _payment(self, found: Found) -> Item:
        element = found.element
        if isinstance(found.read, OrdinaryObject):
            try:
                return self._payments.ordinary(found.read)
            except Unusable:
                element = parsed_again(found)  # what is told of it, and kept, comes from its elements
        return read_object(element, PAYMENT, self._payments, self._at)


def parse_yi(data: bytes, *, at: datetime, roles: YiRoles) -> Answer:
    """A whole answer at once: ``YiAnswer``, fed and closed."""
    return read_whole(YiAnswer(at=at, spellings=YiSpellings(roles)), data)
