"""How a sign-in goes: OpenID Connect's authorization code flow with PKCE, state and nonce.

OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE, S256); RFC 9207 (the answer names who gives it); RFC 9700.
What was asked is kept in the visitor's own session, under its state, and is good once and for ten minutes: an answer
that somebody else has fetched, or an old one, finds nothing there.
"""

import re
import secrets
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from authlib.oauth2.client import OAuth2Client

from portal.login.claims import CPR
from portal.login.failures import Reason, SignInError, refused
from portal.login.provider import Provider
from portal.login.tokens import read_id_token, refuse_earlier

KEY = "sign_in"  # in the session: state -> what was asked
GOOD_FOR = timedelta(minutes=10)
MOST_AT_ONCE = 5  # windows in which one signs in at the same time; the oldest gives way
BUSY = frozenset({"server_error", "temporarily_unavailable"})  # RFC 6749, section 4.1.2.1
Session = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who came back, as the provider says, and where they were going.

    ``hint`` is the ID token, to sign out by; empty if it holds a CPR number, for it would travel in an address.
    """

    claims: Mapping[str, object] = field(repr=False)
    hint: str = field(repr=False)
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Where the answer is to go, the page somebody wanted, and the language that they read."""

    redirect_uri: str
    wanted: str
    language: str


def begin(provider: Provider, session: Session, visit: Visit, *, now: datetime) -> str:
    """Where to send whoever wants to sign in; what is asked is kept in the session.

    They sign in anew each time (``prompt=login``): whoever sits down at a computer after somebody else must not become
    them by a click.

    Raises:
        SignInError: the provider cannot be asked where that is.
    """
    endpoint = provider.description().authorization_endpoint
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    asked = {
        "nonce": nonce,
        "verifier": verifier,
        "wanted": visit.wanted,
        "at": int(now.timestamp()),
        "uri": visit.redirect_uri,
    }
    kept = list(session.get(KEY, {}).items())[1 - MOST_AT_ONCE :]
    session[KEY] = {**dict(kept), state: asked}
    client = OAuth2Client(None, client_id=provider.client_id, scope="openid", code_challenge_method="S256")
    address: str
    address, _ = client.create_authorization_url(
        endpoint,
        state=state,
        code_verifier=verifier,
        nonce=nonce,
        redirect_uri=visit.redirect_uri,
        prompt="login",
        ui_locales=visit.language,
    )
    return address


def is_awaited(session: Session, state: str) -> bool:
    """Whether an answer with this state belongs to a sign-in that was begun in this session."""
    return state in session.get(KEY, {})


def complete(provider: Provider, session: Session, query: Mapping[str, str], *, now: datetime) -> Answer:
    """Who came back with the answer ``query``. Whatever comes of it, the same answer is worth nothing afterwards.

    Raises:
        SignInError: nobody did, or they cannot be believed.
    """
    asked = _take(session, query.get("state", ""), now)
    _refuse_another(provider, query.get("iss"))
    if "error" in query:
        raise _told(query["error"])
    if not query.get("code"):
        raise refused("The answer holds no code, so nobody was signed in.")
    tokens = provider.redeem(query["code"], verifier=asked["verifier"], redirect_uri=asked["uri"])
    token = read_id_token(provider, tokens.id_token, nonce=asked["nonce"], access_token=tokens.access_token, now=now)
    refuse_earlier(token, asked["at"])
    said = provider.userinfo(tokens.access_token)
    if said and said.get("sub") != token["sub"]:  # Core 1.0, section 5.3.2: it must not be used
        raise refused("The identity provider spoke of somebody else than in its ID token, so nobody was signed in.")
    claims = {**said, **token}
    hint = "" if _names(token, claims.get(CPR)) else tokens.id_token
    return Answer(claims=claims, hint=hint, wanted=asked["wanted"])


def _take(session: Session, state: str, now: datetime) -> dict[str, Any]:
    """What was asked under this state, out of the session."""
    waiting: dict[str, dict[str, Any]] = dict(session.get(KEY, {}))
    asked = waiting.pop(state, None)
    if asked is None:
        raise refused("The answer belongs to no sign-in that was begun in this browser, so nobody was signed in.")
    session[KEY] = waiting
    if now - datetime.fromtimestamp(asked["at"], tz=now.tzinfo) > GOOD_FOR:
        raise refused(f"The sign-in was begun more than {GOOD_FOR} ago, so nobody was signed in.")
    return asked


def _refuse_another(provider: Provider, issuer: str | None) -> None:
    """RFC 9207, section 2.4: an answer of another provider, or one that hides whose it is."""
    if issuer is None and not provider.description().names_itself:
        return
    if issuer != provider.issuer:
        raise refused("The answer comes from another than our identity provider, so nobody was signed in.")


def _told(error: str) -> SignInError:
    """What the provider answers instead of a code. Only words of the standard are repeated."""
    if error == "access_denied":
        return SignInError(Reason.CANCELLED, "Whoever wanted to sign in has given it up.")
    if error in BUSY:
        return SignInError(Reason.UNREACHABLE, f"The identity provider answers {error}, so nobody was signed in.")
    return refused("The identity provider answers with an error of the request, so nobody was signed in: see its log.")


def _names(token: Mapping[str, object], number: object) -> bool:
    """Whether the ID token holds the person's CPR number, under that name or inside another claim, however written."""
    text = re.sub(r"[\W_]", "", str(dict(token)))
    return CPR in token or (isinstance(number, str) and bool(number) and number in text)
