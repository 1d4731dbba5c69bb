"""The synthetic Denmark is as untidy as it says, and no more: nothing of it could be anyone's."""

from collections import Counter
from math import sqrt
from pathlib import Path

import pytest

from indexes.mock.answers import Source
from indexes.mock.synthetic.rates import load_rates
from tests.mock import asking
from tests.mock.indexes import checked, indexes
from tests.mock.survey import SECRET_WORDS, Survey, survey

CITIZENS = 2500
KIM = "8519939009"
HOME = Path(__file__).resolve().parents[2] / "indexes" / "mock"
RATES = load_rates().table


@pytest.fixture(scope="module")
def seen() -> Survey:
    return survey(indexes(f"--citizens={CITIZENS}").answerer)


@pytest.mark.parametrize("name", RATES)
def test_it_happens_as_often_as_it_says(seen: Survey, name: str) -> None:
    rate, there_are = RATES[name], seen.of[RATES[name].of]
    assert there_are > 0
    deviation = sqrt(rate.share * (1 - rate.share) / there_are)  # of a binomial share
    assert abs(seen.found[name] / there_are - rate.share) <= 4 * deviation + rate.share * 0.1


def test_nothing_else_is_counted(seen: Survey) -> None:
    assert set(seen.found) <= set(RATES)


def test_there_is_something_of_everything(seen: Survey) -> None:
    assert seen.of["case"] > CITIZENS
    assert seen.of["grant"] > CITIZENS / 2
    assert seen.of["paid_payment"] > CITIZENS * 10
    assert seen.of["document"] > CITIZENS / 5
    assert seen.of["plan"] > CITIZENS / 100


def test_no_cpr_number_is_a_possible_date(seen: Survey) -> None:
    assert seen.possible_cprs == set()


def test_kims_words_are_in_kims_secret_places_only(seen: Survey) -> None:
    mine = indexes("--citizens=0").answerer
    answers = [
        mine.answer(Source.SDI, asking.sdi(cpr=KIM)),
        mine.answer(Source.YI, asking.yi(cpr=KIM)),
        mine.answer(Source.PLAN, asking.plan(cpr=KIM)),
    ]
    for source, answer in zip(Source, answers, strict=True):
        checked(source, answer)
    kims: Counter[str] = Counter(
        {word: sum(answer.count(word.encode()) for answer in answers) for word in SECRET_WORDS}
    )
    assert all(kims.values())
    assert kims == seen.words


def test_kims_words_are_in_kims_file_only() -> None:
    holding = {
        path.name
        for path in HOME.rglob("*")
        if path.suffix in {".py", ".toml", ".csv", ".xsd", ".md"}
        and any(word in path.read_text(encoding="utf-8") for word in SECRET_WORDS)
    }
    assert holding == {"kim.toml"}


def test_the_table_says_every_rate() -> None:
    described = load_rates().described()
    assert all(name in described and rate.what in described for name, rate in RATES.items())
