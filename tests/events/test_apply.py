"""What an event does to the tables: the newest wins, in whatever order they come and however often."""

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from msgspec import structs

from indexes.events.apply import apply
from indexes.events.decode import Message, decode
from indexes.identity import find_citizen
from indexes.mock.objects import Party
from indexes.models import Case, EventCount, Fate, Grant, Payment, Quarantined, SourceState
from indexes.quarantine import message_of
from indexes.reading import read_citizen
from indexes.records import Case as CaseRecord
from indexes.records import Document, Parsed, Source
from tests.events.makers import TERMS, a_case, a_grant, a_payment, instant, minutes, rows, take, told
from tests.events.reading import read_case
from tests.indexes.makers import NOW, RANDERS

pytestmark = pytest.mark.django_db

ODENSE = "35209115"
APPLIED, UNCHANGED, REMOVED = Fate.APPLIED, Fate.UNCHANGED, Fate.REMOVED


def test_what_an_event_brings_is_held() -> None:
    assert take(told(a_case()), told(a_grant()), told(a_payment())) == {APPLIED: 3}
    assert (Case.objects.count(), Grant.objects.count(), Payment.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("thing", [a_case(), a_grant(), a_payment()], ids=["case", "grant", "payment"])
def test_sent_again_it_changes_nothing(thing: Any) -> None:
    message = told(thing)
    take(message)
    before = rows()
    assert take(message, now=minutes(1)) == {UNCHANGED: 1}
    assert take(message, message, now=minutes(2)) == {UNCHANGED: 2}
    assert rows() == before


def versions() -> list[bytes]:
    """A case that goes on, is deleted, and comes again."""
    first = a_case(status_text="første")
    then = a_case(status_text="så", registered=instant(minutes(1)))
    gone = a_case(lifecycle="Slettet", registered=instant(minutes(2)))
    again = a_case(status_text="igen", registered=instant(minutes(3)))
    return [told(each) for each in (first, then, gone, again)]


@pytest.mark.parametrize("order", [*itertools.permutations(range(4))], ids=str)
def test_in_whatever_order_they_come_the_newest_is_held(order: tuple[int, ...]) -> None:
    messages = versions()
    for number in order:
        take(messages[number], now=minutes(5))
    held = Case.objects.get()
    assert (held.facts["status_text"], held.registered) == ("igen", minutes(3))


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))], ids=str)
def test_in_whatever_order_they_come_what_is_deleted_stays_so(order: tuple[int, ...]) -> None:
    messages = versions()
    for number in order:
        take(messages[number], now=minutes(5))
    assert not Case.objects.exists()


@pytest.mark.parametrize("thing", [a_case(), a_grant(), a_payment()], ids=["case", "grant", "payment"])
def test_what_is_removed_goes_at_once_and_stays_away(thing: Any) -> None:
    message = told(thing)
    take(message)
    assert take(told(thing, removed=minutes(1)), now=minutes(2)) == {REMOVED: 1}
    assert take(message, now=minutes(3)) == {UNCHANGED: 1}
    assert not any(rows().values())


@pytest.mark.parametrize("lifecycle", ["Slettet", "Passiveret"])
def test_a_lifecycle_that_ended_takes_it_away(lifecycle: str) -> None:
    take(told(a_case()), told(a_grant()))
    after = {"lifecycle": lifecycle, "registered": instant(minutes(1))}
    assert take(told(a_case(**after)), told(a_grant(**after)), now=minutes(2)) == {REMOVED: 2}
    assert not any(rows().values())


def test_an_object_without_a_type_is_removed_whatever_it_was() -> None:
    take(told(a_payment()))
    message = told(a_payment(), removed=minutes(1))
    start, end = message.index(b"<k:ObjektType>"), message.index(b"<k:ObjektHandling>")
    assert take(message[:start] + message[end:], now=minutes(2)) == {REMOVED: 1}
    assert not Payment.objects.exists()


def test_what_hides_a_case_holds_at_once() -> None:
    take(told(a_case()))
    take(told(a_case(hidden=True, registered=instant(minutes(1)))), now=minutes(2))
    held = Case.objects.get()
    assert held.hidden
    assert not {"title", "documents"} & held.facts.keys()


def documents() -> dict[str, Document]:
    """What the citizen's case is held with, by uuid."""
    (held,) = read_citizen(find_citizen(a_case().cpr or "")).cases
    return {str(document.uuid): document for document in held.documents}


def with_documents() -> CaseRecord:
    """The case, stored with the titles of its documents, as a reading of the index stores it."""
    return read_case(a_case())


def test_a_case_keeps_the_documents_that_its_journal_still_leads_to() -> None:
    with_documents()
    before = documents()
    assert len(before) > 1
    assert all(document.title for document in before.values())
    gone, *kept = a_case().documents
    take(told(a_case(documents=tuple(kept), registered=instant(minutes(1)))), now=minutes(2))
    assert documents() == {uuid: document for uuid, document in before.items() if uuid != gone.uuid}


def test_a_title_that_the_journal_now_keeps_secret_is_not_shown() -> None:
    with_documents()
    first, *others = a_case().documents
    secret = replace(first, title="Offentlig titel", secret_title="Hemmelig")
    take(told(a_case(documents=(secret, *others), registered=instant(minutes(1)))), now=minutes(2))
    assert documents()[first.uuid].title == "Offentlig titel"


def test_an_event_alone_brings_no_titles_of_documents() -> None:
    take(told(a_case()))
    assert documents() == {}


def test_who_becomes_the_party_takes_the_case_along() -> None:
    take(told(a_case()))
    other = Party(cpr="7219520002", name="Bo")
    assert take(told(a_case(primary=other, registered=instant(minutes(1)))), now=minutes(2)) == {APPLIED: 1}
    assert Case.objects.get().citizen_id == find_citizen(other.cpr)


def test_what_was_told_before_a_complete_reading_changes_nothing() -> None:
    """The reading did not bring it, an hour and more after the message was made: it is gone."""
    state = {"source": Source.SDI, "authority_cvr": RANDERS, "last_attempt": minutes(90)}
    SourceState.objects.create(**state, last_success=minutes(90))
    assert take(told(a_case()), now=minutes(95)) == {UNCHANGED: 1}
    assert not Case.objects.exists()
    assert take(told(a_case(), made=minutes(40)), now=minutes(95)) == {APPLIED: 1}


def test_what_is_meant_for_others_is_refused_and_nothing_of_it_kept() -> None:
    message = told(a_case(), recipient=ODENSE)
    assert take(message, told(a_case(), recipient=ODENSE, removed=NOW)) == {Fate.FOREIGN: 2}
    assert not Quarantined.objects.exists()
    assert not any(rows().values())


def test_what_is_meant_for_others_is_not_even_kept_when_it_cannot_be_read() -> None:
    message = told(a_case(), recipient=ODENSE).replace(b"<sag:Registrering>", b"<sag:Registrering><sag:Registrering/>")
    assert take(message) == {Fate.FOREIGN: 1}
    assert not Quarantined.objects.exists()


def test_an_object_of_an_authority_that_is_not_ours_is_refused_whatever_the_envelope_says() -> None:
    message = told(a_case()).replace(f"<si:CVR-Nummer>{RANDERS}".encode(), f"<si:CVR-Nummer>{ODENSE}".encode())
    assert take(message) == {Fate.FOREIGN: 1}
    assert not Case.objects.exists()


def test_what_cannot_be_used_goes_to_quarantine_and_takes_away_what_was_shown() -> None:
    take(told(a_case()))
    broken = told(a_case(kle=None, registered=instant(minutes(1))))
    assert take(broken, told(a_grant()), now=minutes(2)) == {Fate.QUARANTINED: 1, APPLIED: 1}
    kept = Quarantined.objects.get()
    assert (kept.source, kept.authority_cvr, kept.kind, kept.reason) == ("sdi", RANDERS, "case", "no_kle")
    assert not Case.objects.exists()


POISON = {
    "nothing": b"",
    "no XML": b"\x00\xff not XML",
    "cut off": told(a_case())[:1000],
    "another message": b"<Hej/>",
    "an entity bomb": b'<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><b>&b;</b>',
    "too deep": b"<a>" * 5000 + b"</a>" * 5000,
    "no envelope": b'<k:Haendelsesbesked xmlns:k="urn:oio:besked:kuvert:1.0"/>',
    "nothing in it": told(a_case()).replace(b"Beskeddata>", b"Beskeddato>"),
    "another object": told(a_case()).replace(b"sag:RegistreringBesked", b"sag:Noget"),
    "a removal of nothing": told(a_case(), removed=NOW)
    .replace(b"<k:ObjektId><sd:UUID", b"<k:ObjektId><sd:UIUD")
    .replace(b"</sd:UUIDIdentifikator></k:ObjektId>", b"</sd:UIUDIdentifikator></k:ObjektId>"),
    "too large": b"<a>" + b"x" * 2_000_000 + b"</a>",
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON.keys())
def test_a_poison_message_among_good_ones_is_kept_sealed_and_the_others_go_through(poison: bytes) -> None:
    assert take(told(a_case()), poison, told(a_grant())) == {APPLIED: 2, Fate.QUARANTINED: 1}
    kept = Quarantined.objects.get()
    assert kept.reason in {"wrong_shape", "no_uuid"}
    assert len(bytes(kept.sealed)) < 50_000


def test_a_removal_without_a_time_takes_away_what_is_held() -> None:
    take(told(a_case()))
    message = told(a_case(), removed=NOW)
    start, end = message.index(b"<k:Registreringstidspunkt>"), message.index(b"<k:ObjektAnsvarligMyndighed>")
    assert take(message[:start] + message[end:], now=minutes(1)) == {Fate.QUARANTINED: 1}
    assert not Case.objects.exists()


def test_what_the_database_will_not_take_is_kept_and_the_others_go_through() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE indexes_grant ADD CONSTRAINT none_such CHECK (owner_cvr = '00000000') NOT VALID")
    messages = [told(a_case()), told(a_grant()), told(a_payment())]
    assert take(*messages) == {APPLIED: 2, Fate.QUARANTINED: 1}
    assert Quarantined.objects.get().what == "none_such"


def test_what_we_fail_on_in_quarantine_too_is_kept_as_it_came() -> None:
    """Its reader has let through what is no time."""
    body = told(a_grant())
    event = decode(Message(body=body), terms=TERMS, now=NOW)
    (thing,) = event.things
    assert isinstance(thing.item, Parsed)
    odd = structs.replace(thing.item, record=structs.replace(thing.item.record, registered="i går"))
    fine = decode(Message(body=told(a_case())), terms=TERMS, now=NOW)
    broken = replace(event, things=(replace(thing, item=odd),))
    assert apply([broken, fine], terms=TERMS, clock=lambda: NOW) == {APPLIED: 1, Fate.QUARANTINED: 1}
    kept = Quarantined.objects.get()
    assert (kept.kind, kept.what) == ("event", "Haendelsesbesked (unforeseen)")
    assert message_of(kept) == body


@pytest.mark.parametrize(
    ("thing", "source"), [(a_case(), Source.SDI), (a_grant(), Source.YI), (a_payment(), Source.YI)], ids=str
)
def test_an_object_that_nobody_knows_is_filed_by_the_type_that_its_envelope_names(thing: Any, source: Source) -> None:
    message = told(thing).replace(b'indeks:6"', b'indeks:7"').replace(b'sagdok:sag:6"', b'sagdok:sag:7"')
    assert take(message) == {Fate.QUARANTINED: 1}
    kept = Quarantined.objects.get()
    assert (kept.kind, kept.source, kept.authority_cvr) == ("event", source, thing.owner.cvr)


def test_what_we_fail_on_by_a_fault_of_ours_is_kept_and_the_others_go_through(caplog: pytest.LogCaptureFixture) -> None:
    """What is held was written by a version that came later, and this one has been gone back to."""
    take(told(a_case()))
    Case.objects.update(facts={**Case.objects.get().facts, "documents": [{"kind": "of a version that came later"}]})
    newer = told(a_case(registered=instant(minutes(1)), status_text="ny"))
    assert take(newer, told(a_grant()), told(a_payment()), now=minutes(2)) == {APPLIED: 2, Fate.QUARANTINED: 1}
    kept = Quarantined.objects.get()
    assert (kept.kind, kept.reason, kept.what) == ("case", "not_stored", "unforeseen ValidationError")
    assert not Case.objects.exists(), "it may show what the newer version hides"
    assert "by a fault of ours (ValidationError)" in caplog.text


def test_events_are_counted_by_whose_they_were_and_how_long_they_took() -> None:
    made = minutes(-1) + dt.timedelta(seconds=58.5)
    take(told(a_case(), made=made), told(a_case(), made=minutes(-300)), told(a_grant(), made=made))
    counted = EventCount.objects.values_list("source", "authority_cvr", "fate", "within", "events").order_by(
        "source", "fate", "within"
    )
    owner = a_grant().owner.cvr
    assert list(counted) == [
        ("sdi", RANDERS, "applied", None, 1),
        ("sdi", RANDERS, "unchanged", 2.0, 1),
        ("yi", owner, "applied", 2.0, 1),
    ]
