"""The arithmetic of the seals: the hash of an entry, of a tree of entries, and of a block. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson

FIRST: Final = bytes(32)  # what the first block is chained to


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What a block says of itself, and its seal vouches for."""

    number: int
    parts: Sequence[tuple[int, int]]  # from an id to before another
    root: bytes
    previous: bytes
    at: dt.datetime

    @property
    def seal(self) -> bytes:
        told = [self.number, self.parts, self.root.hex(), self.previous.hex(), self.at.astimezone(dt.UTC)]
        return sha256(orjson.dumps(told)).digest()


def leaf(entry: Sequence[Any]) -> bytes:
    """The hash of an entry, whose parts come in the order of ``Log.columns``."""
    return sha256(b"\x00" + orjson.dumps([str(part) for part in entry])).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The Merkle tree hash of hashed leaves (RFC 9162, section 2.1.1); of none, zero bytes, which no block has.

    Holds one hash a level of the tree: the leaves may be a stream of any length.
    """
    waiting: list[bytes] = []
    for number, hashed in enumerate(leaves, start=1):
        joined, whole = hashed, number
        while whole % 2 == 0:  # the tree to the left is as large: the two are one
            joined, whole = _join(waiting.pop(), joined), whole // 2
        waiting.append(joined)
    root = waiting.pop() if waiting else FIRST
    while waiting:
        root = _join(waiting.pop(), root)
    return root


def _join(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
