"""The crawl of somebody who helps another: their pages and the giver's, and nobody else's."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import httpx
import pytest

from tests.wall.addresses import addresses
from tests.wall.secrets import secrets_of
from tests.wall.site import Site
from tests.wall.test_crawl import DOCUMENTATION, MUST, documented, leaks, not_theirs

pytestmark = pytest.mark.django_db  # the list of addresses asks nothing; whoever is asked, it is the running demo


@contextmanager
def helping(site: Site, giver: str, helper: str) -> Iterator[httpx.Client]:
    """A browser in which somebody sees the giver's pages, by a power of attorney for everything.

    Afterwards nothing tells of it: others look for strangers' names in the giver's pages.
    """
    name, born = site.people[helper]["name"], date.fromisoformat(site.people[helper]["birth_date"])
    told = {"name": name, "day": born.day, "month": born.month, "year": born.year, "months": 1}
    with site.signed_in(giver) as gives, site.signed_in(helper) as browser:
        areas = re.findall(r'name="areas" value="(\w+)"', gives.get("/hjaelpere/giv/").text)
        code = send(gives, "/hjaelpere/giv/", {**told, "areas": areas}).text.partition('bo-code" dir="ltr">')[2][:15]
        send(browser, "/hjaelpere/kode/", {"code": code, "svar": "ja"}, form="/hjaelpere/")
        number = re.findall(r"/hjaelpere/([0-9a-f-]{36})/se/", browser.get("/hjaelpere/").text)[0]
        send(browser, f"/hjaelpere/{number}/se/", {}, form="/hjaelpere/")
        try:
            yield browser
        finally:
            with site.connect() as owner:
                owner.execute("DELETE FROM borgerblik_powerofattorney")
                owner.execute("DELETE FROM borgerblik_accessentry WHERE purpose = 'power'")


def send(browser: httpx.Client, address: str, told: Mapping[str, Any], form: str | None = None) -> httpx.Response:
    """Send a form from the page that it stands on, and go where it leads."""
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(form or address).text)[0]
    sent = {**told, "csrfmiddlewaretoken": token}
    answer = browser.post(address, data=sent, headers={"Referer": f"{browser.base_url}"}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer


def test_a_helper_sees_whom_they_help_and_nobody_else(site: Site) -> None:
    secrets = secrets_of(site)
    others = {whose: theirs for whose, theirs in secrets.items() if whose != "bo"}
    with helping(site, "bo", "lis") as browser:
        assert leaks(browser.get("/sager/"), not_theirs(secrets, "lis"), ""), "Bo's cases are what is seen"
        for address in addresses():
            if address.name in {"sign_in_begin", "sign_in_answer"}:
                continue  # the one takes another visitor's turn, the other counts those that belong to no sign-in
            answer = browser.get(address.path)
            may = MUST[address.access, "citizen"] | {403}
            assert answer.status_code in may, f"GET {address.path}: {answer.status_code}"
            shown = documented(site) if address.name in DOCUMENTATION else ""
            assert not leaks(answer, not_theirs(others, "lis"), address.path + shown), address.path
