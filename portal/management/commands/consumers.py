"""``manage.py consumers``: the systems that may call the API. Register one, give it a new secret, shut it out."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borgerblik.overview.access import STANDARD_PURPOSES
from portal.api import registration
from portal.api.registration import Registration, RegistrationError
from portal.models import SCOPES, Consumer

OVERLAP_DAYS = 14


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


class Command(BaseCommand):
    help = "Lists, registers and revokes the systems that may call the API, and gives them new secrets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        ways.add_parser("list", help="who is registered, what for and how far they reach")
        new = ways.add_parser("register", help="a new consumer; prints its secret, once")
        new.add_argument("id", help="what it is known by, such as mit-overblik")
        new.add_argument("--name", required=True, help="the name of the system")
        new.add_argument("--organisation", required=True, help="who answers for it; citizens read the name")
        new.add_argument("--cvr", required=True)
        new.add_argument(
            "--purpose", default="", choices=STANDARD_PURPOSES, help="why it asks; citizens read it in their language"
        )
        new.add_argument("--purpose-da", default="", help="where none of those fits: why, in plain Danish")
        new.add_argument("--purpose-en", default="", help="the same in English")
        new.add_argument("--legal-basis", required=True)
        new.add_argument(
            "--authorities", type=_listed, required=True, help="kommune codes and UDK, by commas; * for all"
        )
        new.add_argument("--areas", type=_listed, required=True, help="keys of areas.toml, by commas; * for all")
        new.add_argument("--scopes", type=_listed, required=True, help=f"some of {', '.join(SCOPES)}, by commas")
        another = ways.add_parser("new-secret", help="another secret; the old one counts some days more")
        another.add_argument("id")
        another.add_argument(
            "--overlap-days", type=int, default=OVERLAP_DAYS, help=f"how long the old one counts ({OVERLAP_DAYS})"
        )
        ways.add_parser("revoke", help="shut a consumer out at once and for good").add_argument("id")

    def handle(self, *_args: Any, **options: Any) -> None:
        done = {"list": self._list, "register": self._register, "new-secret": self._new_secret, "revoke": self._revoke}
        try:
            done[options["way"]](options)
        except RegistrationError as error:
            raise CommandError(str(error)) from error

    def _list(self, _options: dict[str, Any]) -> None:
        for consumer in Consumer.objects.select_related("application").order_by("application__client_id"):
            standing = (
                f"revoked {consumer.revoked:%Y-%m-%d}" if consumer.revoked else f"since {consumer.registered:%Y-%m-%d}"
            )
            self.stdout.write(
                f"{consumer}  {consumer.application.name}, {consumer.organisation} (CVR {consumer.cvr}), {standing}\n"
                f"  for {consumer.purpose or consumer.purpose_en} ({consumer.legal_basis})\n"
                f"  authorities {', '.join(consumer.authorities)} · areas {', '.join(consumer.areas)} · "
                f"scopes {', '.join(consumer.scopes)}"
            )

    def _register(self, options: dict[str, Any]) -> None:
        secret = registration.register(Registration(**{name: options[name] for name in Registration.__annotations__}))
        self.stdout.write(
            f"Registered {options['id']}. Its secret is shown this once; only a hash of it is kept:\n{secret}"
        )

    def _new_secret(self, options: dict[str, Any]) -> None:
        days = options["overlap_days"]
        secret = registration.new_secret(options["id"], overlap=dt.timedelta(days=days))
        self.stdout.write(
            f"A new secret for {options['id']}; the old one counts {days} days more. Shown this once:\n{secret}"
        )

    def _revoke(self, options: dict[str, Any]) -> None:
        gone = registration.revoke(options["id"])
        self.stdout.write(f"{options['id']} is shut out: its secrets are gone, and {gone} tokens with them.")
