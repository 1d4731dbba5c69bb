"""The identity provider as we meet it over HTTP: what it says of itself, its keys, and what it gives for a code.

OpenID Connect Discovery 1.0 and Core 1.0. What an ID token must say is ``tokens``' business, how a sign-in goes is
``flow``'s. Description and keys are kept for an hour; keys are fetched anew, once, when a token names an unknown one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator

from indexes.deadline import DeadlineTransport
from portal.config import Config, origin_of
from portal.login.failures import Reason, SignInError, refused

KEPT_SECONDS = 3600.0  # so that a key that was withdrawn is not trusted for days
# Between two looks for an unknown key: tokens that each name another one must not make us ask without end.
LOOK_AGAIN_SECONDS = 10.0
# After a call that was given up: meanwhile nobody waits for the same, and so keeps a worker from all other pages.
REST_SECONDS = 15.0
MOST_BYTES = 256 * 1024  # of an answer; a description or a set of keys is a few kB
_JSON = TypeAdapter(dict[str, object])


class Description(BaseModel):
    """What we use of a provider's description (Discovery 1.0, section 3; RFC 9207, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    names_itself: bool = Field(default=False, alias="authorization_response_iss_parameter_supported")

    @model_validator(mode="after")
    def _check_addresses(self) -> Self:
        """Every address is as secure as the issuer's own; nobody is sent, and no secret, to another kind."""
        scheme = urlsplit(self.issuer).scheme
        needed = (self.authorization_endpoint, self.token_endpoint, self.jwks_uri)
        given = [address for address in (self.userinfo_endpoint, self.end_session_endpoint) if address]
        if any(urlsplit(address).scheme != scheme or not urlsplit(address).netloc for address in (*needed, *given)):
            raise ValueError("an address of another kind than the issuer's")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a code was exchanged for; neither is checked yet."""

    id_token: str
    access_token: str


class _Given(BaseModel):
    id_token: str
    access_token: str


class Provider:
    """One provider. Threads may share it: at worst two fetch the same at once.

    Args:
        issuer: its address, spelled as it spells it itself.
        client_id: what it knows us by.
        client_secret: what it knows that from.
        timeout: seconds for a whole call.
        clock: seconds that only go forward; a seam for tests.
    """

    def __init__(
        self,
        issuer: str,
        *,
        client_id: str,
        client_secret: str,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer = issuer
        self.client_id = client_id
        self._secret = client_secret
        self._clock = clock
        self._http = httpx.Client(
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            transport=DeadlineTransport(),
            # A code is good once: it must not be sent over a connection that turns out to have been closed meanwhile.
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"},
        )
        self._description: tuple[float, Description] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._looked = -KEPT_SECONDS
        self._rests_until = -KEPT_SECONDS

    def description(self) -> Description:
        """What the provider says of itself.

        Raises:
            SignInError: it cannot be asked, or describes another than itself (Discovery 1.0, section 4.3).
        """
        if self._description is None or self._clock() - self._description[0] > KEPT_SECONDS:
            answer = self._read("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            try:
                found = Description.model_validate(answer)
            except ValidationError as error:
                raise _down(f"describes itself in a way that cannot be used ({error.error_count()} faults)") from None
            if found.issuer != self.issuer:
                raise _down("says that it is another than OIDC_ISSUER")
            self._description = (self._clock(), found)
        return self._description[1]

    def keys(self, *, anew: bool = False) -> KeySet:
        """The keys that it signs with; ``anew`` when there should be another, which is looked for now and then.

        Raises:
            SignInError: they cannot be had.
        """
        if anew and (anew := self._clock() - self._looked > LOOK_AGAIN_SECONDS):
            self._looked = self._clock()
        if anew or self._keys is None or self._clock() - self._keys[0] > KEPT_SECONDS:
            answer = self._read("GET", self.description().jwks_uri)
            try:
                found = KeySet.import_key_set(_key_set(answer))
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise _down(f"gives keys that cannot be read ({type(error).__name__})") from None
            self._keys = (self._clock(), found)
        return self._keys[1]

    def redeem(self, code: str, *, verifier: str, redirect_uri: str) -> Tokens:
        """Exchange a code (Core 1.0, section 3.1.3), proving that we are who asked for it (RFC 7636, section 4.5).

        Raises:
            SignInError: it is not, or no longer, good for anything; or the provider cannot be asked.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        answer = self._read("POST", self.description().token_endpoint, data=form, auth=(self.client_id, self._secret))
        try:
            given = _Given.model_validate(answer)
        except ValidationError:
            raise refused("The identity provider gave no ID token for the code, so nobody was signed in.") from None
        return Tokens(id_token=given.id_token, access_token=given.access_token)

    def userinfo(self, access_token: str) -> dict[str, object]:
        """What the provider says of the person besides the ID token (Core 1.0, section 5.3); nothing if it does not.

        Raises:
            SignInError: it cannot be asked.
        """
        address = self.description().userinfo_endpoint
        if not address:
            return {}
        return self._read("GET", address, headers={"Authorization": f"Bearer {access_token}"})

    def end_session_address(self) -> str:
        """Where one signs out of the provider; empty if it offers that nowhere, or not under its own name.

        The page's policy lets forms lead to the provider's own origin alone (``form-action``).
        """
        address = self.description().end_session_endpoint
        return address if origin_of(address) == origin_of(self.issuer) else ""

    def _read(
        self,
        method: str,
        url: str,
        *,
        data: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> dict[str, object]:
        """The object that an address answers with, if that is not too large."""
        if self._clock() < self._rests_until:
            raise _down("did not answer in time a moment ago")
        try:
            with self._http.stream(method, url, data=data, auth=auth, headers=headers) as answer:
                body = _limited(answer)
        except httpx.TimeoutException as error:
            self._rests_until = self._clock() + REST_SECONDS
            raise _down(f"does not answer in time ({type(error).__name__})") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _down(f"does not answer ({type(error).__name__})") from None
        if answer.is_client_error and auth is not None:
            raise refused(
                f"The identity provider did not take the code (HTTP {answer.status_code}), so nobody was signed in: "
                "it was used or too old; if it is so each time, OIDC_CLIENT_ID or OIDC_CLIENT_SECRET is wrong."
            )
        if not answer.is_success:
            raise _down(f"answers HTTP {answer.status_code}")
        try:
            return _JSON.validate_json(body)
        except ValidationError:
            raise _down("does not answer with JSON") from None


def _limited(answer: httpx.Response) -> bytes:
    body = b""
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            raise _down(f"answers with more than {MOST_BYTES} bytes")
    return body


def _key_set(answer: dict[str, object]) -> KeySetSerialization:
    """The keys, if it is a list of them: what each holds is joserfc's to judge."""
    keys = answer["keys"]
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise TypeError("keys")
    return {"keys": keys}


def _down(what: str) -> SignInError:
    return SignInError(
        Reason.UNREACHABLE,
        f"The identity provider {what}, so nobody can sign in. See that it runs and that OIDC_ISSUER is right.",
    )


def provider_of(config: Config) -> Provider:
    """The provider of these settings, with what we have already learned of it."""
    return _provider(
        config.oidc_issuer, config.oidc_client_id, config.oidc_client_secret.get_secret_value(), config.oidc_timeout
    )


@lru_cache(maxsize=8)  # a process has one; the tests have a few
def _provider(issuer: str, client_id: str, client_secret: str, timeout: float) -> Provider:
    return Provider(issuer, client_id=client_id, client_secret=client_secret, timeout=timeout)
