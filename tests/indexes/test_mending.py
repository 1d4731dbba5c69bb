"""Messages tried again after a fix: what can be used is saved, nothing stale comes back, every message is told of."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from borgerblik import cleaning
from borgerblik.models import Cleaning
from indexes import mending, quarantine
from indexes.again import read_again
from indexes.masking import NAMES, masked
from indexes.mending import Which
from indexes.models import Case, Quarantined, SourceState
from indexes.records import Parsed, RefusalReason, Refused, Source
from indexes.store import save
from tests.events.makers import TERMS as EVENT_TERMS
from tests.events.makers import a_case, minutes, take, told
from tests.indexes.makers import DAY, LOLLAND, NOW, RANDERS, WANTED, case, parsed, refused
from tests.indexes.parse.test_golden import AT, GOLDEN, PAIRS, PARSERS

TERMS = replace(EVENT_TERMS, wanted=WANTED)
ROLES = TERMS.roles
KORSBAEK, OF_THE_GOLDEN = b"11111111", "7513804321"


def message(name: str = "plain") -> bytes:
    """The case of a golden answer, as it would lie in quarantine, of Randers."""
    answer = etree.fromstring((GOLDEN / "sdi" / f"{name}.xml").read_bytes().replace(KORSBAEK, RANDERS.encode()))
    (found,) = answer.iter("{urn:oio:sts:sagdok:sagdokumentindeks:6}SagFiltreretOejebliksbillede")
    return bytes(etree.tostring(found, encoding="UTF-8", with_tail=False))


def uuid_in(raw: bytes) -> UUID | None:
    item = read_again("case", raw, at=NOW, roles=ROLES)
    assert isinstance(item, Parsed | Refused)
    return item.record.uuid if isinstance(item, Parsed) else item.uuid


def keep(raw: bytes, *, authority: str = RANDERS, now: dt.datetime = NOW, kind: str = "case") -> None:
    """In quarantine as an older parser put it there."""
    old = Refused(
        kind=kind,
        uuid=uuid_in(raw) if raw.startswith(b"<") else None,
        reason=RefusalReason.NO_KLE,
        what="Sagsklasse",
        raw=raw,
        cpr=OF_THE_GOLDEN,
    )
    quarantine.keep([old], source=Source.SDI, authority_cvr=authority, now=now)


def try_again(**which: object) -> mending.Mended:
    return mending.try_again(Which(**which), terms=TERMS, clock=lambda: NOW + DAY)  # type: ignore[arg-type]


def test_every_message_that_was_refused_reads_as_it_did() -> None:
    """The bytes that are kept say by themselves what they said in their answer, of every golden pair."""
    read = 0
    for path in PAIRS:
        for item in PARSERS[path.parent.name](path.read_bytes()).items:
            if isinstance(item, Refused):
                again = read_again(item.kind, item.raw, at=AT, roles=ROLES)
                assert isinstance(again, Refused), path
                assert (again.uuid, again.reason, again.what, again.registered, again.cpr) == (
                    item.uuid,
                    item.reason,
                    item.what,
                    item.registered,
                    item.cpr,
                ), path
                read += 1
    assert read > 50


@pytest.mark.django_db
def test_what_can_be_used_now_is_stored_and_the_rest_stays_with_the_reason_of_today() -> None:
    keep(message())
    keep(message("no_owner"), now=NOW + DAY / 2)
    keep(b"not even XML")
    Quarantined.objects.filter(uuid=None).update(reason="not_stored")
    mended = try_again()
    # The newer message about the same case still cannot be used: what the older one says is not shown.
    assert not Case.objects.exists()
    assert (mended.used, mended.tried) == (1, 3)
    assert mended.left == {RefusalReason.NO_OWNER: 1, RefusalReason.NOT_STORED: 1}
    assert set(Quarantined.objects.values_list("reason", "what")) == {
        ("no_owner", "Sagsaktoer/Ejer"),
        ("not_stored", "Sagsklasse"),
    }


@pytest.mark.django_db
def test_what_the_database_would_not_take_still_hides_what_is_older() -> None:
    uuid = uuid_in(message())
    gone = replace(
        refused(raw=f"case {uuid} {NOW.isoformat()}".encode()),
        uuid=uuid,
        reason=RefusalReason.NOT_STORED,
        what="some_promise",
    )
    keep(message())
    quarantine.keep([gone], source=Source.SDI, authority_cvr=RANDERS, now=NOW)
    mended = try_again(reason=RefusalReason.NO_KLE)
    assert (mended.used, mended.stored.new) == (1, 0)
    assert not Case.objects.exists()
    assert set(Quarantined.objects.values_list("reason", "what")) == {("not_stored", "some_promise")}


@pytest.mark.django_db
def test_nothing_else_is_believed_of_a_record_of_which_something_cannot_be_read() -> None:
    keep(message())
    keep(b"not even XML")
    Quarantined.objects.filter(uuid=None).update(uuid=uuid_in(message()))
    mended = try_again()
    assert (mended.used, mended.left) == (0, {RefusalReason.NO_KLE: 2})
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_a_case_comes_without_its_documents_and_the_next_reading_brings_them() -> None:
    keep(message("document"))
    mended = try_again(source=Source.SDI, kind="case", reason=RefusalReason.NO_KLE)
    assert (mended.used, mended.stored.new, mended.undocumented, mended.left.total()) == (1, 1, 1, 0)
    assert not Quarantined.objects.exists()
    assert "documents" not in Case.objects.get().facts
    answer = (GOLDEN / "sdi" / "document.xml").read_bytes().replace(KORSBAEK, RANDERS.encode())
    save(PARSERS["sdi"](answer).items, wanted=WANTED, now=NOW + 2 * DAY)
    assert Case.objects.get().facts["documents"]


@pytest.mark.django_db
def test_nothing_stale_comes_back() -> None:
    raw = message()
    save(parsed(case(uuid=uuid_in(raw), registered=NOW, title="Nyere")), wanted=WANTED, now=NOW)
    keep(raw)
    assert try_again().stored.older == 1
    assert Case.objects.get().facts["title"] == "Nyere"

    Case.objects.all().delete()
    keep(raw, authority="")
    SourceState.objects.create(
        source="sdi", authority_cvr=RANDERS, last_attempt=NOW + DAY, last_success=NOW + DAY, rows=0
    )
    mended = try_again(authority_cvr="")
    assert (mended.overtaken, mended.used) == (1, 0), "the authority was read in full since, without it"
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_what_it_took_away_without_an_age_does_not_keep_it_away_once_it_can_be_read() -> None:
    raw = message()
    old = Refused(kind="case", uuid=uuid_in(raw), reason=RefusalReason.NO_KLE, what="Sagsklasse", raw=raw)
    save([old], wanted=WANTED, now=NOW)
    keep(raw)
    assert try_again().used == 1
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_another_authoritys_record_is_left_to_its_own_reading() -> None:
    keep(message(), authority=LOLLAND)
    assert try_again().elsewhere == 1
    assert not Case.objects.exists()
    assert not Quarantined.objects.exists()


@pytest.mark.django_db
def test_an_event_that_could_not_be_read_is_taken_as_if_it_came_now() -> None:
    body = told(a_case(), made=minutes(0))
    poison = Refused(
        kind=quarantine.ENVELOPE, uuid=None, reason=RefusalReason.WRONG_SHAPE, what="Haendelsesbesked", raw=body
    )
    quarantine.keep([poison, replace(poison, raw=b"<x/>")], source=Source.SDI, authority_cvr="", now=NOW)
    mended = mending.try_again(Which(kind=quarantine.ENVELOPE), terms=EVENT_TERMS, clock=lambda: NOW)
    assert (mended.used, mended.left) == (1, {RefusalReason.WRONG_SHAPE: 1})
    assert Case.objects.count() == Quarantined.objects.count() == 1
    # What a newer event has said since stands.
    take(told(a_case(registered=minutes(5).isoformat()), made=minutes(5)), now=minutes(6))
    quarantine.keep([poison], source=Source.SDI, authority_cvr="", now=NOW)
    assert mending.try_again(Which(), terms=EVENT_TERMS, clock=lambda: minutes(7)).used == 1
    assert Case.objects.get().registered == minutes(5)


@pytest.mark.django_db
def test_a_message_of_beskedfordeler_that_we_fail_on_again_stays() -> None:
    body, calls = told(a_case()), []

    def failing() -> dt.datetime:
        calls.append(1)
        if len(calls) in {2, 3}:
            raise ValueError
        return NOW

    unread = Refused(kind=quarantine.ENVELOPE, uuid=None, reason=RefusalReason.WRONG_SHAPE, what="Besked", raw=body)
    quarantine.keep([unread], source=Source.SDI, authority_cvr="", now=NOW)
    assert mending.try_again(Which(), terms=EVENT_TERMS, clock=failing).left == {"wrong_shape": 1}
    assert quarantine.message_of(Quarantined.objects.get()) == body
    assert mending.try_again(Which(), terms=EVENT_TERMS, clock=lambda: NOW).used == 1
    assert not Quarantined.objects.exists()


@pytest.mark.django_db
def test_two_at_once_do_the_same_thing_once() -> None:
    keep(message())
    other: list[mending.Mended] = []

    def meanwhile() -> dt.datetime:
        """Between what one has read and what it saves, another does all of it."""
        if not other:
            other.append(try_again())
        return NOW + DAY

    mine = mending.try_again(Which(), terms=TERMS, clock=meanwhile)
    assert (mine.used, other[0].used) == (0, 1)
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_the_database_may_refuse_one_and_the_rest_goes_through() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE indexes_case ADD CONSTRAINT no_17 CHECK (facts ->> 'number' <> '2026-17')")
    keep(message())
    keep(message().replace(b"3f6c0d0e", b"4f6c0d0e").replace(b"2026-17", b"2026-18"))
    mended = try_again()
    assert (mended.used, mended.left) == (1, {RefusalReason.NOT_STORED: 1})
    assert Case.objects.get().facts["number"] == "2026-18"
    assert Quarantined.objects.get().what == "no_17"


@pytest.mark.django_db
def test_the_command_tells_exact_numbers_and_shows_shapes(capsys: pytest.CaptureFixture[str]) -> None:
    keep(message())
    call_command("quarantine", "--samples", "--municipality", "0730")
    told = capsys.readouterr().out
    assert "1 case (Sagsklasse)" in told
    assert "      Registrering\n" in told
    assert "Xxxxx xxx xxxxxxxxxxx" in told, "the title's shape"
    for private in ("Hjælp", OF_THE_GOLDEN, str(uuid_in(message()))):
        assert private not in told
    call_command("quarantine", "--try-again", "--source", "sdi", "--reason", "no_kle")
    told = capsys.readouterr().out
    assert "1 messages tried again: 1 can be used, 0 still cannot." in told
    receipt = Cleaning.objects.get()
    assert cleaning.receipt(receipt) in told
    assert (receipt.asked_by, receipt.counts["used"]) == ("operator", 1)
    call_command("quarantine", "--try-again")
    assert capsys.readouterr().out.startswith("0 messages tried again")


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: f"<a b='{text}'>{text}</a>".encode())))
def test_a_shape_tells_of_nobody(raw: bytes) -> None:
    known = set(NAMES.read_text("utf-8").split())
    for line in masked(raw).splitlines():
        name, _, text = line.strip().partition(":")
        told = text if name in known else line
        assert not {character for character in told if character.isalnum()} - set("xX9"), line


def test_what_is_like_another_is_masked_once() -> None:
    same = [refused("a", raw=b"<Sag/>"), refused("b", raw=b"<Sag>1</Sag>")]
    assert quarantine.samples_of(same) == ["Xxx", ""]
