"""A kept message read once more, by the parser as it is now: the one place where quarantine meets the parser.

What is kept is the object alone, as bytes. A case came with documents that are not kept with it, so a case that is read
again has no titles of documents until the next reading of the index brings them: that one has the same registration and
says more, and wins (``store.statements.merge``).
"""

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from indexes.errors import SourceError
from indexes.events.payload import Roles
from indexes.parse.plan import parse_plan
from indexes.parse.sdi import parse_sdi
from indexes.parse.yi import parse_yi
from indexes.records import Answer, Item, RefusalReason, Refused

_NAMED: Final = re.compile(rb"[a-z]+ (?P<uuid>[0-9a-f-]{36}) (?P<registered>[0-9T:.+-]{20,40})")
_SD: Final = 'xmlns:sd="urn:oio:sagdok:3.0.0"'
_OK: Final = "<sd:StandardRetur><sd:StatusKode>20</sd:StatusKode></sd:StandardRetur>"
# An answer of each index that holds the one object.
_SDI: Final = (
    f'<o:FremsoegSagDokumentIndeksOutput xmlns:o="urn:oio:sts:sagdok:sagdokumentindeks:6" {_SD}>{_OK}'.encode(),
    b"</o:FremsoegSagDokumentIndeksOutput>",
)
_YI: Final = (
    f'<o:FremsoegYdelseIndeksOutput xmlns:o="urn:oio:sts:ydelse:ydelseindeks:6" {_SD}>{_OK}'.encode(),
    b"</o:FremsoegYdelseIndeksOutput>",
)
_PLAN: Final = (
    b'<o:PlanSvar xmlns:o="urn:borgerblik:planindeks:1"><o:StatusKode>20</o:StatusKode><o:Antal>1</o:Antal>',
    b"</o:PlanSvar>",
)


def read_again(kind: str, raw: bytes, *, at: datetime, roles: Roles) -> Item | None:
    """The item that one kept message gives when it is read as of ``at``; None when it is no object of an index.

    Of what the database would not take only its name is kept (``not_stored``): it still hides what is older.
    """
    if named := _NAMED.fullmatch(raw):
        registered = datetime.fromisoformat(named["registered"].decode())
        uuid = UUID(named["uuid"].decode())
        reason = RefusalReason.NOT_STORED
        return Refused(kind=kind, uuid=uuid, reason=reason, what="", raw=raw, registered=registered)
    if not raw.startswith(b"<"):
        return None
    try:
        answer = _answer(kind, raw, at, roles)
    except SourceError:
        return Refused(kind=kind, uuid=None, reason=RefusalReason.WRONG_SHAPE, what="message", raw=raw)
    return answer.items[0] if answer and len(answer.items) == 1 else None


def _answer(kind: str, raw: bytes, at: datetime, roles: Roles) -> Answer | None:
    match kind:
        case "case":
            return parse_sdi(_around(_SDI, raw), at=at, roles=roles.sdi)
        case "grant" | "payment":
            return parse_yi(_around(_YI, raw), at=at, roles=roles.yi)
        case "plan":
            return parse_plan(_around(_PLAN, raw), at=at)
    return None


def _around(answer: tuple[bytes, bytes], raw: bytes) -> bytes:
    return answer[0] + raw + answer[1]
