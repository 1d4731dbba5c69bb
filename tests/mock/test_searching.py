"""What is found, in which order and how much of it is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from lxml import etree

from indexes.mock.answers import Answerer, Source
from indexes.mock.reading.search import LARGEST_PAGE, LARGEST_UUID_LIST, NotUnderstood
from tests.mock import asking
from tests.mock.asking import NS
from tests.mock.indexes import (
    CASES,
    DOCUMENTS,
    GRANTS,
    PAYMENTS,
    ask,
    checked,
    found_uuids,
    indexes,
    status,
    text,
    texts,
    total,
)

RANDERS, UDK = "29189668", "33236239"
METTE, JENS, OLE, KIM = "6815859002", "7918689005", "6516779007", "8519939009"
KLE = "sag:Registrering/sag:RelationListe/sag:Sagsklasse"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One kind of object: where it is asked for, how, and how the answer counts it."""

    source: Source
    request: Callable[..., bytes]
    kind: str
    element: str


ASKED = {
    "cases": Asked(source=Source.SDI, request=asking.sdi, kind=CASES, element="sager"),
    "grants": Asked(source=Source.YI, request=partial(asking.yi, payment_vis=()), kind=GRANTS, element="bevillinger"),
    "payments": Asked(
        source=Source.YI, request=partial(asking.yi, grant_vis=()), kind=PAYMENTS, element="effektueringer"
    ),
    "plans": Asked(source=Source.PLAN, request=asking.plan, kind="plan:Plan", element="planer"),
}


@pytest.mark.parametrize("cvr", [RANDERS, UDK])
@pytest.mark.parametrize("name", ASKED)
def test_pages_cover_everything_once(answerer: Answerer, name: str, cvr: str) -> None:
    asked = ASKED[name]
    whole = ask(answerer, asked.source, asked.request(cvr=cvr, most=1000))
    there_are = total(whole, asked.element)
    assert there_are is not None
    most = max(min(there_are // 7, 900), 1)  # pages that do not come out even
    found: list[str] = []
    for first in range(0, there_are + 1, most):
        page = ask(answerer, asked.source, asked.request(cvr=cvr, first=first, most=most))
        assert total(page, asked.element) == there_are
        assert len(found_uuids(page, asked.kind)) == min(most, there_are - first)
        found += found_uuids(page, asked.kind)
    assert len(found) == there_are == len(set(found))
    assert found[:1000] == found_uuids(whole, asked.kind)


def test_grants_and_payments_are_paged_each_on_its_own(answerer: Answerer) -> None:
    page = ask(answerer, Source.YI, asking.yi(cpr=METTE, first=1, payments_first=3, most=2))
    assert (total(page, "bevillinger"), total(page, "effektueringer")) == (3, 21)
    grants = ask(answerer, Source.YI, asking.yi(cpr=METTE, payment_vis=()))
    payments = ask(answerer, Source.YI, asking.yi(cpr=METTE, grant_vis=()))
    assert found_uuids(page, GRANTS) == found_uuids(grants, GRANTS)[1:3]
    assert found_uuids(page, PAYMENTS) == found_uuids(payments, PAYMENTS)[3:5]


def test_a_page_is_never_larger_than_it_may_be(answerer: Answerer) -> None:
    answer = ask(answerer, Source.YI, asking.yi(cvr=UDK, most=5000, grant_vis=()))
    assert len(found_uuids(answer, PAYMENTS)) == LARGEST_PAGE
    assert text(answer, "yi:Antal/yi:Paginering/sd:MaksimalAntalKvantitet") == str(LARGEST_PAGE)


def test_a_page_beyond_the_end_is_empty_and_still_tells_the_total(answerer: Answerer) -> None:
    answer = ask(answerer, Source.SDI, asking.sdi(cpr=JENS, first=300, most=10))
    assert (status(answer), total(answer, "sager"), found_uuids(answer, CASES)) == ("20", 300, [])


@pytest.mark.parametrize("kle", ["32", "32.24", "32.24.12"])
def test_a_topic_matches_from_the_left(answerer: Answerer, kle: str) -> None:
    answer = ask(answerer, Source.SDI, asking.sdi(cvr=RANDERS, kle=kle, most=1000))
    everything = ask(answerer, Source.SDI, asking.sdi(cvr=RANDERS, most=1000))
    assert total(everything, "sager") == len(found_uuids(everything, CASES))  # so that one page is all
    assert [number for number in _topics(everything) if number.startswith(kle)] == _topics(answer)
    assert _topics(answer)


def _topics(answer: etree._Element) -> list[str]:
    path = f"{CASES}/{KLE}/gd:LokalUdvidelseListe/si:SagsklasseLokalUdvidelse[si:Facettitel='KLE-emne']"
    return [found.findtext("si:BrugervendtNoegle", namespaces=NS) or "" for found in answer.iterfind(path, NS)]


def test_a_topic_of_grants_and_payments(answerer: Answerer) -> None:
    answer = ask(answerer, Source.YI, asking.yi(cpr=METTE, kle="32.06"))
    assert total(answer, "bevillinger") == 1
    path = "oef:Registrering/oef:RelationListe/oef:OekonomiskYdelseEffektueringRelation/oef:Klassifikationsbeskrivelse"
    assert set(texts(answer, f"{PAYMENTS}/{path}")) == {"32.06.12"}


def test_party_and_owner_together(answerer: Answerer) -> None:
    mine = ask(answerer, Source.SDI, asking.sdi(cpr=METTE))
    hers_here = ask(answerer, Source.SDI, asking.sdi(cpr=METTE, cvr=RANDERS))
    hers_there = ask(answerer, Source.SDI, asking.sdi(cpr=METTE, cvr=UDK))
    counts = [total(answer, "sager") for answer in (mine, hers_here, hers_there)]
    assert counts == [7, 5, 2]


@pytest.mark.parametrize("nobody", ["6516779007", "9132289999", "9999999999", "6113280000"])
def test_nobody_has_nothing(answerer: Answerer, nobody: str) -> None:
    asked = [(Source.SDI, asking.sdi(cpr=nobody), "sager"), (Source.YI, asking.yi(cpr=nobody), "bevillinger")]
    for source, request, element in asked:
        answer = ask(answerer, source, request)
        assert (status(answer), total(answer, element)) == ("20", 0)


def test_a_stranger_owns_nothing(answerer: Answerer) -> None:
    answer = ask(answerer, Source.SDI, asking.sdi(cvr="12345678"))
    assert (status(answer), total(answer, "sager")) == ("20", 0)


def test_documents_come_with_the_cases_of_the_page(answerer: Answerer) -> None:
    answer = ask(answerer, Source.SDI, asking.sdi(cpr=KIM))
    records = texts(answer, f"{CASES}/sag:Registrering/sag:RelationListe/sag:Journalpost/gd:ReferenceID/*")
    assert sorted(records) == sorted(found_uuids(answer, DOCUMENTS))
    assert total(answer, "dokumenter") == len(records) == 3


def test_by_uuid(answerer: Answerer) -> None:
    answer = ask(answerer, Source.SDI, asking.sdi(cpr=KIM))
    cases, documents = found_uuids(answer, CASES), found_uuids(answer, DOCUMENTS)
    again = ask(answerer, Source.SDI, asking.sdi(cases=[cases[2].upper(), cases[0]]))
    assert found_uuids(again, CASES) == [cases[2], cases[0]]
    again = ask(answerer, Source.SDI, asking.sdi(documents=documents[:2], case_vis=()))
    assert (found_uuids(again, DOCUMENTS), found_uuids(again, CASES)) == (documents[:2], [])
    answer = ask(answerer, Source.YI, asking.yi(cvr=UDK, most=500))
    grants, payments = found_uuids(answer, GRANTS), found_uuids(answer, PAYMENTS)
    again = ask(answerer, Source.YI, asking.yi(grants=grants[-5:], payments=payments[-5:]))
    assert (found_uuids(again, GRANTS), found_uuids(again, PAYMENTS)) == (grants[-5:], payments[-5:])


def test_unknown_uuids_are_not_found(answerer: Answerer) -> None:
    known = found_uuids(ask(answerer, Source.SDI, asking.sdi(cpr=KIM)), CASES)[0]
    unknown = "00000000" + known[8:]
    for request in (
        asking.sdi(cases=[known, unknown]),
        asking.sdi(documents=[known]),
        asking.sdi(cases=["not-a-uuid"]),
    ):
        answer = ask(answerer, Source.SDI, request)
        assert (status(answer), found_uuids(answer, CASES)) == ("44", [])
    assert status(ask(answerer, Source.YI, asking.yi(payments=[unknown]))) == "44"
    assert status(ask(answerer, Source.PLAN, asking.plan(uuids=[unknown]))) == "44"


@pytest.mark.parametrize("words", ["", "<sdi:Filter/>"])
def test_an_empty_or_missing_filter_returns_nothing(answerer: Answerer, words: str) -> None:
    empty = asking.sdi(cpr=METTE, case_vis=(), document_vis=()).replace(b"<sdi:Filter></sdi:Filter>", words.encode())
    answer = ask(answerer, Source.SDI, empty)
    assert status(answer) == "20"
    assert len(answer) == 1


def test_an_empty_filter_returns_no_money(answerer: Answerer) -> None:
    request = asking.yi(cpr=METTE).split(b"<yi:Filter>")[0] + (
        b"</yi:FremsoegYdelseIndeksInput></soap:Body></soap:Envelope>"
    )
    answer = ask(answerer, Source.YI, request)
    assert (status(answer), len(answer)) == ("20", 1)


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("egenskaber", "sag:AttributListe/sag:Egenskaber"),
        ("egenskaber", "sag:AttributListe/gd:LokalUdvidelseListe"),
        ("fremdrift", "sag:TilstandListe/sag:Fremdrift"),
        ("sagsklasse", "sag:RelationListe/sag:Sagsklasse"),
        ("sagsaktoer", "sag:RelationListe/sag:Sagsaktoer"),
        ("sagspart", "sag:RelationListe/sag:Sagspart"),
        ("sagsrelation", "sag:RelationListe/sag:Sagsrelation"),
        ("journalpost", "sag:RelationListe/sag:Journalpost"),
        ("itsystem", "sag:RelationListe/gd:LokalUdvidelseListe"),
    ],
)
def test_only_what_is_asked_for_is_filled(answerer: Answerer, word: str, path: str) -> None:
    others = [each for each in asking.CASE_VIS if each != word]
    for cpr in (METTE, KIM):
        without = ask(answerer, Source.SDI, asking.sdi(cpr=cpr, case_vis=others, document_vis=()))
        assert without.find(f"{CASES}/sag:Registrering/{path}", NS) is None
    alone = [ask(answerer, Source.SDI, asking.sdi(cpr=cpr, case_vis=[word])) for cpr in (METTE, KIM)]
    assert any(answer.find(f"{CASES}/sag:Registrering/{path}", NS) is not None for answer in alone)


def test_only_what_is_asked_for_of_money_is_filled(answerer: Answerer) -> None:
    answer = ask(answerer, Source.YI, asking.yi(cpr=METTE, grant_vis=["egenskaber"], payment_vis=["itsystem"]))
    filled = {
        etree.QName(found).localname
        for path in (f"{GRANTS}/bi:Registrering/*/*", f"{PAYMENTS}/oef:Registrering/*/*")
        for found in answer.iterfind(path, NS)
    }
    assert filled == {"Egenskaber", "ItSystem", "OekonomiskEffektueringPart"}


def _changed(old: str, new: str) -> bytes:
    changed = asking.sdi(cpr=METTE, cvr=RANDERS, kle="32", first=0, most=5).decode()
    assert old in changed
    return changed.replace(old, new).encode()


STATE = "<sag:Fremdrift><sag:FremdriftStatusKode>Oplyst</sag:FremdriftStatusKode></sag:Fremdrift>"
EMPTY_SEARCH = "<sdi:SoegSag><sag:AttributListe/><sag:TilstandListe/><sag:RelationListe/></sdi:SoegSag>"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("urn:oio:cpr-nr:6815859002", "urn:oio:cpr-nr:681585", "fulgt af 10 cifre"),
        ("urn:oio:cvr-nr:", "urn:oio:pnr:", "fulgt af 8 cifre"),
        ("d839f26a", "00000000", "Sagspart har ikke en rolle"),
        ("9e979b84", "00000000", "Sagsaktoer har ikke en rolle"),
        ("a86c6581", "00000000", "Primær klasse"),
        ("Noegle>32<", "Noegle>3<", "2, 5 eller 8 tegn"),
        (">0</sd:Foerste", ">-1</sd:Foerste", "mindst 0"),
        (">5</sd:Maksimal", ">0</sd:Maksimal", "mindst 1"),
        ("<sag:TilstandListe/>", f"<sag:TilstandListe>{STATE}</sag:TilstandListe>", "FremdriftStatusKode"),
        ("<sdi:SoegSag>", f"<sdi:NOT>{EMPTY_SEARCH}</sdi:NOT><sdi:SoegSag>", "NOT i SoegUdtryk"),
        ("<sdi:SoegSag>", f"{EMPTY_SEARCH}<sdi:SoegSag>", "uden afgrænsning"),
        ("</sag:Sagspart>", "</sag:Sagspart><sag:Sagspart/>", "mere end én Sagspart"),
        ("<sdi:Vis>fremdrift<", "<sdi:Vis>alt<", "'alt' i SagVis kendes ikke"),
        ("<sdi:Vis>fremdrift<", "<sdi:Skjul/><sdi:Vis>fremdrift<", "Skjul i SagVis"),
        (">AND<", ">XOR<", "operation er 'XOR'"),
        (">AND<", "><", "operation er ''"),
        (">AND</sdi:operation>", ">AND</sdi:operation><sdi:operation>OR</sdi:operation>", "mere end én operation"),
        ("sdi:operation>", "yi:operation>", "operation i SoegUdtryk"),
        ("</sdi:Filter>", "<sdi:SagInkluder>bogus</sdi:SagInkluder></sdi:Filter>", "'bogus' i SagInkluder"),
        (
            "</sdi:Filter>",
            "<sdi:SagInkluder>sagsrelation</sdi:SagInkluder></sdi:Filter>",
            "'sagsrelation' i SagInkluder",
        ),
        ("</sdi:Filter>", "<sdi:DokumentInkluder>dokument</sdi:DokumentInkluder></sdi:Filter>", "DokumentInkluder"),
        ("</sdi:Filter>", "</sdi:Filter><sdi:Filter/>", "mere end én Filter"),
        ("</sdi:Filter>", "</sdi:Filter><sdi:Alt/>", "Alt i FremsoegSagDokumentIndeksInput"),
        ("</sdi:Fremsoeg", "<sdi:Sortering><sdi:SagSortering/></sdi:Sortering></sdi:Fremsoeg", "Sortering"),
    ],
)
def test_what_is_not_understood_is_refused_in_words(answerer: Answerer, old: str, new: str, words: str) -> None:
    answer = ask(answerer, Source.SDI, _changed(old, new), wrong=True)
    assert (status(answer), found_uuids(answer, CASES)) == ("40", [])
    assert words in (text(answer, "sd:StandardRetur/sd:FejlbeskedTekst") or "")


def test_documents_may_be_asked_for_as_the_standard_does(answerer: Answerer) -> None:
    included = _changed("</sdi:Filter>", "<sdi:SagInkluder>journalpost</sdi:SagInkluder></sdi:Filter>")
    plain = asking.sdi(cpr=METTE, cvr=RANDERS, kle="32", first=0, most=5)
    assert answerer.answer(Source.SDI, included) == answerer.answer(Source.SDI, plain)


@pytest.mark.parametrize("more", ["<Kle>32</Kle>", "<Cpr>6815859002</Cpr>", "<Foerste>0</Foerste><Foerste>9</Foerste>"])
def test_a_plan_search_is_read_whole(answerer: Answerer, more: str) -> None:
    request = asking.plan(cpr=METTE).replace(b"</PlanSoegning>", f"{more}</PlanSoegning>".encode())
    assert status(ask(answerer, Source.PLAN, request, wrong=True)) == "40"


def test_two_operations_in_one_envelope_are_not_understood(answerer: Answerer) -> None:
    once = asking.sdi(cpr=METTE).decode()
    operation = once[once.index("<sdi:Fremsoeg") : once.index("</soap:Body>")]
    with pytest.raises(NotUnderstood):
        answerer.answer(Source.SDI, once.replace(operation, operation * 2).encode())


def test_two_searches_of_one_kind_are_refused(answerer: Answerer) -> None:
    once = asking.sdi(cpr=METTE).decode()
    search = once[once.index("<sdi:SoegSag>") : once.index("</sdi:SoegUdtryk>")]
    assert status(ask(answerer, Source.SDI, once.replace(search, search * 2).encode())) == "40"


def test_too_many_uuids_are_refused(answerer: Answerer) -> None:
    assert status(ask(answerer, Source.SDI, asking.sdi(cases=["x"] * (LARGEST_UUID_LIST + 1)))) == "40"


@pytest.mark.parametrize("wrong", [{"cpr": "681585"}, {"cvr": "2918966"}, {"cvr": RANDERS, "most": 0}])
def test_plan_searches_that_make_no_sense_are_refused(answerer: Answerer, wrong: dict[str, str]) -> None:
    answer = ask(answerer, Source.PLAN, ASKED["plans"].request(**wrong), wrong=True)
    assert (status(answer), total(answer, "planer")) == ("40", 0)
    assert text(answer, "plan:FejlbeskedTekst")


def test_a_search_without_limits_is_refused(answerer: Answerer) -> None:
    for source, request in ((Source.SDI, asking.sdi()), (Source.YI, asking.yi()), (Source.PLAN, asking.plan())):
        assert status(ask(answerer, source, request, wrong=True)) == "40"


@pytest.mark.parametrize(
    "request_", [b"", b"<", b"<a/>", asking.yi(cpr=METTE), b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']
)
def test_what_is_no_such_request_is_not_understood(answerer: Answerer, request_: bytes) -> None:
    for source in (Source.SDI, Source.PLAN):
        with pytest.raises(NotUnderstood):
            answerer.answer(source, request_)


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second, other, later = (
        indexes(), indexes(), indexes("--seed=8"), indexes("--today=2026-11-25"),
    )  # fmt: skip
    for source, request in (
        (Source.SDI, asking.sdi(cvr=RANDERS, most=1000)),
        (Source.YI, asking.yi(cvr=UDK, most=1000)),
        (Source.PLAN, asking.plan(cvr=RANDERS)),
    ):
        answer = first.answerer.answer(source, request)
        checked(source, answer)
        assert second.answerer.answer(source, request) == answer
        assert other.answerer.answer(source, request) != answer
        assert later.answerer.answer(source, request) != answer


def test_demo_people_are_the_same_under_every_seed() -> None:
    first, other = indexes(), indexes("--seed=8", "--citizens=10", "--municipalities=3")
    assert first.people == other.people
    for request in (asking.sdi(cpr=JENS), asking.sdi(cpr=METTE)):
        assert first.answerer.answer(Source.SDI, request) == other.answerer.answer(Source.SDI, request)
