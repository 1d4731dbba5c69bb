"""Messages that were broken in many ways: each is stored, refused or in quarantine, and the sums agree."""

import copy
import random
from collections import Counter

import pytest
from django.db.models import Sum
from lxml import etree

from indexes.models import EventCount, Fate, Quarantined
from tests.events.makers import a_case, a_grant, a_payment, instant, minutes, take, told

pytestmark = pytest.mark.django_db

MESSAGES = 1_000
AT_ONCE = 50
WORDS = (
    *("", "x" * 2_000, "\u202e", "-1", "1e999", "NaN", "0001-01-01T00:00:00Z", "9999-99-99T99:99:99Z"),
    *("urn:oio:cpr-nr:1", "urn:oio:cvr-nr:", "2026-11-24T06:45:00+99:99", "99999999999999999999"),
)


def sound() -> list[bytes]:
    later = instant(minutes(1))
    return [
        told(a_case()),
        told(a_case(registered=later, hidden=True)),
        told(a_case(registered=later, lifecycle="Slettet")),
        told(a_grant()),
        told(a_payment()),
        told(a_payment(), removed=minutes(2)),
    ]


def cut_or_flipped(message: bytes, dice: random.Random) -> bytes:
    """Bytes that are lost, turned, or there several times."""
    broken, place = bytearray(message), dice.randrange(len(message))
    end = place + dice.randrange(300)
    match dice.randrange(4):
        case 0:
            return message[:place]
        case 1:
            return message[:place] + message[end:]
        case 2:
            return message[:place] + message[place:end] * dice.randrange(2, 5) + message[end:]
    for _ in range(dice.randrange(1, 20)):
        broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
    return bytes(broken)


def rearranged(message: bytes, dice: random.Random) -> bytes:
    """Well-formed, with elements gone, doubled, named otherwise, or holding other words."""
    root = etree.fromstring(message)
    for _ in range(dice.randrange(1, 4)):
        element, other = dice.choice(list(root.iter("*"))), dice.choice(list(root.iter("*")))
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
    return etree.tostring(root)


def test_every_broken_message_ends_somewhere_and_is_counted_once() -> None:
    dice = random.Random(2026)
    good = sound()
    broken = [dice.choice((cut_or_flipped, rearranged))(dice.choice(good), dice) for _ in range(MESSAGES)]
    fates: Counter[Fate] = Counter()
    for first in range(0, MESSAGES, AT_ONCE):
        fates += take(*broken[first : first + AT_ONCE], now=minutes(10 + first))
    assert fates.total() == MESSAGES
    # What is applied depends on what came first: a broken one that names a record and no time keeps older ones away.
    assert {Fate.UNCHANGED, Fate.FOREIGN, Fate.QUARANTINED} <= set(fates)
    counted = EventCount.objects.aggregate(events=Sum("events"), again=Sum("again"))
    assert counted["events"] + counted["again"] == MESSAGES
    assert (Quarantined.objects.aggregate(all=Sum("times"))["all"] or 0) >= fates[Fate.QUARANTINED]
    newer = told(a_grant(registered=instant(minutes(2_000))))
    assert take(newer, now=minutes(3_000)) == {Fate.APPLIED: 1}, "what is newer than all of them comes in"
