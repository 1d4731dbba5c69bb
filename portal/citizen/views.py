"""The citizen's pages. Each view reads the signed-in citizen's overview in one call and lays out a part of it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from borgerblik import usual_times, words
from borgerblik.overview.shapes import Overview
from borgerblik.payments_csv import payments_csv
from borgerblik.reach import WHOLE
from borgerblik.service import overview_of
from borgerblik.your_data import rows
from portal.access import citizens_and_helpers, public
from portal.citizen import pages
from portal.declared import EVERYWHERE
from portal.language import language_of
from portal.login.helping import helping_of
from portal.login.identity import CitizenIdentity, citizen_of
from portal.retention import days


def read(request: HttpRequest, citizen: CitizenIdentity, what: str = "overview") -> Overview:
    """What the signed-in citizen sees, of themselves or of whom they help; ``what`` stands in the access log."""
    helping = helping_of(request)
    return overview_of(
        helping.leave if helping else citizen.leave,
        helping.giver if helping else citizen.person,
        language=language_of(request),
        now=timezone.localtime(),
        what=what,
        reach=helping.reach if helping else WHOLE,
    )


@citizens_and_helpers
@require_safe
def overview(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    return render(request, "citizen/overview.html", pages.overview(read(request, citizen)))


@citizens_and_helpers
@require_safe
def cases(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    return render(request, "citizen/cases.html", pages.cases(read(request, citizen), request.GET))


@citizens_and_helpers
@require_safe
def case(request: HttpRequest, citizen: CitizenIdentity, uuid: UUID) -> HttpResponse:
    """One case. A case of somebody else, a hidden one and one that does not exist look the same: 404."""
    page = pages.case(read(request, citizen), str(uuid), usual_times.of)
    if page is None:
        raise Http404
    return render(request, "citizen/case.html", page)


@citizens_and_helpers
@require_safe
def money(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    return render(request, "citizen/money.html", pages.money(read(request, citizen), request.GET))


@citizens_and_helpers
@require_safe
def payments(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    """All payments as a table, in a file whose name tells nothing. 404 where none is seen: it would say "nothing"."""
    shown = read(request, citizen, "payments")
    if not shown.money.payments and not shown.money.coming:
        raise Http404
    name = f"borgerblik-{timezone.localdate():%Y-%m-%d}.csv"
    return HttpResponse(
        payments_csv(shown, words.load(shown.language)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@citizens_and_helpers
@require_safe
def year(request: HttpRequest, citizen: CitizenIdentity, year: int) -> HttpResponse:
    """A year's money on one page. 404 for a year in which none came: nothing links there then."""
    page = pages.year(read(request, citizen, "payments"), year)
    if page is None:
        raise Http404
    return render(request, "citizen/year.html", page)


@citizens_and_helpers
@require_safe
def plan(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    return render(request, "citizen/plan.html", pages.plan(read(request, citizen)))


@citizens_and_helpers
@require_safe
def areas(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    """What can be seen here, and what cannot, and why."""
    return render(request, "citizen/areas.html", pages.areas(read(request, citizen)))


@citizens_and_helpers
@require_safe
def fridge(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    """The plan on one sheet. 404 without a plan: nothing links here then."""
    page = pages.fridge(read(request, citizen))
    if page is None:
        raise Http404
    return render(request, "citizen/fridge.html", page)


@public
@require_safe
def your_data(request: HttpRequest) -> HttpResponse:
    told = rows(EVERYWHERE, days=days(), words=words.load(language_of(request)))
    return render(
        request,
        "citizen/your_data.html",
        {"rows": told, "may_fetch": citizen_of(request) is not None and not helping_of(request)},
    )
