"""Giving out tokens and knowing them again, by the registration (``portal.models.Consumer``). Silence means no.

What is added to the OAuth toolkit: an application counts only with a registration that has not been revoked; two
secrets count while a consumer changes them; and whoever can write the table of tokens, but lacks SECRET_KEY, can
neither forge a token nor make one reach or last longer: its row carries a keyed hash of the token, whose it is, its
scopes and its end. The token is nowhere kept; it is found by a plain hash, which is the toolkit's own.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac
from oauth2_provider.models import AccessToken, Application
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from portal.models import SCOPES, Consumer, ConsumerSecret

_SALT = "portal.api.oauth"  # every use of SECRET_KEY has a key of its own


def _seal(text: str, token: AccessToken) -> str:
    """What nobody can write into a token's row without the key; ``text`` is the token itself."""
    parts = (text, token.application.client_id, token.scope, token.expires.isoformat())
    return salted_hmac(_SALT, "\n".join(parts), algorithm="sha256").hexdigest()


def checksum_of(token: str) -> str:
    """What the toolkit finds a token by."""
    return sha256(token.encode()).hexdigest()


def digest_of(secret: str) -> str:
    """What is kept of a consumer's secret.

    One SHA-256 is enough and a slow hash would guard nothing: the secret is 256 random bits that we have made, so
    nobody tries them all. A password's hash would make every token call a quarter of a second of work.
    """
    return sha256(secret.encode()).hexdigest()


def consumer_of(application: Application) -> Consumer | None:
    """The registration of an application, when it has one that counts."""
    registered: Consumer | None = getattr(application, "consumer", None)
    return registered if registered is not None and registered.revoked is None else None


class RegisteredScopes(BaseScopes):  # type: ignore[misc]  # the library ships no types
    """What a consumer may ask for is what it is registered with, and that is also what it gets unasked."""

    def get_all_scopes(self) -> Mapping[str, str]:
        return SCOPES

    def get_available_scopes(self, application: Application | None = None, *_rest: Any, **_named: Any) -> list[str]:
        consumer = consumer_of(application) if application is not None else None
        return list(consumer.scopes) if consumer else []

    get_default_scopes = get_available_scopes


class Validator(OAuth2Validator):  # type: ignore[misc]  # the library ships no types
    """The toolkit's own, where it asks the database."""

    def _load_application(self, client_id: str, request: Any) -> Application | None:
        """The application, with the digests of every secret that counts now; None without a standing registration."""
        client = super()._load_application(client_id, request)
        consumer = consumer_of(client) if client is not None else None
        if consumer is None:
            request.client = None
            return None
        counting = ConsumerSecret.objects.filter(consumer=consumer).exclude(until__lte=timezone.now())
        client.client_secret = " ".join(counting.values_list("digest", flat=True))  # never saved: only compared
        return client

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        given = digest_of(provided_secret)
        return any(hmac.compare_digest(given, digest) for digest in stored_secret.split())

    def _set_token_value(self, token_instance: AccessToken, raw_token: str) -> None:
        super()._set_token_value(token_instance, raw_token)
        token_instance.token = _seal(raw_token, token_instance)  # otherwise empty: the token itself is nowhere kept

    def _load_access_token(self, token: str) -> AccessToken | None:
        """The token's row: one that we have written, of a consumer that counts. Any other is no token."""
        row = (
            AccessToken.objects.select_related("application__consumer")
            .filter(token_checksum=checksum_of(token))
            .first()
        )
        if row is None or row.application is None or consumer_of(row.application) is None:
            return None
        return row if hmac.compare_digest(row.token, _seal(token, row)) else None
