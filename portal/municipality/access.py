"""Who may open the console: administrators, each for their own authorities. Nobody else's exist for them (404)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from indexes.authorities import Authority
from portal.access import staff_only
from portal.login.identity import staff_of
from portal.models import StaffUser
from portal.municipality.deciding import authorities_of
from portal.municipality.words import say, tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """Who is signed in, and the authorities (one at least) that this person decides for."""

    staff: StaffUser
    authorities: tuple[Authority, ...]

    def authority(self, code: str | None) -> Authority:
        """The authority asked for; the first one when none is named.

        Raises:
            Http404: it is not this administrator's, or does not exist: the two look the same.
        """
        if code is None:
            return self.authorities[0]
        found = next((authority for authority in self.authorities if authority.code == code), None)
        if found is None:
            raise Http404
        return found


def administrators_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a view to administrators, and tell it who that is. Other staff get a page that says why they may not."""

    @staff_only
    @wraps(view)
    def guarded(request: HttpRequest, **parts: object) -> HttpResponseBase:
        staff = staff_of(request)
        if staff is None:  # ``staff_only`` has seen to that; here for the reader and the type checker
            raise Http404
        authorities = authorities_of(staff)
        if not authorities:
            told = say("denied.text", role=staff.get_role_display())
            return render(request, "municipality/denied.html", {"words": tables(), "text": told}, status=403)
        return view(request, Administrator(staff=staff, authorities=authorities), **parts)

    return guarded
