"""An answer of Ydelsesindeks (FremsoegYdelseIndeksOutput 6.0) to records: grants and payments together."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from indexes.parse import tags
from indexes.parse.again import Held
from indexes.parse.answers import SoapAnswer
from indexes.parse.grants import GRANT, GrantReader
from indexes.parse.objects import read_object
from indexes.parse.ordinary import OrdinaryObject, Spellings
from indexes.parse.payments import PAYMENT, PaymentReader, payment_kinds
from indexes.parse.problems import Unusable
from indexes.parse.roles import YiRoles
from indexes.parse.yi_ordinary import ORDINARY_PAYMENT
from indexes.records import Answer, Item, Known
from indexes.stream import Found, read_whole


class YiSpellings(Spellings):
    """Readers of payments in ordinary spelling. Grants are few, and are read as elements."""

    def __init__(self, roles: YiRoles) -> None:
        super().__init__([(ORDINARY_PAYMENT, payment_kinds(roles))])
        self.roles = roles


class YiAnswer(SoapAnswer):
    """The grants and payments of one answer as they stand at ``at`` (timezone-aware).

    ``total`` is by ``grant``, ``benefit`` and ``payment``.
    """

    message = tags.YI_OUTPUT
    objects = (tags.GRANT, tags.PAYMENT)
    count, count_kind = tags.YI_COUNT, tags.YI_COUNT_KIND
    counted: ClassVar = {"bevillinger": "grant", "ydelser": "benefit", "effektueringer": "payment"}
    recognised: ClassVar = {tags.PAYMENT: "payment"}

    def __init__(self, *, at: datetime, spellings: YiSpellings, held: Held | None = None) -> None:
        super().__init__(spellings, held)
        self._at = at
        self._grants, self._payments = GrantReader(spellings.roles, at), PaymentReader(spellings.roles, at)
        self._found: list[Item] = []

    def _items(self) -> Iterable[Item]:
        return self._found

    def _take(self, found: Found) -> None:
        if found.tag == tags.PAYMENT:
            self._found.append(self._payment(found))
        else:
            self._found.append(read_object(found.element, GRANT, self._grants, self._at))

    def _payment(self, found: Found) -> Item:
        element = found.element
        if isinstance(found.read, Known):
            return found.read
        if isinstance(found.read, OrdinaryObject):
            try:
                return self._payments.ordinary(found.read, found.fingerprint)
            except Unusable:
                element = self._stream.element(found.written)  # what is told of it, and kept, comes from its elements
        return read_object(element, PAYMENT, self._payments, self._at)


def parse_yi(data: bytes, *, at: datetime, roles: YiRoles) -> Answer:
    """A whole answer at once: ``YiAnswer``, fed and closed."""
    return read_whole(YiAnswer(at=at, spellings=YiSpellings(roles)), data)
