"""An HTTP transport that ends a call when its time is over, however little arrives and however steadily.

httpx counts a timeout anew for every piece that comes, so headers in drops or "102 Processing" without end keep a call
as long as the server likes. Here each wait of a call – for the connection, the handshake, the headers, the body – gets
what is left of the one timeout. Only looking up the name is left to the system, and each address of a name is tried
with what is left. What is done with a piece before the next is waited for is not the server's, and does not count.
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import httpcore
import httpx


class DeadlineTransport(httpx.HTTPTransport):
    """A request's ``read`` timeout is the time for all of it, its answer's body included. It reads no environment."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        context = _context()
        super().__init__(verify=context, trust_env=False)
        self._countdown = _Countdown(clock)
        # httpx has no argument for this; that a call ends is tested against servers that drip
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=_Backend(self._countdown))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._countdown.start(request.extensions["timeout"]["read"])
        return super().handle_request(request)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """The countdown of this thread's call is: the server is not waited for meanwhile."""
        began = self._countdown.clock()
        try:
            yield
        finally:
            self._countdown.stood_still(self._countdown.clock() - began)

    def waited(self) -> float:
        """Seconds that the server has been waited for in this thread's latest call."""
        return self._countdown.waited()


@cache
def _context() -> ssl.SSLContext:
    """One for the process: reading the certificates takes longer than many a call."""
    return httpx.create_ssl_context(trust_env=False)


class _Countdown(threading.local):
    """What is left of the call that this thread makes; threads may share a client."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._seconds = self._began = 0.0

    def start(self, seconds: float) -> None:
        self._seconds = seconds
        self._began = self.clock()

    def stood_still(self, seconds: float) -> None:
        self._began += seconds

    def waited(self) -> float:
        return self.clock() - self._began

    def left(self, over: type[httpcore.TimeoutException]) -> float:
        """Seconds, more than none.

        Raises:
            TimeoutException: ``over``, when none is left.
        """
        left = self._seconds - self.waited()
        if left <= 0:
            raise over
        return left


class _Backend(httpcore.SyncBackend):
    """Connections whose every wait is counted down. The timeouts that are handed in are those of a single wait."""

    def __init__(self, countdown: _Countdown) -> None:
        self._countdown = countdown

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - as above
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._countdown.left(httpcore.ConnectTimeout)
        return _Stream(super().connect_tcp(host, port, left, local_address, socket_options), self._countdown)


class _Stream(httpcore.NetworkStream):
    """A connection, in clear or within TLS."""

    def __init__(self, stream: httpcore.NetworkStream, countdown: _Countdown) -> None:
        self._stream = stream
        self._countdown = countdown

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - see _Backend
        return self._stream.read(max_bytes, self._countdown.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - see _Backend
        self._stream.write(buffer, self._countdown.left(httpcore.WriteTimeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - see _Backend
    ) -> httpcore.NetworkStream:
        left = self._countdown.left(httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._countdown)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
