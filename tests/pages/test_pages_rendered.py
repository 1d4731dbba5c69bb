"""Every page of every sample, rendered in every language: complete, honest, and without a word of style."""

import re
from dataclasses import replace as replace_entry

import pytest
from django.template import engines
from django.template.loader import get_template
from django.test import Client
from django.urls import resolve
from msgspec.structs import replace

from borgerblik import languages
from borgerblik.overview.access import entry_view
from borgerblik.overview.elements import State
from borgerblik.words import LANGUAGES
from borgerblik.words import load as load_words
from portal.ui_words import load
from tests.pages.sample_urls import AT, THEIRS, every_page, pages_of
from tests.sample_overview import LONG_WORD, SAMPLES

pytestmark = pytest.mark.usefixtures("strict_templates", "sample_addresses")


ADDRESSES = [f"/proeve/{page}/" for page in every_page()]


def read(client: Client, address: str, language: str = "da") -> str:
    answer = client.get(address, {"sprog": language})
    return answer.content.decode()


# Every page in the languages that differ most; every language on the pages that say most.
SAID = [
    *((address, language) for address in ADDRESSES for language in ("da", "en", "ar")),
    *((f"/proeve/rich/{page}/", other) for page in pages_of(SAMPLES["rich"]("da")) for other in LANGUAGES),
]


@pytest.mark.parametrize(("address", "language"), sorted(set(SAID)))
def test_a_page_is_whole(client: Client, address: str, language: str) -> None:
    html = read(client, address, language)
    reads = languages.load()[language]
    assert f'<html lang="{reads.tag}" dir="{reads.direction}"' in html
    assert html.count("<h1") == 1
    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"\son[a-z]+=", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    pointed = re.findall(r'(?:aria-labelledby|aria-describedby|for)="([^"]+)"', html)
    assert {one for many in pointed for one in many.split()} <= set(ids)


@pytest.mark.parametrize(
    ("sample", "state"),
    [
        ("rich", State.FRESH),
        ("stale", State.STALE),
        ("failed", State.FAILED),
        ("off", State.OFF),
        ("empty", State.EMPTY),
    ],
)
def test_each_section_says_how_it_stands(client: Client, sample: str, state: State) -> None:
    html = read(client, f"/proeve/{sample}/overview/")
    shown = SAMPLES[sample]("da")
    for section in (shown.cases, shown.money, shown.plan):
        assert section.state is state
        for notice in section.notices:
            assert notice.text in html
            assert (notice.title in html) is (state is not State.OFF), (
                "Who has not opened it is in the section's words."
            )
        if state in {State.FAILED, State.OFF, State.EMPTY}:
            assert section.words in html
    for source in shown.sources:
        assert source.words in html


def test_a_case_tells_of_trouble_but_not_of_what_was_never_opened(client: Client) -> None:
    """A case that is shown lies in an area that is open: the other areas have nothing to do with it."""
    html = read(client, "/proeve/stale/case/")
    told = {notice.state: notice.title in html for notice in SAMPLES["stale"]("da").cases.notices}
    assert told == {State.STALE: True, State.OFF: False}


@pytest.mark.parametrize("sample", ["stale", "failed", "off"])
def test_nothing_is_never_said_when_it_is_not_known(client: Client, sample: str) -> None:
    for page in ("overview", "cases", "money", "plan"):
        html = read(client, f"/proeve/{sample}/{page}/")
        assert "Du har ingen" not in html
        assert "Du får ingen" not in html


def test_a_registers_own_words_are_marked_in_another_language(client: Client) -> None:
    danish, english = read(client, "/proeve/rich/case/"), read(client, "/proeve/rich/case/", "en")
    assert "<bdi" not in danish
    assert '<bdi lang="da">Kontorstol til ryggen</bdi>' in english
    assert '<bdi lang="da">Afgørelse om kontorstol</bdi>' in english


def test_what_authorities_write_is_marked_in_another_language(client: Client) -> None:
    """Opening hours, units and meeting places are only there in Danish; a screen reader must read them so."""
    shown = SAMPLES["rich"]("en")
    plan = shown.plan.plan
    assert plan is not None
    assert plan.next_meeting is not None
    bar = plan.goals[0].interventions[0]
    html = read(client, "/proeve/rich/overview/", "en")
    for words in (shown.authority.hours, shown.authority.address, plan.next_meeting.place, bar.unit, bar.detail):
        assert words is None or f'<bdi lang="da">{words}</bdi>' in html


def test_what_is_drawn_also_stands_in_words(client: Client) -> None:
    shown = SAMPLES["rich"]("da")
    html = read(client, "/proeve/rich/overview/")
    assert shown.money.chart is not None
    for month in shown.money.chart.months:
        assert f">{month.long_label}" in html
        assert f">{month.total.words}</td>" in html
    assert shown.plan.plan is not None
    for goal in shown.plan.plan.goals:
        for intervention in goal.interventions:
            assert intervention.title.text in html
            assert intervention.period in html


def test_what_one_does_with_somebody_is_said_to_be_with_them() -> None:
    plan = SAMPLES["rich"]("da").plan.plan
    assert plan is not None
    mine = next(agreement for agreement in plan.agreements if agreement.yours)
    page = {"language": "da", "ui": load("da"), "title": "Det gør du", "id": "mine", "yours": True}
    told = {
        who: get_template("parts/agreements.html").render({**page, "agreements": (replace(mine, who=who),)})
        for who in (mine.who, "Mette og mentor")
    }
    assert ["<small>" in html for html in told.values()] == [False, True]
    assert "<small>Mette og mentor</small>" in told["Mette og mentor"]


def test_the_next_meeting_stands_once_and_the_others_say_whether_they_are_held(client: Client) -> None:
    plan = SAMPLES["rich"]("da").plan.plan
    assert plan is not None
    assert plan.next_meeting is not None
    _, _, listed = read(client, "/proeve/rich/plan/").partition('id="h-moeder"')
    assert listed.count(f'datetime="{plan.next_meeting.when.iso}"') == 1
    held = sum(meeting.held for meeting in plan.meetings)
    assert listed.count("Vi har fulgt op</strong>") == held
    assert listed.count("Kommer</strong>") == len(plan.meetings) - held - 1


def test_a_difference_in_money_is_explained_without_opening_anything(client: Client) -> None:
    html = read(client, "/proeve/troubled/money/")
    outside = re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)
    for payment in SAMPLES["troubled"]("da").money.payments:
        for sentence in payment.explanation:
            assert sentence in outside
        for step in payment.ladder:
            assert step.amount.words in html


def test_three_hundred_cases_stand_on_six_pages(client: Client) -> None:
    first = read(client, "/proeve/many/cases/")
    assert first.count("/sager/") - first.count('href="/sager/"') == 50
    assert "Side 1 af 6" in first
    last = client.get("/proeve/many/cases/", {"side": "6"}).content.decode()
    assert "Side 6 af 6" in last
    found = client.get("/proeve/many/cases/", {"q": "nummer 299"}).content.decode()
    assert "Vi fandt 1 sag." in found
    assert "Sag nummer 299" in found


def test_who_has_few_cases_is_not_offered_to_search_them(client: Client) -> None:
    shown = SAMPLES["rich"]("da").cases
    assert len(shown.open) + len(shown.closed) < 6
    assert 'role="search"' not in read(client, "/proeve/rich/cases/")
    assert 'role="search"' in client.get("/proeve/rich/cases/", {"q": "stol"}).content.decode()
    assert 'role="search"' in read(client, "/proeve/many/cases/")


def test_a_search_that_finds_nothing_says_so(client: Client) -> None:
    html = client.get("/proeve/many/cases/", {"q": "findes ikke"}).content.decode()
    assert "Vi fandt ingen af dine sager." in html


def test_what_a_visitor_writes_is_shown_as_words(client: Client) -> None:
    html = client.get("/proeve/many/cases/", {"q": '"><script>'}).content.decode()
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_links_to_what_is_not_there(client: Client, address: str) -> None:
    """Every address within the site that a page links to is one of ours (``resolve`` raises when it is not)."""
    for linked in set(re.findall(r'(?:href|action)="(/[^"#?]*)', read(client, address))):
        if not linked.startswith("/static/"):
            resolve(linked)


def test_anchors_within_a_page_exist(client: Client) -> None:
    html = read(client, "/proeve/rich/overview/")
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) - {"bo-months"} <= ids


def test_money_anchors_of_the_attention_list_exist(client: Client) -> None:
    shown = SAMPLES["troubled"]("da")
    links = [item.action.href for item in shown.attention if item.action]
    wanted = {link.removeprefix("/penge/#") for link in links if link.startswith("/penge/#")}
    ids = set(re.findall(r'\sid="([^"]+)"', read(client, "/proeve/troubled/money/")))
    assert wanted
    assert wanted <= ids


def test_long_words_are_not_cut(client: Client) -> None:
    html = client.get("/proeve/long_words/case/", {"sag": "Sygedagpenge"}).content.decode()
    assert html.count(LONG_WORD) >= 3  # its title, its unit and its number


@pytest.mark.parametrize(
    ("language", "html"),
    [
        ("da", "Du &lt;bad&gt; om det."),
        ("en", "You asked."),
        ("de", '<bdi lang="da">Du &lt;bad&gt; om det.</bdi> (auf Dänisch)'),
        ("ar", '<bdi lang="da">Du &lt;bad&gt; om det.</bdi> (بالدنماركية)'),
    ],
)
def test_a_systems_own_words_are_marked_as_danish_on_a_page_in_another_language(language: str, html: str) -> None:
    entry = replace_entry(THEIRS, purpose="Du <bad> om det.\nYou asked.")
    shown = SAMPLES["rich"](language)
    told = entry_view(entry, None, authority=shown.authority, words=load_words(language), today=AT.date()).entry.why
    page = engines["django"].from_string("{% load ui %}{% why told %}")
    assert page.render({"told": told, "language": language}) == html
