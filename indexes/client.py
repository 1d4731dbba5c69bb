"""The HTTP client of one index: bytes out, bytes in, bounded in time and size. What they mean is for a reader to say.

Answers are asked for and taken as they are, never packed: a few kB can unpack to more than the memory there is, and an
index that packs unasked is not one we know.

It is pinned to one address: no redirects, no proxies or credentials from the environment, because every request holds a
CPR number. Foreign errors become ``errors.SourceError`` here and nowhere else.
"""

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import NoReturn, Self, TypeVar

import httpx

from indexes import soap
from indexes.deadline import DeadlineTransport
from indexes.errors import (
    BadAnswer,
    Failing,
    Flaw,
    Overloaded,
    SourceError,
    SourceRefused,
    Temporary,
    Timeout,
    Unreachable,
)
from indexes.stream import Reading

_HEADERS = {
    "Content-Type": "text/xml; charset=utf-8",
    "Accept": "text/xml, application/xml",
    "Accept-Encoding": "identity",
}
_PIECE = 2**16  # bytes
_XML_TYPES = frozenset({"text/xml", "application/xml", "application/soap+xml"})


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """When a temporary failure is tried again: ``attempts`` calls in all, and none after ``deadline`` seconds.

    The wait before call n+1 is random between 0 and ``base`` · 2ⁿ seconds, at most ``longest`` ("full jitter": callers
    that failed together do not come back together). A Retry-After the index gave is waited for, if the deadline allows.
    ``sleep``, ``clock`` and ``chance`` are seams for tests.
    """

    attempts: int = 3
    base: float = 0.5
    longest: float = 10.0
    deadline: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random

    def run(self, call: Callable[[], T]) -> T:
        """``call``'s answer. Raises what the last call raised."""
        end = self.clock() + self.deadline
        attempt = 1
        while True:
            try:
                return call()
            except Temporary as error:
                wait = self._wait(attempt, error)
                if attempt >= self.attempts or self.clock() + wait >= end:
                    raise
            self.sleep(wait)
            attempt += 1

    def _wait(self, attempt: int, error: Temporary) -> float:
        if isinstance(error, Overloaded) and error.retry_after is not None:
            return error.retry_after
        longest: float = min(self.longest, self.base * 2**attempt)
        return self.chance() * longest


NO_RETRY = Retry(attempts=1)


class IndexClient:
    """One index at one address. A context manager; connections are kept between calls."""

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float,
        max_bytes: int,
        retry: Retry = NO_RETRY,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """``timeout`` is seconds that a call waits for its whole answer, ``max_bytes`` the largest answer.

        ``transport`` is a seam for tests; it then keeps the time.
        """
        transport = transport or DeadlineTransport()
        self._deadline = transport if isinstance(transport, DeadlineTransport) else None
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._retry = retry
        self._url = httpx.URL(base_url)
        self._http = httpx.Client(
            timeout=httpx.Timeout(timeout),
            follow_redirects=False,
            trust_env=False,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    @property
    def waited(self) -> float | None:
        """Seconds that this thread's latest call has waited for the index, our own work left out; None if unknown."""
        return None if self._deadline is None else self._deadline.waited()

    def ask(self, body: bytes, *, action: str | None, reader: Callable[[], Reading[T]]) -> T:
        """What ``reader`` makes of the answer to ``body``, a new one for each attempt; nothing else is kept of it.

        ``action`` is the SOAPAction header, None for plain XML. Searches change nothing at the index, so they may be
        sent again.

        Raises:
            Temporary: after the last retry.
            Permanent: at once; also what ``reader`` raises.
        """
        return self._retry.run(lambda: self._ask_once(body, action, reader()))

    def post(self, body: bytes, *, action: str | None = None) -> bytes:
        """The answer to ``body`` as it came. Raises as ``ask``."""
        return self.ask(body, action=action, reader=_Bytes)

    def _ask_once(self, body: bytes, action: str | None, reader: Reading[T]) -> T:
        headers = {**_HEADERS}
        if action is not None:
            headers["SOAPAction"] = f'"{action}"'
        try:
            with self._http.stream("POST", self._url, content=body, headers=headers) as response:
                if _is_answer(response):
                    self._read(response, reader)
                else:
                    _raise_error(response, self._error_body(response))
        except httpx.TimeoutException as error:
            raise Timeout(self._timeout) from error
        except httpx.TransportError as error:
            raise Unreachable from error
        with self._own_work():
            return reader.close()

    def _own_work(self) -> AbstractContextManager[None]:
        """What is done with an answer is not the index's time: a busy machine must not be told as a slow index."""
        return nullcontext() if self._deadline is None else self._deadline.standing_still()

    def _read(self, response: httpx.Response, reader: Reading[T]) -> None:
        size = 0
        for piece in response.iter_bytes(_PIECE):
            size += len(piece)
            if size > self._max_bytes:
                raise BadAnswer(Flaw.TOO_LARGE)
            with self._own_work():
                reader.feed(piece)

    def _error_body(self, response: httpx.Response) -> bytes:
        """What came with an error, as far as a fault reaches; nothing of a packed one."""
        if _packed(response):
            return b""
        answer = bytearray()
        for piece in response.iter_bytes():
            answer += piece
            if len(answer) > self._max_bytes:
                raise BadAnswer(Flaw.TOO_LARGE)
        return bytes(answer)


class _Bytes:
    """The reader of an answer that keeps it as it came."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> None:
        self._pieces.append(data)

    def close(self) -> bytes:
        return b"".join(self._pieces)


def _is_answer(response: httpx.Response) -> bool:
    """Whether it is XML with HTTP 200, and not packed."""
    return response.status_code == HTTPStatus.OK and not _packed(response) and _is_xml(response)


def _is_xml(response: httpx.Response) -> bool:
    media_type: str = response.headers.get("Content-Type", "").partition(";")[0]
    return media_type.strip().lower() in _XML_TYPES


def _packed(response: httpx.Response) -> bool:
    encoding: str = response.headers.get("Content-Encoding", "identity")
    return encoding.strip().lower() != "identity"


def _raise_error(response: httpx.Response, answer: bytes) -> NoReturn:
    """What is wrong with a response that is no answer."""
    status = response.status_code
    if status == HTTPStatus.OK:
        raise BadAnswer(Flaw.PACKED if _packed(response) else Flaw.WRONG_CONTENT)
    raise _error_of(status, response, answer)


def _error_of(status: int, response: httpx.Response, answer: bytes) -> SourceError:
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return Overloaded(status, _retry_after(response))
    if status in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}:
        return Unreachable()
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        soap.raise_fault(answer)
        return Failing(status)
    return SourceRefused(status)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds of a Retry-After header. Its other form, a date, is not used: clocks differ."""
    given = response.headers.get("Retry-After", "")
    return float(given) if given.isascii() and given.isdigit() else None
