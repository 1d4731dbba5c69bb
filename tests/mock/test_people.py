"""The demo people's stories are true on the wire, whatever day it is."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from lxml import etree

from indexes.mock.answers import Source
from indexes.mock.days import COPENHAGEN
from indexes.mock.server import Indexes
from tests.mock import asking
from tests.mock.asking import NS
from tests.mock.indexes import (
    CASES,
    DOCUMENTS,
    GRANTS,
    PAYMENTS,
    TODAY,
    ask,
    found_uuids,
    indexes,
    text,
    texts,
    total,
)

RELATIONS = "sag:Registrering/sag:RelationListe"
HIDDEN = "5a1d2f0e-0000-4000-8000-0000000000a1"
DAYS = ("2026-11-24", "2027-01-31", "2027-02-28", "2028-02-29", "2027-12-31", "2027-05-03")


def _cpr(mock: Indexes, key: str) -> str:
    return next(str(person["cpr"]) for person in mock.people["citizens"] if person["key"] == key)


def _cases(mock: Indexes, key: str) -> etree._Element:
    return ask(mock.answerer, Source.SDI, asking.sdi(cpr=_cpr(mock, key), most=1000))


def _plan(mock: Indexes, key: str) -> etree._Element:
    found = ask(mock.answerer, Source.PLAN, asking.plan(cpr=_cpr(mock, key))).find("plan:Plan", NS)
    assert found is not None
    return found


def _topics(answer: etree._Element) -> dict[str, str]:
    """KLE number to the current state of each case."""
    found = {}
    for case in answer.iterfind(CASES, NS):
        kle = text(case, f"{RELATIONS}/sag:Sagsklasse/gd:LokalUdvidelseListe//si:BrugervendtNoegle") or ""
        states = [
            text(state, "sag:FremdriftStatusKode")
            for state in case.iterfind("sag:Registrering/sag:TilstandListe/sag:Fremdrift", NS)
            if text(state, "sag:Virkning/sd:TilTidspunkt/sd:GraenseIndikator") == "true"
        ]
        assert len(states) == 1, "demo people are tidy"
        found[kle] = states[0] or ""
    return found


def _case(answer: etree._Element, kle: str) -> etree._Element:
    return next(
        case
        for case in answer.iterfind(CASES, NS)
        if kle in texts(case, f"{RELATIONS}/sag:Sagsklasse/gd:LokalUdvidelseListe//si:BrugervendtNoegle")
    )


Ladder = dict[str, str]


def _payments(mock: Indexes, key: str, kle: str) -> list[Ladder]:
    """What the payments of a topic say, by the elements' names, in the order of their days."""
    answer = ask(mock.answerer, Source.YI, asking.yi(cpr=_cpr(mock, key), kle=kle, most=1000))
    found = [
        {etree.QName(field).localname: field.text or "" for field in payment}
        for payment in answer.iterfind(f"{PAYMENTS}/oef:Registrering/oef:AttributListe/oef:Egenskaber", NS)
    ]
    return sorted(found, key=lambda payment: payment["Dispositionsdato"])


@pytest.fixture(scope="module", params=DAYS)
def on(request: pytest.FixtureRequest) -> Indexes:
    """The indexes on quiet days, at the ends of months and in a leap year."""
    return indexes(f"--today={request.param}", "--citizens=0")


def _today(on: Indexes) -> date:
    return on.answerer.today


def test_who_there_is(mock: Indexes) -> None:
    people = {person["key"]: person for person in mock.people["citizens"]}
    assert list(people) == ["mette", "bo", "amina", "jens", "sara", "ole", "kim", "freja", "per", "lis"]
    lives = {key: person["municipality"] for key, person in people.items()}
    assert [key for key, code in lives.items() if code == "0730"] == ["mette", "jens", "ole", "freja"]
    assert [key for key, code in lives.items() if code == "0360"] == ["bo", "kim", "lis"]
    assert [key for key, code in lives.items() if code == "0461"] == ["amina", "sara", "per"]
    for person in people.values():
        assert set(person["story"]) == {"da", "en"}
        assert person["name"].startswith(person["given_name"])
    roles = [(person["role"], person["municipalities"]) for person in mock.people["staff"]]
    assert roles == [("administrator", ["0730", "0360"]), ("udk_administrator", []), ("coordinator", ["0730"])]


@pytest.mark.parametrize(
    ("key", "age"),
    [("mette", 41), ("bo", 74), ("amina", 29), ("jens", 58), ("sara", 36), ("ole", 49), ("kim", 33), ("freja", 17)],
)
def test_how_old_they_are(on: Indexes, key: str, age: int) -> None:
    person = next(person for person in on.people["citizens"] if person["key"] == key)
    born, today = date.fromisoformat(person["birth_date"]), _today(on)
    assert today.year - born.year - ((today.month, today.day) < (born.month, born.day)) == age


def test_freja_is_about_to_turn_18(on: Indexes) -> None:
    person = next(person for person in on.people["citizens"] if person["key"] == "freja")
    born = date.fromisoformat(person["birth_date"])
    assert 11 <= (date(born.year + 18, born.month, born.day) - _today(on)).days <= 12
    assert _topics(_cases(on, "freja")) == {"34.15.25": "Oplyst", "54.42.04": "Oplyst"}
    assert _payments(on, "freja", "32") == []


def test_mettes_cases(on: Indexes) -> None:
    answer = _cases(on, "mette")
    assert _topics(answer) == {
        "32.30.04": "Oplyst",
        "15.17.06": "Oplyst",
        "27.60.04": "Afgjort",
        "32.06.12": "Afgjort",
        "32.12.04": "Afgjort",
        "32.21.12": "Afsluttet",
        "15.17.30": "Afgjort",
    }
    chair = _case(answer, "27.60.04")
    assert "5a1d2f0e-0000-4000-8000-0000000000b1" in texts(chair, f"{RELATIONS}/sag:Sagsklasse/gd:ReferenceID/*")
    assert len(texts(chair, f"{RELATIONS}/sag:Journalpost/gd:ReferenceID/*")) == 2
    sick = _case(answer, "32.30.04")
    egenskaber = "sag:Registrering/sag:AttributListe/gd:LokalUdvidelseListe/si:SagIndeksEgenskaber"
    assert text(sick, f"{egenskaber}/si:Sagsstatus") == "Oplysninger indhentes"
    names = texts(sick, f"{RELATIONS}/sag:Sagsaktoer/gd:LokalUdvidelseListe//si:FuldtNavn")
    assert "Ydelsesafdelingen, Randers Kommune" in names


def test_mettes_money(on: Indexes) -> None:
    sick = _payments(on, "mette", "32.30.04")
    assert sick[-1]["BeloebSendtTilUdbetaling"] == "13412.00"
    assert "BeloebUdbetalt" not in sick[-1]
    assert sick[-1]["SamletBruttobeloeb"] == "18628.00"
    assert date.fromisoformat(sick[-1]["Dispositionsdato"][:10]) > _today(on)
    paid = [Decimal(payment["BeloebUdbetalt"]) for payment in sick[:-1]]
    assert min(paid) == 12980
    assert max(paid) == 13412
    housing = _payments(on, "mette", "32.06")
    assert {payment["BeloebEfterSkatATP"] for payment in housing} == {"1216.00"}
    assert date.fromisoformat(housing[0]["Dispositionsdato"][:10]).day <= 3
    family = _payments(on, "mette", "32.12")
    assert {payment["SamletBruttobeloeb"] for payment in family} == {"3291.00"}
    assert {date.fromisoformat(payment["Startdato"][:10]).month for payment in family} == {1, 4, 7, 10}


def test_mettes_plan(on: Indexes) -> None:
    plan = _plan(on, "mette")
    assert (text(plan, "plan:FaellesMaal") or "").startswith("Jeg vil have et fleksjob på 15 timer om ugen og ro")
    assert texts(plan, "plan:Delmaal/plan:Tilstand") == ["i_gang", "i_gang", "naaet", "i_gang"]
    states = texts(plan, "plan:Delmaal/plan:Indsats/plan:Tilstand")
    assert set(states) == {"i_gang", "planlagt", "afsluttet"}
    assert texts(plan, "plan:Opfoelgning/plan:Holdt") == ["true", "false", "false", "false"]
    upcoming = date.fromisoformat(texts(plan, "plan:Opfoelgning/plan:Start")[1][:10])
    assert 9 <= (upcoming - _today(on)).days <= 11
    assert upcoming.weekday() < 5
    assert texts(plan, "plan:Aftale/plan:Klaret").count("true") == 1
    assert text(plan, "plan:Samtykke/plan:Tilstand") == "givet"
    assert texts(plan, "plan:Familiemedlem/plan:Fornavn") == ["Noah", "Ida"]
    known = found_uuids(_cases(on, "mette"), CASES)
    named = texts(plan, "plan:BeskaeftigelsessagUuid") + texts(plan, "plan:SagUuid")
    assert set(named) <= set(known)
    year = int((text(plan, "plan:FaellesMaal") or "").rstrip(".")[-4:])
    assert 0 <= year - _today(on).year <= 1


def test_bo_has_one_quiet_case(on: Indexes) -> None:
    assert _topics(_cases(on, "bo")) == {"32.03.04": "Afgjort"}
    payments = _payments(on, "bo", "32.03")
    assert len(payments) >= 24
    assert all(payment["SamletBruttobeloeb"] == "15536.00" for payment in payments)


def test_amina_is_newly_arrived(on: Indexes) -> None:
    answer = _cases(on, "amina")
    assert set(_topics(answer)) == {"32.24.04", "32.21.25", "15.20.04", "28.09.40", "32.12.04"}
    opened = min(texts(answer, f"{CASES}/sag:Registrering/sag:AttributListe//si:OprettetTidspunkt"))
    assert (_today(on) - date.fromisoformat(opened[:10])).days == 240
    answer = ask(on.answerer, Source.YI, asking.yi(cpr=_cpr(on, "amina"), kle="32.24"))
    assert texts(answer, f"{GRANTS}/bi:Registrering/bi:AttributListe/bi:BevilgetYdelse/bi:Id") == ["HTF"]


def test_jens_has_300_cases(mock: Indexes) -> None:
    answer = _cases(mock, "jens")
    assert total(answer, "sager") == 300
    car = [case for case in answer.iterfind(CASES, NS) if text(case, ".//sag:Titel") == "Støtte til bil"]
    assert len(car) == 1
    assert texts(car[0], ".//sag:Fremdrift/sag:Virkning/sd:FraTidspunkt/*")[0].startswith("2014-03-10")
    ended = [case for case in answer.iterfind(CASES, NS) if "Afsluttet" in texts(case, ".//sag:FremdriftStatusKode")]
    assert len(ended) == 292
    areas = {number[:2] for number in texts(answer, f"{CASES}/{RELATIONS}/sag:Sagsklasse//si:BrugervendtNoegle")}
    assert {"15", "23", "27", "28", "32"} <= areas
    assert _payments(mock, "jens", "32.24.12")[-1]["SamletBruttobeloeb"] == "17984.00"


def test_saras_cases_are_in_areas_not_opened(mock: Indexes) -> None:
    assert set(_topics(_cases(mock, "sara"))) == {"28.09.40", "27.36.04", "23.05.10"}


def test_ole_has_nothing(mock: Indexes) -> None:
    cpr = _cpr(mock, "ole")
    assert total(_cases(mock, "ole"), "sager") == 0
    money = ask(mock.answerer, Source.YI, asking.yi(cpr=cpr))
    assert (total(money, "bevillinger"), total(money, "effektueringer")) == (0, 0)
    assert total(ask(mock.answerer, Source.PLAN, asking.plan(cpr=cpr)), "planer") == 0


def test_what_of_kims_is_hidden(mock: Indexes) -> None:
    answer = _cases(mock, "kim")
    hidden = [case for case in answer.iterfind(CASES, NS) if HIDDEN in texts(case, ".//gd:ReferenceID/*")]
    assert [text(case, ".//sag:Titel") for case in hidden] == ["Botilbud Rosenvang"]
    secret = [case for case in answer.iterfind(CASES, NS) if case.find(".//sag:OffentlighedUndtaget", NS) is not None]
    assert [text(case, ".//sag:Titel") for case in secret] == ["Sag om støtte i hverdagen"]
    assert "Ravnsborg" in (text(secret[0], ".//sd:TitelAlternativTekst") or "")
    documents = [each for each in answer.iterfind(DOCUMENTS, NS) if HIDDEN in texts(each, ".//gd:ReferenceID/*")]
    assert [text(each, ".//di:Titel") for each in documents] == ["Politianmeldelse Hvidkilde"]
    inside = texts(hidden[0], f"{RELATIONS}/sag:Journalpost/sag:JournalpostEgenskaber/sag:Dokumenttitel")
    assert len(inside) == 2
    assert all("Rosenvang" in title for title in inside)


def test_per_has_withdrawn_his_consent(on: Indexes) -> None:
    plan = _plan(on, "per")
    assert text(plan, "plan:Samtykke/plan:Tilstand") == "trukket"
    withdrawn = date.fromisoformat(text(plan, "plan:Samtykke/plan:TrukketDato") or "")
    assert (_today(on) - withdrawn).days == 6
    assert set(_topics(_cases(on, "per"))) == {"32.24.28", "15.17.22"}


def test_lis_payments(on: Indexes) -> None:
    ladder = ("BeloebEfterSkatATP", "BeloebSendtTilUdbetaling", "BeloebUdbetalt", "SendtTilUdbetalingTekst",
              "UdbetaltTekst")  # fmt: skip
    payments = _payments(on, "lis", "32.24")
    odd = [
        tuple(payment.get(step) for step in ladder)
        for payment in payments
        if payment.get("BeloebUdbetalt") != "10214.00"
    ]
    assert ("10214.00", "10214.00", "9114.00", None, "Modregning fra Gældsstyrelsen") in odd
    assert ("10214.00", "10214.00", "0.00", None, "Udbetaling tilbageført: kontoen er lukket") in odd
    assert [step[:3] for step in odd if step[0] == "-850.00"] == [("-850.00", "0.00", "0.00")]
    assert ("10214.00", "10214.00", None, None, None) in odd
    assert len(odd) == 4
    months = [payment["Startdato"][:7] for payment in payments]
    twice = sorted({month for month in months if months.count(month) == 2})
    assert len(twice) == 2  # the one that was corrected, and the one that came back and was paid again


@pytest.mark.parametrize("key", ["mette", "bo", "amina", "jens", "kim", "per", "lis"])
def test_paydays_and_what_is_on_its_way(on: Indexes, key: str) -> None:
    for payment in _payments(on, key, "32"):
        day = date.fromisoformat(payment["Dispositionsdato"][:10])
        assert ("BeloebUdbetalt" in payment) is (day <= _today(on))
        assert day.weekday() < 5
        assert (day - _today(on)).days <= 35


def test_steps_that_differ_are_explained(on: Indexes) -> None:
    for key in ("mette", "bo", "amina", "jens", "kim", "per", "lis"):
        for payment in _payments(on, key, "32"):
            sent, paid = payment["BeloebSendtTilUdbetaling"], payment.get("BeloebUdbetalt")
            assert (sent != payment["BeloebEfterSkatATP"]) is ("SendtTilUdbetalingTekst" in payment)
            assert (paid not in {None, sent}) is ("UdbetaltTekst" in payment)


def test_every_grant_names_a_case_and_every_payment_a_grant(mock: Indexes) -> None:
    for person in mock.people["citizens"]:
        cases = found_uuids(_cases(mock, person["key"]), CASES)
        money = ask(mock.answerer, Source.YI, asking.yi(cpr=person["cpr"], most=1000))
        named = texts(money, f"{GRANTS}/bi:Registrering/bi:RelationListe/bi:Bevillingssag/gd:ReferenceID/*")
        assert set(named) <= set(cases)
        grants = texts(money, f"{PAYMENTS}//oef:BevilgetYdelseRef/sd:UUIDIdentifikator")
        assert set(grants) <= set(found_uuids(money, GRANTS))


def _instants(answer: etree._Element) -> list[datetime]:
    """When things were registered and took effect."""
    paths = (".//sd:Tidspunkt", ".//plan:Tidspunkt", ".//sd:FraTidspunkt/sd:TidsstempelDatoTid")
    return [datetime.fromisoformat(time) for path in paths for time in texts(answer, path)]


def test_everything_is_registered_and_in_effect_from_the_first_minute_of_the_day(on: Indexes) -> None:
    midnight = datetime.combine(_today(on), datetime.min.time(), tzinfo=COPENHAGEN)
    for person in on.people["citizens"]:
        money = ask(on.answerer, Source.YI, asking.yi(cpr=person["cpr"], most=1000))
        plans = ask(on.answerer, Source.PLAN, asking.plan(cpr=person["cpr"]))
        for answer in (_cases(on, person["key"]), money, plans):
            assert all(time <= midnight for time in _instants(answer))


@pytest.mark.parametrize("cvr", ["29189668", "33236239"])
def test_so_is_everything_of_the_synthetic_citizens(mock: Indexes, cvr: str) -> None:
    midnight = datetime.combine(TODAY, datetime.min.time(), tzinfo=COPENHAGEN)
    for source, request in (
        (Source.SDI, asking.sdi(cvr=cvr, most=1000)),
        (Source.YI, asking.yi(cvr=cvr, most=1000)),
        (Source.PLAN, asking.plan(cvr=cvr, most=1000)),
    ):
        times = _instants(ask(mock.answerer, source, request))
        assert all(time <= midnight for time in times)


def test_today_is_the_day_of_the_tests(mock: Indexes) -> None:
    assert mock.answerer.today == TODAY
