"""Who may open the console: administrators, each for their own authorities and as far as their role reaches there.

Nothing else exists for them (404).
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from borgerblik import areas, settings_store
from borgerblik.areas import Area
from indexes.authorities import Authority
from portal.access import staff_only
from portal.databases import at_console
from portal.login.identity import staff_of
from portal.login.reach import ADMINISTRATORS, KeptPrivilegesError, Reach
from portal.models import StaffUser
from portal.municipality.deciding import authorities_of
from portal.municipality.words import say, tables

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """Who is signed in, and how far this person decides for which authorities (one at least)."""

    staff: StaffUser
    reaches: Mapping[Authority, Reach]

    @property
    def authorities(self) -> tuple[Authority, ...]:
        return tuple(self.reaches)

    def authority(self, code: str | None) -> Authority:
        """The authority asked for; the first one when none is named.

        Raises:
            Http404: it is not this administrator's, or does not exist: the two look the same.
        """
        if code is None:
            return self.authorities[0]
        found = next((authority for authority in self.reaches if authority.code == code), None)
        if found is None:
            raise Http404
        return found

    def whole_authority(self, code: str) -> Authority:
        """The authority asked for, to decide what is about no area alone.

        Raises:
            Http404: it is not this administrator's, or their role is limited to areas of it.
        """
        found = self.authority(code)
        if not self.reaches[found].whole:
            raise Http404
        return found

    def area(self, authority: Authority, key: str) -> Area:
        """An area of that name, to decide about.

        Raises:
            Http404: there is none, another authority decides about it, or it lies outside this administrator's role.
        """
        area = areas.load().by_key.get(key)
        ours = area is not None and area.decided_by(settings_store.owner_of(authority.code))
        if area is None or not ours or not self.reaches[authority].holds(area.kle):
            raise Http404
        return area


def administrators_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a view to administrators, and tell it who that is. Other staff get a page that says why they may not."""

    @staff_only
    @wraps(view)
    def guarded(request: HttpRequest, **parts: object) -> HttpResponseBase:
        staff = staff_of(request)
        if staff is None:  # ``staff_only`` has seen to that; here for the reader and the type checker
            raise Http404
        try:
            reaches = authorities_of(staff)
        except KeptPrivilegesError as error:
            log.warning("Employee %s: %s", staff.pk, error)
            return _denied(request, say("denied.unreadable"))
        if not reaches:
            return _denied(request, _why_not(staff))
        with at_console():
            return view(request, Administrator(staff=staff, reaches=reaches), **parts)

    return guarded


def _why_not(staff: StaffUser) -> str:
    if staff.role in ADMINISTRATORS:
        return say("denied.nothing")
    return say("denied.text", role=staff.get_role_display())


def _denied(request: HttpRequest, told: str) -> HttpResponse:
    return render(request, "municipality/denied.html", {"words": tables(), "text": told}, status=403)
