"""Power of attorney: whom the citizen lets see their pages, whose they may see, and the way there and back."""

from functools import wraps
from http import HTTPStatus
from typing import Any, Final, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from borgerblik import contacts, powers, words
from borgerblik.powers import TooManyPowersError, UnknownPowerError
from indexes import authorities
from portal.access import CitizenView, citizens_and_helpers, citizens_only
from portal.citizen import pages
from portal.citizen.forms import CodeForm, PowerForm
from portal.citizen.views import read
from portal.language import language_of
from portal.login.helping import begin_helping, helping_of, stop_helping
from portal.login.identity import CitizenIdentity
from portal.login.throttle import is_within

MOST_CODES: Final = 10  # that one citizen may try in an hour
_MADE: Final = "power_made"
P = ParamSpec("P")


def _button(view: CitizenView[P]) -> CitizenView[P]:
    """The address of a button: by GET, as after signing in anew, it leads to the page of all of them."""

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    def sent(request: HttpRequest, citizen: CitizenIdentity, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, citizen, *args, **kwargs) if request.method == "POST" else redirect("helpers")

    return sent


@citizens_only
@require_safe
def index(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    """All of them; ``?slut=ja`` when the one that was in use is over."""
    return _index(request, citizen)


def _index(request: HttpRequest, citizen: CitizenIdentity, *, status: int = HTTPStatus.OK, **told: Any) -> HttpResponse:
    found = powers.of_citizen(citizen.leave, language=language_of(request), now=timezone.now())
    authority = authorities.by_code[citizen.municipality]
    page = pages.helpers(found, contacts.of(authority.code, authority.name), request.session.get(_MADE))
    over = request.GET.get("slut") == "ja"
    said = {"over": over, "wrong": False, "too_often": False, "no_birthday": False, **told}
    return render(request, "citizen/helpers.html", {**page, **said}, status=status)


@citizens_only
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    """Who may see what, and for how long; then the code, which is shown on the page of all of them."""
    shown = read(request, citizen)
    areas = pages.areas_to_give(shown)
    form = PowerForm(request.POST if request.method == "POST" else None, areas=[key for key, _ in areas])
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    if form.is_valid():
        told = form.cleaned_data
        terms = powers.Terms(helper_name=told["name"], born=told["born"], areas=told["areas"], months=told["months"])
        try:
            made, code = powers.give(citizen.leave, citizen.person, terms, now=timezone.now())
        except TooManyPowersError:
            status = HTTPStatus.TOO_MANY_REQUESTS
        else:
            request.session[_MADE] = {"id": str(made), "code": code}
            return redirect("helpers")
    page = {"overview": shown, "form": form, "areas": areas, "months": powers.MONTHS}
    too_many = status == HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "citizen/power_give.html", {**page, "too_many": too_many}, status=status)


@never_cache
@sensitive_post_parameters("code")
@citizens_only
@_button
def code(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    """What a code is for; when the helper says yes, it is theirs."""
    if citizen.birth_date is None:
        return _index(request, citizen, status=HTTPStatus.BAD_REQUEST, no_birthday=True)
    if not is_within(MOST_CODES, "power code", _mark(citizen)):
        return _index(request, citizen, status=HTTPStatus.TOO_MANY_REQUESTS, too_often=True)
    form = CodeForm(request.POST)
    digits = form.cleaned_data["code"] if form.is_valid() else ""
    found = _take(citizen, digits) if request.POST.get("svar") == "ja" else _offer(request, citizen, digits)
    return found or _index(request, citizen, status=HTTPStatus.BAD_REQUEST, wrong=True)


def _take(citizen: CitizenIdentity, digits: str) -> HttpResponse | None:
    """Take on what the code offers; None: it offers nothing."""
    taken = citizen.birth_date and powers.accept(citizen.leave, digits, citizen.birth_date, name=citizen.name)
    return redirect("helpers") if taken else None


def _offer(request: HttpRequest, citizen: CitizenIdentity, digits: str) -> HttpResponse | None:
    """What the code offers, to say yes or no to; None: nothing."""
    language = language_of(request)
    found = citizen.birth_date and powers.offered(citizen.leave, digits, citizen.birth_date, language=language)
    if not found:
        return None
    day = words.load(language).day(found.until, today=timezone.localdate())
    return render(request, "citizen/power_offer.html", {"offered": found, "day": day, "code": digits})


@citizens_only
@_button
def stop(request: HttpRequest, citizen: CitizenIdentity, uuid: UUID) -> HttpResponse:  # noqa: ARG001 - a form alone
    """End one, of either side. Somebody else's and one that does not exist look the same: 404."""
    try:
        powers.end(citizen.leave, uuid, now=timezone.now())
    except UnknownPowerError:
        raise Http404 from None
    return redirect("helpers")


@citizens_only
@_button
def see(request: HttpRequest, citizen: CitizenIdentity, uuid: UUID) -> HttpResponse:
    """From now on the pages are the giver's. One that does not hold is as one that does not exist: 404."""
    try:
        held = powers.held(citizen.leave, uuid, now=timezone.now())
    except UnknownPowerError:
        raise Http404 from None
    begin_helping(request, held)
    return redirect("overview")


@citizens_and_helpers
@_button
def own_pages(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:  # noqa: ARG001 - whoever it is
    """Back to one's own pages."""
    helping = helping_of(request)
    stop_helping(request)
    return redirect("helpers" if helping else "overview")


def _mark(citizen: CitizenIdentity) -> str:
    """What the counter knows somebody by: not their id, and the same in their next visit."""
    return salted_hmac("portal.citizen.helpers", str(citizen.citizen_id), algorithm="sha256").hexdigest()
