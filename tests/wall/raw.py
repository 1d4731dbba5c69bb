"""A request as it is written on the wire: no library in between that mends what an attacker means."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    head: str  # the headers as they came, names in lower case
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, empty if there is none."""
        lines = (line.partition(": ") for line in self.head.splitlines())
        return next((value for key, _, value in lines if key == name), "")


def ask(site: str, line: str, *headers: str, body: bytes = b"") -> Answer:
    """``line`` is method and target; Host and the length are added unless they are given."""
    place = urlsplit(site)
    given = {header.partition(":")[0].lower() for header in headers}
    usual = {"host": place.netloc, "connection": "close", **({"content-length": str(len(body))} if body else {})}
    lines = [f"{line} HTTP/1.1", *headers, *(f"{name}: {value}" for name, value in usual.items() if name not in given)]
    with socket.create_connection((str(place.hostname), place.port or 80), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        received = b""
        while part := connection.recv(65536):
            received += part
    head, _, rest = received.partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    lowered = [f"{name.lower()}: {value.strip()}" for name, _, value in (field.partition(":") for field in fields)]
    return Answer(status=int(status.split()[1]), head="\n".join(lowered), body=rest)
