"""``manage.py load_demo``: the demo's authorities, areas and REST consumer. Makes what is missing, changes nothing."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import demo_data


class Command(BaseCommand):
    help = "Loads the demo's authorities, areas and REST consumer; what is there already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--show-consumer",
            action="store_true",
            help="print the demo consumer's id and secret, on one line",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.CONFIG.demo:
            raise CommandError("Nothing was loaded: this is not the demo. Set DEMO=true where made-up data is wanted.")
        made = demo_data.load()
        consumer = demo_data.consumer()
        if options["show_consumer"]:
            self.stdout.write(f"{consumer.client_id} {consumer.secret}")
            return
        self.stdout.write(f"Demo settings: {made.authorities} authorities and {made.areas} areas made.")
