"""Small HTTP servers that misbehave in ways the mock indexes do not."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

XML = "text/xml; charset=utf-8"


class Request:
    """One call a stand-in got, and the ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.path = handler.path
        self.headers = dict(handler.headers.items())
        self.body = handler.rfile.read(int(handler.headers.get("Content-Length", "0")))
        self._handler = handler

    def answer(self, body: bytes = b"<a/>", *, status: int = 200, **headers: str) -> None:
        """A complete answer; header names are written with _ for -."""
        self.begin(status=status, **{"Content_Length": str(len(body)), **headers})
        self.send(body)

    def begin(self, *, status: int = 200, **headers: str) -> None:
        """The status line and the headers alone."""
        self._handler.send_response(status)
        for name, value in {"Content_Type": XML, **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def send(self, piece: bytes) -> None:
        self._handler.wfile.write(piece)
        self._handler.wfile.flush()


Behaviour = Callable[[Request], None]


class StandIn:
    """A running server: ``url``, and the ``requests`` it has got."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []


@contextmanager
def running(behave: Behaviour) -> Iterator[StandIn]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = Request(self)
            started.requests.append(request)
            try:
                behave(request)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client has left, as some tests want it to

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Nothing: the test's own output is enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    started = StandIn(f"http://127.0.0.1:{server.server_port}/index")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield started
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
