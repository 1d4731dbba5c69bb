"""In which language an answer is."""

from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework.request import Request

from borgerblik.words import LANGUAGES
from portal.language import DEFAULT, language_of


def language_asked(request: Request, *, pages: bool = False) -> str:
    """What the call itself asks for: ``?sprog=`` at the pages' calls, else Accept-Language; else the pages' language.

    A browser always sends Accept-Language, so whoever reads the pages in another language says so by ``?sprog=``.
    """
    inner = request._request  # noqa: SLF001 - DRF wraps Django's request
    if pages and inner.GET.get("sprog") in LANGUAGES:
        return language_of(inner)
    wished = [tag for tag, share in parse_accept_lang_header(inner.headers.get("Accept-Language", "")) if share]
    known = (one for tag in wished for one in (tag, tag.split("-")[0]) if one in LANGUAGES)
    return next(known, language_of(inner) if pages else DEFAULT)
