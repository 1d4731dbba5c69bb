"""The money page: nothing odd without a sentence and a number to call, and nothing unknown as a zero."""

import re

import pytest
from django.template import Context, Template
from django.test import Client
from lxml import html
from lxml.html import HtmlElement
from msgspec.structs import replace

from borgerblik.words import LANGUAGES
from portal.citizen import money
from tests.borgerblik.makers import grant, payment
from tests.borgerblik.overviews import overview
from tests.sample_overview import SAMPLES

pytestmark = pytest.mark.usefixtures("strict_templates", "sample_addresses")


def page(client: Client, sample: str, name: str = "money", language: str = "da") -> HtmlElement:
    answer = client.get(f"/proeve/{sample}/{name}/", {"sprog": language})
    return html.fromstring(answer.content.decode())


def said(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def in_sight(element: HtmlElement) -> HtmlElement:
    """It without what must be opened first."""
    for hidden in element.xpath(".//details"):
        hidden.drop_tree()
    return element


def calls(element: HtmlElement) -> list[str]:
    return [str(href) for href in element.xpath('.//a[starts-with(@href, "tel:")]/@href')]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", ["rich", "troubled"])
def test_every_odd_line_has_a_number_to_call_in_sight(client: Client, sample: str, language: str) -> None:
    body = page(client, sample, language=language)
    odd = [one for one in body.find_class("bo-payment") if one.find_class("bo-why")]
    changed = [one for one in body.find_class("bo-change") if one.xpath(".//h4")]
    ending = [one for one in body.find_class("bo-grant") if one.find_class("bo-why")]
    assert odd
    assert changed
    assert bool(ending) == (sample == "rich")
    for one in (*odd, *changed, *ending):
        assert calls(in_sight(one)), said(one)


def test_why_a_month_is_not_like_the_one_before_stands_in_sight_and_the_other_months_below(client: Client) -> None:
    first, *others = SAMPLES["troubled"]("da").money.changes()
    (section,) = page(client, "troubled").xpath('//section[@id="forskel"]')
    everything = said(section)
    for month in (first, *others):
        assert month.words in everything
        for kind in month.changes:
            assert all(sentence in everything for sentence in (kind.words, *kind.why))
    shown = said(in_sight(section))
    assert first.words in shown
    assert others[0].words not in shown


def test_the_front_page_says_that_a_month_differs_and_leads_to_why(client: Client) -> None:
    (link,) = page(client, "troubled", "overview").xpath('//a[@href="/penge/#forskel"]')
    assert SAMPLES["troubled"]("da").money.changes()[0].words in said(link.getparent())
    for same in ("rich", "empty"):
        assert not page(client, same, "overview").xpath('//a[@href="/penge/#forskel"]')


def test_the_next_payment_shows_what_it_consists_of_and_what_comes_later(client: Client) -> None:
    (panel,) = page(client, "rich").find_class("bo-next")
    now, later = (said(part) for part in panel.find_class("bo-next-list"))
    assert "Sygedagpenge" in now
    assert "Før skat: 18.628,00 kr." in now
    assert "5.216,00 kr. er trukket i skat og ATP." in now
    assert "Boligstøtte" not in now
    assert "Boligstøtte" in later


def test_a_step_that_is_not_known_is_a_dash_and_a_sentence(client: Client) -> None:
    coming = page(client, "rich").xpath('//section[@aria-labelledby="h-paavej"]//tr')
    cells = {said(row.find("th")): said(row.find("td")) for row in coming}
    assert cells["Udbetalt til digDet har vi ikke fået at vide endnu."] == "–"
    assert "0,00 kr." not in cells.values()


def ladder_of(**steps: object) -> list[tuple[str, str | None]]:
    shown = overview(grants=[grant()], payments=[payment(**steps)])
    (card,) = money.payment_cards(shown, (*shown.money.coming, *shown.money.payments))
    return [(rung.label, rung.step.amount.words if rung.step else None) for rung in card.ladder]


def test_a_ladder_has_every_step_in_its_order() -> None:
    gross, after_tax, sent, paid = "Før skat", "Efter skat og ATP", "Til din konto", "Udbetalt til dig"
    assert ladder_of() == [
        (gross, "18.628,00 kr."),
        (after_tax, "13.412,00 kr."),
        (sent, "13.412,00 kr."),
        (paid, "13.412,00 kr."),
    ]
    assert ladder_of(after_tax=None, paid=None) == [
        (gross, "18.628,00 kr."),
        (after_tax, None),
        (sent, "13.412,00 kr."),
        (paid, None),
    ]
    untaxed = ladder_of(after_tax=payment().gross, sent=None, paid=None)
    assert untaxed == [("Beløb", "18.628,00 kr."), (sent, None), (paid, None)]


def test_what_ends_soon_says_what_to_do(client: Client) -> None:
    shown = SAMPLES["rich"]("da").money
    ((uuid, soon),) = [(one.uuid, one.ends_soon) for one in shown.grants if one.ends_soon]
    (row,) = [one for one in page(client, "rich").find_class("bo-grant") if soon in said(one)]
    assert (shown.closer()[uuid].ending or "nothing") in said(row)
    assert calls(row) == ["tel:+4500000000"]


def test_who_took_money_for_a_debt_has_a_number_of_their_own() -> None:
    taken = payment(paid=payment().gross - 10_000, paid_text="Modregning fra Gældsstyrelsen")
    (figures,) = overview(grants=[grant()], payments=[taken]).money.figures()
    assert figures.creditor is not None
    assert re.fullmatch(r"tel:\+45\d{8}", figures.creditor.phone_href or "")
    (others,) = overview(grants=[grant()], payments=[replace(taken, paid_text="Træk")]).money.figures()
    assert others.creditor is None


def test_a_registers_own_reason_is_marked_in_another_language(client: Client) -> None:
    reason = "Modregnet gæld til SKAT"
    danish, english = page(client, "troubled"), page(client, "troubled", language="en")
    assert not danish.xpath("//main//bdi")
    marked = english.xpath(f'//main//bdi[@lang="da"][text()="{reason}"]')
    places = {next(one.iterancestors("article", "section")).get("class") for one in marked}
    assert len(marked) == 3, "on the payment, in its ladder and in its month"
    assert places == {"bo-payment", "bo-section"}


def test_what_is_quoted_is_found_and_nothing_of_it_is_code() -> None:
    page = {
        "language": "en",
        "told": ("<b>Træk", "<b>Træk & mere", ""),
        "said": "Reason: <b>Træk & mere. <b>Træk. <b>Træks",
    }
    written = Template("{% load ui %}{% quoting said told %}").render(Context(page))
    first, second = ("&lt;b&gt;Træk &amp; mere", "&lt;b&gt;Træk")
    assert written == f'Reason: <bdi lang="da">{first}</bdi>. <bdi lang="da">{second}</bdi>. {second}s'
    assert (
        Template("{% load ui %}{% quoting said none %}")
        .render(Context({**page, "none": ()}))
        .startswith("Reason: &lt;")
    )


def test_the_words_of_the_legend_are_one_piece_beside_their_colour(client: Client) -> None:
    """A name with a part that is marked as Danish would else be laid out as several things in a row."""
    entries = [li for ul in page(client, "rich").find_class("bo-legend") for li in ul.iter("li")]
    assert entries
    assert {tuple(str(part.tag) for part in li) for li in entries} == {("svg", "span")}
