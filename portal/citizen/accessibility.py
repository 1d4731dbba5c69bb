"""The accessibility statement (webtilgængelighedsloven, section 4): what was tested, what was not, and whom to tell.

Its words are the editors' (``ui.*.toml``); what it says was tested, tests show (``tests/pages/test_accessibility.py``).
"""

import datetime as dt
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from borgerblik import contacts, links, words
from indexes import authorities
from portal.access import public
from portal.language import language_of
from portal.login.identity import citizen_of

MADE: Final = dt.date(2026, 11, 27)  # when it was last gone through; the law asks for once a year at least
COMPLAINTS: Final = "https://digst.dk/digital-inklusion/webtilgaengelighed/"


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """To somebody signed in it says how to reach their municipality, too."""
    citizen = citizen_of(request)
    authority = authorities.by_code[citizen.municipality] if citizen else None
    page = {
        "post": links.post(),
        "complaints": COMPLAINTS,
        "contact": contacts.of(authority.code, authority.name) if authority else None,
        "made": words.load(language_of(request)).period(MADE, MADE, today=MADE),  # with its year
    }
    return render(request, "citizen/accessibility.html", page)
