"""ETag and If-None-Match (RFC 9110, sections 8.8.3 and 13.1.2), beside ``no-store``.

``no-store`` is said to caches: none keeps an answer about a citizen. Whoever asked holds the last answer themselves and
may ask whether it still holds; then nothing is sent again. A GET is answered 304; a POST, for which that status is not,
412 with a problem that says the same.

The tag is weak: the time at which an answer was made is left out of it, so two answers with one tag differ in that
alone.
"""

from hashlib import sha256
from typing import Any, Final

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from msgspec import Raw
from msgspec.structs import asdict, replace
from rest_framework.request import Request

from borgerblik.overview.elements import When
from portal.api.problems import Unchanged
from portal.api.rendering import JsonRenderer, dumps

_ANY_TIME: Final = When(words="", iso="")
_DIGITS: Final = 32  # of the tag: 128 bits of the hash


def rendered(answer: Any) -> tuple[bytes, str]:
    """An answer as JSON and its weak tag, which leaves the time in its ``meta`` out. Each field is rendered once."""
    fields = {name: Raw(dumps(field)) for name, field in asdict(answer).items()}
    meta = getattr(answer, "meta", None)
    timeless = fields if meta is None else {**fields, "meta": Raw(dumps(replace(meta, generated=_ANY_TIME)))}
    return dumps(fields), f'W/"{sha256(dumps(timeless)).hexdigest()[:_DIGITS]}"'


def unless_known(request: Request, answer: Any) -> HttpResponse:
    """The answer with its tag, or that whoever asks has it already. It is rendered: DRF has nothing more to do.

    Raises:
        Unchanged: it was asked for by POST.
    """
    body, tag = rendered(answer)
    known = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    if tag.removeprefix("W/") not in {each.removeprefix("W/") for each in known}:  # "*" asks that there be nothing
        return HttpResponse(body, content_type=JsonRenderer.media_type, headers={"ETag": tag})
    if request.method == "POST":
        raise Unchanged(tag)
    return HttpResponseNotModified(headers={"ETag": tag})
