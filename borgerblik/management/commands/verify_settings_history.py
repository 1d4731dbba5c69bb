"""``manage.py verify_settings_history``: as ``verify_access_log``, of who has changed which setting."""

from borgerblik.management.verify import VerifyCommand
from borgerblik.seals.logs import SETTINGS


class Command(VerifyCommand):
    help = "Compares every sealed block of the history of settings with its changes. Exit 1 when one does not fit."
    log = SETTINGS
