"""``/.well-known/security.txt`` (RFC 9116): whom to tell of a weakness before anybody else hears of it."""

from collections.abc import Iterator
from datetime import UTC, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access import public

# The standard says less than a year; whoever reads it asks again within the quarter, so that it is never out of date.
GOOD_FOR = timedelta(days=90)
LANGUAGES = "da, en"


def _lines(request: HttpRequest) -> Iterator[str]:
    expires = (timezone.now() + GOOD_FOR).astimezone(UTC).replace(microsecond=0)
    for contact in settings.CONFIG.security_contact:
        yield f"Contact: {contact}"
    yield f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}"
    yield f"Preferred-Languages: {LANGUAGES}"
    yield f"Canonical: {request.build_absolute_uri(request.path)}"
    if settings.CONFIG.security_policy:
        yield f"Policy: {settings.CONFIG.security_policy}"


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell, in the order in which we would rather be told."""
    return HttpResponse("\n".join(_lines(request)) + "\n", content_type="text/plain; charset=utf-8")
