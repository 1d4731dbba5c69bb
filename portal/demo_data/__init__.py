"""What the demo starts with: its authorities' decisions and one REST consumer. The people come from the mock indexes.

Everything here makes what is missing and leaves what is there: an administrator's later change stays.
"""

import hashlib
import hmac
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import Application

from borgerblik import areas, settings_store, words
from borgerblik.models import AreaSetting, AuthoritySettings, KleEdition, KleTopic
from portal.api import registration
from portal.api.oauth import digest_of
from portal.api.registration import Registration
from portal.models import Consumer as Registered

SETTINGS = Path(__file__).with_name("settings.toml")
REGISTRATION = Path(__file__).with_name("consumer.toml")
CONSUMER = "demo-consumer"
KLE_PUBLISHED = date(2025, 5, 1)
KLE_TITLE = re.compile(r"kle/[0-9.]+/title")


class _Row(TypedDict):
    code: str
    since: date
    etaper: list[int]
    shown: str | list[str]
    case_title: list[str]
    document_titles: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How many rows were missing and have been made."""

    authorities: int
    areas: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    client_id: str
    secret: str


def _load_authority(row: _Row) -> Made:
    code = row["code"]
    _, made = AuthoritySettings.objects.get_or_create(
        code=code, defaults={"since": row["since"], "etaper": row["etaper"]}
    )
    owned = [area.key for area in areas.load().all if area.decided_by(settings_store.owner_of(code))]
    shown = owned if row["shown"] == "all" else row["shown"]
    rows = [
        AreaSetting(
            authority_id=code,
            area=key,
            shown=key in shown,
            title="case" if key in row["case_title"] else "kle",
            document_titles=key in row["document_titles"],
        )
        for key in owned
    ]
    before = AreaSetting.objects.filter(authority_id=code).count()
    AreaSetting.objects.bulk_create(rows, ignore_conflicts=True)
    return Made(authorities=int(made), areas=AreaSetting.objects.filter(authority_id=code).count() - before)


@transaction.atomic
def load() -> Made:
    """The authorities' decisions in ``settings.toml``, where there are none yet."""
    rows: list[_Row] = tomllib.loads(SETTINGS.read_text("utf-8"))["authority"]
    made = [_load_authority(row) for row in rows]
    _load_kle()
    return Made(authorities=sum(m.authorities for m in made), areas=sum(m.areas for m in made))


def _load_kle() -> None:
    """A small KLE edition with our own plain titles, where none is loaded; ``import_kle`` brings the whole one.

    It stands for the edition of 1 May 2025: every number that an area points at is in it by itself, but for 32.02.24,
    which that edition lacks too. So what the console reports in the demo is what it would report of the real one.
    """
    if KleEdition.objects.exists():
        return
    titles = {key.split("/")[1]: text for key, text in words.load("da").texts.items() if KLE_TITLE.fullmatch(key)}
    edition = KleEdition.objects.create(published=KLE_PUBLISHED, loaded=timezone.now())
    KleTopic.objects.bulk_create(
        KleTopic(edition=edition, number=number, title=title) for number, title in titles.items()
    )


def secret_of_consumer() -> str:
    """What the demo's consumer shows for a token; worth nothing where there is no demo."""
    return hmac.new(settings.SECRET_KEY.encode(), CONSUMER.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def consumer() -> Consumer:
    """The demo's REST consumer, registered when it is missing: it may see all there is, for its purpose.

    The secret is derived from SECRET_KEY: it can be printed again and only its digest is stored.
    """
    secret = secret_of_consumer()
    stands = Registered.objects.filter(application__client_id=CONSUMER)
    revoked = stands.exclude(revoked=None)
    if not revoked.exists() and not stands.filter(secrets__digest=digest_of(secret)).exists():
        # It is missing, from before consumers were registered, or SECRET_KEY has changed since.
        Application.objects.filter(client_id=CONSUMER).delete()
        registration.register(Registration(**tomllib.loads(REGISTRATION.read_text("utf-8"))), secret=secret)
    return Consumer(client_id=CONSUMER, secret=secret)
