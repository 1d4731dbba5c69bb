"""Powers of attorney: who gives, takes on, uses and ends one, and how the database keeps everybody else out.

What the pages do is done under their role, in the database that other sessions see; what is asserted is the owner's.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from psycopg import errors

from borgerblik import powers
from borgerblik.access_log import read_citizen
from borgerblik.grants import ByGrant, NoGrantError, Reader, close_grant, open_grant
from borgerblik.local_time import COPENHAGEN, midnight_after, months_after
from borgerblik.models import AccessEntry, PowerOfAttorney
from borgerblik.overview.material import Person
from borgerblik.powers import ByPower, Powers, Terms, TooManyPowersError, UnknownAreaError, UnknownPowerError
from indexes.identity import find_citizen
from indexes.store import save
from tests.indexes.makers import AMINA, BO, METTE, NOW, WANTED, case, grant, parsed, payment, plan
from tests.roles import WEB, Session, asked_as, connect_as

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
BORN = dt.date(1958, 3, 2)
GIVER = Person(name="Bo Hansen", given_name="Bo", birth_date=None, municipality="0730")
TERMS = Terms(helper_name=" Mette ", born=BORN, areas=["kontante_ydelser", "social"], months=6)
THEMSELVES = Reader(actor="citizen", organisation="", system="borgerblik", purpose="own_page")
A_SYSTEM = Reader(actor="system-1", organisation="A", system="A", purpose="B")


def now() -> dt.datetime:
    return dt.datetime.now(COPENHAGEN)


@pytest.fixture(autouse=True)
def people() -> None:
    """Everybody has rows, and is signed in by a token of their own: their number."""
    for cpr in (BO, METTE, AMINA):
        records = (case(f"case {cpr}", cpr=cpr), grant(f"grant {cpr}", cpr=cpr), payment(f"payment {cpr}", cpr=cpr))
        save(parsed(*records, plan(f"plan {cpr}", cpr=cpr)), wanted=WANTED, now=NOW)
        open_grant(cpr, THEMSELVES, token=cpr, lasts=HOUR)


@pytest.fixture
def web() -> Iterator[Session]:
    with connect_as(WEB) as session:
        yield session


def leave(cpr: str) -> ByGrant:
    return ByGrant(token=cpr)


def offer(terms: Terms = TERMS) -> tuple[UUID, str]:
    with asked_as(lambda: WEB):
        return powers.give(leave(BO), GIVER, terms, now=now())


def take(code: str, token: str = METTE, born: dt.date = BORN) -> UUID | None:
    with asked_as(lambda: WEB):
        seen = powers.offered(leave(token), code, born, language="da")
        took = powers.accept(leave(token), code, born, name="Mette Madsen")
    assert (seen is None) == (took is None), "what is shown is what can be taken on"
    return took


def taken() -> UUID:
    """One from Bo that Mette has taken on."""
    power, code = offer()
    assert take(code) == power
    return power


def reads(power: UUID, token: str = METTE) -> bool:
    """Whether this session reads Bo's rows by it."""
    with asked_as(lambda: WEB):
        try:
            found = read_citizen(ByPower(token=token, power=power), near=(), what="overview")
        except NoGrantError:
            return False
    assert [one.uuid for one in found.holdings.cases] == [case(f"case {BO}").uuid]
    assert found.looked is None, "who else has looked is not the helper's to know"
    return True


def ends(power: UUID, token: str) -> None:
    with asked_as(lambda: WEB):
        powers.end(leave(token), power, now=now())


def seen(token: str) -> Powers:
    with asked_as(lambda: WEB):
        return powers.of_citizen(leave(token), language="da", now=now())


def test_what_is_given_is_offered_taken_on_and_used_and_stands_in_the_givers_log() -> None:
    power, code = offer()
    assert not reads(power), "nobody has taken it on"
    with asked_as(lambda: WEB):
        told = powers.offered(leave(METTE), f"{code[:3]} {code[3:]}", BORN, language="en")
    assert told
    assert (told.giver_name, len(told.areas), told.until) == ("Bo Hansen", 2, months_after(now().date(), 6))
    assert take(code) == power
    assert reads(power)
    entries = AccessEntry.objects.filter(citizen=find_citizen(BO)).exclude(actor="citizen").order_by("id")
    who = (f"helper {power}", "Mette Madsen", "borgerblik")
    assert list(entries.values_list("actor", "organisation", "system", "what", "purpose")) == [
        (*who, "power", "power"),
        (*who, "overview", "power"),
    ]


def test_nothing_of_the_code_or_the_birthday_is_kept() -> None:
    power, code = offer()
    kept = PowerOfAttorney.objects.get(pk=power)
    assert kept.helper_name == "Mette"
    assert len(bytes(kept.code_hash or b"")) == 32
    told = " ".join(str(getattr(kept, field.attname)) for field in PowerOfAttorney._meta.fields)
    assert code not in told
    assert str(BORN) not in told
    assert take(code) == power
    assert PowerOfAttorney.objects.get(pk=power).code_hash is None


@pytest.mark.parametrize(
    "wrong",
    ["another birthday", "another code", "their own", "nobody's session", "a system's", "too late", "ended", "used"],
)
def test_a_code_fits_once_whom_it_was_meant_for(wrong: str) -> None:
    power, code = offer()
    token, born = METTE, BORN
    match wrong:
        case "another birthday":
            born += DAY
        case "another code":
            code = f"{(int(code) + 1) % 10**12:012}"
        case "their own":
            token = BO
        case "nobody's session":
            token = "guessed"
        case "a system's":
            open_grant(METTE, A_SYSTEM, token="of a system", lasts=HOUR)
            token = "of a system"
        case "too late":
            PowerOfAttorney.objects.update(made=now() - 8 * DAY, offered_until=now() - 2 * DAY)
        case "ended":
            ends(power, BO)
        case "used":
            assert take(code, token=AMINA) == power
    assert take(code, token=token, born=born) is None
    assert not reads(power, token)


def test_it_opens_the_giver_to_its_helper_alone_and_while_it_lasts() -> None:
    power = taken()
    assert reads(power)
    open_grant(METTE, A_SYSTEM, token="of a system", lasts=HOUR)
    for token in (AMINA, BO, "guessed", "of a system", ""):
        assert not reads(power, token), token
    assert not reads(uuid4())
    PowerOfAttorney.objects.update(made=now() - 400 * DAY, offered_until=now() - 395 * DAY, until=now() - HOUR)
    assert not reads(power), "its last day is over"
    PowerOfAttorney.objects.update(until=now() + HOUR)
    assert reads(power)
    close_grant(METTE)
    assert not reads(power), "the helper has signed out"


@pytest.mark.parametrize("who", [BO, METTE])
def test_either_of_the_two_ends_it_at_once_and_for_good(who: str) -> None:
    power = taken()
    ends(power, who)
    assert not reads(power)
    kept = PowerOfAttorney.objects.get()
    ends(power, BO)
    ends(power, METTE)
    assert PowerOfAttorney.objects.get().ended == kept.ended, "twice is once"
    assert kept.ended_by == ("giver" if who == BO else "helper")
    with pytest.raises(UnknownPowerError), asked_as(lambda: WEB):
        powers.held(leave(METTE), power, now=now())


def test_somebody_else_can_neither_end_nor_use_nor_see_it() -> None:
    power = taken()
    for what in (lambda: ends(power, AMINA), lambda: powers.held(leave(AMINA), power, now=now())):
        with pytest.raises(UnknownPowerError):
            what()
    assert seen(AMINA) == Powers(given=(), held=())
    assert reads(power)


def test_each_of_the_two_sees_the_other_and_what_it_holds() -> None:
    power = taken()
    (mine,), (theirs,) = seen(BO).given, seen(METTE).held
    assert (mine.name, theirs.name) == ("Mette Madsen", "Bo Hansen")
    assert len(mine.areas) == len(TERMS.areas)
    assert mine.areas == theirs.areas
    assert mine.live
    assert theirs.holds
    with asked_as(lambda: WEB):
        held = powers.held(leave(METTE), power, now=now())
    assert (held.giver.name, held.reach.areas, held.reach.by_power) == ("Bo Hansen", frozenset(TERMS.areas), True)


def test_a_citizen_gives_no_more_than_some_at_a_time() -> None:
    made = [offer()[0] for _ in range(powers.MOST)]
    with pytest.raises(TooManyPowersError):
        offer()
    ends(made[0], BO)
    offer()


@pytest.mark.parametrize("areas", [[], ["no_such_area"], ["social", "no_such_area"]])
def test_only_areas_of_the_stage_plan_are_given(areas: list[str]) -> None:
    with pytest.raises(UnknownAreaError):
        offer(replace(TERMS, areas=areas))


def test_it_lasts_as_long_as_is_offered_to_the_end_of_its_last_day() -> None:
    for months in powers.MONTHS:
        power, _ = offer(replace(TERMS, months=months))
        assert PowerOfAttorney.objects.get(pk=power).until == midnight_after(months_after(now().date(), months))
    with pytest.raises(ValueError, match="not 36"):
        offer(replace(TERMS, months=36))


@pytest.mark.parametrize("day", [dt.date(2027, 10, 28), dt.date(2028, 2, 29), dt.date(2034, 3, 27)])
@pytest.mark.parametrize("time", [dt.time(0, 0, 1), dt.time(23, 59, 59)])
def test_two_years_are_given_on_any_day_also_where_summer_time_makes_them_an_hour_longer(
    day: dt.date, time: dt.time
) -> None:
    """As the owner: the pages' role gives none on a day to come."""
    made, _ = powers.give(leave(BO), GIVER, replace(TERMS, months=24), now=dt.datetime.combine(day, time, COPENHAGEN))
    assert PowerOfAttorney.objects.get(pk=made).until == midnight_after(months_after(day, 24))


def test_it_follows_its_giver_to_another_municipality() -> None:
    power = taken()
    with asked_as(lambda: WEB):
        powers.follow(leave(BO), replace(GIVER, municipality="0461", name="Bo Ny"))
        powers.follow(leave(AMINA), replace(GIVER, municipality="0101"))
    kept = PowerOfAttorney.objects.get(pk=power)
    assert (kept.municipality, kept.giver_name) == ("0461", "Bo Ny")


OPEN = "SELECT use_power(%s, %s, 'overview')"
INSERT = (
    "INSERT INTO borgerblik_powerofattorney (id, giver_id, giver_name, giver_given_name, municipality, helper_id, "
    "helper_name, areas, made, code_hash, offered_until, accepted, until, ended, ended_by) VALUES "
    "(gen_random_uuid(), %(giver)s, '', '', '0730', %(helper)s, '', ARRAY['social'], now() + %(ahead)s, %(hash)s, "
    "now() + %(ahead)s + interval '1 day', %(accepted)s, now() + %(ahead)s + interval '1 day', NULL, '')"
)
OFFERED = {"helper": None, "hash": b"1" * 32, "accepted": None, "ahead": dt.timedelta()}


def test_a_helper_who_reads_gives_sees_and_ends_no_power_in_the_givers_name(web: Session) -> None:
    """Whatever a page is talked into: in a transaction a helper has opened the table is empty and takes nothing."""
    power = taken()
    bo, mette = find_citizen(BO), find_citizen(METTE)
    with web.transaction():
        assert web.execute(OPEN, [METTE, power]).fetchone() == (bo,)
        assert web.execute("SELECT count(*) FROM indexes_case").fetchone() == (1,)
        assert web.execute("SELECT count(*) FROM borgerblik_powerofattorney").fetchone() == (0,)
        ended = web.execute("UPDATE borgerblik_powerofattorney SET ended = now(), ended_by = 'giver', code_hash = NULL")
        assert ended.rowcount == 0
        with pytest.raises(errors.InsufficientPrivilege), web.transaction():
            web.execute(INSERT, {**OFFERED, "giver": bo})
    with web.transaction():
        web.execute("SELECT use_grant(%s, 'powers')", [METTE])
        for giver, helper, accepted in ((bo, None, None), (bo, mette, NOW), (mette, bo, NOW)):
            with pytest.raises(errors.InsufficientPrivilege), web.transaction():
                web.execute(INSERT, {**OFFERED, "giver": giver, "helper": helper, "accepted": accepted})


def test_the_pages_role_offers_none_that_begins_later_and_so_lasts_longer(web: Session) -> None:
    bo = find_citizen(BO)
    with web.transaction():
        web.execute("SELECT use_grant(%s, 'powers')", [BO])
        with pytest.raises(errors.InsufficientPrivilege), web.transaction():
            web.execute(INSERT, {**OFFERED, "giver": bo, "ahead": DAY})
        web.execute(INSERT, {**OFFERED, "giver": bo})


@pytest.mark.parametrize(("who", "other"), [(BO, "helper"), (METTE, "giver")])
def test_nobody_ends_one_in_the_others_name(web: Session, who: str, other: str) -> None:
    power = taken()
    with web.transaction():
        web.execute("SELECT use_grant(%s, 'powers')", [who])
        with pytest.raises(errors.InsufficientPrivilege), web.transaction():
            web.execute("UPDATE borgerblik_powerofattorney SET ended = now(), ended_by = %s", [other])
    assert reads(power)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT code_hash FROM borgerblik_powerofattorney",
        "UPDATE borgerblik_powerofattorney SET until = until + interval '1 day'",
        "UPDATE borgerblik_powerofattorney SET areas = ARRAY['social']",
        "UPDATE borgerblik_powerofattorney SET helper_id = giver_id",
        "UPDATE borgerblik_powerofattorney SET accepted = now()",
        "DELETE FROM borgerblik_powerofattorney",
        "SELECT signed_in('x')",
    ],
)
def test_the_pages_role_may_not(web: Session, statement: str) -> None:
    taken()
    with web.transaction():
        web.execute("SELECT use_grant(%s, 'powers')", [METTE])
        with pytest.raises(errors.InsufficientPrivilege), web.transaction():
            web.execute(statement)


def test_what_was_ended_stays_ended(web: Session) -> None:
    power = taken()
    ends(power, METTE)
    with web.transaction():
        web.execute("SELECT use_grant(%s, 'powers')", [METTE])
        again = web.execute(
            "UPDATE borgerblik_powerofattorney SET ended = now(), ended_by = 'helper', code_hash = NULL WHERE id = %s",
            [power],
        )
        assert again.rowcount == 0
