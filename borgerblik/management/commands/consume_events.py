"""``manage.py consume_events``: take events as they come, until told to stop."""

import signal
from argparse import ArgumentParser
from threading import Event as Flag
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from borgerblik import eventing
from indexes.collector import collect_seldom
from indexes.crypto import KeyRingError


class Command(BaseCommand):
    help = "Takes events of Beskedfordeler as they come. Several may run at once; SIGTERM ends one after its batch."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing but what is wrong")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.AMQP_URL or not settings.EVENTS_QUEUE:
            raise CommandError(
                "AMQP_URL or EVENTS_QUEUE is missing, so there is nowhere to take events from: set both, or leave "
                "events out; what has changed is then known after the next reading."
            )
        collect_seldom()
        stopping = Flag()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        consumer = eventing.consumer(stopping)
        try:
            consumer.run()
        except KeyRingError as error:
            raise CommandError(f"{error} No event was taken.") from None
        if not options["quiet"]:
            told = ", ".join(f"{number} {fate}" for fate, number in sorted(consumer.fates.items()))
            self.stdout.write(f"Stopped. Events: {told or 'none'}.")
