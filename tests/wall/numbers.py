"""Finding CPR numbers in whatever holds bytes: as digits, with anything usual between them, as hex, in base64."""

import base64
import binascii
import re
from collections.abc import Iterator

_LENGTH, _DAY = 10, 6
_RUN = re.compile(rb"\d{6,}")
_AFTER = re.compile(rb"(?:%[0-9A-Fa-f]{2}|\\u20[0-9a-f]{2}|\xe2\x80.|\xc2\xa0|[^0-9A-Za-z]){1,3}(\d{4})(?!\d)")
_DATE = re.compile(rb"(\d\d)[./ -](\d\d)[./ -](\d\d)[./ -]{1,3}(\d{4})(?!\d)")
_HEX = re.compile(rb"(?:3[0-9]|2[0dD]){10,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{14,}={0,2}")


def numbers_in(data: bytes, known: frozenset[str], *, unpack: bool = True) -> set[str]:
    """Those of the ``known`` numbers (ten digits each) that stand in ``data``. ``unpack``: also in hex and base64."""
    found = set(_candidates(data)) & known
    if unpack:
        for match in _HEX.finditer(data):
            found |= set(_candidates(bytes.fromhex(match[0].decode()))) & known
        for match in _BASE64.finditer(data):
            found |= set(_candidates(_unpacked(match[0]))) & known
    return found


def _candidates(data: bytes) -> Iterator[str]:
    for run in _RUN.finditer(data):
        digits = run[0].decode()
        yield from (digits[start : start + _LENGTH] for start in range(len(digits) - _LENGTH + 1))
        if after := _AFTER.match(data, run.end()):
            yield digits[-_DAY:] + after[1].decode()
    for date in _DATE.finditer(data):
        yield b"".join(date.groups()).decode()


def _unpacked(packed: bytes) -> bytes:
    """What base64, of either alphabet and with or without its end, stands for; nothing if it is none."""
    plain = packed.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return base64.b64decode(plain[: len(plain) // 4 * 4] + _end(plain))
    except binascii.Error:
        return b"-"


def _end(plain: bytes) -> bytes:
    rest = plain[len(plain) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""
