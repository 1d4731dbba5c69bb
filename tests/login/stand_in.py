"""An identity provider that lies as a test tells it to: what a well-kept one never does and an attacker would try."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "borgerblik-test", "of-the-test-run-only"
EID = "https://data.gov.dk/model/core/eid/"
LOA = "https://data.gov.dk/concept/core/nsis/loa"
METTE: dict[str, Any] = {
    LOA: "Substantial",
    f"{EID}cprNumber": "6815859002",
    f"{EID}cprUuid": "urn:uuid:0d1b1c9e-6f3c-4c9a-8d6b-0a3f0c9c1a11",
    f"{EID}fullName": "Mette Lund",
    f"{EID}firstName": "Mette",
    f"{EID}dateOfBirth": "1985-04-13",
    "https://borgerblik.dk/claims/municipality": "0730",
}
FIRST, SECOND, FOREIGN = (
    RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}, private=True) for kid in ("first", "second", "first")
)


class StandIn:
    """What it says, to be changed by a test. ``None`` in a change takes the entry away."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.person: dict[str, Any] = METTE
        self.token: dict[str, Any] = {}  # changes to what the ID token says
        self.userinfo: dict[str, Any] = {}  # changes to what userinfo says
        self.described: dict[str, Any] = {}  # changes to the description
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "first"}
        self.key: Any = FIRST
        self.published: list[list[Any]] = [
            [FIRST]
        ]  # the keys, in the order in which they are asked for; the last stays
        self.instead: dict[str, tuple[int, bytes]] = {}  # path -> what is answered instead
        self.drip: set[str] = set()  # paths whose answer comes in drops
        self.asked: list[str] = []
        self.nonce = ""
        self.challenge = ""

    def described_as(self) -> dict[str, Any]:
        usual = {
            "issuer": self.url,
            **{f"{name}_endpoint": f"{self.url}/{name}" for name in ("authorization", "token", "userinfo")},
            "end_session_endpoint": f"{self.url}/logout",
            "jwks_uri": f"{self.url}/keys",
        }
        return changed(usual, self.described)

    def keys(self) -> dict[str, Any]:
        now = self.published[0] if len(self.published) == 1 else self.published.pop(0)
        return {"keys": [key.as_dict(private=False) for key in now]}

    def id_token(self) -> str:
        now = int(time.time())
        usual = {"iss": self.url, "sub": "mette", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": self.nonce}
        said = changed(usual, self.token)
        if self.header["alg"] == "none":
            return ".".join((packed({"alg": "none", "typ": "JWT"}), packed(said), ""))
        return jwt.encode(self.header, said, self.key, algorithms=[self.header["alg"]])

    def tokens(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"][0].encode()).digest()).decode()
        if proof.rstrip("=") != self.challenge:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "an-access-token", "token_type": "Bearer", "id_token": self.id_token()}

    def listen_to(self, address: str) -> str:
        """Read what the site asks for; the state that it wants back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce, self.challenge = query["nonce"], query["code_challenge"]
        return query["state"]


def changed(usual: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def packed(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def secret_as_key() -> OctKey:
    return OctKey.import_key(SECRET.encode().ljust(32, b"-"))


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """A lying provider, as long as the block lasts."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said: dict[str, Callable[[], dict[str, Any]]] = {
                "/.well-known/openid-configuration": provider.described_as,
                "/keys": provider.keys,
                "/userinfo": lambda: changed({"sub": "mette", **provider.person}, provider.userinfo),
            }
            provider.asked.append(self.path)
            self._answer(200, said[self.path]() if self.path not in provider.instead else {})

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            provider.asked.append(self.path)
            self._answer(*(provider.tokens(form) if self.path not in provider.instead else (200, {})))

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            status, body = provider.instead.get(self.path, (status, json.dumps(said).encode()))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.path in provider.drip:
                self._drip(body)
            else:
                self.wfile.write(body)

        def _drip(self, body: bytes) -> None:
            try:
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    if over.wait(0.05):
                        return
            except OSError:
                return  # whoever asked has had enough

        def log_message(self, *_: object) -> None:
            """The test says what went wrong."""

    over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider = StandIn(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield provider
    finally:
        over.set()
        server.shutdown()
        server.server_close()
