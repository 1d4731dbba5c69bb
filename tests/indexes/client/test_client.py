"""The HTTP client against servers that answer, refuse, stall, break off and lie."""

import gzip
import os
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexes.client import IndexClient, Retry
from indexes.deadline import DeadlineTransport
from indexes.errors import (
    BadAnswer,
    Failing,
    Fault,
    Flaw,
    Overloaded,
    Permanent,
    ServerFault,
    SourceError,
    SourceRefused,
    Temporary,
    Timeout,
    Unreachable,
)
from tests.indexes.client.stand_in import Request, StandIn

ROOT = Path(__file__).parents[3]
SECRET = "7513804321"
BODY = f"<a>{SECRET}</a>".encode()
LIMIT = 100_000
FAULT = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
    b"<faultcode>s:Server</faultcode><faultstring>Borger 7513804321</faultstring></s:Fault></s:Body></s:Envelope>"
)
Start = Callable[[Callable[[Request], None]], StandIn]


def post(url: str, *, timeout: float = 5) -> bytes:
    with IndexClient(url, timeout=timeout, max_bytes=LIMIT) as client:
        return client.post(BODY, action="urn:search")


def error_of(url: str, *, timeout: float = 5) -> SourceError:
    """What a call raises. Nothing of the request or the answer may stand in it, its causes included."""
    with pytest.raises(SourceError) as caught:
        post(url, timeout=timeout)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert caught.value.retryable is isinstance(caught.value, Temporary)
    assert caught.value.retryable is not isinstance(caught.value, Permanent)
    return caught.value


def test_a_call_sends_what_soap_asks_for_and_gives_the_bytes(stand_in: Start) -> None:
    server = stand_in(lambda request: request.answer(b"<svar/>"))
    with IndexClient(server.url, timeout=5, max_bytes=LIMIT) as client:
        assert client.post(BODY, action="urn:search") == b"<svar/>"
        assert client.post(b"<plain/>") == b"<svar/>"
    first, second = server.requests
    assert (first.path, first.body) == ("/index", BODY)
    assert first.headers["SOAPAction"] == '"urn:search"'
    assert first.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert "SOAPAction" not in second.headers


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", "br", "GZIP", "identity, gzip"])
def test_a_packed_answer_is_not_unpacked(stand_in: Start, encoding: str) -> None:
    bomb = gzip.compress(gzip.compress(bytes(100 * LIMIT)))
    assert len(bomb) < LIMIT / 100
    server = stand_in(lambda request: request.answer(bomb, Content_Encoding=encoding))
    error = error_of(server.url)
    assert isinstance(error, BadAnswer)
    assert error.flaw is Flaw.PACKED
    assert server.requests[0].headers["Accept-Encoding"] == "identity"


def test_an_answer_that_says_it_is_not_packed(stand_in: Start) -> None:
    assert post(stand_in(lambda request: request.answer(Content_Encoding="Identity")).url) == b"<a/>"


def test_a_refusal_is_a_refusal_packed_or_not(stand_in: Start) -> None:
    server = stand_in(lambda request: request.answer(gzip.compress(b"<a/>"), status=503, Content_Encoding="gzip"))
    assert isinstance(error_of(server.url), Overloaded)


def test_an_answer_that_is_too_large_is_not_read_to_its_end(stand_in: Start) -> None:
    error = error_of(stand_in(lambda request: request.answer(b"x" * (LIMIT + 1))).url)
    assert isinstance(error, BadAnswer)
    assert error.flaw is Flaw.TOO_LARGE


def test_an_answer_without_an_end_is_given_up(stand_in: Start) -> None:
    def behave(request: Request) -> None:
        request.begin(Connection="close")
        while True:
            request.send(b"x" * 65_536)

    error = error_of(stand_in(behave).url)
    assert isinstance(error, BadAnswer)


@pytest.mark.parametrize("content_type", ["text/html", "application/json", ""])
def test_an_answer_that_says_it_is_no_xml(stand_in: Start, content_type: str) -> None:
    error = error_of(stand_in(lambda request: request.answer(Content_Type=content_type)).url)
    assert isinstance(error, BadAnswer)
    assert error.flaw is Flaw.WRONG_CONTENT


@pytest.mark.parametrize("content_type", ["text/xml", "application/xml; charset=utf-8", "Application/SOAP+XML"])
def test_xml_by_any_of_its_names(stand_in: Start, content_type: str) -> None:
    assert post(stand_in(lambda request: request.answer(Content_Type=content_type)).url) == b"<a/>"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(stand_in: Start, status: int) -> None:
    elsewhere = stand_in(lambda request: request.answer())
    server = stand_in(lambda request: request.answer(b"", status=status, Location=elsewhere.url))
    error = error_of(server.url)
    assert isinstance(error, SourceRefused)
    assert error.status == status
    assert elsewhere.requests == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413])
def test_refusals(stand_in: Start, status: int) -> None:
    error = error_of(stand_in(lambda request: request.answer(BODY, status=status)).url)
    assert isinstance(error, SourceRefused)
    assert (error.status, error.text) == (status, "")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None)])
def test_too_busy(stand_in: Start, status: int, header: str, seconds: float | None) -> None:
    error = error_of(stand_in(lambda request: request.answer(BODY, status=status, Retry_After=header)).url)
    assert isinstance(error, Overloaded)
    assert (error.status, error.retry_after) == (status, seconds)


@pytest.mark.parametrize(
    ("status", "kind"), [(408, Unreachable), (500, Failing), (501, Failing), (502, Unreachable), (504, Unreachable)]
)
def test_failures_without_a_reason(stand_in: Start, status: int, kind: type[SourceError]) -> None:
    assert isinstance(error_of(stand_in(lambda request: request.answer(BODY, status=status)).url), kind)


def test_a_soap_fault(stand_in: Start) -> None:
    error = error_of(stand_in(lambda request: request.answer(FAULT, status=500)).url)
    assert isinstance(error, ServerFault)
    ours = FAULT.replace(b"s:Server", b"s:Client")
    error = error_of(stand_in(lambda request: request.answer(ours, status=500)).url)
    assert isinstance(error, Fault)
    assert error.fault_code == "Client"


def test_nobody_listens(unused_url: str) -> None:
    assert isinstance(error_of(unused_url), Unreachable)


def test_a_connection_that_breaks_before_the_answer_is_complete(stand_in: Start) -> None:
    def behave(request: Request) -> None:
        request.begin(Content_Length="1000", Connection="close")
        request.send(b"<a>")

    assert isinstance(error_of(stand_in(behave).url), Unreachable)


DROPS = {
    "nothing": (b"", b""),
    "a status line": (b"", b"H"),
    "a header": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-Slow: x\r\n"),
    "interim answers": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "a body": (b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n", b"x"),
}


@contextmanager
def dripping(stand_in: Start, first: bytes, drop: bytes) -> Iterator[str]:
    """The address of a server that sends ``first`` and then a drop at a time, for as long as the block runs."""
    over = threading.Event()

    def behave(request: Request) -> None:
        request.send(first)
        while not over.wait(0.02):
            request.send(drop)

    try:
        yield stand_in(behave).url
    finally:
        over.set()


@pytest.mark.parametrize("what", DROPS)
def test_drops_that_never_end(stand_in: Start, what: str) -> None:
    with dripping(stand_in, *DROPS[what]) as url:
        assert isinstance(error_of(url, timeout=0.3), Timeout)


def test_a_handshake_that_never_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert isinstance(error_of(f"https://127.0.0.1:{silent.getsockname()[1]}/index", timeout=0.3), Timeout)


class Busy:
    """A reader on a machine that takes a minute over each piece."""

    def __init__(self, clock: "Hand") -> None:
        self.clock = clock
        self.size = 0

    def feed(self, data: bytes) -> None:
        self.clock.at += 60
        self.size += len(data)

    def close(self) -> int:
        self.clock.at += 60
        return self.size


class Hand:
    """A clock that goes when it is set."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_our_own_work_is_not_the_indexs_time(stand_in: Start) -> None:
    clock = Hand()
    server = stand_in(lambda request: request.answer(b"x" * LIMIT))
    transport = DeadlineTransport(clock=clock)
    with IndexClient(server.url, timeout=5, max_bytes=LIMIT, transport=transport) as client:
        assert client.ask(BODY, action=None, reader=lambda: Busy(clock)) == LIMIT
        assert clock.at >= 3 * 60
        assert client.waited == 0


def test_threads_that_share_a_client_have_each_their_own_time(stand_in: Start) -> None:
    over = threading.Event()

    def behave(request: Request) -> None:
        if request.body == b"<quick/>":
            request.answer()
            return
        while not over.wait(0.02):
            request.send(b"HTTP/1.1 102 Processing\r\n\r\n")

    with IndexClient(stand_in(behave).url, timeout=0.5, max_bytes=LIMIT) as client, ThreadPoolExecutor() as threads:
        slow = [threads.submit(client.post, b"<slow/>") for _ in range(2)]
        quick = threads.submit(client.post, b"<quick/>")
        assert quick.result() == b"<a/>"
        assert [type(call.exception()) for call in slow] == [Timeout, Timeout]
    over.set()


def test_temporary_failures_are_tried_again_and_permanent_ones_not(stand_in: Start) -> None:
    statuses = iter([503, 502, 200, 404])
    server = stand_in(lambda request: request.answer(status=next(statuses)))
    waits: list[float] = []
    retry = Retry(attempts=3, sleep=waits.append, chance=lambda: 0.5)
    with IndexClient(server.url, timeout=5, max_bytes=LIMIT, retry=retry) as client:
        assert client.post(BODY) == b"<a/>"
        assert waits == [0.5, 1.0]
        with pytest.raises(SourceRefused):
            client.post(BODY)
    assert len(server.requests) == 4
    assert {request.body for request in server.requests} == {BODY}


def test_the_environment_does_not_lead_requests_elsewhere(stand_in: Start) -> None:
    proxy = stand_in(lambda request: request.answer())
    server = stand_in(lambda request: request.answer(b"<svar/>"))
    program = (
        "from indexes.client import IndexClient\n"
        f"print(IndexClient({server.url!r}, timeout=5, max_bytes=1000).post(b'<a/>').decode())"
    )
    environment = {**os.environ, "HTTP_PROXY": proxy.url, "ALL_PROXY": proxy.url, "NO_PROXY": ""}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "<svar/>"
    assert proxy.requests == []
