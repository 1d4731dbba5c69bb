"""The middleware that ends a session when its time is over, by the server's clock, before any view is asked."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from portal.login import clock, identity

Answer = Callable[[HttpRequest], HttpResponse]


def session_limits(get_response: Answer, now: Callable[[], datetime] = timezone.now) -> Answer:
    """End what is over; else count this request as use, unless the page only asks how long is left."""

    def answer(request: HttpRequest) -> HttpResponse:
        if identity.name_of(request) is not None:
            if clock.left(request.session, now()) is None:
                identity.sign_out(request)
                request.session_over = True  # type: ignore[attr-defined]  # HttpRequest is Django's; this is how it is extended
            elif request.path != reverse("session_left"):
                clock.use(request.session, now())
            request.session_left = clock.left(request.session, now())  # type: ignore[attr-defined]  # as above
        return get_response(request)

    return answer


def is_over(request: HttpRequest) -> bool:
    """Whether the session that this request came with has just been ended because its time was over."""
    return bool(getattr(request, "session_over", False))


def left_of(request: HttpRequest) -> clock.Left | None:
    """What is left of this request's session; None when nobody is signed in."""
    found: clock.Left | None = getattr(request, "session_left", None)
    return found
