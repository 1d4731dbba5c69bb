"""Finding cases: by words, area, year and state, and where to go from a search that found nothing."""

import datetime as dt

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from indexes.records import CaseStatus, Outcome
from portal.citizen import pages
from portal.citizen.finding import asked_for, find
from portal.citizen.listing import ON_A_PAGE
from tests.sample_overview import an_overview, many, off, rich, stale
from tests.sample_records import a_case

RECEIVED, INFORMED, DECIDED, CLOSED = CaseStatus
MANY = many()


def found(**query: str) -> list[str]:
    return [case.title for case in find(rich().cases, asked_for(query)).cases]


def test_every_word_must_be_there_and_case_does_not_matter() -> None:
    assert found(q="KONTORSTOL ryg") == ["Kontorstol til ryggen"]
    assert found(q="kontorstol bolig") == []


def test_open_cases_come_before_closed_ones() -> None:
    assert found()[-1] == "Flytning"
    assert len(found()) == 5


def test_a_search_finds_the_number_and_the_sender() -> None:
    assert found(q="32.30.04-g01-118-26") == ["Sygedagpenge"]
    assert found(q="udbetaling danmark") == ["Boligstøtte"]


def test_a_search_finds_what_was_decided_of_a_case_that_has_ended() -> None:
    ended = a_case("Flytning", "23.05.10", (RECEIVED, -90), (DECIDED, -50), (CLOSED, -40), outcome=Outcome.REFUSED)
    cases = an_overview(cases=(ended,)).cases
    assert len(find(cases, asked_for({"q": "fik nej"})).cases) == 1
    assert len(find(cases, asked_for({"q": "fik ja"})).cases) == 0


def test_a_topic_narrows() -> None:
    topic = rich().cases.open[0].kle
    assert found(emne=topic) == [case.title for case in rich().cases.open if case.kle == topic]
    assert found(emne="99.99.99") == []


def test_an_area_narrows() -> None:
    assert found(omraade="udk_boligstoette") == ["Boligstøtte"]
    assert found(q="sygedagpenge", omraade="udk_boligstoette") == []


def test_the_open_and_the_ended_are_seen_alone() -> None:
    assert found(vis="afsluttede") == ["Flytning"]
    assert len(found(vis="igang")) == 4


@pytest.mark.parametrize(
    "query", [{"aar": "nonsense"}, {"aar": "²²²²"}, {"aar": "20146"}, {"vis": "nonsense"}, {"q": "  "}]
)
def test_nonsense_asks_for_nothing(query: dict[str, str]) -> None:
    assert asked_for(query).narrows() == ()
    assert len(found(**query)) == 5


def test_only_areas_with_cases_can_be_chosen_and_their_cases_are_counted() -> None:
    choices = find(rich().cases, asked_for({"omraade": "beskaeftigelse"})).areas
    assert [choice.value for choice in choices if choice.chosen] == ["beskaeftigelse"]
    assert [choice.title for choice in choices] == sorted(choice.title for choice in choices)
    assert sum(choice.number for choice in choices) == 5


def test_a_case_is_found_in_each_year_in_which_it_was_under_way() -> None:
    """From 2014 until it ended in 2015; the search's words may name the year, too."""
    days = [(dt.date(year, month, 1) - dt.date(2026, 11, 24)).days for year, month in ((2014, 3), (2015, 2))]
    ended = a_case("Støtte til bil", "27.60.20", (RECEIVED, days[0]), (CLOSED, days[1]))
    still = a_case("Rollator", "27.60.08", (RECEIVED, -400), (INFORMED, -390))
    cases = an_overview(cases=(ended, still)).cases
    assert [(year.value, year.number) for year in find(cases, asked_for({})).years] == [
        ("2026", 1),
        ("2025", 1),
        ("2015", 1),
        ("2014", 1),
    ]
    for query in ({"aar": "2014"}, {"aar": "2015"}, {"q": "bil 2014"}):
        assert [case.title for case in find(cases, asked_for(query)).cases] == ["Støtte til bil"]


def test_a_case_whose_days_are_out_of_order_has_a_year_all_the_same() -> None:
    """It ended before it began, says the register."""
    odd = a_case("Flytning", "23.05.10", (RECEIVED, -10), (CLOSED, -900))
    (year,) = find(an_overview(cases=(odd,)).cases, asked_for({})).years[-1:]
    assert find(an_overview(cases=(odd,)).cases, asked_for({"aar": year.value})).cases


def test_the_years_are_counted_among_what_else_is_asked_for() -> None:
    years = find(MANY.cases, asked_for({"q": "nummer 277", "aar": "2014"})).years
    assert [(year.value, year.number, year.query) for year in years] == [("2008", 1, "aar=2008&q=nummer+277")]


def test_a_search_without_a_hit_says_which_part_to_leave_out() -> None:
    nothing = find(MANY.cases, asked_for({"q": "nummer 277", "aar": "2014", "vis": "afsluttede"}))
    assert len(nothing.cases) == 0
    assert [(way.part, way.number, way.query) for way in nothing.wider] == [
        ("aar", 1, "vis=afsluttede&q=nummer+277"),
        ("q", 16, "aar=2014&vis=afsluttede"),
    ]
    more = find(MANY.cases, asked_for({"q": "rumrejse", "aar": "2014"}))
    assert [way.part for way in more.wider] == ["q"]
    assert [way.number for way in more.wider] == [len(find(MANY.cases, asked_for({"aar": "2014"})).cases)]


@given(
    st.fixed_dictionaries(
        {
            "q": st.sampled_from(["", "nummer", "nummer 7", "rumrejse"]),
            "aar": st.sampled_from(["", "2012", "2024", "1999"]),
            "vis": st.sampled_from(["", "igang", "afsluttede"]),
            "omraade": st.sampled_from(["", "beskaeftigelse", "nonsense"]),
        }
    )
)
def test_what_is_counted_is_what_would_be_found(query: dict[str, str]) -> None:
    """Each year, and each way to search more widely, finds as many as it says; only nothing asks for a wider search."""
    answer = find(MANY.cases, asked_for(query))
    for year in answer.years:
        assert len(find(MANY.cases, asked_for({**query, "aar": year.value})).cases) == year.number
    for way in answer.wider:
        assert len(find(MANY.cases, asked_for({**query, way.part: ""})).cases) == way.number
    assert not (answer.wider and answer.cases)


def test_only_a_page_of_a_long_list_is_put_into_words() -> None:
    """Two thousand cases cost their facts, and a page of words."""
    cases = [
        a_case(f"Sag nummer {n}", "32.30.04", (RECEIVED, -3 * n - 9), (CLOSED, -3 * n - 1)) for n in range(1, 2000)
    ]
    shown = an_overview(cases=cases)
    pages.cases(shown, {"aar": "2014", "vis": "afsluttede"})
    assert sum(item.is_worded for item in shown.cases.closed.items) == ON_A_PAGE


def test_a_search_is_kept_from_page_to_page() -> None:
    page = pages.cases(MANY, {"q": "sag  & ære", "omraade": "social", "aar": "2014"})
    assert page["query"] == "omraade=social&aar=2014&q=sag+%26+%C3%A6re&"


@pytest.mark.usefixtures("strict_templates", "sample_addresses")
@pytest.mark.parametrize(
    ("sample", "words"),
    [
        ("many", "Vi fandt ingen af dine sager."),
        ("stale", "Vi fandt ingen blandt de sager, vi kan vise dig. Der kan være flere."),
    ],
)
def test_nothing_found_is_not_said_to_be_nothing_there(client: Client, sample: str, words: str) -> None:
    assert (MANY.cases.complete, stale().cases.complete) == (True, False)
    text = client.get(f"/proeve/{sample}/cases/", {"q": "rumrejse"}).content.decode()
    assert words in text
    assert "Vis også sager uden dine søgeord" in text
    assert "Du har ingen sager" not in text


def test_where_nothing_is_shown_nothing_is_searched() -> None:
    page = pages.cases(off(), {"q": "bil"})
    assert not page["any"]
