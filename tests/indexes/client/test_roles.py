"""The UUIDs by which an index says what a relation means are settings: each environment has its own."""

from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from pytest_django import Settings

from indexes.parse.roles import RolesError, SdiRoles, YiRoles, sdi_roles, yi_roles
from indexes.records import Case, Outcome, Parsed, Source
from indexes.sync import open_source
from tests.indexes.client.stand_in import Behaviour, Request, StandIn
from tests.indexes.client.test_sources import citizens
from tests.ops.mock_indexes import MockIndexes

THEIRS = UUID("7d9f0000-0000-4000-8000-000000000001")
OTHER = UUID("7d9f0000-0000-4000-8000-000000000002")
Start = Callable[[Behaviour], StandIn]


def speaking(mock: MockIndexes, url: str, ours: UUID, theirs: UUID) -> Behaviour:
    """The mock index at ``url`` with another UUID for one thing, as a real index has."""

    def behave(request: Request) -> None:
        body = request.body.replace(str(theirs).encode(), str(ours).encode())
        headers = {name: request.headers[name] for name in ("SOAPAction", "Content-Type")}
        answer = httpx.post(url, content=body, headers=headers, timeout=20)
        request.answer(answer.content.replace(str(ours).encode(), str(theirs).encode()))

    assert url.startswith(mock.url)
    return behave


def test_a_case_exempt_by_the_indexs_own_role_is_hidden(
    settings: Settings, stand_in: Start, mock_indexes: MockIndexes
) -> None:
    settings.SDI_URL = stand_in(speaking(mock_indexes, mock_indexes.sdi_url, SdiRoles().display_class, THEIRS)).url
    settings.SDI_ROLES = sdi_roles({"display_class": THEIRS}, {})
    with open_source(Source.SDI) as index:
        items = index.of_citizen(citizens(mock_indexes)["kim"]).items
    cases = [item.record for item in items if isinstance(item, Parsed) and isinstance(item.record, Case)]
    assert [case.hidden for case in cases].count(True) == 1


def test_grants_and_payments_are_read_by_the_indexs_own_roles(
    settings: Settings, stand_in: Start, mock_indexes: MockIndexes
) -> None:
    cpr = citizens(mock_indexes)["mette"]
    settings.YI_URL = mock_indexes.yi_url
    with open_source(Source.YI) as index:
        by_ours = index.of_citizen(cpr).items
    settings.YI_URL = stand_in(speaking(mock_indexes, mock_indexes.yi_url, YiRoles().grant_owner, THEIRS)).url
    settings.YI_ROLES = yi_roles({"grant_owner": THEIRS})
    with open_source(Source.YI) as index:
        assert index.of_citizen(cpr).items == by_ours


def test_a_role_that_is_not_given_is_that_of_the_test_environment() -> None:
    assert sdi_roles({}, {}) == SdiRoles()
    assert yi_roles({}) == YiRoles()
    assert sdi_roles({"owner": THEIRS}, {}).primary_party == SdiRoles().primary_party


def test_outcomes_that_are_given_are_all_there_are() -> None:
    assert sdi_roles({}, {"granted": THEIRS}).outcomes == {THEIRS: Outcome.GRANTED}


@pytest.mark.parametrize(
    ("build", "setting"),
    [
        (lambda: sdi_roles({"visningsklasse": THEIRS}, {}), "SDI_ROLES names visningsklasse"),
        (lambda: sdi_roles({"outcomes": THEIRS}, {}), "SDI_ROLES names outcomes"),
        (lambda: sdi_roles({}, {"won": THEIRS}), "SDI_OUTCOMES names won"),
        (lambda: yi_roles({"owner": THEIRS}), "YI_ROLES names owner"),
        (lambda: sdi_roles({"display_class": THEIRS, "outcome_class": THEIRS}, {}), "SDI_ROLES gives two names"),
        (lambda: sdi_roles({"display_class": SdiRoles().facet}, {}), "SDI_ROLES gives two names"),
        (lambda: sdi_roles({}, {"granted": OTHER, "refused": OTHER}), "SDI_OUTCOMES gives two names"),
        (lambda: yi_roles({"grant_owner": YiRoles().payment_owner}), "YI_ROLES gives two names"),
    ],
)
def test_roles_that_would_be_misunderstood_are_refused(build: Callable[[], object], setting: str) -> None:
    with pytest.raises(RolesError, match=setting):
        build()
