"""A font out of its wrapping for browsers (WOFF 1.0, W3C): the same tables, byte for byte. Bytes in, bytes out.

Standard library only, as ``fetch_static``, which unwraps those letters that come in no other form for what makes PDF.
"""

from __future__ import annotations

import struct
import zlib

_HEAD = struct.Struct(">4s4sLHHLHHLLLLL")
_ENTRY = struct.Struct(">4sLLLL")  # tag, where, wrapped length, own length, checksum


def unwrapped(woff: bytes) -> bytes:
    """The font as it was before it was wrapped.

    Raises:
        ValueError: it is no WOFF 1.0, or not whole.
    """
    try:
        signature, flavor, length, number, *_ = _HEAD.unpack_from(woff)
        if signature != b"wOFF" or length != len(woff):
            raise ValueError("The file is no font in WOFF 1.0, or not all of it is there.")
        entries = [_ENTRY.unpack_from(woff, _HEAD.size + at * _ENTRY.size) for at in range(number)]
        tables = [_table(woff[at : at + wrapped], own) for _, at, wrapped, own, _ in entries]
    except (struct.error, zlib.error) as error:
        raise ValueError(f"The font is damaged ({error}).") from error
    search = 1 << number.bit_length() - 1
    head: bytes = flavor + struct.pack(">HHHH", number, search * 16, search.bit_length() - 1, (number - search) * 16)
    where, directory = len(head) + number * 16, []
    for (tag, _, _, own, checksum), table in zip(entries, tables, strict=True):
        directory.append(struct.pack(">4sLLL", tag, checksum, where, own))
        where += len(table)
    return head + b"".join(directory) + b"".join(tables)


def _table(wrapped: bytes, own: int) -> bytes:
    """A table as it was, filled up to whole words as the format asks."""
    table = zlib.decompress(wrapped) if len(wrapped) < own else wrapped
    if len(table) != own:
        raise ValueError("A table of the font is longer or shorter than it says.")
    return table + bytes(-own % 4)
