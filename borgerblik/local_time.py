"""Time as a clock in Denmark shows it."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

COPENHAGEN: Final = ZoneInfo("Europe/Copenhagen")


def local(at: dt.datetime) -> dt.datetime:
    return at.astimezone(COPENHAGEN)
