"""Ways of breaking a message. Each takes a sound one and dice, and gives what came of it."""

import copy
import random
from collections.abc import Callable, Mapping
from typing import Final

from lxml import etree

WORDS: Final = (
    *("", "x" * 2_000, "\u202e", "-1", "1e999", "NaN", "0001-01-01T00:00:00Z", "9999-99-99T99:99:99Z"),
    *("urn:oio:cpr-nr:1", "urn:oio:cvr-nr:", "2026-11-24T06:45:00+99:99", "99999999999999999999"),
)
DEEP: Final = (200, 300, 5_000)  # libxml2 stops at 256
HUGE: Final = 50 * 2**20  # bytes
BOMB: Final = (
    b'<!DOCTYPE a [<!ENTITY a "'
    + b"x" * 1_000
    + b'"><!ENTITY b "'
    + b"&a;" * 100
    + b'"><!ENTITY c "'
    + b"&b;" * 100
    + b'">]>'
)
OUTSIDE: Final = b'<!DOCTYPE a [<!ENTITY c SYSTEM "file:///etc/passwd">]>'

Break = Callable[[bytes, random.Random], bytes]


def truncated(message: bytes, dice: random.Random) -> bytes:
    return message[: dice.randrange(len(message))]


def cut_out(message: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(message))
    return message[:place] + message[place + dice.randrange(300) :]


def repeated(message: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(message))
    end = place + dice.randrange(300)
    return message[:place] + message[place:end] * dice.randrange(2, 5) + message[end:]


def bits_flipped(message: bytes, dice: random.Random) -> bytes:
    broken = bytearray(message)
    for _ in range(dice.randrange(1, 20)):
        broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
    return bytes(broken)


def rearranged(message: bytes, dice: random.Random) -> bytes:
    """Well-formed, with elements gone, doubled, named otherwise, or holding other words."""
    root = etree.fromstring(message)
    for _ in range(dice.randrange(1, 4)):
        elements = list(root.iter("*"))
        element, other = dice.choice(elements), dice.choice(elements)
        parent = element.getparent()
        match dice.randrange(4):
            case 0 if parent is not None:
                parent.remove(element)
            case 1 if parent is not None:
                parent.insert(dice.randrange(len(parent) + 1), copy.deepcopy(element))
            case 2:
                element.tag = other.tag
            case _:
                element.text = dice.choice(WORDS)
    return etree.tostring(root, encoding="UTF-8")


def other_namespace(message: bytes, dice: random.Random) -> bytes:
    """One of its namespaces is another."""
    places = [place for place in range(len(message)) if message.startswith(b'="urn:', place)]
    place = dice.choice(places) + len(b'="urn:')
    return message[:place] + dice.choice((b"other:", b"oio:", b"oio:sagdok:3.0.1:")) + message[place:]


def nested(message: bytes, dice: random.Random) -> bytes:
    """Something deep where text stood."""
    depth, place = dice.choice(DEEP), _a_place(message, dice)
    return message[:place] + b"<a>" * depth + b"</a>" * depth + message[place:]


def with_entities(message: bytes, dice: random.Random) -> bytes:
    """Entities that grow, or that are a file of ours."""
    place = _a_place(message, dice)
    declared = message.find(b"?>") + 2 if message.startswith(b"<?xml") else 0
    return message[:declared] + dice.choice((BOMB, OUTSIDE)) + message[declared:place] + b"&c;" + message[place:]


def in_another_encoding(message: bytes, dice: random.Random) -> bytes:
    """As it says, or as it does not."""
    text = message.decode("utf-8").removeprefix('<?xml version="1.0" encoding="UTF-8"?>').replace("\n", "")
    encoding, said = (
        dice.choice(("utf-16", "iso-8859-1", "utf-8", "cp1252")),
        dice.choice(("utf-16", "iso-8859-1", "utf-8", "ebcdic")),
    )
    return f'<?xml version="1.0" encoding="{said}"?>{text}'.encode(encoding, "replace")


def huge(message: bytes, dice: random.Random) -> bytes:
    """A field of 50 MB."""
    place = _a_place(message, dice)
    return message[:place] + b"x" * HUGE + message[place:]


def noise(_message: bytes, dice: random.Random) -> bytes:
    """No message at all."""
    return dice.randbytes(dice.randrange(3_000))


def _a_place(message: bytes, dice: random.Random) -> int:
    """Right behind the end of some tag that opens."""
    found = message.find(b">", dice.randrange(len(message) // 2))
    return found + 1


# How often each is drawn. Those of 50 MB take as long as thousands of others.
WAYS: Final[Mapping[Break, int]] = {
    truncated: 15,
    cut_out: 15,
    repeated: 10,
    bits_flipped: 15,
    rearranged: 20,
    other_namespace: 5,
    nested: 5,
    with_entities: 5,
    in_another_encoding: 5,
    noise: 5,
}


def broken(sound: bytes, dice: random.Random) -> bytes:
    """One message broken in one of the ways, once in twenty in two of them."""
    (way,) = dice.choices(list(WAYS), weights=list(WAYS.values()))
    result = way(sound, dice)
    if dice.random() < 0.05 and len(result) > 10:
        result = bits_flipped(result, dice)
    return result
