"""What every page needs besides its own content: the interface's words, the languages, the menu, who is signed in."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from borgerblik import languages
from indexes.cpr_numbers import CPR_LIKE
from portal.citizen.usefulness import ASKED
from portal.language import known_of, language_of
from portal.login.clock import WARNING
from portal.login.helping import helping_of
from portal.login.identity import citizen_of, name_of, staff_of
from portal.login.limits import left_of
from portal.ui_words import load

OF_THE_PROVIDER = frozenset({"code", "state", "iss", "error", "error_description", "session_state"})
MENU = (  # address name, key of its words, the pages below it
    ("overview", "nav_overview", ()),
    ("cases", "nav_cases", ("case",)),
    ("money", "nav_money", ("year",)),
    ("plan", "nav_plan", ("fridge",)),
    ("access_log", "nav_access_log", ("objection",)),
)
OWN = frozenset({"access_log"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChoice:
    code: str
    name: str  # in the language itself
    tag: str
    direction: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    words: str
    href: str
    current: bool  # this page, or one below it


def site(request: HttpRequest) -> dict[str, object]:
    """Django's context processor: for every template rendered with a request."""
    language, citizen = language_of(request), citizen_of(request)
    helping = helping_of(request) if citizen else None
    return {
        "language": language,
        "reads": known_of(request),
        "languages": _languages(request, language),
        "ui": load(language),
        "demo": settings.CONFIG.demo,
        "signed_in_name": name_of(request),
        "home": reverse("console" if staff_of(request) else "overview"),
        "session_left": left_of(request),
        "session_warning": int(WARNING.total_seconds()),
        "helping": helping,
        "menu": _menu(request, language, helps=helping is not None) if citizen else (),
        "asked_about": _asked_about(request) if citizen and not helping else "",
    }


def _languages(request: HttpRequest, current: str) -> tuple[LanguageChoice, ...]:
    """This same page in each language. What must not be written down stays out: a CPR number, a provider's answer."""
    asked = request.GET.copy()
    for name, values in request.GET.lists():
        if name in OF_THE_PROVIDER or any(CPR_LIKE.search(part) for part in (name, *values)):
            del asked[name]
    choices = []
    for code, one in languages.load().items():
        asked["sprog"] = code
        choices.append(
            LanguageChoice(
                code=code,
                name=one.name,
                tag=one.tag,
                direction=one.direction,
                href=f"?{asked.urlencode()}",
                current=code == current,
            )
        )
    return tuple(choices)


def _menu(request: HttpRequest, language: str, *, helps: bool) -> tuple[MenuItem, ...]:
    """The way to each page; without those that are about the reader, while they see whom they help."""
    here = request.resolver_match.url_name if request.resolver_match else None
    words = load(language)
    return tuple(
        MenuItem(words=words.say(key), href=reverse(name), current=here == name or here in below)
        for name, key, below in MENU
        if not (helps and name in OWN)
    )


def _asked_about(request: HttpRequest) -> str:
    """The kind of page whose reader is asked whether it was of use; nothing of a page that does not ask."""
    here = request.resolver_match.url_name if request.resolver_match else None
    return here if here in ASKED else ""
