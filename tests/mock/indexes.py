"""A Denmark for the tests, and its answers as trees."""

from datetime import date

from lxml import etree

from indexes.mock.__main__ import arguments_of, build
from indexes.mock.answers import Answerer, Source
from indexes.mock.server import Indexes
from tests.mock.asking import NS
from tests.schemas import check

TODAY = date(2026, 11, 24)
SLOW_SECONDS = 0.4  # long enough to be seen, short enough to wait for


def indexes(*options: str) -> Indexes:
    """The mock indexes with 600 citizens on a fixed day, unless the options say otherwise."""
    built = build(arguments_of([f"--today={TODAY}", "--citizens=600", "--seed=7", *options]))
    built.troubles.slow_seconds = SLOW_SECONDS
    return built


def message(answer: bytes) -> etree._Element:
    """What the SOAP body of an answer holds, or the answer itself when it is no SOAP."""
    root = etree.fromstring(answer)
    body = root.find("soap:Body", NS)
    return root if body is None else body[0]


def checked(source: Source, answer: bytes) -> etree._Element:
    """What an answer holds, which is valid."""
    found = message(answer)
    check(source, found)
    return found


def ask(answerer: Answerer, source: Source, request: bytes, *, wrong: bool = False) -> etree._Element:
    """What the answer to a request holds. Both are valid; ``wrong`` says that the request is not meant to be."""
    if not wrong:
        check(source, message(request))
    return checked(source, answerer.answer(source, request))


def texts(node: etree._Element, path: str) -> list[str]:
    return [found.text or "" for found in node.iterfind(path, NS)]


def text(node: etree._Element, path: str) -> str | None:
    return node.findtext(path, namespaces=NS)


def status(node: etree._Element) -> str | None:
    return text(node, "sd:StandardRetur/sd:StatusKode") or text(node, "plan:StatusKode")


def total(node: etree._Element, element: str) -> int | None:
    """The Antal of an Element; of a PlanSvar its only one."""
    if element == "planer":
        return int(text(node, "plan:Antal") or "-1")
    for found in node:
        if etree.QName(found).localname == "Antal" and found[0].text == element:
            return int(found[1].text or "-1")
    return None


CASES = "sdi:SagFiltreretOejebliksbillede"
DOCUMENTS = "sdi:DokumentFiltreretOejebliksbillede"
GRANTS = "yi:BevillingFiltreretOejebliksbillede"
PAYMENTS = "yi:OekonomiskEffektueringFiltreretOejebliksbillede"
UUID = {
    CASES: "sag:ObjektType/sd:UUIDIdentifikator",
    DOCUMENTS: "di:ObjektType/sd:UUIDIdentifikator",
    GRANTS: "bi:ObjektType/sd:UUIDIdentifikator",
    PAYMENTS: "oef:ObjektType/sd:UUIDIdentifikator",
    "plan:Plan": "plan:PlanUuid",
}


def found_uuids(node: etree._Element, kind: str) -> list[str]:
    return texts(node, f"{kind}/{UUID[kind]}")
