"""A citizen says that an item is wrong: only one of theirs, and who reads their words is written down."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from borgerblik import access_log, reports, retention
from borgerblik.grants import ByGrant, NoGrantError, Reader, open_grant
from borgerblik.models import AccessEntry, ItemReport
from borgerblik.overview.reports import ItemKind
from borgerblik.receipts import MOST_A_DAY, TooManyError
from borgerblik.reports import Said, UnknownItemError
from borgerblik.wanted import wanted
from indexes.identity import find_citizen
from indexes.parse.text import MASK
from indexes.records import Grant, Record, Sensitivity
from indexes.store import save
from tests.indexes.makers import BO, METTE, NOW, RANDERS, UDK, case, full_case, full_plan, grant, parsed, payment
from tests.roles import CONSOLE, SYNC, WEB, asked_as

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
THEMSELVES = Reader(actor="citizen", organisation="", system="tests", purpose="own_page")
CASE = case()


def signed_in(cpr: str) -> ByGrant:
    token = str(uuid4())
    open_grant(cpr, THEMSELVES, token=token, lasts=HOUR)
    return ByGrant(token=token)


@pytest.fixture
def mette() -> ByGrant:
    """Mette, who has signed in, and of whom a case is held."""
    hold(CASE)
    return signed_in(METTE)


def hold(*records: Record) -> None:
    save(parsed(*records), wanted=wanted(), now=NOW)


def said(item: UUID = CASE.uuid, words: str = "", kind: ItemKind = ItemKind.CASE) -> Said:
    return Said(kind=kind, item=item, reason="other", words=words)


def make(leave: ByGrant, told: Said | None = None, now: dt.datetime = NOW) -> ItemReport:
    return reports.make(leave, told or said(), now=now)


@pytest.mark.parametrize(
    ("kind", "record", "copied"),
    [
        (ItemKind.CASE, full_case(), {"owner_cvr": RANDERS, "kle": ["32.30.04"], "number": full_case().number}),
        (ItemKind.PAYMENT, payment(), {"owner_cvr": payment().owner_cvr, "day": payment().available}),
        (ItemKind.GRANT, grant(case_uuid=None), {"owner_cvr": grant().owner_cvr, "day": grant().start}),
        (ItemKind.PLAN, full_plan(), {"owner_cvr": RANDERS, "kle": ["15.17.30"], "day": None}),
    ],
)
def test_it_keeps_what_the_authority_needs_to_find_the_record(
    kind: ItemKind, record: Record, copied: dict[str, object]
) -> None:
    hold(grant(case_uuid=None), record)
    leave = signed_in(METTE)
    with asked_as(lambda: WEB):
        made = make(leave, said(record.uuid, " Det er <mit>. \n 6113840001 ", kind))
    assert {name: getattr(made, name) for name in copied} == copied
    assert made.words == f"Det er <mit>. \n {MASK}"
    assert made.citizen == find_citizen(METTE)
    assert len(made.receipt) == 12


@pytest.mark.parametrize(
    "number",
    [
        *("6113840001", "61 13 84 00 01", "6 1 1 3 8 4 0 0 0 1", "6113 84 0001", "6113 840001", "611384 00 01"),
        *("611384\n\n\n\n0001", "61.13.84 00.01", "61-13-84--00-01", "61138-40001", "6 11384 0001"),
        *("61\u202e1384-00\u200b01", "61\u00a013\u00a084\u00a000\u00a001", "6113840 001"),
    ],
)
def test_however_a_cpr_number_is_written_by_hand_it_is_not_kept(mette: ByGrant, number: str) -> None:
    assert make(mette, said(words=f"Det er {number}, ikke mig")).words == f"Det er {MASK}, ikke mig"


@pytest.mark.parametrize(
    "words",
    [
        *("Ring på 86 40 30 20 eller +45 12 34 56 78", "Den 24.11.2026 10.20", "2012-11-24 10:30", "24/11/2026 10"),
        *("Jeg fik 1.234.567,89 kr. og ikke 13.412,00", "sag 1234-5678-90"),
        "30119012-1111-4111-8111-119012345678",
    ],
)
def test_other_numbers_stay(mette: ByGrant, words: str) -> None:
    assert make(mette, said(words=words)).words == words


def test_of_a_plan_each_part_is_told_of_by_itself() -> None:
    plan = full_plan()
    hold(plan, CASE)
    leave = signed_in(METTE)
    goal, meeting = plan.sub_goals[0], plan.meetings[0]
    effort = goal.interventions[0]
    parts = {
        "": "",
        f"goal/{goal.id}": goal.text,
        f"effort/{effort.id}": effort.title,
        f"agreement/{plan.agreements[0].id}": plan.agreements[0].text,
        f"meeting/{meeting.id}": f"{meeting.start:%-d}. ",
    }
    for part, title in parts.items():
        told = Said(kind=ItemKind.PLAN, item=plan.uuid, reason="other", words="", part=part)
        with asked_as(lambda: WEB):
            made = reports.make(leave, told, now=NOW)
        assert made.part_title.startswith(title)
        assert reports.make(leave, told, now=NOW) == made
    assert ItemReport.objects.count() == len(parts)
    for kind, item, part in (
        (ItemKind.PLAN, plan.uuid, "goal/none"),
        (ItemKind.PLAN, plan.uuid, "meeting/none"),
        (ItemKind.CASE, CASE.uuid, f"goal/{goal.id}"),
    ):
        with pytest.raises(UnknownItemError):
            make(leave, Said(kind=kind, item=item, reason="other", words="", part=part))


def test_nobody_says_anything_of_somebody_elses_item(mette: ByGrant) -> None:
    bo = signed_in(BO)
    make(mette)
    for item in (CASE.uuid, uuid4()):
        with pytest.raises(UnknownItemError):
            make(bo, said(item))
        with pytest.raises(UnknownItemError):
            reports.page_of(bo, ItemKind.CASE, item, language="da", now=NOW)
    with pytest.raises(UnknownItemError):
        make(mette, said(kind=ItemKind.PAYMENT))
    with pytest.raises(NoGrantError):
        make(ByGrant(token="guessed"))
    assert reports.of_citizen(bo, language="da", now=NOW) == ()
    assert ItemReport.objects.count() == 1


def test_one_item_is_told_of_once_until_it_is_answered(mette: ByGrant) -> None:
    first = make(mette, said(words="Første gang"))
    assert make(mette, said(words="Anden gang")) == first
    assert reports.answer(RANDERS, first.receipt, words="Rettet.", staff_key="k", now=NOW)
    again = make(mette, said(words="Tredje gang"), now=NOW + HOUR)
    assert again.receipt != first.receipt
    page = reports.page_of(mette, ItemKind.CASE, CASE.uuid, language="da", now=NOW)
    assert [one.words for one in page.reports] == ["Tredje gang", "Første gang"]
    assert (page.waits, page.authority.name) == (True, "Randers Kommune")


def test_a_day_has_room_for_so_many(mette: ByGrant) -> None:
    cases = [case(str(number)) for number in range(MOST_A_DAY + 1)]
    hold(*cases)
    for one in cases[:-1]:
        make(mette, said(one.uuid))
    with pytest.raises(TooManyError):
        make(mette, said(cases[-1].uuid))
    assert make(mette, said(cases[0].uuid)), "what was made already is told again"
    make(mette, said(cases[-1].uuid), now=NOW + 25 * HOUR)


def test_the_citizen_reads_how_it_stands(mette: ByGrant) -> None:
    receipt = make(mette).receipt

    def status(days: int) -> str:
        (one,) = reports.of_citizen(mette, language="da", now=NOW + dt.timedelta(days=days))
        return one.status

    assert status(1).startswith("Randers Kommune har fået det. Du får svar senest ")
    assert status(40).startswith("Du skulle have haft svar senest ")
    assert reports.take(RANDERS, receipt, staff_key="k", now=NOW)
    assert not reports.take(RANDERS, receipt, staff_key="other", now=NOW)
    assert status(1).startswith("Randers Kommune er i gang med at se på det.")
    assert reports.answer(RANDERS, receipt, words="Rettet. 6113840001", staff_key="k", now=NOW)
    (told,) = reports.of_citizen(mette, language="da", now=NOW)
    assert told.status.startswith("Randers Kommune svarede ")
    assert told.answer == f"Rettet. {MASK}"
    assert not reports.take(RANDERS, receipt, staff_key="k", now=NOW)


def test_only_the_authority_that_owns_it_sees_and_answers_it(mette: ByGrant) -> None:
    receipt = make(mette).receipt
    assert list(reports.for_authority(UDK)) == []
    assert reports.one_of_authority(UDK, receipt) is None
    assert reports.opened(UDK, receipt, staff_key="k") is None
    assert not reports.take(UDK, receipt, staff_key="k", now=NOW)
    assert not reports.answer(UDK, receipt, words="Nej.", staff_key="k", now=NOW)
    assert [one.receipt for one in reports.for_authority(RANDERS)] == [receipt]
    assert not AccessEntry.objects.filter(what="report").exists()


def test_who_reads_the_citizens_words_is_written_into_their_log(mette: ByGrant) -> None:
    made = make(mette, said(words="Det er ikke min."))
    with asked_as(lambda: CONSOLE):
        found = reports.opened(RANDERS, made.receipt, staff_key="key-of-karen")
    assert found is not None
    assert (found.item, found.words) == (CASE.uuid, "Det er ikke min.")
    entry = AccessEntry.objects.get(what="report")
    assert (entry.citizen, entry.actor, entry.organisation, entry.purpose) == (
        made.citizen,
        "employee key-of-karen",
        "Randers Kommune",
        "report",
    )
    (seen,) = access_log.read_log(mette, most=10, others=True).entries
    assert seen.pk == entry.pk


def test_the_consoles_role_learns_neither_whose_it_is_nor_what_they_wrote(mette: ByGrant) -> None:
    made = make(mette)
    with asked_as(lambda: CONSOLE):
        assert [one.receipt for one in reports.for_authority(RANDERS)] == [made.receipt]
        assert reports.take(RANDERS, made.receipt, staff_key="k", now=NOW)
        assert reports.answer(RANDERS, made.receipt, words="Ja.", staff_key="k", now=NOW)
        assert ItemReport.objects.filter(receipt=made.receipt).update(answer="Nej.") == 0, "the citizen has read it"
    for column in ("citizen", "item", "part", "part_title", "number", "day", "words"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), asked_as(lambda: CONSOLE):
            list(ItemReport.objects.values(column))
    for role, change in ((WEB, {"answer": "Ja."}), (CONSOLE, {"reason": "x"}), (SYNC, {"words": ""})):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), asked_as(lambda: role):  # noqa: B023
            ItemReport.objects.update(**change)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), asked_as(lambda: WEB):
        reports.opened(RANDERS, made.receipt, staff_key="k")


def test_the_pages_see_only_whose_rows_are_open(mette: ByGrant) -> None:
    with asked_as(lambda: WEB):
        make(mette)
    with transaction.atomic(), asked_as(lambda: WEB):
        access_log.open_citizen(signed_in(BO), what="reports")
        assert list(ItemReport.objects.all()) == []
    with asked_as(lambda: WEB):
        assert list(ItemReport.objects.all()) == []


def written_by_hand(leave: ByGrant, **otherwise: object) -> None:
    """A report by whom the leave opens, by a statement of the web role's own."""
    with transaction.atomic(), asked_as(lambda: WEB):
        citizen = access_log.open_citizen(leave, what="reports")
        told = {"kind": "case", "item": CASE.uuid, "owner_cvr": RANDERS, "kle": [CASE.kle]}
        ItemReport(
            **{"citizen": citizen, "receipt": "0" * 12, "reason": "other", "made": NOW, **told, **otherwise}
        ).save()


def about_grant(held: Grant) -> dict[str, object]:
    kle = list(dict.fromkeys(benefit.kle for benefit in held.benefits))
    return {"kind": "grant", "item": held.uuid, "owner_cvr": held.owner_cvr, "kle": kle}


def test_the_database_takes_a_report_about_an_item_of_ones_own_alone_and_as_it_stands(mette: ByGrant) -> None:
    his = case("bo's", cpr=BO)
    hidden = case("hidden", hidden=True, title=None)
    vip, vips_grant = case("vip", sensitivity=Sensitivity.VIP), grant(case_uuid=None, sensitivity=Sensitivity.VIP)
    hold(his, hidden, vip, vips_grant)
    for wrong in (
        {"item": his.uuid},
        {"item": hidden.uuid, "kle": [hidden.kle]},
        {"item": vip.uuid, "kle": [vip.kle]},
        about_grant(vips_grant),
        {"citizen": find_citizen(BO), "item": his.uuid},
        {"owner_cvr": UDK},
        {"kle": ["00.00.00"]},
        {"kind": "payment"},
        {"taken": NOW, "taken_by": "k"},
        {"answered": NOW, "answered_by": "k", "answer": "Ja."},
    ):
        with pytest.raises(ProgrammingError, match="row-level security"):
            written_by_hand(mette, **wrong)
    written_by_hand(mette)
    assert ItemReport.objects.get().item == CASE.uuid
    hold(ordinary := grant("ordinary", case_uuid=None))
    written_by_hand(mette, receipt="1" * 12, **about_grant(ordinary))


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"receipt": "1234"}, "report_receipt_is_twelve_digits"),
        ({"kind": "letter"}, "report_kind_known"),
        ({"owner_cvr": "0730"}, "report_owner_is_cvr"),
        ({"reason": ""}, "report_reason_known"),
        ({"reason": "amount"}, "report_reason_known"),  # of a case: the console has no words for it
        ({"taken": NOW}, "report_says_who_looks_at_it"),
        ({"answer": "Ja."}, "report_answer_says_when_and_by_whom"),
    ],
)
def test_the_database_keeps_it_whole(mette: ByGrant, wrong: dict[str, object], constraint: str) -> None:
    make(mette)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ItemReport.objects.update(**wrong)


def test_the_database_takes_one_open_report_of_an_item(mette: ByGrant) -> None:
    written_by_hand(mette)
    with pytest.raises(IntegrityError, match="one_open_report_of_an_item"):
        written_by_hand(mette, receipt="1" * 12)


def test_it_goes_in_its_time_and_keeps_its_citizen_until_then(mette: ByGrant) -> None:
    make(mette)
    other = case("young")
    hold(other)
    young = make(mette, said(other.uuid), now=NOW + HOUR)
    with asked_as(lambda: SYNC):
        assert retention.reports(NOW + HOUR / 2).some() == 1
    assert list(ItemReport.objects.all()) == [young]
