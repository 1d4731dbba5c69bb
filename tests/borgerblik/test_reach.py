"""A reader with a limited reach sees no more than that, and cannot tell what lies outside from nothing."""

import datetime as dt
from itertools import combinations
from uuid import UUID

import pytest

from borgerblik import areas
from borgerblik.areas import Kind
from borgerblik.grants import ByNumber, Reader
from borgerblik.models import AreaSetting, AuthoritySettings
from borgerblik.overview.elements import State
from borgerblik.overview.material import Person
from borgerblik.overview.shapes import Overview
from borgerblik.reach import WHOLE, Reach, limited_kinds, within
from borgerblik.service import OutOfReachError, overview_of
from borgerblik.visibility import judge
from borgerblik.wanted import wanted
from indexes import quarantine
from indexes.identity import citizen_id_for
from indexes.models import Citizen, SourceState
from indexes.records import Record, Source
from indexes.store import save
from tests.borgerblik import makers
from tests.borgerblik.makers import HOME, bench, benefit, grant, line, payment, plan, uuid
from tests.borgerblik.makers import UDK as UDK_CVR
from tests.indexes.makers import LOLLAND, METTE, NOW, RANDERS, UDK, case, parsed, refused

HOUR = dt.timedelta(hours=1)
READER = Reader(actor="narrow", organisation="Prøvestyrelsen", system="rest", purpose="Fordi.\nBecause.")
NOBODYS = "7219520009"
RANDERS_CASH = Reach(authorities=frozenset({"0730"}), areas=frozenset({"kontante_ydelser"}))
OUTSIDE = {
    "another area": {"kle": "28.03.00"},
    "another municipality": {"owner_cvr": LOLLAND},
    "Udbetaling Danmark": {"owner_cvr": UDK, "kle": "32.06.12"},
    "an area that is closed": {"kle": "54.18.05"},
}


@pytest.fixture
def _fresh_sources(db: None) -> None:  # noqa: ARG001 - it lies in the database
    for code in ("0730", "UDK", "0360"):
        AuthoritySettings.objects.create(code=code, since=dt.date(2020, 1, 1), etaper=[1, 2, 3])
        for area in areas.load().all:
            AreaSetting.objects.create(authority_id=code, area=area.key, shown=True)
    for source in Source:
        for cvr in (RANDERS, UDK, LOLLAND):
            SourceState.objects.create(source=source, authority_cvr=cvr, last_attempt=NOW, last_success=NOW)


def hold(*records: Record) -> None:
    save(parsed(*records), wanted=wanted(), now=NOW)


def look(cpr: str, reach: Reach) -> Overview:
    return overview_of(
        ByNumber(cpr=cpr, reader=READER),
        Person(name="", given_name="", birth_date=None, municipality="0730"),
        language="da",
        now=NOW + HOUR,
        reach=reach,
    )


@pytest.mark.usefixtures("_fresh_sources")
@pytest.mark.parametrize("what", OUTSIDE)
def test_what_lies_outside_cannot_be_told_from_nothing(what: str) -> None:
    hold(case(**OUTSIDE[what]))
    Citizen.objects.update(answered={"sdi": (NOW + HOUR).isoformat()})
    never_met = look(NOBODYS, RANDERS_CASH)
    citizen_id_for(NOBODYS)
    assert look(METTE, RANDERS_CASH) == look(NOBODYS, RANDERS_CASH) == never_met
    assert look(METTE, WHOLE) != look(NOBODYS, WHOLE), "there was something to hide"


@pytest.mark.usefixtures("_fresh_sources")
def test_what_cannot_be_read_is_not_told_to_a_limited_reader() -> None:
    quarantine.keep([refused(cpr=METTE)], source=Source.SDI, authority_cvr=RANDERS, now=NOW)
    assert look(METTE, WHOLE) != look(NOBODYS, WHOLE)
    assert look(METTE, RANDERS_CASH) == look(NOBODYS, RANDERS_CASH)


@pytest.mark.usefixtures("_fresh_sources")
def test_nothing_seen_is_never_called_nothing() -> None:
    seen = look(NOBODYS, RANDERS_CASH)
    for section in (seen.cases, seen.money, seen.plan):
        assert section.state is State.OFF
        assert not section.complete
        assert "Dette system viser kun en del" in [notice.title for notice in section.notices]
    assert all(source.state is State.OFF for source in seen.sources)
    assert "så du ser ikke alt" in seen.lead
    assert look(NOBODYS, WHOLE).cases.state is State.EMPTY


@pytest.mark.usefixtures("_fresh_sources")
def test_what_is_reached_is_seen_and_the_limit_told_beside_it() -> None:
    hold(case(), case(uuid=uuid("day care"), kle="28.03.00"))
    seen = look(METTE, RANDERS_CASH)
    assert [view.kle for view in (*seen.cases.open, *seen.cases.closed)] == [case().kle]
    assert seen.cases.state is State.FRESH
    assert not seen.cases.complete
    assert {area.key for area in seen.areas} == {"kontante_ydelser"}
    assert {source.authority for source in seen.sources} == {"0730"}


@pytest.mark.usefixtures("_fresh_sources")
def test_a_citizen_of_another_municipality_is_not_read() -> None:
    with pytest.raises(OutOfReachError):
        look(NOBODYS, Reach(authorities=frozenset({"0360"})))


@pytest.mark.usefixtures("_fresh_sources")
def test_a_limit_of_areas_limits_what_shows_them() -> None:
    only_plan = Reach(areas=frozenset({"helhedsorienteret_plan"}))
    seen = look(NOBODYS, only_plan)
    assert (seen.plan.state, seen.cases.state, seen.money.state) == (State.EMPTY, State.OFF, State.OFF)


HELD = {
    "cases": [
        makers.case(),
        makers.case(uuid=uuid("b"), kle="28.03.00"),
        makers.case(uuid=uuid("c"), kle="32.06.12", owner_cvr=UDK_CVR),
        makers.case(uuid=uuid("d"), kle="85.01.01"),
        makers.case(uuid=uuid("e"), owner_cvr="00000000"),
    ],
    "grants": [
        grant(),
        grant(uuid=uuid("two"), benefits=(benefit(), benefit(id="2", kle="27.36.04"))),
        grant(uuid=uuid("none"), benefits=()),
    ],
    "payments": [
        payment(),
        payment(uuid=uuid("two areas"), lines=(line(), line(kle="27.36.04", grant_uuid=uuid("two")))),
        payment(uuid=uuid("no lines"), lines=()),
    ],
    "plans": [plan()],
}


def every_reach() -> list[Reach]:
    keys = [area.key for area in areas.load().all]
    some = [frozenset(pair) for pair in combinations(keys, 2)]
    owners = [None, frozenset({"0730"}), frozenset({"UDK"}), frozenset({"0360"})]
    return [Reach(authorities=owner, areas=area) for owner in owners for area in [None, *some]]


def test_no_reach_lets_through_what_lies_outside() -> None:
    judged = judge(bench=bench(), **HELD)  # type: ignore[arg-type]  # each list is of its own kind
    codes = {HOME: "0730", UDK_CVR: "UDK"}
    for reach in every_reach():
        seen = within(judged, reach, areas.load())
        for record, verdict in seen.all():
            assert reach.authorities is None or codes.get(record.owner_cvr) in reach.authorities
            assert reach.areas is None or verdict.area is None or verdict.area.key in reach.areas
        assert {pair[0].uuid for pair in seen.all()} <= {pair[0].uuid for pair in judged.all()}
    assert within(judged, WHOLE, areas.load()) == judged


def test_a_payment_in_two_areas_is_reached_with_both_alone() -> None:
    judged = judge(bench=bench(), **HELD)  # type: ignore[arg-type]  # each list is of its own kind
    both = frozenset({"kontante_ydelser", "aeldreomsorg", "social"})

    def payments(keys: frozenset[str]) -> set[UUID]:
        return {it.uuid for it, _ in within(judged, Reach(areas=keys), areas.load()).payments}

    assert uuid("two areas") not in payments(frozenset({"kontante_ydelser"}))
    assert uuid("two areas") in payments(both)
    assert uuid("no lines") not in payments(both), "nobody knows where it lies"


def test_which_kinds_are_limited() -> None:
    everything = frozenset(area.key for area in areas.load().all)
    assert limited_kinds(WHOLE, areas.load()) == frozenset()
    assert limited_kinds(Reach(areas=everything), areas.load()) == frozenset()
    assert limited_kinds(Reach(authorities=frozenset({"0730"})), areas.load()) == frozenset(Kind)
    assert Kind.PLAN not in limited_kinds(Reach(areas=frozenset({"helhedsorienteret_plan"})), areas.load())
