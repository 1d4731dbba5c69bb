"""A whole day of the demo in half a minute: everybody reads, systems call, and everything goes wrong once."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.wall.site import CITIZENS, STAFF, Site

PAGES = (
    "/",
    "/sager/",
    "/penge/",
    "/plan/",
    "/plan/koeleskabsplan/",
    "/hvem-har-set/",
    "/om-dine-data/",
    "/api/v1/me/summary",
)
DESKS = (
    "/kommune/",
    "/kommune/aendringer/",
    "/kommune/0730/omraade/kontante_ydelser/",
    "/kommune/?kommune=0360",
    "/kommune/oprydning/",
)
TROUBLES = ("status503", "malformed", "fault", "truncated")
ILL_FATED = "per"  # signs in while the indexes are in trouble
PATIENCE = 60.0


def whole_session(site: Site) -> None:
    """Everything that the demo can be asked, and everything that can go wrong in it."""
    for person in CITIZENS:
        if person != ILL_FATED:
            _a_citizen(site, person)
    for person in STAFF:
        _an_employee(site, person)
    _a_system(site)
    _mistakes(site)
    with _troubles(site):
        _a_citizen(site, ILL_FATED)
        _wait_for_the_worker(site, "failed: {<Source")
    with _broken_database(site):
        _a_citizen(site, "bo")
        _a_system(site)
    _wait_for_the_worker(site, "was refreshed")


def _a_citizen(site: Site, person: str) -> None:
    with site.signed_in(person) as browser:
        for page in PAGES:
            browser.get(page)
        overview = browser.get("/sager/")
        for address in sorted(set(re.findall(r'href="(/sager/[0-9a-f-]{36}/)', overview.text)))[:5]:
            browser.get(address)
        browser.get("/sager/", params={"q": "bolig"})
        _sign_out(browser)


def _an_employee(site: Site, person: str) -> None:
    with site.signed_in(person) as browser:
        for page in DESKS:
            browser.get(page)
        _sign_out(browser)


def _sign_out(browser: httpx.Client) -> None:
    """Take a copy along, if one is a citizen, and go."""
    form = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/om-dine-data/").text)
    if form:  # without a database there is no page to sign out on
        token = {"csrfmiddlewaretoken": form[1]}
        for kind in ("json", "pdf"):
            browser.post("/om-dine-data/kopi/", data={**token, "form": kind})
        browser.post("/log-af/", data=token)


def _a_system(site: Site) -> None:
    with site.browser() as browser:
        answer = browser.post(
            "/api/v1/oauth/token", data={"grant_type": "client_credentials"}, auth=httpx.BasicAuth(*site.consumer)
        )
        bearer = {"Authorization": f"Bearer {answer.json().get('access_token', '')}"}
        for person in CITIZENS:
            body = {"cpr": site.people[person]["cpr"], "municipality": site.people[person]["municipality"]}
            browser.post("/api/v1/citizen-summaries", json=body, headers=bearer)
            for wrong in (
                {**body, "municipality": "9999"},
                {**body, "cpr": f"{body['cpr'][:6]}-{body['cpr'][6:]}"},
                [body],
            ):
                browser.post("/api/v1/citizen-summaries", json=wrong, headers=bearer)
            broken = json.dumps(body)[:-1]
            browser.post(
                "/api/v1/citizen-summaries", content=broken, headers={**bearer, "Content-Type": "application/json"}
            )
            browser.post("/api/v1/citizen-summaries", content=json.dumps(body), headers={"Content-Type": "text/plain"})


def _mistakes(site: Site) -> None:
    """What people type where it does not belong. Their addresses are theirs; what we say and keep is ours."""
    cpr = str(site.people["mette"]["cpr"])
    split = f"{cpr[:6]}-{cpr[6:]}"
    with site.browser(ours=False) as browser:
        for number in (cpr, split):
            for address in (f"/{number}/", f"/sager/{number}/", f"/api/v1/citizens/{number}", f"/static/{number}.css"):
                browser.get(address)
            browser.get("/nonsense/", params={"cpr": number})
            browser.get("/penge/", params={"cpr": number, number: "1"})
            browser.get(
                "/healthz", headers={"Host": f"{number}.example", "User-Agent": number, "Referer": f"http://x/{number}"}
            )
            browser.post("/log-af/", data={"cpr": number})
            browser.post("/api/v1/oauth/token", data={"grant_type": number}, auth=(number, number))
            browser.get("/log-ind/svar/", params={"code": number, "state": number, "error": number})
            browser.request("GET", "/", headers={"Cookie": f"borgerblik={number}; sprog={number}"})


@contextmanager
def _troubles(site: Site) -> Iterator[None]:
    """Every index answers with something that cannot be used, and everybody's last refresh was long ago."""
    with site.connect() as database:
        database.execute("UPDATE indexes_citizen SET refreshed_at = NULL")
    kinds = dict(zip(("sdi", "yi", "plan"), TROUBLES, strict=False))
    try:
        for source, kind in kinds.items():
            httpx.post(f"{site.indexes_url}/_trouble", json={"source": source, "kind": kind}, trust_env=False)
        yield
    finally:
        for source in kinds:
            httpx.post(f"{site.indexes_url}/_trouble", json={"source": source, "kind": None}, trust_env=False)


@contextmanager
def _broken_database(site: Site) -> Iterator[None]:
    """A function that every reading needs is gone: each page and each call ends in an exception."""
    with site.connect() as database:
        database.execute("ALTER FUNCTION holdings_of RENAME TO holdings_of_away")
        try:
            yield
        finally:
            database.execute("ALTER FUNCTION holdings_of_away RENAME TO holdings_of")


def _wait_for_the_worker(site: Site, words: str) -> None:
    """Until the worker's log says it."""
    deadline, log = time.monotonic() + PATIENCE, site.data / "logs" / "worker.log"
    while words not in log.read_text("utf-8"):
        assert time.monotonic() < deadline, f"the worker did not say {words!r}"
        time.sleep(0.2)
