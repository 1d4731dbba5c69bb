"""HTTP in front of the three indexes: addresses, status codes, and the troubles that are about the connection."""

import json
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any, ClassVar

from indexes.mock.answers import Answerer, Source, fault
from indexes.mock.events import Change, Happenings, NoChangeError
from indexes.mock.headers import check_action, unreadable
from indexes.mock.reading.search import NotUnderstood
from indexes.mock.troubles import Trouble, Troubles, cut, malformed

ADDRESSES = {"/sagdokumentindeks/6": Source.SDI, "/ydelseindeks/6": Source.YI, "/planindeks/1": Source.PLAN}
LARGEST_REQUEST = 1_000_000  # bytes
IDLE_SECONDS = 120  # an unused connection is closed after this
_XML = "text/xml; charset=utf-8"
_JSON = "application/json; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexes:
    """What the handler answers from."""

    answerer: Answerer
    troubles: Troubles
    people: dict[str, Any]  # what /_people says
    happenings: Happenings


class Handler(BaseHTTPRequestHandler):
    """One connection. Kept alive between requests, as real clients do in a bulk sync."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1  # buffered: head and body leave in one packet
    indexes: ClassVar[Indexes]

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._send(HTTPStatus.OK, _TEXT, "ok")
        elif self.path == "/_people":
            self._send(HTTPStatus.OK, _JSON, json.dumps(self.indexes.people, ensure_ascii=False, indent=1))
        elif self.path == "/_trouble":
            self._send(HTTPStatus.OK, _JSON, json.dumps(self.indexes.troubles.all()))
        else:
            self._send(HTTPStatus.NOT_FOUND, _TEXT, self._addresses())

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            return
        if self.path == "/_trouble":
            self._put_trouble(body)
        elif self.path == "/_events":
            self._happen(body)
        elif source := ADDRESSES.get(self.path):
            self._answer(source, body)
        else:
            self._send(HTTPStatus.NOT_FOUND, _TEXT, self._addresses())

    def _addresses(self) -> str:
        known = ", ".join(["/healthz", "/_people", "/_trouble", "/_events", *ADDRESSES])
        return f"Nothing lives at {self.path}. Use one of {known}."

    def _body(self) -> bytes | None:
        """The request's body, or None after having refused it."""
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            self.close_connection = True
            self._send(HTTPStatus.LENGTH_REQUIRED, _TEXT, "The request has no length. Send a Content-Length header.")
            return None
        if int(length) > LARGEST_REQUEST:
            self.close_connection = True
            words = f"The request is larger than {LARGEST_REQUEST} bytes. Send a smaller one."
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TEXT, words)
            return None
        return self.rfile.read(int(length))

    def _put_trouble(self, body: bytes) -> None:
        try:
            wanted = json.loads(body)
            source, kind = Source(wanted["source"]), wanted["kind"]
            trouble = None if kind is None else Trouble(kind)
        except (ValueError, KeyError, TypeError):
            words = (
                'That is no trouble. Send {"source": …, "kind": …} with a source of '
                f"{', '.join(Source)} and a kind of {', '.join(Trouble)} or null."
            )
            self._send(HTTPStatus.BAD_REQUEST, _TEXT, words)
            return
        self.indexes.troubles.put(source, trouble)
        self._send(HTTPStatus.OK, _JSON, json.dumps(self.indexes.troubles.all()))

    def _happen(self, body: bytes) -> None:
        try:
            happened = self.indexes.happenings.happen(Change.read(body))
        except NoChangeError as error:
            self._send(HTTPStatus.BAD_REQUEST, _TEXT, str(error))
            return
        self._send(HTTPStatus.OK, _JSON, json.dumps(happened))

    def _answer(self, source: Source, body: bytes) -> None:
        trouble, before = self.indexes.troubles.meet(source)
        match trouble:
            case Trouble.OFF:
                self._hang_up()
                return
            case Trouble.HANG:
                if not self.indexes.troubles.hang(source, self.connection):
                    self.close_connection = True
                    return
            case Trouble.SLOW:
                sleep(self.indexes.troubles.slow_seconds)
            case Trouble.STATUS503:
                self._send(HTTPStatus.SERVICE_UNAVAILABLE, _TEXT, "The index is closed for a while. Try again later.")
                return
            case Trouble.FAULT:
                xml = fault(source, "Server", "Der opstod en uventet fejl i indekset. Prøv igen senere.")
                self._send(HTTPStatus.INTERNAL_SERVER_ERROR, _XML, xml)
                return
        self._write(source, body, trouble, before)

    def _write(self, source: Source, body: bytes, trouble: Trouble | None, before: int) -> None:
        if words := unreadable(self.headers):
            self._send(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _TEXT, words)
            return
        answerer = replace(
            self.indexes.answerer, doubled=trouble is Trouble.DUPLICATE, emptied=trouble is Trouble.EMPTY
        )
        try:
            check_action(source, self.headers)
            xml = answerer.answer(source, body)
        except NotUnderstood as error:
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, _XML, fault(source, "Client", str(error)))
            return
        if trouble is Trouble.MALFORMED:
            xml = malformed(xml)
        elif trouble is Trouble.TRUNCATED and before % 2:
            xml = cut(xml)
        elif trouble is Trouble.TRUNCATED:
            self.close_connection = True
            self._send(HTTPStatus.OK, _XML, cut(xml), length=len(xml))
            return
        self._send(HTTPStatus.OK, _XML, xml)

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):  # the client may have left first
            self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, status: HTTPStatus, kind: str, content: str | bytes, length: int | None = None) -> None:
        """An answer; ``length`` says another length than the content has, and so breaks it off."""
        body = content.encode() if isinstance(content, str) else content
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class calls it so
        """Say nothing: requests hold CPR numbers, and a bulk sync sends thousands."""


class Server(ThreadingHTTPServer):
    daemon_threads = True  # a hanging answer does not keep the program from ending
    request_queue_size = 128  # a sync opens its connections all at once

    def __init__(self, address: tuple[str, int], indexes: Indexes) -> None:
        super().__init__(address, type("BoundHandler", (Handler,), {"indexes": indexes}))

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves in the middle of an answer is its own business; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed's types are private
