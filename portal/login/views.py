"""Signing in and out. The demo's sign-in is the only one yet; without it the page says that there is none."""

import logging
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST
from kombu.exceptions import OperationalError

from borgerblik.tasks import refresh_citizen
from portal.access import Access, public
from portal.language import language_of
from portal.login.demo import DemoPeople, PeopleError, fetch_people
from portal.login.identity import citizen_of, sign_in, sign_in_staff, sign_out, staff_of

log = logging.getLogger(__name__)
STAFF_PAGES = "/kommune/"  # everything of theirs lies below it
# Of the connection to the broker: the pool's own would try again for six seconds while somebody waits for their page.
AT_ONCE = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 1}


@public
@never_cache
@sensitive_variables("people")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """The demo's people to sign in as; POST signs one of them in."""
    if not settings.CONFIG.demo:
        return render(request, "login/closed.html", status=503)
    try:
        people = fetch_people(settings.CONFIG.demo_people_url)
    except PeopleError as error:
        log.warning("%s", error)
        return render(request, "login/unreachable.html", status=503)
    if request.method == "POST" and (where := _begin(request, people)):
        return HttpResponseRedirect(where)
    return _page(request, people)


def _page(request: HttpRequest, people: DemoPeople) -> HttpResponse:
    language = language_of(request)
    wanted = request.POST.get("next") or request.GET.get("next", "")
    page = {
        "citizens": people.citizens(language),
        "staff": people.staff(language),
        "next": wanted,
        "unknown": request.method == "POST",
        "only_for": _only_for(request, wanted),
    }
    return render(request, "login/people.html", page, status=400 if page["unknown"] else 200)


def _only_for(request: HttpRequest, wanted: str) -> Access | None:
    """Whom the page is for that somebody was sent here from though they are signed in; None when nobody was."""
    if citizen_of(request) and _is_for_staff(wanted):
        return Access.STAFF
    return Access.CITIZENS if staff_of(request) and wanted and not _is_for_staff(wanted) else None


def _is_for_staff(address: str) -> bool:
    return address.startswith(STAFF_PAGES)


def _begin(request: HttpRequest, people: DemoPeople) -> str | None:
    """Sign in whoever was chosen; where they go now. None when nobody has that key."""
    citizen = people.citizen(request.POST.get("citizen", ""))
    if citizen:
        sign_in(request, citizen)
        _refresh(citizen.citizen_id)
        return _after(request, "/")
    employee = people.employee(request.POST.get("staff", ""))
    if employee:
        sign_in_staff(request, employee)
        return _after(request, STAFF_PAGES)
    return None


def _after(request: HttpRequest, usual: str) -> str:
    """The page that was asked for before signing in, if it is one of ours below where this person belongs."""
    wanted = request.POST.get("next", "")
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    belongs = _is_for_staff(wanted) == _is_for_staff(usual)
    return wanted if ours and belongs else usual


def _refresh(citizen_id: UUID) -> None:
    """Ask for fresh data, for the next page they see. A broker that is down must not keep anybody out, or waiting."""
    try:
        broker = refresh_citizen.app.connection_for_write(transport_options=AT_ONCE)
        with broker, broker.Producer() as producer:
            refresh_citizen.apply_async((str(citizen_id),), producer=producer, retry=False)
    except OperationalError as error:
        log.warning(
            "The broker cannot be reached (%s), so the data of citizen %s stay as old as they are. See REDIS_URL.",
            type(error).__name__,
            citizen_id,
        )


@public
@require_POST
def sign_out_page(request: HttpRequest) -> HttpResponse:
    """End the session, and back to the sign-in page."""
    sign_out(request)
    return redirect("sign_in")
