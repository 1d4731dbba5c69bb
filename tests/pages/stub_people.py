"""A small server that lists made-up people as the mock indexes do, or answers as a broken one would."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

METTE = {
    "key": "mette",
    "name": "Mette Lund",
    "given_name": "Mette",
    "cpr": "6815859002",
    "birth_date": "1985-04-13",
    "municipality": "0730",
    "story": {"da": "Er sygemeldt.", "en": "Is on sick leave."},
}
KAREN = {
    "key": "karen",
    "name": "Karen Dahl",
    "role": "administrator",
    "municipalities": ["0730", "0360"],
    "story": {"da": "Bestemmer i Randers.", "en": "Decides in Randers."},
}
PEOPLE = json.dumps({"citizens": [METTE], "staff": [KAREN]}).encode()


@contextmanager
def people_server(body: bytes = PEOPLE, status: int = 200) -> Iterator[str]:
    """The address of a list of people, as long as the block lasts."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The test says what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/_people"
    finally:
        server.shutdown()
        server.server_close()
