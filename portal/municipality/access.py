"""Who may open the console: administrators, each for their own authorities. Nobody else's exist for them (404)."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from indexes.authorities import Authority
from portal.access import staff_only
from portal.models import StaffUser
from portal.municipality.deciding import authorities_of
from portal.municipality.words import say, tables


def staff_of(request: HttpRequest) -> StaffUser:
    """Who is signed in; only inside ``administrators_only``."""
    if not isinstance(request.user, StaffUser):
        raise Http404
    return request.user


def administrators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view to administrators: it gets the authorities that are theirs. Other staff get a page that says why."""

    @staff_only
    @wraps(view)
    def guarded(request: HttpRequest, **parts: str) -> HttpResponse:
        staff = staff_of(request)
        mine = authorities_of(staff)
        if not mine:
            words = say("denied.text", role=staff.get_role_display())
            return render(request, "municipality/denied.html", {"words": tables(), "text": words}, status=403)
        return view(request, mine, **parts)

    return guarded


def chosen(mine: tuple[Authority, ...], code: str | None) -> Authority:
    """The authority asked for; the first one when none is named.

    Raises:
        Http404: it is not this administrator's, or does not exist: the two look the same.
    """
    found = mine[0] if code is None else next((authority for authority in mine if authority.code == code), None)
    if found is None:
        raise Http404
    return found
