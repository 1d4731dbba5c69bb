"""An example of what every call takes and answers, for the OpenAPI document. The answers are in ``examples.json``.

They were answered by the demo about Mette, whose CPR number is an impossible date, and shortened; a test holds each
against its shape.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

from portal.api import problems

_FILE: Final = Path(__file__).with_name("examples.json")
ASKED: Final = {"cpr": "6815859002", "municipality": "0730", "language": "en"}
_PAGED: Final = {"readCitizenCases", "readCitizenPayments", "readCitizenAccessLog"}
_FIELDS: Final = {"errors": [{"pointer": "/cpr", "detail": "Send ten digits without a hyphen, as a string."}]}


@cache
def _answered() -> dict[str, Any]:
    read: dict[str, Any] = orjson.loads(_FILE.read_bytes())
    return read


def of_request(call: str) -> dict[str, Any]:
    """What a call takes."""
    paged = {"limit": 20} if call in _PAGED else {}
    return {"one citizen": {"value": {**ASKED, **paged}}}


def of_answer(call: str, status: int, media: str) -> dict[str, Any]:
    """What a call answers: its problems with this status, or the answer itself."""
    if media == problems.MEDIA_TYPE:
        kinds = [kind for kind in problems.KINDS if kind.status == status and kind is not problems.WRONG_HOST]
        return {kind.slug: {"summary": kind.title, "value": _problem(kind)} for kind in kinds}
    answered = _answered().get(call.replace("Citizen", "My"))
    if answered is not None and call == "readCitizenSummary":
        answered = {**answered, "citizen": {**answered["citizen"], "name": ""}}  # a system is told no name
    return {"one answer": {"value": answered}}


def _problem(kind: problems.Kind) -> dict[str, object]:
    return {**problems.body(kind), **(_FIELDS if kind is problems.INVALID_REQUEST else {})}
