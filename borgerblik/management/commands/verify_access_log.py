"""``manage.py verify_access_log``: whether anybody has changed, removed or added an entry since it was sealed."""

from borgerblik.management.verify import VerifyCommand
from borgerblik.seals.logs import ACCESS


class Command(VerifyCommand):
    help = "Compares every sealed block of the access log with its entries. Exit 1 when one does not fit."
    log = ACCESS
