"""One citizen at sign-in: what the indexes say of them holds at once, and what they do not say changes nothing."""

from dataclasses import dataclass
from threading import Event

import pytest

from indexes import authorities
from indexes.errors import Timeout
from indexes.identity import UnknownCitizenError, citizen_id_for
from indexes.models import Quarantined, SourcePace, SourceState
from indexes.reading import Holdings, read_citizen
from indexes.records import Answer, Source
from indexes.store import save
from indexes.sync import Refresh, claim_refresh, pace, sync_citizen
from tests.indexes.fakes import Clock, FakeIndex
from tests.indexes.makers import (
    BO,
    DAY,
    LOLLAND,
    METTE,
    NOW,
    WANTED,
    case,
    days_ago,
    grant,
    parsed,
    payment,
    plan,
    refused,
    uuid,
    withdrawn,
)

pytestmark = pytest.mark.django_db


def ask(*readers: FakeIndex, within: float = 5.0) -> Refresh:
    return sync_citizen(citizen_id_for(METTE), readers, wanted=WANTED, within=within, clock=Clock())


def mette() -> Holdings:
    return read_citizen(citizen_id_for(METTE))


def test_all_indexes_are_asked_and_what_they_say_is_kept() -> None:
    refresh = ask(
        FakeIndex(items=parsed(case())),
        FakeIndex(source=Source.YI, items=parsed(grant(), payment())),
        FakeIndex(source=Source.PLAN, items=parsed(plan())),
    )
    assert (refresh.counts.new, refresh.failed) == (4, {})
    held = mette()
    assert [len(kind) for kind in (held.cases, held.grants, held.payments, held.plans)] == [1, 1, 1, 1]
    assert set(held.answered) == set(Source)
    assert all(at > NOW for at in held.answered.values())


def test_the_state_of_a_source_speaks_of_whole_authorities_and_is_left_alone() -> None:
    ask(FakeIndex(items=parsed(case())))
    assert not SourceState.objects.exists()


def test_what_is_absent_stays_and_what_is_withdrawn_or_unreadable_goes() -> None:
    save(parsed(case("absent"), case("withdrawn"), case("unreadable")), wanted=WANTED, now=NOW)
    ask(FakeIndex(items=[withdrawn("withdrawn"), refused("unreadable"), *parsed(case("new"))]))
    assert {found.uuid for found in mette().cases} == {uuid("absent"), uuid("new")}
    assert Quarantined.objects.get().authority_cvr == ""


def test_an_empty_answer_says_nothing() -> None:
    save(parsed(case()), wanted=WANTED, now=NOW)
    ask(FakeIndex())
    held = mette()
    assert (len(held.cases), held.answered) == (1, {})


def test_an_answer_with_something_unreadable_is_not_fresh() -> None:
    ask(
        FakeIndex(items=[refused("unreadable"), *parsed(case())]),
        FakeIndex(source=Source.YI, items=[refused("unreadable", kind="grant")]),
    )
    held = mette()
    assert (len(held.cases), held.answered) == (1, {})


def test_nor_is_one_of_other_peoples_records() -> None:
    ask(FakeIndex(items=parsed(case(cpr=BO))), FakeIndex(source=Source.YI, items=parsed(grant(cpr=BO), payment())))
    assert set(mette().answered) == {Source.YI}


def test_an_older_version_changes_nothing() -> None:
    save(parsed(case(title="Ny")), wanted=WANTED, now=NOW)
    ask(FakeIndex(items=parsed(case(title="Gammel", registered=days_ago(20)))))
    assert mette().cases[0].title == "Ny"


def test_somebody_elses_record_and_an_unknown_authoritys_were_not_asked_for() -> None:
    ask(FakeIndex(items=parsed(case("bo's", cpr=BO), case("nobody's", owner_cvr="12345678"), case(owner_cvr=LOLLAND))))
    assert [found.owner_cvr for found in mette().cases] == [authorities.by_code["0360"].cvr]
    assert read_citizen(citizen_id_for(BO)).cases == ()


def test_one_index_that_fails_does_not_keep_the_others() -> None:
    refresh = ask(FakeIndex(items=parsed(case())), FakeIndex(source=Source.YI, error=Timeout(5)))
    assert refresh.failed == {Source.YI: "timeout"}
    assert set(mette().answered) == {Source.SDI}


def test_nor_does_a_fault_of_ours_with_one(caplog: pytest.LogCaptureFixture) -> None:
    pace.make(Source.YI)
    with caplog.at_level("ERROR"):
        refresh = ask(FakeIndex(source=Source.YI, error=AttributeError(METTE)), FakeIndex(items=parsed(case())))
    assert refresh.failed == {Source.YI: "our_fault"}
    assert set(mette().answered) == {Source.SDI}
    assert SourcePace.objects.get().citizens_failures == 0, "it is not the index's"
    assert "AttributeError" in caplog.text
    assert METTE not in caplog.text


def test_a_record_that_the_database_will_not_take_does_not_keep_the_other_indexes() -> None:
    leaky = case("leaky", hidden=True, title="Rosenvang")
    refresh = ask(FakeIndex(items=parsed(case(), leaky)), FakeIndex(source=Source.YI, items=parsed(grant())))
    assert (refresh.failed, refresh.counts.new) == ({Source.SDI: "not_stored"}, 1)
    held = mette()
    assert (held.cases, len(held.grants), set(held.answered)) == ((), 1, {Source.YI})


@dataclass(slots=True, kw_only=True)
class SlowIndex(FakeIndex):
    """It answers when somebody has looked at what came without it, or else much too late."""

    looked: Event

    def of_citizen(self, cpr: str) -> Answer:
        self.looked.wait(30)
        return FakeIndex.of_citizen(self, cpr)


def test_an_index_that_is_slow_is_not_waited_for() -> None:
    looked = Event()
    slow = SlowIndex(source=Source.YI, items=parsed(grant()), looked=looked)
    refresh = ask(FakeIndex(items=parsed(case())), slow, within=0.5)
    looked.set()
    assert refresh.failed == {Source.YI: "timeout"}
    assert (len(mette().cases), mette().grants) == (1, ())


def test_an_index_that_is_left_alone_is_not_asked_and_one_that_fails_in_a_row_is_left_alone() -> None:
    pace.make(Source.YI)
    yi = FakeIndex(source=Source.YI, error=Timeout(5))
    codes = [ask(FakeIndex(items=parsed(case())), yi).failed[Source.YI] for _ in range(pace.IN_A_ROW + 1)]
    assert codes == [*["timeout"] * pace.IN_A_ROW, "not_asked"]
    SourcePace.objects.update(paused_until=None)
    assert ask(FakeIndex(source=Source.YI, items=parsed(grant()))).failed == {}
    assert SourcePace.objects.get().citizens_failures == 0


def test_a_citizen_who_is_erased_is_not_asked_about() -> None:
    with pytest.raises(UnknownCitizenError):
        sync_citizen(uuid("nobody"), [FakeIndex()], wanted=WANTED)


def test_a_citizen_is_asked_about_once_a_minute() -> None:
    citizen, minute = citizen_id_for(METTE), DAY / 24 / 60
    assert claim_refresh(citizen, now=NOW)
    assert not claim_refresh(citizen, now=NOW + minute / 2)
    assert claim_refresh(citizen, now=NOW + minute)
    assert not claim_refresh(uuid("nobody"), now=NOW)
