"""JSON out and in: structs, dataclasses, enums, dates and UUIDs as they are; amounts as strings, to the øre.

Out by msgspec, which knows the structs that an overview is made of; in by orjson, the strictest reader.
"""

from collections.abc import Iterable, Mapping
from typing import IO, Any, Final

import orjson
from msgspec.json import Encoder
from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

MAX_BODY = 4096  # bytes; the largest call we take is under 100


# An amount is a string, since a JSON number is a float in most languages.
_ENCODER: Final = Encoder(decimal_format="string")


def dumps(value: object) -> bytes:
    """As JSON.

    Raises:
        TypeError: something that has no place in an answer: a defect in the shapes.
    """
    return _ENCODER.encode(value)


class JsonRenderer(BaseRenderer):
    """``application/json``, always UTF-8."""

    media_type = "application/json"
    format = "json"
    charset = None  # JSON is UTF-8 by its standard (RFC 8259, section 8.1); bytes go out as they are

    def render(
        self,
        data: object,
        accepted_media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        renderer_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> bytes:
        return b"" if data is None else dumps(data)


class OneFormat(DefaultContentNegotiation):
    """There is one format: whoever asks for it by name, or takes anything, gets it unweighed; the others as ever."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        if request.META.get("HTTP_ACCEPT", "*/*") in {"*/*", JsonRenderer.media_type}:
            first = next(iter(renderers))
            return first, first.media_type
        weighed: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
        return weighed


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "body_too_large"


class OrjsonParser(BaseParser):
    """A small JSON body.

    Raises:
        BodyTooLarge: more than ``MAX_BODY`` bytes.
        ParseError: not a JSON object. The exception says nothing of what was sent: it may hold a CPR number.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> dict[str, object]:
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise BodyTooLarge
        try:
            parsed = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise ParseError from None  # its message may quote the body
        if not isinstance(parsed, dict):
            raise ParseError
        return parsed
