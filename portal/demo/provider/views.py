"""The page to choose somebody on. What is asked for before and answered after is django-oauth-toolkit's."""

import logging
import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from portal.demo.provider.people import PeopleError, fetch_people
from portal.demo.provider.settings import PEOPLE_URL

log = logging.getLogger(__name__)
LANGUAGES = ("da", "en")


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))


def _language(wanted: str) -> str:
    """What the site asked for (``ui_locales``: OIDC Core, section 3.1.2.1), in the address that is gone back to."""
    asked = parse_qs(urlsplit(wanted).query).get("ui_locales", [""])[0].split()
    return next((language for language in asked if language in LANGUAGES), LANGUAGES[0])


@never_cache
@sensitive_variables("everybody")
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The people to sign in as, by story; POST signs one of them in and goes on to where the site wants."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    language = _language(wanted)
    page: dict[str, object] = {"language": language, "words": _texts()[language], "next": wanted}
    try:
        everybody = fetch_people(PEOPLE_URL)
    except PeopleError as error:
        log.warning("%s", error)
        return render(request, "provider/unreachable.html", page, status=503)
    chosen = everybody.find(request.POST.get("person", ""))
    if chosen:
        user, _ = User.objects.get_or_create(username=chosen.key)
        login(request, user)  # type: ignore[arg-type]  # the checker knows the portal's users, not this program's
        return HttpResponseRedirect(_ours(wanted))
    unknown = request.method == "POST"
    page |= {
        "citizens": [
            (one.key, one.name, getattr(one.story, language), f"{one.birth_date:%d.%m.%Y}")
            for one in everybody.citizens
        ],
        "staff": [(one.key, one.name, getattr(one.story, language)) for one in everybody.staff],
        "unknown": unknown,
    }
    return render(request, "provider/people.html", page, status=400 if unknown else 200)


def _ours(wanted: str) -> str:
    """Where to go on: an address of this program alone, else the page itself."""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else "/"


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
