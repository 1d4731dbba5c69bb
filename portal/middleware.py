"""What happens around every view: the language is decided, private pages stay out of caches, pages travel small."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers

from borgerblik.words import LANGUAGES
from portal.access import Access, access_of
from portal.language import DEFAULT, kept_in_cookie, known_of, set_language
from portal.login import identity

FIRST_ERROR = 400
COOKIE_AGE = 365 * 24 * 60 * 60  # a choice of language is kept a year
Answer = Callable[[HttpRequest], HttpResponse]


def language(get_response: Answer) -> Answer:
    """``?sprog=`` chooses the language: kept in the session of somebody signed in, in a signed cookie of others."""

    def answer(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("sprog")
        chosen = asked if asked in LANGUAGES else None
        set_language(request, chosen or _kept(request))
        signed_in = chosen is not None and identity.name_of(request) is not None
        if chosen and signed_in:
            identity.keep_language(request, chosen)
        with translation.override(known_of(request).tag):
            response = get_response(request)
        if chosen and not signed_in:
            response.set_signed_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=COOKIE_AGE,
                secure=settings.SECURE,
                httponly=True,
                samesite="Lax",
            )
        patch_vary_headers(response, ["Cookie"])
        return response

    return answer


def _kept(request: HttpRequest) -> str:
    kept = identity.language_kept(request)
    if kept is None:
        kept = kept_in_cookie(request)
    return kept if kept in LANGUAGES else DEFAULT


def methods_in_words(get_response: Answer) -> Answer:
    """A page for whoever opens an address that is a button's: what Django answers then is empty."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render_to_string("405.html", request=request)
        return response

    return answer


def private_pages(get_response: Answer) -> Answer:
    """No cache keeps an answer, unless it is a page that anybody may open and whoever opened it carries no session.

    With a session even a public page has a name in its head; an error or a new cookie is for the one who asked alone. A
    view that has decided for itself is left alone.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        view = request.resolver_match.func if request.resolver_match else None
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        for_everybody = access_of(view) is Access.PUBLIC and response.status_code < FIRST_ERROR and not response.cookies
        if known or not for_everybody:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return answer


def compressed_pages(get_response: Answer) -> Answer:
    """Pages travel compressed: on a slow connection that is most of the wait.

    What compression could tell somebody who listens (BREACH) it does not: the secret of forms is masked anew in every
    page, and Django adds a random length. Answers of the API keep their strong ETags; files come compressed already.
    """
    gzip = GZipMiddleware(get_response)

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        smaller: HttpResponse = gzip.process_response(request, response)  # type: ignore[assignment]  # it gives back what it got
        return smaller

    return answer
