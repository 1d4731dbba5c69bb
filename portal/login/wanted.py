"""The page that somebody wanted before they had to sign in: kept meanwhile, and gone to if it is one of theirs.

It comes with the address of the sign-in page, so anybody can have written it.
"""

import re
from typing import Final
from urllib.parse import unquote

from django.utils.http import url_has_allowed_host_and_scheme

from indexes.cpr_numbers import masked

STAFF_PAGES: Final = "/kommune/"  # everything of theirs lies below it
LONGEST: Final = 1000  # characters: it lies in the session, and so in the database, of whoever is nobody yet
_DOORS: Final = ("/log-ind/", "/log-af/")  # to begin anew, or to leave, right after coming in
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def is_ours(address: str) -> bool:
    """Whether a browser that is sent there stays here."""
    plain = address.startswith("/") and _CONTROL.search(address) is None
    return plain and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def is_for_staff(address: str) -> bool:
    return address.startswith(STAFF_PAGES)


def kept(address: str) -> str:
    """What is kept of it: nothing of what is not ours, is long, or holds what looks like a CPR number."""
    read = unquote(address)
    fits = len(address) <= LONGEST and is_ours(address) and not address.startswith(_DOORS)
    return address if fits and masked(read, "") == read else ""


def after(wanted: str, usual: str) -> str:
    """Where somebody goes who has signed in: what they wanted, if that lies where people like them belong."""
    return wanted if kept(wanted) and is_for_staff(wanted) == is_for_staff(usual) else usual
