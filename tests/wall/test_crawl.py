"""The crawl: every address of the site and every call, as nobody, each citizen, each employee and each system.

Whoever walks tries every address with the ids of everybody else, by every method. The answer must be what the address
declares, and no byte of it may be somebody else's.
"""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from portal.access import Access
from portal.api.urls import CONSUMERS
from tests.wall.addresses import Address, addresses
from tests.wall.secrets import citizen_ids, secrets_of
from tests.wall.site import CITIZENS, STAFF, Site

pytestmark = pytest.mark.django_db  # the list of addresses asks nothing; whoever is asked, it is the running demo

NOBODY, SYSTEM = "nobody", "a system"
OTHER_METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
OPEN = {200, 302, 301, 404, 405}
DOCUMENTATION = {"api_openapi", "api_docs"}

PARAMETERS = (
    *(
        "aar",
        "authority",
        "code",
        "cursor",
        "del",
        "emne",
        "etape",
        "hvorfor",
        "iss",
        "kommune",
        "kun",
        "limit",
        "next",
    ),
    *(
        "offset",
        "omraade",
        "periodEnd",
        "periodStart",
        "q",
        "side",
        "soeg",
        "sprog",
        "state",
        "tilstand",
        "userCode",
        "vis",
    ),
)
NO_WORDS = ("%00", "%C2%B2", "9" * 5000)  # nothing, a raised two, a number longer than Python reads

# Whom an address is for, who comes, what must happen; 404 where the thing asked for is another's or is not there.
MUST: Mapping[tuple[str, str], set[int]] = {
    (Access.PUBLIC, NOBODY): OPEN | {400},
    (Access.PUBLIC, "citizen"): OPEN | {400},
    (Access.PUBLIC, "employee"): OPEN | {400},
    (Access.PUBLIC, SYSTEM): OPEN | {400},
    (Access.CITIZENS, NOBODY): {302, 401},
    (Access.CITIZENS, "citizen"): {200, 302, 404, 405},  # the copy is fetched by a form; its address leads to the page
    (Access.CITIZENS, "employee"): {302, 401},
    (Access.CITIZENS, SYSTEM): {302, 401},
    (Access.STAFF, NOBODY): {302, 405},
    (Access.STAFF, "citizen"): {302, 405},
    (Access.STAFF, "employee"): {200, 403, 404, 405},
    (Access.STAFF, SYSTEM): {302, 405},
    (CONSUMERS, NOBODY): {401, 405},
    (CONSUMERS, "citizen"): {401, 405},
    (CONSUMERS, "employee"): {401, 405},
    (CONSUMERS, SYSTEM): {405},
}


@pytest.fixture(scope="module")
def secrets(site: Site) -> Mapping[str, frozenset[bytes]]:
    return secrets_of(site)


@pytest.fixture(scope="module")
def everywhere(site: Site) -> list[Address]:
    """Every address with the ids of each citizen's cases, and those of the authorities."""
    ids = citizen_ids(site)
    with site.connect() as database:
        cases = [
            str(uuid)
            for key in CITIZENS
            if key in ids
            for (uuid,) in database.execute(
                "SELECT uuid FROM indexes_case WHERE citizen_id = %s ORDER BY hidden DESC, uuid LIMIT 2", [ids[key]]
            )
        ]
        entries = database.execute("SELECT id FROM borgerblik_accessentry ORDER BY id LIMIT 3").fetchall()
    given: list[dict[str, str]] = [{"uuid": uuid} for uuid in [*cases, *map(str, ids.values())]]
    given += [{"number": str(number)} for (number,) in entries] + [{"code": code} for code in ("0461", "UDK", "0360")]
    found = {address.path: address for one in [{}, *given] for address in addresses(one)}
    return list(found.values())


def kind_of(who: str) -> str:
    if who in {NOBODY, SYSTEM}:
        return who
    return "employee" if who in STAFF else "citizen"


def not_theirs(secrets: Mapping[str, frozenset[bytes]], who: str) -> dict[bytes, str]:
    return {secret: whose for whose, theirs in secrets.items() if whose != who for secret in theirs}


def leaks(answer: httpx.Response, forbidden: Mapping[bytes, str], asked: str) -> list[str]:
    """Whose secret stands in an answer; what the visitor has sent may come back to them."""
    said = (answer.content + str(answer.headers.multi_items()).encode()).replace(b"\xc2\xa0", b" ")
    sent = asked.encode()
    return [f"{whose}: {secret!r}" for secret, whose in forbidden.items() if secret in said and secret not in sent]


@pytest.mark.parametrize("who", [NOBODY, *CITIZENS, *STAFF, SYSTEM])
def test_nobody_sees_a_byte_that_is_not_theirs(
    site: Site, secrets: Mapping[str, frozenset[bytes]], everywhere: list[Address], who: str
) -> None:
    forbidden = not_theirs(secrets, who)
    headers = {"Authorization": f"Bearer {site.token()}"} if who == SYSTEM else {}
    walking: Any = site.browser() if kind_of(who) in {NOBODY, SYSTEM} else site.signed_in(who)
    with walking as browser:
        for address in everywhere:
            if address.name == "sign_in_begin":
                continue  # it leads to the provider, and would take another visitor's turn
            answer = browser.get(address.path, headers=headers)
            may = MUST[address.access, kind_of(who)]
            assert answer.status_code in may, f"GET {address.path} as {who}: {answer.status_code}"
            if answer.status_code in {301, 302} and address.access != Access.PUBLIC:
                assert answer.headers["location"].startswith(("/log-ind/", "/om-dine-data/", "/hjaelpere/"))
            shown = documented(site) if address.name in DOCUMENTATION else ""
            assert not leaks(answer, forbidden, address.path + shown), address.path


def documented(site: Site) -> str:
    """The made-up person with whom the documentation shows a first call, in the demo and anywhere else."""
    return f"{site.people['mette']['name']} {site.people['mette']['cpr']}"


@pytest.mark.parametrize("who", [NOBODY, "bo", "karen", SYSTEM])
def test_no_other_method_opens_an_address_or_changes_anything(
    site: Site, secrets: Mapping[str, frozenset[bytes]], everywhere: list[Address], who: str
) -> None:
    forbidden, before = not_theirs(secrets, who), decided(site)
    headers = {"Authorization": f"Bearer {site.token()}"} if who == SYSTEM else {}
    walking: Any = site.browser() if kind_of(who) in {NOBODY, SYSTEM} else site.signed_in(who)
    with walking as browser:
        for address in {one.name: one for one in everywhere}.values():
            for method in OTHER_METHODS:
                answer = browser.request(method, address.path, headers=headers)
                assert answer.status_code != 500, f"{method} {address.path}"
                assert answer.status_code not in {200, 201, 204} or method == "OPTIONS", f"{method} {address.path}"
                shown = documented(site) if address.name in DOCUMENTATION else ""
                assert not leaks(answer, forbidden, address.path + shown), f"{method} {address.path}"
    assert decided(site) == before


@pytest.mark.parametrize(("who", "access"), [("bo", Access.PUBLIC), ("bo", Access.CITIZENS), ("karen", Access.STAFF)])
def test_no_word_in_an_address_breaks_a_page(site: Site, everywhere: list[Address], who: str, access: Access) -> None:
    with site.signed_in(who) as browser:
        for address in {one.name: one for one in everywhere if one.access == access}.values():
            if address.name in {"sign_in_begin", "api_nothing"}:
                continue  # the one takes another visitor's turn, the other reads nothing
            for name in PARAMETERS:
                for word in NO_WORDS:
                    asked = f"{address.path}?{name}={word}"
                    assert browser.get(asked).status_code < 500, f"GET {asked[:120]} as {who}"


def decided(site: Site) -> list[tuple[Any, ...]]:
    """What employees have decided, and objections that were made."""
    with site.connect() as database:
        return [
            *database.execute("SELECT * FROM borgerblik_areasetting ORDER BY id").fetchall(),
            *database.execute("SELECT count(*) FROM borgerblik_settingchange").fetchall(),
        ]


def test_the_crawl_would_see_a_leak(site: Site, secrets: Mapping[str, frozenset[bytes]]) -> None:
    """Mette's own pages hold what is Mette's: to anybody else's eyes each of them would be a leak."""
    assert all(len(theirs) >= 3 for theirs in secrets.values())
    assert len(secrets["mette"]) > 40
    with site.signed_in("mette") as browser:
        for path in ("/", "/sager/", "/penge/", "/plan/", "/api/v1/me/summary"):
            answer = browser.get(path)
            found = leaks(answer, not_theirs(secrets, "bo"), path)
            assert found, path
            assert all(one.startswith("mette: ") for one in found)
            assert not leaks(answer, not_theirs(secrets, "mette"), path)


def test_every_address_is_walked(everywhere: list[Address]) -> None:
    assert {one.name for one in everywhere} == {one.name for one in addresses()}
    assert {one.access for one in everywhere} == {Access.PUBLIC, Access.CITIZENS, Access.STAFF, CONSUMERS}
    assert len(everywhere) > 70
