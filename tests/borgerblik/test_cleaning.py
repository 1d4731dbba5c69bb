"""A fagsystem that is retired and an authority that has left: told first, taken away whole, with a receipt."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from borgerblik import cleaning, eventing, settings_store
from borgerblik.models import AuthoritySettings, Cleaning, RetiredFagsystem, SettingChange, UsualTime
from borgerblik.wanted import wanted
from indexes import leaving, mending, quarantine
from indexes.identity import citizen_id_for
from indexes.leaving import Leaving
from indexes.mending import Which
from indexes.models import Case, DefectCount, Grant, Payment, Plan, Quarantined, Removal, SourceState, SyncRun
from indexes.records import Record, Source
from indexes.rights import Role
from indexes.store import Counts, save
from indexes.sync import sync_citizen
from tests.indexes.fakes import FakeIndex
from tests.indexes.makers import (
    AMINA,
    BO,
    LOLLAND,
    METTE,
    NOW,
    RANDERS,
    case,
    grant,
    line,
    parsed,
    payment,
    plan,
    refused,
    uuid,
)
from tests.indexes.test_mending import message
from tests.roles import asked_as

pytestmark = pytest.mark.django_db

KY = {"fagsystem": "KY"}
MESSAGE = message()
OLD = dt.date(2024, 3, 1)


@pytest.fixture(autouse=True)
def as_the_worker() -> Iterator[None]:
    AuthoritySettings.objects.create(code="0730")
    with asked_as(lambda: Role.SYNC):
        yield


def hold(*records: Record) -> Counts:
    return save(parsed(*records), wanted=replace(wanted(), keeping=None), now=timezone.now())


def held() -> set[str]:
    names = ("case", "grant", "payment", "plan", "ky case", "ky grant", "ky payment", "leaning", "hidden", "lolland")
    there = {uuid for model in (Case, Grant, Payment, Plan) for uuid in model.objects.values_list("uuid", flat=True)}
    return {name for name in names if uuid(name) in there}


def of_ky(cpr: str = METTE) -> tuple[Record, ...]:
    """A case, its grant and its payment in KY; and what leans on them from elsewhere."""
    return (
        case("ky case", cpr=cpr, opened=OLD, **KY),
        grant("ky grant", cpr=cpr, case_uuid=uuid("ky case"), end=OLD, start=OLD, **KY),
        payment("ky payment", cpr=cpr, available=OLD, lines=(line(grant_uuid=uuid("ky grant")),), **KY),
        grant("leaning", cpr=cpr, case_uuid=uuid("ky case"), fagsystem="KSD"),
        payment("payment", cpr=cpr, lines=(line(grant_uuid=uuid("ky grant")),), fagsystem="KSD"),
        case("hidden", cpr=cpr, hidden=True, title=None, **KY),
        case("lolland", cpr=BO, owner_cvr=LOLLAND, **KY),
        case("case", cpr=cpr, fagsystem=None),
    )


STAYS = {"leaning", "payment", "hidden", "lolland", "case"}


def run(command: str, *arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    call_command(command, *arguments)
    return capsys.readouterr().out


def retire(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    return run("retire_fagsystem", "--municipality", "0730", *arguments, capsys=capsys)


def test_what_would_go_is_told_first_and_nothing_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    hold(*of_ky(), case("other", cpr=AMINA, **KY))
    told = retire("--fagsystem", "KY", capsys=capsys)
    for line_of in (
        "4 rows of 2 citizens would go:",
        "  2 cases, 2 of them active",
        "  1 grants, 0 of them active",
        "  1 payments, 0 of them active",
        "  by year: 2024: 3, 2026: 1",
        "1 of these citizens have nothing else here.",
        "1 grants and 1 payments of other fagsystemer lean on what would go",
        "1 cases exempt from view stay",
        "Nothing was taken away.",
    ):
        assert line_of in told, line_of
    assert held() >= {"ky case", "ky grant", "ky payment"}
    assert not RetiredFagsystem.objects.exists()
    listed = retire(capsys=capsys)
    assert "KSD: 1 grants, 1 payments" in listed
    assert "KY: 2 cases, 1 grants, 1 payments, the newest registered 2026-11-14" in listed


def test_what_is_retired_goes_leaves_a_receipt_and_does_not_come_back(capsys: pytest.CaptureFixture[str]) -> None:
    hold(*of_ky())
    told = retire("--fagsystem", "KY", "--confirm", capsys=capsys)
    assert held() == STAYS
    receipt = Cleaning.objects.get()
    assert receipt.counts == {"case": 1, "grant": 1, "payment": 1}
    assert (receipt.asked_by, receipt.about) == ("operator", {"fagsystem": "KY"})
    for line_of in (
        "A fagsystem was retired",
        "Case: 1",
        f"SHA-256 of the line above: {bytes(receipt.digest or b'').hex()}",
    ):
        assert line_of in told
    assert Counter({one.kind: one.rows for one in Removal.objects.filter(cause="retired")}) == receipt.counts
    change = SettingChange.objects.get(what="fagsystem")
    assert (change.before, change.after) == (
        {"fagsystem": "KY", "retired": None},
        {"fagsystem": "KY", "retired": timezone.localdate().isoformat()},
    )

    again = hold(*of_ky())
    assert held() == STAYS
    assert (again.retired, again.new, again.unwanted.total()) == (3, 0, 0)
    assert "KY: retired since" in retire(capsys=capsys)
    assert "is taken in again" in retire("--fagsystem", "KY", "--undo", capsys=capsys)
    assert hold(*of_ky()).new == 3
    with pytest.raises(CommandError, match="is not retired"):
        retire("--fagsystem", "KY", "--undo", capsys=capsys)


def test_a_name_that_nobody_knows_is_not_retired(capsys: pytest.CaptureFixture[str]) -> None:
    hold(case(**KY))
    with pytest.raises(CommandError, match=r"called KYY is held.* There are: KY\."):
        retire("--fagsystem", "KYY", "--confirm", capsys=capsys)
    assert not RetiredFagsystem.objects.exists()
    assert not Cleaning.objects.exists()


def test_a_receipt_that_somebody_has_changed_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    asked = cleaning.ask_to_retire("0730", "KY", staff_key="karen")
    done = cleaning.carry_out(asked.pk)
    assert done is not None
    assert run("verify_receipts", capsys=capsys) == "1 receipts say what they said when they were made.\n"
    assert run("verify_receipts", str(done.pk), capsys=capsys).startswith(cleaning.receipt(done))
    with pytest.raises(CommandError, match="no such receipt"):
        run("verify_receipts", str(uuid("another")), capsys=capsys)
    Cleaning.objects.update(counts={"case": 1})
    with pytest.raises(CommandError, match=str(done.pk)):
        run("verify_receipts", capsys=capsys)


def test_what_is_cut_off_goes_on_and_is_counted_once() -> None:
    hold(*(case(name, cpr=cpr, **KY) for name, cpr in (("ky case", METTE), ("b", BO), ("c", AMINA))))
    asked = cleaning.ask_to_retire("0730", "KY", staff_key="karen")

    def cut(taken: Counter[str]) -> None:
        cleaning._count(asked, taken)
        if sum(asked.counts.values()) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leaving.take_away(Leaving(owner_cvr=RANDERS, fagsystem="KY"), in_each=cut, at_once=1)
    assert Case.objects.count() == 2, "the second batch was rolled back whole"
    assert cleaning.ask_to_retire("0730", "KY", staff_key="bo").pk == asked.pk, "it is asked for already"
    assert cleaning.waiting() == [asked.pk]
    done = cleaning.carry_out(asked.pk)
    assert done is not None
    assert done.counts == {"case": 3}
    assert not cleaning.waiting()


def test_in_each_transaction_all_of_a_citizens_goes() -> None:
    hold(*of_ky(METTE))
    hold(case("b", cpr=BO, **KY), grant("b grant", cpr=BO, case_uuid=uuid("b"), **KY))
    seen = []

    def between(_done: int, _all: int) -> None:
        rows = [model.objects.filter(fagsystem="KY", owner_cvr=RANDERS) for model in (Case, Grant, Payment)]
        seen.append(
            {
                citizen
                for each in rows
                for citizen in each.exclude(uuid=uuid("hidden")).values_list("citizen_id", flat=True)
            }
        )

    leaving.take_away(
        Leaving(owner_cvr=RANDERS, fagsystem="KY"), in_each=lambda _taken: None, progress=between, at_once=1
    )
    assert [len(citizens) for citizens in seen] == [1, 0]


def test_an_authority_that_has_left_goes_whole_and_its_history_stays(capsys: pytest.CaptureFixture[str]) -> None:
    with asked_as(lambda: Role.CONSOLE):
        settings_store.set_since("0730", NOW.date(), staff_key="karen")
    hold(*of_ky(), plan(cpr=METTE))
    quarantine.keep([refused(raw=b"1")], source=Source.SDI, authority_cvr=RANDERS, now=NOW)
    SourceState.objects.create(source="sdi", authority_cvr=RANDERS, last_attempt=NOW)
    SyncRun.objects.create(source="sdi", authority_cvr=RANDERS, started=NOW, ended=NOW, outcome="succeeded")
    with pytest.raises(CommandError, match="is on Borgerblik"):
        run("purge_municipality", "0730", "--confirm", capsys=capsys)
    with asked_as(lambda: Role.CONSOLE):
        settings_store.set_since("0730", None, staff_key="karen")
    assert "Nothing was taken away" in run("purge_municipality", "0730", capsys=capsys)
    assert held() >= {"lolland", "plan"}
    told = run("purge_municipality", "0730", "--confirm", capsys=capsys)
    assert held() == {"lolland"}
    assert "Case: 3" in told
    assert "Quarantined: 1" in told
    for gone in (Quarantined, SourceState, DefectCount, UsualTime):
        assert not gone._default_manager.filter(**_of_randers(gone)).exists(), gone
    assert SyncRun.objects.count() == 1
    assert SettingChange.objects.filter(authority_id="0730", what="since").count() == 2
    assert AuthoritySettings.objects.get(code="0730").since is None


def test_what_has_left_does_not_come_back_by_an_event() -> None:
    """A moment later, by a consumer that has just asked."""
    terms = eventing.asked_now_and_then(eventing.terms, clock=lambda: 0.0)
    with asked_as(lambda: Role.CONSOLE):
        settings_store.set_since("0730", NOW.date(), staff_key="karen")
    assert RANDERS in terms().authorities
    assert terms() is terms()
    with asked_as(lambda: Role.CONSOLE):
        settings_store.set_since("0730", None, staff_key="karen")
    assert RANDERS not in terms().authorities


def test_what_has_left_does_not_come_back_by_a_citizens_own_reading() -> None:
    items = parsed(case("case", fagsystem=None), case("lolland", owner_cvr=LOLLAND))
    sync_citizen(citizen_id_for(METTE), [FakeIndex(items=items)], wanted=wanted())
    assert held() == {"lolland"}, "Randers has decided something and is not on Borgerblik"
    quarantine.keep([refused(raw=MESSAGE)], source=Source.SDI, authority_cvr="", now=NOW)
    assert mending.try_again(Which(), terms=eventing.terms(), clock=timezone.now).elsewhere == 1


def _of_randers(model: Any) -> dict[str, str]:
    return {"owner_cvr" if model is UsualTime else "authority_cvr": RANDERS}
