"""Attacks by way of ``privilegesIntermediate``: what would cost much to read, and what only looks like a privilege.

They come through the front door: a provider passes on what an employee's organisation, or somebody in it, has written.
"""

import base64
import time
import tracemalloc
import zlib
from typing import Any

import pytest
from django.test import Client

from portal.login.privileges import MOST_CHARACTERS, PrivilegesError, read_privileges
from portal.models import StaffUser
from tests.login.attempts import assert_failed, come_back
from tests.login.stand_in import EID, StandIn
from tests.login.test_privileges import ADMINISTRATOR, NEW, RANDERS, claim, group, listing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

DENIED = "Du har ikke adgang som ansat"


def document(inside: str, before: str = "", encoding: str = "") -> str:
    head = f'<?xml version="1.0"{encoding}?>'
    return f'{head}{before}<PrivilegeList xmlns="{NEW}">{inside}</PrivilegeList>'


def doubling(times: int) -> str:
    entities = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, times))
    return f'<!DOCTYPE l [<!ENTITY a0 "ha">{entities}]>'


BOMBS = {
    "a billion laughs": claim(document(group("&a30;"), doubling(31))),
    "one large entity many times": claim(document(group("&a;" * 500), f'<!DOCTYPE l [<!ENTITY a "{"x" * 30_000}">]>')),
    "a parameter entity": claim(document("", '<!DOCTYPE l [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>')),
    "a file": claim(document(group("&a;"), '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>')),
    "an address": claim(document(group("&a;"), '<!DOCTYPE l [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>')),
    "a schema of the attacker's": claim(document(group("x"), '<!DOCTYPE l SYSTEM "http://127.0.0.1:9/l.dtd">')),
    "defaults of attributes": claim(
        document("<PrivilegeGroup/>", '<!DOCTYPE l [<!ATTLIST PrivilegeGroup Scope CDATA "x">]>')
    ),
    "deep nesting": claim(document("<a>" * 6000 + "</a>" * 6000)),
    "too long by one": "A" * (MOST_CHARACTERS + 1),
    "blanks without end": " " * 200_000,
    "compressed": base64.b64encode(zlib.compress(document(group(ADMINISTRATOR)).encode() * 10)).decode(),
    "base64 of base64": claim(claim(document(group(ADMINISTRATOR)))),
    "two documents": claim(document(group(ADMINISTRATOR)) * 2),
    "a zero byte": claim(document(group(ADMINISTRATOR)).replace("administrator", "administrator\x00")),
    "another base64 alphabet": claim(document(group(ADMINISTRATOR))).replace("/", "_").replace("+", "-") + "_-",
    "an encoding that hides": base64.b64encode(
        document(group(ADMINISTRATOR), encoding=' encoding="UTF-7"').replace("<", "+ADw-").encode()
    ).decode(),
    "an unknown encoding": claim(document(group(ADMINISTRATOR), encoding=' encoding="x-evil"')),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_list_that_would_cost_much_is_refused_for_little(bomb: str) -> None:
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(PrivilegesError):
        read_privileges(bomb)
    assert time.process_time() - began < 1  # seconds of the processor
    assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    tracemalloc.stop()


def many_groups() -> str:
    """As many groups as the longest claim holds."""
    small = group("x")
    return listing(*[small] * (int(MOST_CHARACTERS * 0.74) // len(small)))


def many_roles() -> str:
    return listing(group(*["x"] * 2000))


def many_limits() -> str:
    return listing(group(ADMINISTRATOR, KLE=",".join(["32.*"] * 8000)))


@pytest.mark.parametrize("much", [many_groups, many_roles, many_limits])
def test_a_list_as_long_as_it_may_be_is_read_at_once(much: Any) -> None:
    text = much()
    assert len(text) <= MOST_CHARACTERS
    began = time.process_time()
    read_privileges(text)
    assert time.process_time() - began < 1


DISGUISED = {
    "a comment in the role": group(f"{ADMINISTRATOR[:-5]}<!-- -->{ADMINISTRATOR[-5:]}x"),
    "an instruction in the role": group(f"{ADMINISTRATOR}<?x?>.evil"),
    "an element in the role": group(f"{ADMINISTRATOR}<b/>"),
    "another scheme": group(ADMINISTRATOR.replace("http:", "https:")),
    "another case": group(ADMINISTRATOR.upper()),
    "a slash more": group(f"{ADMINISTRATOR}/"),
    "a letter that looks the same": group(ADMINISTRATOR.replace("a", "а")),  # Cyrillic
    "digits that look the same": group(ADMINISTRATOR, cvr="٢٩١٨٩٦٦٨"),
    "a scope with a blank": group(ADMINISTRATOR, cvr=f"{RANDERS} "),
    "two scopes": group(ADMINISTRATOR).replace("Scope=", 'scope="x" Scope='),
    "a scope of a person": group(ADMINISTRATOR).replace("cvrNumberIdentifier", "cprNumberIdentifier"),
    "a role outside a group": f"<Privilege>{ADMINISTRATOR}</Privilege>",
    "a group in a group": group(ADMINISTRATOR).replace("<Privilege>", f"{group(ADMINISTRATOR)}<Privilege>"),
    "a role of another namespace": group(ADMINISTRATOR).replace("<Privilege>", '<Privilege xmlns="urn:x">'),
    "an included document": (
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    ),
    "a limit in another place": group(ADMINISTRATOR).replace("<Privilege>", '<Privilege KLE="15.*">'),
    "an empty limit": group(ADMINISTRATOR, KLE=" "),
    "a limit of nothing between commas": group(ADMINISTRATOR, KLE="*,,*"),
    "a star that is not all": group(ADMINISTRATOR, KLE="**"),
    "a limit with a line end": group(ADMINISTRATOR, KLE="15.*\n.32"),
}


@pytest.mark.parametrize("disguised", DISGUISED.values(), ids=DISGUISED.keys())
def test_what_only_looks_like_a_privilege_signs_nobody_in(client: Client, liar: StandIn, disguised: str) -> None:
    liar.userinfo = {
        f"{EID}professional/cvr": RANDERS,
        f"{EID}professional/uuid/persistent": "urn:uuid:7d9f0000-0000-4000-8000-000000000009",
        f"{EID}privilegesIntermediate": listing(disguised),
    }
    assert_failed(client, come_back(client, liar), 403, DENIED)
    assert not StaffUser.objects.exists()


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_ends_in_a_page(client: Client, liar: StandIn, caplog: pytest.LogCaptureFixture, bomb: str) -> None:
    liar.userinfo = {
        f"{EID}professional/cvr": RANDERS,
        f"{EID}professional/uuid/persistent": "urn:uuid:7d9f0000-0000-4000-8000-000000000009",
        f"{EID}privilegesIntermediate": bomb,
    }
    assert_failed(client, come_back(client, liar), 403, DENIED)
    assert "root:" not in caplog.text
    assert bomb[:40] not in caplog.text


@pytest.mark.parametrize("value", [[], {}, 7, None, True, ["x"]], ids=str)
def test_privileges_that_are_no_text_grant_nothing(client: Client, liar: StandIn, value: Any) -> None:
    liar.userinfo = {
        f"{EID}professional/cvr": RANDERS,
        f"{EID}professional/uuid/persistent": "urn:uuid:7d9f0000-0000-4000-8000-000000000009",
        f"{EID}privilegesIntermediate": value,
    }
    assert_failed(client, come_back(client, liar), 403, DENIED)
