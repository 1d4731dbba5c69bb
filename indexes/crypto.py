"""Keys and ciphers for what must not lie in clear in the database: CPR numbers and quarantined messages.

Secrets come from the setting ``CPR_KEYS``: ``id:secret`` separated by commas. The first is used for writing, all for
reading, so a new key is put first and the old ones kept until every row has been written anew (``rotation``).
Each use has its own subkey (HKDF, RFC 5869), so that nothing written for one purpose can be used for another.
"""

import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12  # what AES-GCM is specified for (NIST SP 800-38D, section 8.2)
SHORTEST_SECRET = 16  # characters


class KeyRingError(ValueError):
    """CPR_KEYS cannot be used, or lacks the key that a row was written with."""


def _subkey(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"borgerblik {purpose}".encode()).derive(secret.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Something encrypted, and the id of the key that opens it. ``data`` is nonce, ciphertext and tag."""

    key_id: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One secret's subkeys for one purpose."""

    id: str
    _finding: bytes = field(repr=False)
    _sealing: AESGCM = field(repr=False)

    def fingerprint(self, content: bytes) -> bytes:
        """32 bytes by which the same content is found again, and that tell nothing without the key (HMAC-SHA256)."""
        return hmac.digest(self._finding, content, sha256)

    def seal(self, content: bytes, *, bound_to: bytes) -> Sealed:
        """Encrypt. ``bound_to`` names the row: what is moved to another row cannot be opened there."""
        nonce = os.urandom(NONCE_BYTES)
        return Sealed(key_id=self.id, data=nonce + self._sealing.encrypt(nonce, content, bound_to))

    def open(self, data: bytes, *, bound_to: bytes) -> bytes:
        try:
            return self._sealing.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound_to)
        except InvalidTag as error:
            raise KeyRingError(
                f"A row sealed with the key '{self.id}' cannot be opened: its secret in CPR_KEYS is not the one "
                "it was written with, or the row was tampered with. Restore the secret, or read the row anew."
            ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """The keys for one purpose; the first writes."""

    keys: tuple[Key, ...]

    @property
    def writing(self) -> Key:
        return self.keys[0]

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys)

    def open(self, sealed: Sealed, *, bound_to: bytes) -> bytes:
        """Decrypt with the key that sealed.

        Raises:
            KeyRingError: the ring lacks that key, or it does not fit.
        """
        for key in self.keys:
            if key.id == sealed.key_id:
                return key.open(sealed.data, bound_to=bound_to)
        raise KeyRingError(
            f"A row is sealed with the key '{sealed.key_id}', which CPR_KEYS does not hold, so it cannot be opened: "
            "put that key back, last in CPR_KEYS."
        )


def secrets_of(text: str) -> dict[str, str]:
    """The key ids with their secrets, in the order given.

    Raises:
        KeyRingError: ``text`` is not as the setting CPR_KEYS must be.
    """
    found: dict[str, str] = {}
    for part in text.split(","):
        key_id, colon, secret = part.strip().partition(":")
        if not key_id or not colon or len(secret) < SHORTEST_SECRET or key_id in found:
            raise KeyRingError(
                "CPR_KEYS cannot be read, so no CPR number can be kept or found: give 'id:secret' separated by commas, "
                f"each id once, each secret random and at least {SHORTEST_SECRET} characters."
            )
        found[key_id] = secret
    return found


@cache
def _ring(text: str, purpose: str) -> KeyRing:
    return KeyRing(
        keys=tuple(
            Key(
                id=key_id,
                _finding=_subkey(secret, f"{purpose} finding"),
                _sealing=AESGCM(_subkey(secret, f"{purpose} sealing")),
            )
            for key_id, secret in secrets_of(text).items()
        ),
    )


def cpr_keys() -> KeyRing:
    """The keys for CPR numbers."""
    return _ring(settings.CPR_KEYS, "cpr")


def reading_keys() -> KeyRing:
    """The keys for fingerprints of what rows were read from."""
    return _ring(settings.CPR_KEYS, "reading")


def quarantine_keys() -> KeyRing:
    """The keys for messages in quarantine."""
    return _ring(settings.CPR_KEYS, "quarantine")
