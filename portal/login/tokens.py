"""Whether an ID token may be believed: OpenID Connect Core 1.0, section 3.1.3.7.

Signature first, by a key of the provider's and an algorithm of ours: a token never chooses how it is checked (RFC 8725,
sections 3.1 and 3.2). Then what it says. joserfc and Authlib do the work; which answers count is decided here.
"""

from collections.abc import Mapping
from datetime import datetime

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from portal.login.failures import refused
from portal.login.provider import Provider

ALGORITHMS = ("RS256", "PS256", "ES256")  # by a key pair; never "none", never one that our own secret could sign
CLOCK_SKEW = 60  # seconds that the provider's clock may be ahead of ours, or behind


def read_id_token(
    provider: Provider, id_token: str, *, nonce: str, access_token: str, now: datetime
) -> dict[str, object]:
    """What the token says, once it has been checked.

    Args:
        provider: who must have signed it.
        id_token: as it came.
        nonce: the one we sent: the token was made for this very sign-in.
        access_token: what came with it; the token may name its hash.
        now: the time it is.

    Raises:
        SignInError: it cannot be believed, or the keys cannot be had.
    """
    token = _verified(provider, id_token)
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
        },
        params={"nonce": nonce, "client_id": provider.client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=int(now.timestamp()), leeway=CLOCK_SKEW)
    except (JoseError, ValueError, TypeError) as error:
        what = getattr(error, "claim", None) or type(error).__name__
        raise refused(f"The ID token cannot be believed ({what}), so nobody was signed in.") from None
    return dict(claims)


def refuse_earlier(claims: Mapping[str, object], asked: int) -> None:
    """We ask that people sign in anew (``prompt=login``); a token that says when they did must say that they have.

    Raises:
        SignInError: they signed in before they were asked to.
    """
    at = claims.get("auth_time", asked)
    if not isinstance(at, (int, float)) or not at >= asked - CLOCK_SKEW:  # NaN is not larger either
        raise refused(
            "The identity provider let somebody in who had signed in there before, so nobody was signed in: it must "
            "honour prompt=login."
        )


def _verified(provider: Provider, id_token: str) -> jwt.Token:
    """The token with a good signature. A key we do not know yet may be new: then all are fetched again, once."""
    try:
        try:
            return _decode(id_token, provider.keys())
        except InvalidKeyIdError:
            return _decode(id_token, provider.keys(anew=True))
    except (JoseError, ValueError, TypeError) as error:
        raise refused(
            f"The ID token's signature cannot be believed ({type(error).__name__}), so nobody was signed in."
        ) from None


def _decode(id_token: str, keys: KeySet) -> jwt.Token:
    return jwt.decode(id_token, keys, registry=JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False))
