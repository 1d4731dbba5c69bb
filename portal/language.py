"""The language a visitor reads in. ``middleware.language`` decides it once; everybody else asks here."""

from django.http import HttpRequest

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
