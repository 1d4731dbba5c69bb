"""Every trouble, as a client meets it over HTTP."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from lxml import etree

from indexes.mock.answers import Source
from indexes.mock.troubles import Trouble
from tests.mock import asking
from tests.mock.asking import NS
from tests.mock.indexes import CASES, SLOW_SECONDS, UUID, checked, found_uuids, message, status, text, texts, total

METTE = "6815859002"
ADDRESSES = {"sdi": "/sagdokumentindeks/6", "yi": "/ydelseindeks/6", "plan": "/planindeks/1"}
REQUESTS = {"sdi": asking.sdi(cpr=METTE), "yi": asking.yi(cpr=METTE), "plan": asking.plan(cpr=METTE)}
SOURCES = pytest.mark.parametrize("source", ADDRESSES)


def _switch(client: httpx.Client, source: str, kind: str | None) -> None:
    assert client.post("/_trouble", json={"source": source, "kind": kind}).json()[source] == kind


def _ask(client: httpx.Client, source: str) -> httpx.Response:
    return client.post(ADDRESSES[source], content=REQUESTS[source], headers=asking.HEADERS[source])


@SOURCES
def test_without_trouble(client: httpx.Client, source: str) -> None:
    answer = _ask(client, source)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert status(checked(Source(source), answer.content)) == "20"


@SOURCES
def test_slow(client: httpx.Client, source: str) -> None:
    healthy = _ask(client, source)
    _switch(client, source, "slow")
    before = time.monotonic()
    assert _ask(client, source).content == healthy.content
    assert time.monotonic() - before >= SLOW_SECONDS


@SOURCES
def test_status503(client: httpx.Client, source: str) -> None:
    _switch(client, source, "status503")
    assert _ask(client, source).status_code == 503


@SOURCES
def test_hang(client: httpx.Client, source: str) -> None:
    _switch(client, source, "hang")
    with pytest.raises(httpx.ReadTimeout):
        client.post(ADDRESSES[source], content=REQUESTS[source], timeout=0.5)


def test_who_hangs_is_answered_when_the_trouble_is_over(client: httpx.Client) -> None:
    _switch(client, "sdi", "hang")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_ask, client, "sdi")
        time.sleep(0.3)
        assert not waiting.done()
        _switch(client, "sdi", None)
        assert waiting.result(timeout=5).status_code == 200


@SOURCES
def test_malformed(client: httpx.Client, source: str) -> None:
    _switch(client, source, "malformed")
    answer = _ask(client, source)
    assert answer.status_code == 200
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(answer.content)


@SOURCES
def test_truncated_by_turns_in_the_body_and_in_the_xml(client: httpx.Client, source: str) -> None:
    _switch(client, source, "truncated")
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError):
            _ask(client, source)
        answer = _ask(client, source)
        assert len(answer.content) == int(answer.headers["Content-Length"])
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(answer.content)


@pytest.mark.parametrize("source", ["sdi", "yi"])
def test_fault(client: httpx.Client, source: str) -> None:
    _switch(client, source, "fault")
    answer = _ask(client, source)
    assert answer.status_code == 500
    assert text(message(answer.content), "faultcode") == "soapenv:Server"


def test_fault_of_the_plan_index(client: httpx.Client) -> None:
    _switch(client, "plan", "fault")
    answer = _ask(client, "plan")
    assert answer.status_code == 500
    assert checked(Source.PLAN, answer.content).tag == f"{{{NS['plan']}}}PlanFejl"


def test_duplicate_sends_everything_twice_the_outdated_last(client: httpx.Client) -> None:
    healthy = checked(Source.SDI, _ask(client, "sdi").content)
    _switch(client, "sdi", "duplicate")
    answer = checked(Source.SDI, _ask(client, "sdi").content)
    assert total(answer, "sager") == total(healthy, "sager")
    assert set(Counter(found_uuids(answer, CASES)).values()) == {2}
    for uuid in found_uuids(healthy, CASES):
        twice = [case for case in answer.iterfind(CASES, NS) if text(case, UUID[CASES]) == uuid]
        now, before = (text(case, "sag:Registrering/sd:Tidspunkt") or "" for case in twice)
        assert before < now
        titles = [text(case, ".//sag:Titel") for case in twice]
        assert titles[0] != titles[1]


@pytest.mark.parametrize(("source", "time_at"), [("yi", "sd:Tidspunkt"), ("plan", "plan:Tidspunkt")])
def test_duplicate_of_money_and_plans(client: httpx.Client, source: str, time_at: str) -> None:
    healthy = texts(checked(Source(source), _ask(client, source).content), f".//{time_at}")
    _switch(client, source, "duplicate")
    times = texts(checked(Source(source), _ask(client, source).content), f".//{time_at}")
    assert times[::2] == healthy
    assert len(times) == 2 * len(healthy)
    assert max(times[1::2]) < min(healthy)


@SOURCES
def test_empty(client: httpx.Client, source: str) -> None:
    _switch(client, source, "empty")
    answer = checked(Source(source), _ask(client, source).content)
    assert status(answer) == "20"
    assert {total(answer, {"sdi": "sager", "yi": "bevillinger", "plan": "planer"}[source])} == {0}
    assert not texts(answer, ".//sd:UUIDIdentifikator")


@SOURCES
def test_off(client: httpx.Client, source: str) -> None:
    _switch(client, source, "off")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        _ask(client, source)


def test_one_sources_trouble_is_not_the_others(client: httpx.Client) -> None:
    _switch(client, "sdi", "status503")
    assert [_ask(client, source).status_code for source in ADDRESSES] == [503, 200, 200]
    assert client.get("/_trouble").json() == {"sdi": "status503", "yi": None, "plan": None}


def test_there_are_nine() -> None:
    assert len(Trouble) == 9


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"source": "sdi"}', '{"source": "x", "kind": null}',
                                  '{"source": "sdi", "kind": "x"}', '{"source": [], "kind": {}}'])  # fmt: skip
def test_no_such_trouble(client: httpx.Client, body: str) -> None:
    answer = client.post("/_trouble", content=body)
    assert answer.status_code == 400
    assert "That is no trouble. Send" in answer.text
