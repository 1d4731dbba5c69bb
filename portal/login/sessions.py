"""Where sessions are kept: in the database, and of no use to whoever reads it there.

The key that the browser sends stands in no table, only a keyed hash of it; what a session holds is sealed with another
key made of it. So a row opens for its own cookie alone, and nobody who may write rows can make one that opens: that
takes SECRET_KEY too. (OWASP ASVS: session tokens are not kept in clear.) Changing SECRET_KEY ends every session.
"""

import base64
import json
import logging
import os
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone
from django.utils.crypto import salted_hmac

log = logging.getLogger(__name__)
_SALT: Final = "portal.login.sessions"
_NONCE: Final = 12  # bytes; what AES-GCM is specified for (NIST SP 800-38D, section 8.2)
# Each request's first: written out, it takes a third of what a queryset of it would.
_FIND: Final = (
    "SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s"
)
_STORED: Final = 40  # characters; what Django's column of the session key holds: 160 bits


def _derived(session_key: str, purpose: str) -> bytes:
    """32 bytes that only whoever has both the cookie's key and SECRET_KEY can make; each purpose has its own."""
    return salted_hmac(f"{_SALT}.{purpose}", session_key, algorithm="sha256").digest()


def stored_key(session_key: str) -> str:
    """How a session's key stands in the database."""
    return _derived(session_key, "key").hex()[:_STORED]


def token_of(session: SessionBase) -> str:
    """The token of this session's grant: it ends with the session's key, and stands nowhere.

    That of a session which has no key yet opens nothing: a grant is made for one that has.
    """
    return _derived(session.session_key or "", "grant").hex()


class SessionStore(db.SessionStore):
    """Django's own store of sessions, with keys hashed and contents sealed."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        key = self._get_or_create_session_key()  # type: ignore[attr-defined]  # Django's stubs have forgotten it
        nonce = os.urandom(_NONCE)
        sealed = nonce + AESGCM(_derived(key, "content")).encrypt(nonce, json.dumps(session_dict).encode(), None)
        return base64.b64encode(sealed).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What a session holds; nothing, as in Django's own, when it is not as it was sealed for this key."""
        held = self._opened(session_data)
        if held is None:
            log.warning("A session was sealed for another key, or was tampered with, so whoever has it is signed out.")
        return held or {}

    def _opened(self, session_data: bytes | str) -> dict[str, Any] | None:
        """What is in a session; None if this key did not seal it, or somebody has changed it."""
        cipher = AESGCM(_derived(self.session_key or "", "content"))
        try:
            sealed = base64.b64decode(session_data, validate=True)
            held: dict[str, Any] = json.loads(cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None))
        except (InvalidTag, ValueError):  # binascii's error is a ValueError
            return None
        return held

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        key = self.session_key or ""
        found = next(iter(self.model.objects.raw(_FIND, [stored_key(key), timezone.now()])), None)
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(stored_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored_key(key))
