"""Every trouble an index can be in, over HTTP: the rows stay, and the state says what is wrong."""

import pytest
from pytest_django import Settings

from indexes import authorities
from indexes.models import Case, Grant, Outcome, Payment, Plan, SourceState, SyncRun
from indexes.records import Source
from indexes.store import Wanted
from indexes.sync import RunResult, Terms, open_source, sync_authority
from tests.indexes.makers import RANDERS
from tests.ops.mock_indexes import MockIndexes

pytestmark = pytest.mark.django_db

ALL = frozenset(f"{number:02}" for number in range(100))
TERMS = Terms(wanted=Wanted(case=ALL, grant=ALL, payment=ALL, plan=ALL), max_removal_share=0.25)

EXPECTED = {
    "slow": {"timeout"},
    "hang": {"timeout"},
    "status503": {"overloaded"},
    "malformed": {"bad_answer"},
    "truncated": {"bad_answer", "unreachable"},
    "fault": {"fault", "failing"},
    "off": {"unreachable"},
    "empty": {"empty_answer"},
}


@pytest.fixture(autouse=True)
def _addresses(settings: Settings, mock_indexes: MockIndexes) -> None:
    settings.SDI_URL = mock_indexes.sdi_url
    settings.YI_URL = mock_indexes.yi_url
    settings.PLAN_URL = mock_indexes.plan_url


def read(source: Source) -> RunResult:
    with open_source(source) as reader:
        return sync_authority(reader, authorities.by_cvr[RANDERS], TERMS)


def rows() -> list[set[tuple[object, ...]]]:
    return [set(model.objects.values_list("citizen", "uuid", "digest")) for model in (Case, Grant, Payment, Plan)]


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize("kind", EXPECTED)
def test_the_rows_stay_and_the_state_says_what_is_wrong(
    settings: Settings, mock_indexes: MockIndexes, source: Source, kind: str
) -> None:
    assert read(source).trouble is None
    before, success = rows(), SourceState.objects.get().last_success
    settings.SOURCE_TIMEOUT = 0.4
    with mock_indexes.trouble(source.value, kind):
        result = read(source)
    state = SourceState.objects.get()
    assert rows() == before
    assert any(before)
    assert result.trouble is not None
    assert state.error == result.trouble.code
    assert state.error in EXPECTED[kind]
    assert state.message == result.trouble.message
    assert (state.last_success, state.failed_since) == (success, state.last_attempt)
    assert SyncRun.objects.latest("started").outcome == Outcome.FAILED


def outcome(result: RunResult) -> tuple[int, int, int]:
    return result.counts.new, result.counts.changed, result.counts.removed


@pytest.mark.parametrize("source", Source)
def test_everything_twice_and_the_older_last_changes_nothing(mock_indexes: MockIndexes, source: Source) -> None:
    once = read(source)
    before = rows()
    with mock_indexes.trouble(source.value, "duplicate"):
        twice = read(source)
    assert twice.trouble is None
    assert rows() == before
    assert outcome(twice) == (0, 0, 0)
    assert twice.counts.read == 2 * once.counts.read


def test_an_outdated_copy_that_cannot_be_read_takes_nothing_away(mock_indexes: MockIndexes) -> None:
    """The copies of the grants have no benefits, so they are refused; but they say that they are older."""
    read(Source.YI)
    held = set(Grant.objects.values_list("uuid", "digest"))
    with mock_indexes.trouble("yi", "duplicate"):
        twice = read(Source.YI)
    assert twice.trouble is None
    assert twice.counts.refused["no_lines"] == len(held)
    assert outcome(twice) == (0, 0, 0)
    assert set(Grant.objects.values_list("uuid", "digest")) == held


@pytest.mark.parametrize("source", Source)
def test_everything_twice_is_as_once_from_the_beginning(mock_indexes: MockIndexes, source: Source) -> None:
    with mock_indexes.trouble(source.value, "duplicate"):
        assert read(source).trouble is None
    assert outcome(read(source)) == (0, 0, 0)


@pytest.mark.parametrize("page_size", [2, 7])
def test_however_small_the_pages_the_rows_are_the_same(settings: Settings, page_size: int) -> None:
    settings.SOURCE_PAGE_SIZE = page_size
    assert read(Source.SDI).trouble is None
    settings.SOURCE_PAGE_SIZE = 1000
    assert outcome(read(Source.SDI)) == (0, 0, 0)
