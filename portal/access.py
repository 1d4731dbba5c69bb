"""Who may open a page. Every view declares it with one of these decorators; a test walks all addresses and demands it.

Silence means no: what declares nothing is kept out of caches (``middleware.private_pages``) and fails that test.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from borgerblik.grants import NoGrantError
from indexes.cpr_numbers import CPR_LIKE
from portal.language import DEFAULT, set_language
from portal.login.helping import helping_of, stop_helping
from portal.login.identity import CitizenIdentity, citizen_of, name_of, sign_out, staff_of
from portal.login.limits import is_over

P = ParamSpec("P")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Access(StrEnum):
    PUBLIC = "public"
    CITIZENS = "citizens"
    STAFF = "staff"


def access_of(view: object) -> Access | None:
    """Who may open this view; None when it does not say."""
    return getattr(view, "access", None)


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]  # functions carry attributes; typing has no word for it
    return view


def public(view: View) -> View:
    """Anybody may open it, and nothing in it is about a person."""
    return _declare(view, Access.PUBLIC)


CitizenView = Callable[Concatenate[HttpRequest, CitizenIdentity, P], HttpResponseBase]


def citizens_only(view: CitizenView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The signed-in citizen may open it, and it is told who that is; others are sent to the sign-in page.

    It is about themselves: whoever sees somebody else's pages, as a helper, is told to go back to their own first.
    """
    return _for_citizens(view, helpers=False)


def citizens_and_helpers(view: CitizenView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """As ``citizens_only``; but a helper may open it too, and sees whom they help (``login.helping``)."""
    return _for_citizens(view, helpers=True)


def _for_citizens(view: CitizenView[P], *, helpers: bool) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        citizen = citizen_of(request)
        if citizen is None:
            return _to_sign_in(request)
        helps = helping_of(request) is not None
        if helps and not helpers:
            return render(request, "citizen/own_only.html", status=HTTPStatus.FORBIDDEN)
        try:
            return view(request, citizen, *args, **kwargs)
        except NoGrantError:
            if helps:  # the power of attorney is over; if the session is, their own page will say so
                stop_helping(request)
                return HttpResponseRedirect(f"{reverse('helpers')}?slut=ja")
            sign_out(request)
            return _to_sign_in(request, over=True)

    return _declare(guarded, Access.CITIZENS)


def staff_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A signed-in employee may open it; others are sent to the sign-in page. These pages are in Danish only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if staff_of(request) is None:
            return _to_sign_in(request)
        set_language(request, DEFAULT)
        return view(request, *args, **kwargs)

    return _declare(guarded, Access.STAFF)


def _to_sign_in(request: HttpRequest, *, over: bool = False) -> HttpResponseRedirect:
    """To the sign-in page, and back here afterwards. Who is at the wrong door, or was signed out, is told so there."""
    where = reverse("sign_in")
    back = request.get_full_path()
    if CPR_LIKE.search(back):  # somebody typed one into the address: it goes no further
        back = request.path if not CPR_LIKE.search(request.path) else "/"
    why = {"hvorfor": "tid"} if over or is_over(request) else {}
    plain = back == "/" and name_of(request) is None and not why
    return HttpResponseRedirect(where if plain else f"{where}?{urlencode({'next': back, **why})}")
