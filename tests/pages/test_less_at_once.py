"""What a worried reader does not need first waits to be opened; nothing is said twice."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from lxml import html
from lxml.html import HtmlElement

from borgerblik.overview.elements import State
from borgerblik.words import LANGUAGES
from indexes.records import Case, CaseStatus, Outcome
from portal.citizen import pages
from portal.ui_words import load
from tests.sample_overview import SAMPLES, an_overview
from tests.sample_records import a_case, a_grant

pytestmark = pytest.mark.usefixtures("strict_templates", "sample_addresses")
RECEIVED, INFORMED, DECIDED, CLOSED = CaseStatus


def page(client: Client, address: str, **query: str) -> HtmlElement:
    return read(client.get(f"/proeve/{address}/", query).content.decode())


def read(written: str) -> HtmlElement:
    return html.fromstring(written)


def said(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def some_cases(number: int) -> list[Case]:
    return [a_case(f"Sag {n}", "32.30.04", (RECEIVED, -300 - n)) for n in range(number)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", ["rich", "empty"])
def test_when_all_have_answered_it_is_one_sentence_and_each_answer_waits(
    client: Client, sample: str, language: str
) -> None:
    shown = SAMPLES[sample](language)
    (section,) = page(client, f"{sample}/overview", sprog=language).xpath('//section[@id="kilder"]')
    (folded,) = section.xpath(".//details[not(@open)]")
    assert all(source.words in said(folded) for source in shown.sources)
    folded.drop_tree()
    assert shown.freshness in said(section)
    assert not any(source.words in said(section) for source in shown.sources)


@pytest.mark.parametrize("sample", ["stale", "failed", "off"])
def test_when_one_has_not_answered_each_is_told_of_in_sight(client: Client, sample: str) -> None:
    shown = SAMPLES[sample]("da")
    (section,) = page(client, f"{sample}/overview").xpath('//section[@id="kilder"]')
    assert section.xpath(".//details") == []
    assert all(source.words in said(section) for source in shown.sources)
    assert load("da").say("sources_well") not in said(section)


@pytest.mark.parametrize("state", [State.STALE, State.FAILED, State.OFF])
def test_one_source_of_five_is_enough_not_to_be_well(state: State) -> None:
    assert pages.overview(an_overview())["well"]
    assert not pages.overview(an_overview(states={"yi": state}))["well"]


def test_a_case_shows_three_payments_and_the_older_ones_wait(client: Client) -> None:
    body = page(client, "troubled/case")
    (older,) = body.find_class("bo-older")
    assert said(older.find("summary")) == "Vis 1 ældre udbetaling"
    assert len(older.find_class("bo-payment")) == 1
    older.drop_tree()
    days = [time.get("datetime") for one in body.find_class("bo-payment") for time in one.xpath(".//time")]
    assert days == ["2026-10-30", "2026-09-30", "2026-08-31"]


@pytest.mark.parametrize(
    ("number", "query", "search"),
    [
        (5, {}, "none"),
        (6, {}, "folded"),
        (15, {}, "folded"),
        (16, {}, "open"),
        (6, {"q": "x"}, "open"),
        (5, {"q": "x"}, "open"),
    ],
)
def test_few_cases_are_not_searched_first(client: Client, number: int, query: dict[str, str], search: str) -> None:
    """None up to five cases, and one to be opened up to fifteen; one that has been used stays in sight."""
    shown = pages.cases(an_overview(cases=some_cases(number)), query)
    asked = client.get("/proeve/rich/cases/").wsgi_request
    body = read(render_to_string("citizen/cases.html", shown, asked))
    forms = [bool(form.xpath("ancestor::details")) for form in body.find_class("bo-search")]
    assert forms == {"none": [], "folded": [True], "open": [False]}[search]


def test_the_search_of_many_stands_in_sight(client: Client) -> None:
    (form,) = page(client, "many/cases").find_class("bo-search")
    assert form.xpath("ancestor::details") == []


def badges(outcome: Outcome | None, *, paid: bool, status: CaseStatus = DECIDED) -> list[str]:
    """What stands beside the title of a case."""
    case = a_case("Boligstøtte", "32.06.12", (RECEIVED, -90), (status, -60), outcome=outcome)
    grants = (a_grant("Boligstøtte", "32.06.12", 1216, start=-60),) if paid else ()
    shown = an_overview(cases=(case,), grants=grants).cases
    (only,) = shown.open + shown.closed
    found = html.fragment_fromstring(render_to_string("parts/case_badges.html", {"case": only}), create_parent=True)
    return [said(one) for one in found.find_class("badge")]


@pytest.mark.parametrize(
    ("outcome", "paid", "status", "told"),
    [
        (Outcome.GRANTED, True, DECIDED, ["Du får pengene"]),
        (Outcome.PARTLY, True, DECIDED, ["Du får pengene", "Du fik ja til noget af det"]),
        (Outcome.GRANTED, False, DECIDED, ["Du fik ja"]),
        (Outcome.REFUSED, False, DECIDED, ["Du fik nej"]),
        (Outcome.GRANTED, False, CLOSED, ["Afsluttet", "Du fik ja"]),
        (None, False, INFORMED, ["Vi samler oplysninger"]),
    ],
)
def test_a_case_that_pays_has_one_badge(
    outcome: Outcome | None,
    paid: bool,  # noqa: FBT001 - a column of the table
    status: CaseStatus,
    told: list[str],
) -> None:
    assert badges(outcome, paid=paid, status=status) == told


def test_no_number_of_a_topic_stands_on_a_case(client: Client) -> None:
    kle = SAMPLES["rich"]("da").cases.open[0].kle
    assert kle not in said(page(client, "rich/case"))
