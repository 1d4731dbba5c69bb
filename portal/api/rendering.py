"""JSON out and in, by orjson: dataclasses, enums, dates and UUIDs as they are; amounts as strings, to the øre."""

from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

import orjson
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

MAX_BODY = 4096  # bytes; the largest call we take is under 100


def _as_string(value: object) -> str:
    """What orjson leaves to us: an amount is a string, since a JSON number is a float in most languages.

    Raises:
        TypeError: anything else is a defect in the shapes.
    """
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


def dumps(value: object) -> bytes:
    return orjson.dumps(value, default=_as_string)


class OrjsonRenderer(BaseRenderer):
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
