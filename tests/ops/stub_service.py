"""Stands in for the mock indexes and the pages when the demo's runner is tested: answers /healthz and /_people,
and two calls of REST: any credentials get a token, and the token gets back what was asked.

python stub_service.py PORT [SECONDS_TO_LIVE [no-people]]
"""

import http.server
import json
import sys
import threading

PEOPLE = {
    "citizens": [
        {
            "name": "Mette Lund",
            "given_name": "Mette",
            "cpr": "6815859002",
            "municipality": "0730",
            "story": {"da": "Er sygemeldt.", "en": "Is on sick leave."},
        }
    ],
    "staff": [{"name": "Anne Krog", "story": {"da": "Styrer to kommuner.", "en": "Decides in two municipalities."}}],
}


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(404 if self.path == "/_people" and "no-people" in sys.argv else 200, json.dumps(PEOPLE).encode())

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/api/v1/oauth/token":
            self._answer(200, b'{"access_token": "a-token", "expires_in": 600, "token_type": "Bearer"}')
        else:
            known = self.headers["Authorization"] == "Bearer a-token"
            self._answer(200 if known else 401, asked if known else b"Who are you?")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answers)
    if len(sys.argv) > 2:
        threading.Timer(float(sys.argv[2]), server.shutdown).start()
    server.serve_forever()
    sys.stderr.write("The stub has come to its end.\n")


if __name__ == "__main__":
    main()
