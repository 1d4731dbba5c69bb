"""What is held is known again as long as the same would be made of it, and stands as it was when it is."""

from dataclasses import replace as changed

import pytest
from msgspec.structs import replace
from pytest_django import Settings

from indexes.models import Case, Payment, Tombstone
from indexes.records import Case as CaseRecord
from indexes.records import Defect, Item, Known, Parsed, Sensitivity
from indexes.store import Counts, save, tombstones
from indexes.store.known import HeldAsRead
from indexes.store.wanted import Wanted
from tests.indexes.makers import DAY, LOLLAND, NOW, RANDERS, WANTED, case, days_ago, payment, refused, withdrawn

pytestmark = pytest.mark.django_db

BYTES, BESIDES = b"<Sag>as it came</Sag>", b"of its documents"
OWN_KEY = "other:" + "k" * 50


def stored(*items: Parsed | Known, now: int = 0) -> Counts:
    return save(items, wanted=WANTED, now=NOW + now * DAY)


def read_from(written: bytes, **changes: object) -> Parsed:
    fingerprint = HeldAsRead(RANDERS, WANTED).within(b"")(written)
    return Parsed(record=replace(case(), **changes), defects=(Defect.NO_TITLE,), fingerprint=fingerprint + BESIDES)


def known(written: bytes = BYTES, *, owner: str = RANDERS, wanted: Wanted = WANTED) -> Known | None:
    held = HeldAsRead(owner, wanted)
    return held.known("case", {case().uuid: held.within(b"")(written)}).get(case().uuid)


def test_the_same_bytes_are_known() -> None:
    stored(read_from(BYTES))
    assert known() == Known(
        kind="case",
        uuid=case().uuid,
        registered=case().registered,
        sensitivity=case().sensitivity,
        fagsystem=case().fagsystem,
        defects=(Defect.NO_TITLE,),
        besides=BESIDES,
    )
    assert known(BYTES + b" ") is None
    assert known(owner=LOLLAND) is None


def test_what_is_known_is_counted_and_stands() -> None:
    first = stored(read_from(BYTES))
    again = known()
    assert again is not None
    row = Case.objects.values().get()
    counts = stored(again, now=1)
    assert (counts.read, counts.unchanged, counts.new, counts.changed) == (1, 1, 0, 0)
    assert counts.kinds == first.kinds
    assert counts.records == first.records
    assert counts.defects == first.defects
    assert Case.objects.values().get() == row


def test_another_decision_on_what_is_kept_has_all_read_again() -> None:
    stored(read_from(BYTES))
    assert known(wanted=changed(WANTED, retired=frozenset({("sdi", "Acadre")}))) is None
    assert known(wanted=changed(WANTED, case=frozenset())) is None


def test_another_role_or_key_has_all_read_again(settings: Settings) -> None:
    stored(read_from(BYTES))
    ring = settings.CPR_KEYS
    settings.CPR_KEYS = f"{OWN_KEY},{ring}"
    assert known() is None
    settings.CPR_KEYS = ring
    assert known()
    settings.SDI_ROLES = changed(settings.SDI_ROLES, display_class=case().uuid)
    assert known() is None


def test_an_event_that_changes_a_record_has_it_read_again() -> None:
    stored(read_from(BYTES))
    stored(Parsed(record=replace(case(), registered=days_ago(0.5), title="Andet")))
    assert known() is None


def test_an_event_that_changes_nothing_leaves_it_known() -> None:
    stored(read_from(BYTES))
    stored(Parsed(record=case()))
    assert known()


def test_a_row_that_other_bytes_say_too_is_known_by_those() -> None:
    stored(read_from(BYTES))
    counts = stored(read_from(b"<Sag>the same in other words</Sag>"), now=1)
    assert counts.unchanged == 1
    assert known() is None
    assert known(b"<Sag>the same in other words</Sag>")
    assert Case.objects.get().stored_at == NOW, "the row itself has not changed"


def test_an_older_version_does_not_take_the_place_of_what_is_held() -> None:
    stored(read_from(BYTES))
    stored(read_from(b"<Sag>older</Sag>", registered=days_ago(900)))
    assert known()
    assert known(b"<Sag>older</Sag>") is None


def test_what_is_gone_is_not_known() -> None:
    stored(read_from(BYTES))
    save([withdrawn(days=0)], wanted=WANTED, now=NOW)
    assert known() is None


def test_a_payment_is_known_by_its_bytes_alone() -> None:
    held = HeldAsRead(RANDERS, WANTED)
    fingerprint = held.within(b"")(BYTES)
    stored(Parsed(record=payment(), fingerprint=fingerprint))
    found = held.known("payment", {payment().uuid: fingerprint})
    assert found[payment().uuid].besides == b""
    assert bytes(Payment.objects.get().fingerprint or b"") == fingerprint


def test_a_fingerprint_tells_nothing_without_the_key(settings: Settings) -> None:
    before = HeldAsRead(RANDERS, WANTED).within(b"")(BYTES)
    settings.CPR_KEYS = OWN_KEY
    assert HeldAsRead(RANDERS, WANTED).within(b"")(BYTES) != before


def reading(*objects: tuple[bytes, CaseRecord], day: int) -> Counts:
    """Objects that come each in another question, and are stored together; those that are held are known."""
    held = HeldAsRead(RANDERS, WANTED)
    items: list[Item] = []
    for written, record in objects:
        fingerprint = held.within(b"")(written)
        found = held.known("case", {record.uuid: fingerprint})
        items.append(found.get(record.uuid) or Parsed(record=record, fingerprint=fingerprint))
    return save(items, wanted=WANTED, now=NOW + day * DAY, since=NOW + day * DAY, owner_cvr=RANDERS)


SHOWS_LESS = {
    "hidden": replace(case(), hidden=True, title=None),
    "vip": replace(case(), sensitivity=Sensitivity.VIP),
    "confidential": replace(case(), sensitivity=Sensitivity.CONFIDENTIAL),
}


# Stored by another worker of the reading each, what hides is told to the other by its tombstone.
@pytest.mark.parametrize(
    ("what", "apart"), [("hidden", False), ("hidden", True), ("vip", False), ("vip", True), ("confidential", False)]
)
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_of_the_same_time_the_one_that_shows_less_counts_each_night(
    what: str, order: int, *, apart: bool
) -> None:
    less = SHOWS_LESS[what]
    both = [(b"<less>", less), (b"<open>", case())][::order]
    for day in range(5):
        for some in [[one] for one in both] if apart else [both]:
            reading(*some, day=day)
        assert Case.objects.values_list("hidden", "sensitivity").get() == (less.hidden, less.sensitivity)


def test_of_equals_the_last_counts_each_night() -> None:
    for day in range(4):
        counts = reading((b"<a>", case()), (b"<b>", replace(case(), title="Den sidste")), day=day)
        assert Case.objects.get().facts["title"] == "Den sidste"
        assert (counts.older, counts.unchanged, counts.new) == (1, bool(day), not day)


def test_an_older_version_is_no_second_record_of_its_fagsystem() -> None:
    for day in range(2):
        counts = reading((b"<new>", case()), (b"<old>", case(registered=days_ago(20))), day=day)
    assert counts.records == {case().fagsystem: 1}


def test_an_older_version_that_cannot_be_used_makes_nothing_unreadable() -> None:
    reading((b"<new>", case()), day=0)
    again = HeldAsRead(RANDERS, WANTED)
    found = again.known("case", {case().uuid: again.within(b"")(b"<new>")})
    old = refused(days=20)
    counts = save([found[case().uuid], old], wanted=WANTED, now=NOW + DAY, since=NOW + DAY, owner_cvr=RANDERS)
    assert Case.objects.count() == 1
    assert not counts.unreadable


def test_what_is_hidden_keeps_its_tombstone_young() -> None:
    """However long it has been hidden: when its row is gone, an old event does not show it."""
    hidden = SHOWS_LESS["hidden"]
    for day in (0, 40):
        reading((b"<hidden>", hidden), day=day)
    Tombstone.objects.filter(noted_at__lt=NOW + 41 * DAY - tombstones.KEPT).delete()
    Case.objects.all().delete()
    save([Parsed(record=case(registered=days_ago(20)))], wanted=WANTED, now=NOW + 41 * DAY)
    assert not Case.objects.filter(hidden=False).exists()
