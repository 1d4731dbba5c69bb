"""After each decision the administrator is told what citizens now see."""

from datetime import date

import pytest

from borgerblik import areas
from borgerblik.policy import AreaRule, Policy, TitleChoice
from tests.municipality.desks import SHOWN, UDBETALING, after, policy

SOCIAL = areas.load().by_key["social"]
NAME = "Social støtte og hjælpemidler"


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (policy(social=SHOWN), f"Borgere i Randers Kommune kan nu se {NAME}."),
        (policy(social=AreaRule()), f"Borgere i Randers Kommune kan ikke længere se {NAME}."),
        (
            policy(etaper=(1,), social=SHOWN),
            f"{NAME} er valgt til. Borgerne kan se det, når etape 3 er slået til.",
        ),
        (
            policy(since=None, social=SHOWN),
            f"{NAME} er valgt til. Borgerne kan se det, når Randers Kommune er på Borgerblik.",
        ),
        (
            policy(social=AreaRule(shown=True, from_date=date(2024, 1, 1))),
            f"Borgere i Randers Kommune kan nu se {NAME}. De ser sager fra og med 1. januar 2024.",
        ),
        (
            policy(
                social=AreaRule(
                    shown=True,
                    from_date=date(2024, 1, 1),
                    active_regardless=True,
                    title=TitleChoice.CASE,
                    fagsystemer=frozenset({"KSD", "DUBU"}),
                    document_titles=True,
                ),
            ),
            (
                f"Borgere i Randers Kommune kan nu se {NAME}. De ser sager fra og med 1. januar 2024 og alle aktive "
                "sager. Kun sager fra DUBU og KSD tæller. Sagerne har deres egen titel. De ser titler på dokumenter."
            ),
        ),
    ],
)
def test_after_a_decision_about_an_area(own: Policy, words: str) -> None:
    assert after(own).of_area(SOCIAL) == words


def test_udbetaling_danmark_decides_for_the_whole_country() -> None:
    housing = areas.load().by_key["udk_boligstoette"]
    told = after(policy(UDBETALING, udk_boligstoette=SHOWN)).of_area(housing)
    assert told == "Borgere i hele landet kan nu se Boligstøtte."


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (
            policy(social=SHOWN, dagtilbud=SHOWN),
            f"Etape 3 er slået til. Borgere i Randers Kommune kan nu se: {NAME} og Dagtilbud.",
        ),
        (
            policy(etaper=(1, 2), social=SHOWN),
            f"Etape 3 er slået fra. Borgere i Randers Kommune kan ikke længere se: {NAME}.",
        ),
        (
            policy(),
            "Etape 3 er slået til. Ingen områder i etapen er valgt til endnu, så borgerne ser det samme som før.",
        ),
        (policy(etaper=()), "Etape 3 er slået fra. Borgerne ser det samme som før."),
        (
            policy(since=None, social=SHOWN),
            "Etape 3 er slået til. Borgerne ser intet, før Randers Kommune er på Borgerblik.",
        ),
    ],
)
def test_after_an_etape_was_switched(own: Policy, words: str) -> None:
    assert after(own).of_etape(3) == words


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2020, 6, 1), "Randers Kommune er på Borgerblik fra 1. juni 2020."),
        (
            date(2027, 1, 1),
            "Randers Kommune kommer på Borgerblik 1. januar 2027. Indtil da ser borgerne intet fra Randers Kommune.",
        ),
        (None, "Randers Kommune er ikke længere på Borgerblik. Borgerne ser intet fra Randers Kommune."),
    ],
)
def test_after_the_day_was_set(since: date | None, words: str) -> None:
    assert after(policy(since=since)).of_since() == words
