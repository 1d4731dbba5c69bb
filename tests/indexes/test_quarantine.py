"""Messages that could not be used: sealed, and counted once however often they come."""

import datetime as dt

import pytest

from indexes import quarantine
from indexes.crypto import KeyRingError
from indexes.models import Quarantined
from indexes.records import RefusalReason, Refused, Source
from tests.indexes.makers import DAY, LOLLAND, METTE, NOW, RANDERS, refused, uuid

pytestmark = pytest.mark.django_db

RAW = f"<Sag>{METTE}</Sag>".encode()


def keep(*messages: Refused, authority: str = RANDERS, now: dt.datetime = NOW, source: Source = Source.SDI) -> None:
    quarantine.keep(messages, source=source, authority_cvr=authority, now=now)


def test_a_message_is_sealed_and_can_be_opened_for_mending() -> None:
    keep(refused(raw=RAW))
    row = Quarantined.objects.get()
    assert (row.kind, row.uuid, row.reason, row.what) == ("case", uuid("case"), "no_kle", "Sagsklasse")
    assert METTE.encode() not in bytes(row.sealed)
    assert METTE.encode() not in bytes(row.digest)
    assert quarantine.message_of(row) == RAW


def test_the_same_bytes_again_only_count_up() -> None:
    keep(refused(raw=RAW), refused(raw=RAW))
    keep(refused(raw=RAW), now=NOW + DAY)
    row = Quarantined.objects.get()
    assert (row.times, row.first_seen, row.last_seen) == (3, NOW, NOW + DAY)
    assert quarantine.message_of(row) == RAW


def test_other_bytes_or_another_source_are_another_message() -> None:
    keep(refused(raw=RAW), refused(raw=b"<Sag/>"))
    keep(refused(raw=RAW), source=Source.YI)
    assert Quarantined.objects.count() == 3


def test_nothing_is_nothing() -> None:
    keep()
    assert not Quarantined.objects.exists()


def test_a_sealed_message_cannot_be_moved_to_another_row() -> None:
    keep(refused(raw=RAW), refused("other", raw=b"<Sag/>"))
    moved, other = Quarantined.objects.get(uuid=uuid("case")), Quarantined.objects.get(uuid=uuid("other"))
    moved.sealed = other.sealed
    with pytest.raises(KeyRingError):
        quarantine.message_of(moved)


def test_what_a_complete_reading_did_not_bring_is_forgotten() -> None:
    keep(refused("gone", raw=b"1"))
    keep(refused("lolland", raw=b"2"), authority=LOLLAND)
    keep(refused("still", raw=b"3"), now=NOW + DAY)
    assert quarantine.forget(source=Source.SDI, authority_cvr=RANDERS, before=NOW + DAY) == 1
    assert set(Quarantined.objects.values_list("uuid", flat=True)) == {uuid("lolland"), uuid("still")}
    assert quarantine.held(Source.SDI, RANDERS) == 1


def test_one_citizens_message_is_claimed_by_the_reading_that_brings_it() -> None:
    keep(refused(raw=RAW), authority="")
    keep(refused(raw=RAW), now=NOW + DAY)
    keep(refused(raw=RAW), authority="", now=NOW + DAY)
    assert Quarantined.objects.get().authority_cvr == RANDERS


def test_what_no_reading_claims_stays_for_whoever_mends() -> None:
    keep(refused(raw=RAW), authority="")
    keep(Refused(kind="event", uuid=None, reason=RefusalReason.WRONG_SHAPE, what="Beskeddata", raw=b"<Haendelse/>"))
    assert quarantine.forget(source=Source.SDI, authority_cvr=RANDERS, before=NOW + 80 * DAY) == 0
