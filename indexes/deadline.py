"""An HTTP transport that ends a call when its time is over, however little arrives and however steadily.

httpx counts a timeout anew for every piece that comes, so headers in drops or "102 Processing" without end keep a call
as long as the server likes. Here each wait of a call – for the connection, the handshake, the headers, the body – gets
what is left of the one timeout. Only looking up the name is left to the system, and each address of a name is tried
with what is left.
"""

import ssl
import threading
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import httpcore
import httpx


class DeadlineTransport(httpx.HTTPTransport):
    """A request's ``read`` timeout is the time for all of it, its answer's body included. It reads no environment."""

    def __init__(self) -> None:
        context = _context()
        super().__init__(verify=context, trust_env=False)
        self._countdown = _Countdown()
        # httpx has no argument for this; that a call ends is tested against servers that drip
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=_Backend(self._countdown))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._countdown.start(request.extensions["timeout"]["read"])
        return super().handle_request(request)


@cache
def _context() -> ssl.SSLContext:
    """One for the process: reading the certificates takes longer than many a call."""
    return httpx.create_ssl_context(trust_env=False)


class _Countdown(threading.local):
    """What is left of the call that this thread makes; threads may share a client."""

    _end = 0.0

    def start(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, over: type[httpcore.TimeoutException]) -> float:
        """Seconds, more than none.

        Raises:
            TimeoutException: ``over``, when none is left.
        """
        left = self._end - time.monotonic()
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
