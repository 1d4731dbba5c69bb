"""Every call of a system about every citizen, and every citizen's copy: nobody else is in any answer.

There are two systems: the demo's, which may see all there is, and one that may see cash benefits in Randers.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.ops.environment import ROOT
from tests.wall.addresses import addresses
from tests.wall.secrets import secrets_of
from tests.wall.site import CITIZENS, Site
from tests.wall.test_crawl import leaks, not_theirs

NARROW = (
    *("register", "narrow-system", "--name=Narrow", "--organisation=Randers Kommune", "--cvr=29189668"),
    *("--purpose-da=Du har søgt om hjælp.", "--purpose-en=You asked for help.", "--legal-basis=Aktivloven § 1"),
    *("--authorities=0730", "--areas=kontante_ydelser", "--scopes=summary"),
)
CALLS = sorted(one.path for one in addresses() if one.name.startswith("api_citizen_"))
Bearer = Mapping[str, str]


@pytest.fixture(scope="module")
def secrets(site: Site) -> Mapping[str, frozenset[bytes]]:
    return secrets_of(site)


@pytest.fixture(scope="module")
def narrow(site: Site) -> Bearer:
    """A system that its operator has registered while the site is up, with a token of its own."""
    keys = dict(line.split("=", 1) for line in (site.data / "demo.env").read_text("utf-8").splitlines())
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "manage.py", "consumers", *NARROW],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **keys, "DEMO": "1", "DATABASE_URL": site.postgres.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return bearer(site, ("narrow-system", done.stdout.split()[-1]))


def bearer(site: Site, who: tuple[str, str]) -> Bearer:
    with site.browser() as browser:
        answer = browser.post(
            "/api/v1/oauth/token", data={"grant_type": "client_credentials"}, auth=httpx.BasicAuth(*who)
        )
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def ask(site: Site, call: str, person: str, headers: Bearer) -> Any:
    about = site.people[person]
    with site.browser() as browser:
        body = {"cpr": about["cpr"], "municipality": about["municipality"]}
        return browser.post(call, json=body, headers=dict(headers))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("person", CITIZENS)
def test_a_system_that_may_see_all_sees_the_one_it_asks_about(
    site: Site, secrets: Mapping[str, frozenset[bytes]], call: str, person: str
) -> None:
    answer = ask(site, call, person, bearer(site, site.consumer))
    assert answer.status_code == 200
    assert not leaks(answer, not_theirs(secrets, person), "")


@pytest.mark.parametrize("person", CITIZENS)
def test_a_narrow_system_sees_less_of_its_own_and_nothing_of_others(
    site: Site, secrets: Mapping[str, frozenset[bytes]], narrow: Bearer, person: str
) -> None:
    for call in CALLS:
        answer = ask(site, call, person, narrow)
        may = "summar" in call and site.people[person]["municipality"] == "0730"
        assert answer.status_code == (200 if may else 403), call
        assert not leaks(answer, not_theirs(secrets, person), "")
        if not may:
            assert not leaks(answer, dict.fromkeys(secrets.get(person, ()), person), "")


def test_what_lies_outside_its_areas_is_not_told(
    site: Site, secrets: Mapping[str, frozenset[bytes]], narrow: Bearer
) -> None:
    (call,) = [call for call in CALLS if "summar" in call]
    mettes = dict.fromkeys(secrets["mette"], "mette")
    told = [len(leaks(ask(site, call, "mette", who), mettes, "")) for who in (bearer(site, site.consumer), narrow)]
    assert told[0] > told[1] + 10


@pytest.mark.parametrize("form", ["json", "pdf"])
@pytest.mark.parametrize("person", CITIZENS)
def test_a_copy_holds_nobody_else(site: Site, secrets: Mapping[str, frozenset[bytes]], person: str, form: str) -> None:
    with site.signed_in(person) as browser:
        page = browser.get("/om-dine-data/").text
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
        answer = browser.post("/om-dine-data/kopi/", data={"csrfmiddlewaretoken": token, "form": form})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(f"application/{form}")
    assert not leaks(answer, not_theirs(secrets, person), "")
