"""A citizen says that an entry is wrong: only of their own, once for each, and the municipality never learns whose."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from borgerblik import access_log, objections, retention
from borgerblik.grants import ByGrant, ByNumber, NoGrantError, Reader, open_grant
from borgerblik.models import AccessEntry, AccessObjection
from borgerblik.objections import Said, UnknownEntryError
from borgerblik.receipts import MOST_A_DAY, TooManyError
from indexes.parse.text import MASK
from tests.indexes.makers import BO, METTE, NOW
from tests.roles import CONSOLE, SYNC, WEB, asked_as

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
THEMSELVES = Reader(actor="citizen", organisation="", system="tests", purpose="own_page")
SYSTEM = Reader(actor="x", organisation="Digitaliseringsstyrelsen", system="rest", purpose="consumer")


def signed_in(cpr: str) -> ByGrant:
    token = str(uuid4())
    open_grant(cpr, THEMSELVES, token=token, lasts=HOUR)
    return ByGrant(token=token)


def looked_at(cpr: str) -> int:
    """The number of the entry of a system that has looked."""
    access_log.read_citizen(ByNumber(cpr=cpr, reader=SYSTEM), near=[], what="overview")
    return AccessEntry.objects.latest("pk").pk


def said(entry: int, words: str = "", reason: str = "unknown") -> Said:
    return Said(entry=entry, reason=reason, words=words)


def make(leave: ByGrant, entry: int, words: str = "", now: dt.datetime = NOW) -> AccessObjection:
    return objections.make(leave, said(entry, words), municipality="0730", now=now)


def test_it_keeps_what_the_municipality_has_to_see_of_the_entry() -> None:
    mette = signed_in(METTE)
    made = make(mette, looked_at(METTE), " Hvem er det? \n Mit nummer er 6113840001. ")
    assert (made.organisation, made.what, made.purpose, made.yours) == (
        "Digitaliseringsstyrelsen",
        "overview",
        "consumer",
        False,
    )
    assert made.words == f"Hvem er det? \n Mit nummer er {MASK}."
    assert len(made.receipt) == 12


def test_the_same_entry_gives_the_same_receipt() -> None:
    mette = signed_in(METTE)
    entry = looked_at(METTE)
    first = make(mette, entry, "Første gang")
    assert make(mette, entry, "Anden gang") == first
    assert make(mette, looked_at(METTE)).receipt != first.receipt
    assert objections.entry_of(mette, entry)[1] == first


def test_nobody_says_anything_of_somebody_elses_entry() -> None:
    mette, bo = signed_in(METTE), signed_in(BO)
    entry = looked_at(METTE)
    make(mette, entry)
    for number in (entry, 10**12):
        with pytest.raises(UnknownEntryError):
            make(bo, number)
        with pytest.raises(UnknownEntryError):
            objections.entry_of(bo, number)
    with pytest.raises(NoGrantError):
        make(ByGrant(token="guessed"), entry)
    assert AccessObjection.objects.count() == 1


def test_a_day_has_room_for_so_many() -> None:
    mette = signed_in(METTE)
    first = looked_at(METTE)
    make(mette, first)
    for _ in range(MOST_A_DAY - 1):
        make(mette, looked_at(METTE))
    with pytest.raises(TooManyError):
        make(mette, looked_at(METTE))
    assert make(mette, first), "what was made already is told again"
    make(mette, looked_at(METTE), now=NOW + 25 * HOUR)
    make(signed_in(BO), looked_at(BO))


def test_the_municipality_answers_once_and_only_its_own() -> None:
    made = make(signed_in(METTE), looked_at(METTE))
    assert not objections.answer("0360", made.receipt, words="Nej.", staff_key="b", now=NOW)
    assert objections.answer("0730", made.receipt, words="Det var en fejl. 6113840001", staff_key="a", now=NOW)
    assert not objections.answer("0730", made.receipt, words="Nej.", staff_key="b", now=NOW)
    (found,) = objections.for_municipality("0730")
    assert (found.answer, found.answered, found.answered_by) == (f"Det var en fejl. {MASK}", NOW, "a")
    assert objections.for_municipality("0360") == []


def test_what_waits_longest_stands_first_and_what_is_answered_last() -> None:
    mette = signed_in(METTE)
    made = [make(mette, looked_at(METTE), now=NOW + HOUR * hour).receipt for hour in range(3)]
    objections.answer("0730", made[0], words="Ja.", staff_key="a", now=NOW)
    assert [one.receipt for one in objections.for_municipality("0730")] == [made[1], made[2], made[0]]


def test_the_pages_see_only_whose_rows_are_open_and_the_console_never_whose_it_is() -> None:
    with asked_as(lambda: WEB):
        made = make(signed_in(METTE), looked_at_by_web(METTE))
    with transaction.atomic(), asked_as(lambda: WEB):
        access_log.open_citizen(signed_in(BO), what="log")
        assert list(AccessObjection.objects.all()) == []
    with asked_as(lambda: CONSOLE):
        (found,) = objections.for_municipality("0730")
        assert found.receipt == made.receipt
        assert objections.answer("0730", made.receipt, words="Ja.", staff_key="a", now=NOW)
    for column in ("citizen", "entry", "words"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), asked_as(lambda: CONSOLE):
            list(AccessObjection.objects.values(column))
    for role, change in ((WEB, {"answer": "Ja."}), (CONSOLE, {"reason": "x"}), (SYNC, {"words": ""})):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), asked_as(lambda: role):  # noqa: B023
            AccessObjection.objects.update(**change)


def looked_at_by_web(cpr: str) -> int:
    """As ``looked_at``, where the log cannot be seen: the citizen looks up the number."""
    access_log.read_citizen(ByNumber(cpr=cpr, reader=SYSTEM), near=[], what="overview")
    return access_log.read_log(signed_in(cpr), most=1, others=True).entries[0].pk


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"receipt": "1234"}, "receipt_is_twelve_digits"),
        ({"municipality": "UDK"}, "objection_to_a_municipality"),
        ({"reason": ""}, "objection_reason_known"),
        ({"reason": "not_me"}, "objection_reason_known"),  # of somebody else's entry
        ({"answer": "Ja."}, "answer_says_when_and_by_whom"),
        ({"answered": NOW}, "answer_says_when_and_by_whom"),
    ],
)
def test_the_database_keeps_it_whole(wrong: dict[str, object], constraint: str) -> None:
    make(signed_in(METTE), looked_at(METTE))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AccessObjection.objects.update(**wrong)


def test_it_goes_with_what_it_is_about() -> None:
    mette = signed_in(METTE)
    old, young = looked_at(METTE), looked_at(METTE)
    AccessEntry.objects.filter(pk=old).update(at=NOW - 100 * HOUR)
    AccessEntry.objects.filter(pk=young).update(at=NOW)
    make(mette, old)
    kept = make(mette, young)
    with asked_as(lambda: SYNC):
        assert retention.objections(NOW - HOUR).some() == 1
    assert list(AccessObjection.objects.all()) == [kept]


def written_by_hand(leave: ByGrant, number: int, **otherwise: object) -> None:
    """An objection to an entry of whom the leave opens, by a statement of the web role's own."""
    with transaction.atomic(), asked_as(lambda: WEB):
        citizen = access_log.open_citizen(leave, what="log")
        entry = AccessEntry.objects.get(pk=number)
        told_of_it = {name: getattr(entry, name) for name in ("at", "organisation", "what", "purpose")}
        theirs = {"entry": number, "citizen": citizen, "receipt": "0" * 12, "municipality": "0730", "reason": "unknown"}
        AccessObjection(**{**told_of_it, **theirs, "made": NOW, "yours": False, **otherwise}).save()


def test_the_database_takes_an_objection_to_an_entry_of_ones_own_alone_and_as_it_stands() -> None:
    """One to somebody else's would keep them from objecting, one that is told otherwise would mislead who answers."""
    mette, hers, his = signed_in(METTE), looked_at(METTE), looked_at(BO)
    for wrong in ({"entry": his}, {"citizen": uuid4()}, {"organisation": "Randers Kommune"}, {"yours": True}):
        with pytest.raises(ProgrammingError, match="row-level security"):
            written_by_hand(mette, hers, **wrong)
    written_by_hand(mette, hers)
    assert AccessObjection.objects.get().entry == hers


def test_an_answer_that_was_given_cannot_be_changed_by_the_consoles_role_either() -> None:
    """The citizen has read it."""
    mette = signed_in(METTE)
    made = make(mette, looked_at(METTE))
    told_of_it = {"answered": NOW, "answered_by": "k"}
    with asked_as(lambda: CONSOLE):
        by_receipt = AccessObjection.objects.filter(receipt=made.receipt)
        assert by_receipt.update(answer="Det var en fejl.", **told_of_it) == 1
        assert by_receipt.update(answer="Det var ingen fejl.", **told_of_it) == 0
    assert AccessObjection.objects.get().answer == "Det var en fejl."
