"""What is wrong with something a citizen sees: the page of each item, where they say it, and what came of it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from borgerblik import reports, words
from borgerblik.overview.reports import ItemKind, ItemView, item_in
from borgerblik.overview.shapes import Overview
from borgerblik.receipts import TooManyError
from borgerblik.reports import ItemPage, Said, UnknownItemError
from portal.access import citizens_only
from portal.citizen import pages
from portal.citizen.forms import ItemForm
from portal.citizen.views import read
from portal.language import language_of
from portal.login.identity import CitizenIdentity

# The kinds as they stand in an address.
KINDS: Final[Mapping[str, ItemKind]] = {
    "sag": ItemKind.CASE,
    "udbetaling": ItemKind.PAYMENT,
    "ret": ItemKind.GRANT,
    "plan": ItemKind.PLAN,
}


@citizens_only
@require_safe
def index(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    """Everything the citizen has said is wrong."""
    told = reports.of_citizen(citizen.leave, language=language_of(request), now=timezone.localtime())
    return render(request, "citizen/reports.html", pages.reports(told))


@citizens_only
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, citizen: CitizenIdentity, kind: str, uuid: UUID) -> HttpResponse:
    """An item. Somebody else's, a hidden one and one that does not exist look the same: 404."""
    shown, item, told = _found(request, citizen, kind, uuid)
    form = ItemForm(request.POST if request.method == "POST" else None, reasons=item.reasons, parts=item.parts)
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    if form.is_valid():
        try:
            reports.make(citizen.leave, Said(kind=item.kind, item=uuid, **form.cleaned_data), now=timezone.now())
            return redirect("report", kind, uuid)
        except TooManyError:
            status = HTTPStatus.TOO_MANY_REQUESTS
    part = request.POST.get("part") or request.GET.get("del", "")
    page = pages.report(shown, item, told, form, part=part, too_many=status == HTTPStatus.TOO_MANY_REQUESTS)
    return render(request, "citizen/report.html", page, status=status)


def _found(
    request: HttpRequest, citizen: CitizenIdentity, kind: str, uuid: UUID
) -> tuple[Overview, ItemView, ItemPage]:
    """What the citizen sees, the item among it, and what they have said of it.

    Raises:
        Http404: they do not see it.
    """
    if kind not in KINDS:
        raise Http404
    shown = read(request, citizen)
    item = item_in(shown, KINDS[kind], str(uuid), words.load(shown.language))
    if item is None:
        raise Http404
    try:
        told = reports.page_of(citizen.leave, item.kind, uuid, language=shown.language, now=timezone.localtime())
    except UnknownItemError:
        raise Http404 from None  # it has gone since it was read
    return shown, item, told
