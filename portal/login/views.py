"""Signing in and out, and staying. Each view translates in, makes one call and translates out."""

import logging
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from borgerblik.tasks import refresh_citizen
from indexes.authorities import by_code
from portal.access import Access, public
from portal.language import known_of
from portal.login import flow
from portal.login import wanted as wanted_page
from portal.login.claims import Citizen, Employee, Rules, read_claims
from portal.login.failures import SignInError
from portal.login.identity import (
    StaffIdentity,
    citizen_of,
    hint_for_sign_out,
    keep_for_sign_out,
    name_of,
    sign_in,
    sign_in_staff,
    sign_out,
    staff_of,
    take_away,
)
from portal.login.limits import left_of
from portal.login.provider import provider_of
from portal.login.throttle import throttled_answer, throttled_begin, throttled_page
from portal.municipality.words import left_out

log = logging.getLogger(__name__)
# Of the connection to the broker: the pool's own would try again for six seconds while somebody waits for their page.
AT_ONCE = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 1}


@public
@never_cache
@require_safe
@throttled_page
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Where one begins, and is told why one is here."""
    wanted = request.GET.get("next", "")
    page = {
        "begin": _with(reverse("sign_in_begin"), next=wanted),
        "only_for": _only_for(request, wanted),
        "over": request.GET.get("hvorfor") == "tid" and name_of(request) is None,
    }
    return render(request, "login/start.html", page)


@public
@never_cache
@require_safe
@throttled_begin
def begin_page(request: HttpRequest) -> HttpResponse:
    """On to the identity provider. A link leads here, not a form: a page's policy lets forms lead to few places."""
    visit = flow.Visit(
        redirect_uri=request.build_absolute_uri(reverse("sign_in_answer")),
        wanted=wanted_page.kept(request.GET.get("next", "")),
        language=known_of(request).tag,
    )
    try:
        address = flow.begin(provider_of(settings.CONFIG), request.session, visit, now=timezone.now())
    except SignInError as error:
        return _failed(request, error)
    if name_of(request) is None:
        request.session.set_expiry(flow.GOOD_FOR)
    return HttpResponseRedirect(address)


@public
@never_cache
@sensitive_variables()
@require_safe
@throttled_answer
def answer_page(request: HttpRequest) -> HttpResponse:
    """Back from the identity provider: a new session for whoever it says has signed in, or a page that says why not."""
    provider = provider_of(settings.CONFIG)
    try:
        answer = flow.complete(provider, request.session, request.GET.dict(), now=timezone.now())
        usual = _begin_session(request, read_claims(answer.claims, _rules()))
    except SignInError as error:
        take_away(error.employee)
        return _failed(request, error)
    keep_for_sign_out(request, issuer=provider.issuer, hint=answer.hint)
    return HttpResponseRedirect(wanted_page.after(answer.wanted, usual))


def _rules() -> Rules:
    config = settings.CONFIG
    return Rules(
        municipality=config.oidc_municipality_claim, roles=config.oidc_roles, delegations=config.oidc_delegations
    )


def _failed(request: HttpRequest, error: SignInError) -> HttpResponse:
    log.warning("%s", error)
    return render(request, "login/failed.html", {"reason": error.reason.value}, status=error.status)


def _begin_session(request: HttpRequest, who: Citizen | Employee) -> str:
    """Sign somebody in; the page where people like them usually begin."""
    if isinstance(who, Employee):
        sign_in_staff(
            request,
            StaffIdentity(
                key=who.key,
                name=who.name,
                role=who.role,
                municipalities=who.municipalities,
                privileges=who.privileges,
            ),
        )
        for code in who.left_out:
            messages.warning(request, left_out(by_code[code].name))
        return wanted_page.STAFF_PAGES
    _refresh(sign_in(request, who))
    return "/"


def _only_for(request: HttpRequest, wanted: str) -> Access | None:
    """Whom the page is for that somebody was sent here from though they are signed in; None when nobody was."""
    if citizen_of(request) and wanted_page.is_for_staff(wanted):
        return Access.STAFF
    return Access.CITIZENS if staff_of(request) and wanted and not wanted_page.is_for_staff(wanted) else None


def _with(address: str, **query: str) -> str:
    """An address with the parts of its query that say something."""
    given = urlencode({name: value for name, value in query.items() if value})
    return f"{address}?{given}" if given else address


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
    """End the session here, then at the identity provider (OpenID Connect RP-Initiated Logout 1.0, section 2)."""
    provider = provider_of(settings.CONFIG)
    hint = hint_for_sign_out(request, issuer=provider.issuer)
    sign_out(request)
    here = reverse("signed_out")
    if hint is None:
        return redirect(here)
    try:
        there = provider.end_session_address()
    except SignInError as error:
        log.warning("%s", error)
        there = ""
    if not there:
        return HttpResponseRedirect(_with(here, kun="her"))
    back = request.build_absolute_uri(here)
    joined = "&" if "?" in there else "?"
    query = _with("", id_token_hint=hint, client_id=provider.client_id, post_logout_redirect_uri=back)
    return HttpResponseRedirect(f"{there}{joined}{query[1:]}")


@public
@never_cache
@require_safe
@throttled_page
def signed_out_page(request: HttpRequest) -> HttpResponse:
    """One is signed out; ``?kun=her`` when not at the identity provider."""
    return render(request, "login/signed_out.html", {"only_here": request.GET.get("kun") == "her"})


@public
@never_cache
@require_safe
@throttled_page
def left_page(request: HttpRequest) -> JsonResponse:
    """What is left of the session, for the script that warns. Asking makes it no longer (``limits``)."""
    return JsonResponse(_left(request))


@public
@never_cache
@require_POST
@throttled_page
def stay_page(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in wants to stay; that they ask is use enough (``limits``). A script gets to know how long."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(_left(request))
    wanted = request.POST.get("next", "")
    return HttpResponseRedirect(wanted if wanted_page.is_ours(wanted) else "/")


def _left(request: HttpRequest) -> dict[str, Any]:
    left = left_of(request)
    return {"seconds": left.seconds, "last": left.last} if left else {"seconds": 0, "last": True}
