"""Registering the systems that call the API, changing their secrets and shutting them out.

For ``manage.py consumers`` and the demo. A secret is made here, given back once, and only its digest is kept.
"""

import datetime as dt
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from borgerblik import areas
from borgerblik.overview.access import CITIZEN, STANDARD_PURPOSES
from indexes.authorities import by_code
from portal.api.oauth import digest_of
from portal.models import ALL, LINE, LOG, SCOPES, Consumer, ConsumerSecret

SECRET_BYTES: Final = 32
# Long enough for a release of theirs; two secrets for ever would be one too many.
LONGEST_OVERLAP: Final = dt.timedelta(days=90)
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CVR: Final = re.compile(r"[0-9]{8}", re.ASCII)


class RegistrationError(ValueError):
    """The registration cannot be made or changed so; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a consumer is registered with. ``id`` is what it is known by (OAuth's client id), ``name`` its system.

    ``authorities`` are kommune codes and "UDK", ``areas`` keys of the stage plan; each may be ``*`` alone for all.
    ``purpose`` is one of ``STANDARD_PURPOSES``, which citizens read in their own language. Where none of them fits, it
    is "" and the purpose is told in words of its own, which other languages than those two show in Danish.
    """

    id: str
    name: str
    organisation: str
    cvr: str
    purpose: str = ""
    purpose_da: str = ""
    purpose_en: str = ""
    legal_basis: str
    authorities: Sequence[str]
    areas: Sequence[str]
    scopes: Sequence[str]


def register(asked: Registration, *, secret: str | None = None) -> str:
    """A new consumer; answers its secret, which is kept nowhere. ``secret`` is for the demo, which must know its own.

    Raises:
        RegistrationError: something in it cannot be used, or the id is taken.
    """
    if wrong := list(_problems(asked)):
        raise RegistrationError("Nothing was registered. " + " ".join(wrong))
    with transaction.atomic():
        application, made = Application.objects.get_or_create(
            client_id=asked.id,
            defaults={
                "name": asked.name,
                "client_type": Application.CLIENT_CONFIDENTIAL,
                "authorization_grant_type": Application.GRANT_CLIENT_CREDENTIALS,
                "client_secret": "",  # secrets have a table of their own, for there can be two
                "hash_client_secret": False,
            },
        )
        if not made:
            raise RegistrationError(
                f"Nothing was registered: {asked.id} is taken. Choose another id, or see `consumers list`."
            )
        consumer = Consumer.objects.create(
            application=application,
            organisation=asked.organisation,
            cvr=asked.cvr,
            purpose=asked.purpose,
            purpose_da=asked.purpose_da,
            purpose_en=asked.purpose_en,
            legal_basis=asked.legal_basis,
            authorities=list(asked.authorities),
            areas=list(asked.areas),
            scopes=list(asked.scopes),
        )
        return _add_secret(consumer, secret or new_text())


def _problems(asked: Registration) -> Iterable[str]:
    if not _ID.fullmatch(asked.id):
        yield "The id is to be lower-case letters, digits and hyphens, such as mit-overblik."
    if asked.id == CITIZEN:  # the actor of their entries in the access log
        yield f"The id cannot be {CITIZEN}: what it reads would pass for the citizen's own visits. Choose another."
    if not _CVR.fullmatch(asked.cvr):
        yield "The CVR number is to be eight digits."
    own_words = {"purpose in Danish": asked.purpose_da, "purpose in English": asked.purpose_en}
    if asked.purpose and (asked.purpose not in STANDARD_PURPOSES or any(own_words.values())):
        yield f"The purpose is to be one of {', '.join(STANDARD_PURPOSES)}, or else words in Danish and in English."
    lines = {
        "name": asked.name,
        "organisation": asked.organisation,
        **({} if asked.purpose else own_words),
        "legal basis": asked.legal_basis,
    }
    for what, text in lines.items():
        if not re.fullmatch(LINE, text):
            yield f"The {what} is to be some words on one line: the citizen or an auditor reads it."
    yield from _unknown("authorities", asked.authorities, by_code, "kommune codes or UDK")
    yield from _unknown("areas", asked.areas, areas.load().by_key, "keys of borgerblik/data/areas.toml")
    if not asked.scopes or not set(asked.scopes) <= SCOPES.keys():
        yield f"The scopes are to be some of {', '.join(SCOPES)}."
    if LOG in asked.scopes and not list(asked.authorities) == list(asked.areas) == [ALL]:
        yield f"The scope {LOG} takes all authorities and areas: the access log is split by neither."


def _unknown(what: str, given: Sequence[str], known: Iterable[str], wanted: str) -> Iterable[str]:
    if list(given) != [ALL] and (not given or not set(given) <= set(known)):
        yield f"The {what} are to be {wanted}, or {ALL} alone for all."


def new_text() -> str:
    """A secret nobody has had: 256 random bits."""
    return secrets.token_urlsafe(SECRET_BYTES)


def _add_secret(consumer: Consumer, text: str) -> str:
    ConsumerSecret.objects.create(consumer=consumer, digest=digest_of(text))
    return text


def find(client_id: str) -> Consumer:
    """The registration with this id.

    Raises:
        RegistrationError: there is none.
    """
    found = Consumer.objects.select_related("application").filter(application__client_id=client_id).first()
    if found is None:
        raise RegistrationError(f"Nobody is registered as {client_id}, so nothing was done. See `consumers list`.")
    return found


def new_secret(client_id: str, *, overlap: dt.timedelta) -> str:
    """Another secret, which counts from now; those before count for ``overlap`` more. Answers it, once.

    Raises:
        RegistrationError: nobody is registered so, it has been revoked, or the overlap is too long.
    """
    if not dt.timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise RegistrationError(f"No secret was made: give the old one between 0 and {LONGEST_OVERLAP.days} more days.")
    with transaction.atomic():
        consumer = Consumer.objects.select_for_update().get(pk=find(client_id).pk)
        if consumer.revoked is not None:
            raise RegistrationError(
                f"No secret was made: {client_id} has been revoked. Register it anew under another id."
            )
        now = timezone.now()
        ConsumerSecret.objects.filter(consumer=consumer, until__lte=now).delete()
        ConsumerSecret.objects.filter(consumer=consumer, until=None).update(until=now + overlap)
        return _add_secret(consumer, new_text())


def revoke(client_id: str) -> int:
    """Shut a consumer out, at once and for good: its secrets and tokens are gone. Answers how many tokens it had.

    The registration stays: the access log names it. Doing it twice equals doing it once.
    """
    with transaction.atomic():
        consumer = Consumer.objects.select_for_update().get(pk=find(client_id).pk)
        if consumer.revoked is None:
            consumer.revoked = timezone.now()
            consumer.save(update_fields=["revoked"])
        consumer.secrets.all().delete()
        gone, _ = AccessToken.objects.filter(application=consumer.application).delete()
        return int(gone)
