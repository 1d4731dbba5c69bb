"""Every kind of request and answer is valid against the schemas."""

from collections.abc import Callable

import pytest
from lxml import etree

from indexes.mock.answers import Answerer, Source, failed, fault
from indexes.mock.server import Indexes
from tests.mock import asking
from tests.mock.indexes import CASES, DOCUMENTS, GRANTS, PAYMENTS, ask, checked, found_uuids, message, status
from tests.schemas import check, schema_of, shapes, valid_shapes

UDK = "33236239"
RANDERS, LOLLAND, ODENSE = "29189668", "29188572", "35209115"
ASKED: dict[Source, Callable[..., bytes]] = {Source.SDI: asking.sdi, Source.YI: asking.yi, Source.PLAN: asking.plan}
PEOPLE = ("mette", "bo", "amina", "jens", "sara", "ole", "kim", "freja", "per", "lis")


@pytest.mark.parametrize("source", [Source.SDI, Source.YI])
def test_a_shape_that_was_never_held_against_the_schema_is_wrong(answerer: Answerer, source: Source) -> None:
    """With the schemas and without: something is missing, twice in a row is allowed, and the order is another."""
    found = ask(answerer, source, ASKED[source](cvr=RANDERS, first=0, most=1))
    assert set(shapes(found)) <= valid_shapes(source)
    found.insert(0, found[-1])
    with pytest.raises(AssertionError):
        check(source, found)


def test_whatever_the_tests_ask_is_held_against_them(answerer: Answerer) -> None:
    with pytest.raises(AssertionError, match="Kle"):
        ask(answerer, Source.PLAN, asking.plan(cpr="6815859002").replace(b"Cpr>", b"Kle>"))


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("key", PEOPLE)
def test_a_persons_answers(mock: Indexes, source: Source, key: str) -> None:
    cpr = next(person["cpr"] for person in mock.people["citizens"] if person["key"] == key)
    assert status(ask(mock.answerer, source, ASKED[source](cpr=cpr))) == "20"


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("cvr", [RANDERS, LOLLAND, ODENSE, UDK])
def test_an_owners_answers(answerer: Answerer, source: Source, cvr: str) -> None:
    assert status(ask(answerer, source, ASKED[source](cvr=cvr, first=0, most=1000))) == "20"


@pytest.mark.parametrize("source", [Source.SDI, Source.YI])
def test_an_owners_and_topics_answers(answerer: Answerer, source: Source) -> None:
    assert status(ask(answerer, source, ASKED[source](cvr=RANDERS, kle="32.24", most=50))) == "20"


def test_answers_by_uuid(answerer: Answerer) -> None:
    cases = ask(answerer, Source.SDI, asking.sdi(cvr=RANDERS, most=20))
    request = asking.sdi(cases=found_uuids(cases, CASES), documents=found_uuids(cases, DOCUMENTS))
    assert status(ask(answerer, Source.SDI, request)) == "20"
    money = ask(answerer, Source.YI, asking.yi(cvr=RANDERS, most=20))
    request = asking.yi(grants=found_uuids(money, GRANTS), payments=found_uuids(money, PAYMENTS))
    assert status(ask(answerer, Source.YI, request)) == "20"
    plans = ask(answerer, Source.PLAN, asking.plan(cvr=RANDERS))
    request = asking.plan(uuids=found_uuids(plans, "plan:Plan"))
    assert status(ask(answerer, Source.PLAN, request)) == "20"


@pytest.mark.parametrize("source", Source)
def test_answers_that_say_why_there_is_nothing(source: Source) -> None:
    assert status(checked(source, failed(source, 40, "Søgningen er uden afgrænsning <&>"))) == "40"


def test_the_plan_indexes_failure() -> None:
    found = checked(Source.PLAN, fault(Source.PLAN, "Server", "Der opstod en fejl."))
    assert found.tag == f"{{{asking.NS['plan']}}}PlanFejl"


@pytest.mark.parametrize("code", ["Client", "Server"])
def test_a_fault_is_a_soap_fault(code: str) -> None:
    found = message(fault(Source.SDI, code, "words & more"))
    assert found.tag == f"{{{asking.NS['soap']}}}Fault"
    assert [(child.tag, child.text) for child in found] == [
        ("faultcode", f"soapenv:{code}"),
        ("faultstring", "words & more"),
    ]


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("trouble", ["doubled", "emptied"])
def test_answers_in_trouble(mock: Indexes, source: Source, trouble: str) -> None:
    answerer = Answerer(
        denmark=mock.answerer.denmark,
        today=mock.answerer.today,
        doubled=trouble == "doubled",
        emptied=trouble == "emptied",
    )
    assert status(ask(answerer, source, ASKED[source](cvr=RANDERS, most=200))) == "20"


def test_the_plan_schema_refuses_what_is_no_plan() -> None:
    schema = schema_of(Source.PLAN)
    for wrong in ("<Cpr>12</Cpr>", "<EjerCvr>1234567</EjerCvr>", "", "<Cpr>6815859002</Cpr><Maks>3</Maks>"):
        document = etree.fromstring(f'<PlanSoegning xmlns="{asking.NS["plan"]}">{wrong}</PlanSoegning>')
        assert not schema.validate(document), wrong
