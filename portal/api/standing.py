"""A token that has been verified, remembered by this process, so that a call need not ask the database twice.

What is remembered is believed by nobody alone: the statement that reads asks in the database whether the token and the
registration it rests on are still the same rows (``portal/sql/standing.sql``). A revocation holds from the next call.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection
from oauth2_provider.models import AccessToken
from rest_framework.request import Request

from borgerblik.grants import ByNumber, Call
from indexes.identity import fingerprints_of
from portal.api.oauth import checksum_of

MOST: Final = 1_000  # tokens remembered; each lasts ten minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A token that was good, the checksum it is found by, and which versions of its rows were looked at."""

    token: AccessToken
    checksum: str
    stood: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByToken(ByNumber):
    """Leave by a consumer's call, as long as its token stands."""

    standing: Standing

    def reading(self, near: Iterable[str], what: str) -> Call:
        found_by = [self.standing.checksum, self.standing.stood, fingerprints_of(self.cpr)]
        return (
            "SELECT held, decisions, looked FROM read_standing(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [*found_by, list(near), *self.told(what)],
        )

    def opening(self, what: str) -> Call:
        found_by = [self.standing.checksum, self.standing.stood, fingerprints_of(self.cpr)]
        return "SELECT * FROM use_standing(%s, %s, %s, %s, %s, %s, %s, %s)", [*found_by, *self.told(what)]


_remembered: OrderedDict[str, Standing] = OrderedDict()
_lock = threading.Lock()


def recall(token: str) -> Standing | None:
    """What is remembered of a token; whether it still stands is for the statement that reads to say."""
    with _lock:
        return _remembered.get(checksum_of(token))


def remember(token: str, verified: AccessToken) -> Standing | None:
    """Remember a token that has just been verified; None when it has been revoked in this very moment."""
    checksum = checksum_of(token)
    with connection.cursor() as cursor:
        cursor.execute("SELECT standing_of(%s)", [checksum])
        (stood,) = cursor.fetchone()
    if stood is None:
        return None
    standing = Standing(token=verified, checksum=checksum, stood=stood)
    with _lock:
        _remembered[checksum] = standing
        if len(_remembered) > MOST:
            _remembered.popitem(last=False)
    return standing


def forget_of(request: Request) -> None:
    """The token of this call stands no more, or rests on other rows: whoever comes with it again is looked at anew."""
    standing: Standing | None = getattr(request, "standing", None)
    if standing is not None:
        with _lock:
            _remembered.pop(standing.checksum, None)
