"""Stands in for the mock indexes and the pages when the demo's runner is tested: answers /healthz and /_people.

python stub_service.py PORT [SECONDS_TO_LIVE [no-people]]
"""

import http.server
import json
import sys
import threading

PEOPLE = {
    "citizens": [{"name": "Mette Lund", "story": {"da": "Er sygemeldt.", "en": "Is on sick leave."}}],
    "staff": [{"name": "Anne Krog", "story": {"da": "Styrer to kommuner.", "en": "Decides in two municipalities."}}],
}


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps(PEOPLE).encode()
        self.send_response(404 if self.path == "/_people" and "no-people" in sys.argv else 200)
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
