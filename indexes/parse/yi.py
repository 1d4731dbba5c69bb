"""An answer of Ydelsesindeks (FremsoegYdelseIndeksOutput 6.0) to records: grants and payments together."""

from datetime import datetime

from indexes.parse import tags
from indexes.parse.elements import parts_of
from indexes.parse.facts import text
from indexes.parse.grants import GRANT, GrantReader
from indexes.parse.objects import check_return, count_of, read_object
from indexes.parse.payments import PAYMENT, PaymentReader
from indexes.parse.roles import YiRoles
from indexes.records import Answer, Item
from indexes.soap import message_of

_COUNTED = {"bevillinger": "grant", "ydelser": "benefit", "effektueringer": "payment"}


def parse_yi(data: bytes, *, at: datetime, roles: YiRoles) -> Answer:
    """The grants and payments of an answer as they stand at ``at`` (timezone-aware), in the answer's order.

    ``total`` is by ``grant``, ``benefit`` and ``payment``.

    Raises:
        SourceRefused: the index answered with another status than 20.
        Fault: it answered with a SOAP Fault.
        BadAnswer: the answer as a whole cannot be used.
    """
    output = message_of(data, tags.YI_OUTPUT)
    check_return(output)
    grants, payments = GrantReader(roles, at), PaymentReader(roles, at)
    items: list[Item] = []
    total: dict[str, int] = {}
    for child in output:
        if child.tag == tags.PAYMENT:
            items.append(read_object(child, PAYMENT, payments, at))
        elif child.tag == tags.GRANT:
            items.append(read_object(child, GRANT, grants, at))
        elif child.tag == tags.YI_COUNT:
            count = parts_of(child)
            if kind := _COUNTED.get(text(count, tags.YI_COUNT_KIND) or ""):
                total[kind] = count_of(text(count, tags.YI_COUNT))
    return Answer(items=tuple(items), total=total)
