"""The searches we send validate against the indexes' own schemas, and hold what was asked for."""

from collections.abc import Callable
from uuid import UUID

import pytest

from indexes.mock.answers import Source
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.requests import SdiRequests, YiRequests, plan_by_cpr, plan_by_owner
from indexes.soap import parse_xml
from tests.schemas import check

TRANSACTION = UUID("9f6c0d0e-5a0d-4a49-9f0e-6f6f3b1b0a01")
CPR, CVR = "7513804321", "11111111"
SDI = SdiRequests(SdiRoles(), transaction=lambda: TRANSACTION)
YI = YiRequests(YiRoles(), transaction=lambda: TRANSACTION)
BOTH = {"grant": 0, "payment": 40}

REQUESTS: dict[str, tuple[str, bytes]] = {
    "cases of a citizen": ("sdi", SDI.by_cpr(CPR, first=0, most=100)),
    "cases of an authority": ("sdi", SDI.by_owner(CVR, first=2000, most=1000)),
    "cases of an authority and a topic": ("sdi", SDI.by_owner(CVR, first=0, most=10, kle="32.24")),
    "money of a citizen": ("yi", YI.by_cpr(CPR, first=BOTH, most=100)),
    "money of an authority": ("yi", YI.by_owner(CVR, first=BOTH, most=100)),
    "grants alone": ("yi", YI.by_owner(CVR, first={"grant": 7}, most=100)),
    "payments alone": ("yi", YI.by_owner(CVR, first={"payment": 7}, most=100)),
    "the plan of a citizen": ("plan", plan_by_cpr(CPR)),
    "plans of an authority": ("plan", plan_by_owner(CVR, first=0, most=100)),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_requests_are_valid(name: str) -> None:
    source, body = REQUESTS[name]
    root = parse_xml(body)
    check(Source(source), root if source == "plan" else root[-1][0])


@pytest.mark.parametrize("name", [name for name, (source, _) in REQUESTS.items() if source != "plan"])
def test_every_soap_request_can_be_found_by_its_transaction(name: str) -> None:
    (header,) = parse_xml(REQUESTS[name][1])[0]
    assert header.tag == "{http://kombit.dk/xml/schemas/RequestHeader/1/}RequestHeader"
    assert header[0].text == str(TRANSACTION)


def texts(body: bytes, local_name: str) -> list[str]:
    return [element.text or "" for element in parse_xml(body).iter(f"{{*}}{local_name}")]


def test_a_citizens_search_names_the_citizen_in_the_role_that_sees_the_case() -> None:
    body = REQUESTS["cases of a citizen"][1]
    assert texts(body, "URNIdentifikator") == [f"urn:oio:cpr-nr:{CPR}"]
    assert texts(body, "UUIDIdentifikator") == [str(SdiRoles().primary_party)]


def test_an_authoritys_search_names_it_as_owner_and_the_topic() -> None:
    body = REQUESTS["cases of an authority and a topic"][1]
    assert texts(body, "URNIdentifikator") == [f"urn:oio:cvr-nr:{CVR}"]
    assert texts(body, "UUIDIdentifikator") == [str(SdiRoles().owner), str(SdiRoles().primary_class)]
    assert texts(body, "BrugervendtNoegle") == ["32.24"]


def test_grants_and_payments_are_paged_each_on_its_own() -> None:
    assert texts(REQUESTS["money of an authority"][1], "FoersteResultatReference") == ["0", "40"]
    assert texts(REQUESTS["payments alone"][1], "FoersteResultatReference") == ["7"]
    assert not texts(REQUESTS["payments alone"][1], "BevillingVis")


@pytest.mark.parametrize("number", ["", "751380432", "7513804321 ", "751380-4321", "<a/>", "７５１３８０４３２１"])
@pytest.mark.parametrize(
    "search",
    [
        lambda number: SDI.by_cpr(number, first=0, most=1),
        lambda number: SDI.by_owner(number, first=0, most=1),
        lambda number: SDI.by_owner(CVR, first=0, most=1, kle=number),
        lambda number: YI.by_cpr(number, first=BOTH, most=1),
        lambda number: YI.by_owner(number, first=BOTH, most=1),
        plan_by_cpr,
        lambda number: plan_by_owner(number, first=0, most=1),
    ],
)
def test_a_number_of_another_shape_is_not_sent_and_not_repeated(search: Callable[[str], bytes], number: str) -> None:
    with pytest.raises(ValueError, match="no search was made") as caught:
        search(number)
    assert not number or number not in str(caught.value)
