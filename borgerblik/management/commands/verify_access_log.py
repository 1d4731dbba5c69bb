"""``manage.py verify_access_log``: whether anybody has changed, removed or added an entry since it was sealed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borgerblik import access_log
from borgerblik.models import AccessBlock


class Command(BaseCommand):
    help = "Compares every sealed block of the access log with its entries. Exit 1 when one does not fit."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = list(access_log.faults())
        if found:
            raise CommandError("\n".join(found))
        last = AccessBlock.objects.order_by("-number").first()
        waiting = access_log.unsealed()
        if last is None:
            self.stdout.write(f"Nothing is sealed yet; {waiting:,} entries wait for the first seal.")
            return
        self.stdout.write(
            f"{last.number:,} blocks fit their entries and each other; {waiting:,} entries wait for the next seal. "
            f"The last seal is {bytes(last.seal).hex()}: keep it where nobody of this database can reach it."
        )
