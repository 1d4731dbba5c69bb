"""The language a visitor reads in. ``middleware.language`` decides it once; everybody else asks here."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from borgerblik import languages
from borgerblik.languages import DANISH, Language
from borgerblik.words import LANGUAGES

DEFAULT = DANISH


def language_of(request: HttpRequest) -> str:
    """The language code of this request; the default before the middleware has decided."""
    chosen: str = getattr(request, "language", DEFAULT)
    return chosen


def known_of(request: HttpRequest) -> Language:
    """What is known of that language: its tag, its direction, its name."""
    return languages.load()[language_of(request)]


def set_language(request: HttpRequest, language: str) -> None:
    """Decide the language of this request.

    Raises:
        ValueError: it is none of ours.
    """
    if language not in LANGUAGES:
        raise ValueError(f"There are no words in {language!r}, so no page can be shown in it. Use one of {LANGUAGES}.")
    request.language = language  # type: ignore[attr-defined]  # HttpRequest is Django's; this is how it is extended


def kept_in_cookie(request: HttpRequest) -> str | None:
    """The language that somebody chose before they signed in; None where they have chosen none of ours."""
    try:
        kept = request.get_signed_cookie(settings.LANGUAGE_COOKIE_NAME, default=None)
    except signing.BadSignature:  # somebody has changed the cookie: it is no choice of language
        return None
    return kept if kept in LANGUAGES else None


def readable_of(request: HttpRequest) -> Language:
    """What the visitor can read, as far as it is known without a session: decided, chosen, or their browser's."""
    decided: str | None = getattr(request, "language", None) or kept_in_cookie(request)
    if decided is None:
        wished = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
        spoken = (tag.partition("-")[0] for tag, _ in wished)
        decided = next((code for code in spoken if code in LANGUAGES), DEFAULT)
    return languages.load()[decided]
