"""Who has seen the citizen's data; and each entry on a page of its own, where they say what is wrong with it."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from borgerblik import objections, who_has_seen
from borgerblik.objections import Said, UnknownEntryError
from borgerblik.overview.shapes import EntryView
from borgerblik.receipts import TooManyError
from portal.access import citizens_only
from portal.citizen import pages
from portal.citizen.forms import ReasonForm
from portal.language import language_of
from portal.login.identity import CitizenIdentity


@citizens_only
@require_safe
def access_log(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    """The list; ``?vis=andre`` leaves out the citizen's own visits."""
    others = request.GET.get("vis") == "andre"
    log = who_has_seen.access_log_of(
        citizen.leave,
        municipality=citizen.municipality,
        language=language_of(request),
        now=timezone.localtime(),
        others=others,
    )
    return render(request, "citizen/access_log.html", pages.access_log(log, request.GET, others=others))


@citizens_only
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, citizen: CitizenIdentity, number: int) -> HttpResponse:
    """An entry. Somebody else's and one that does not exist look the same: 404."""
    shown = _read(request, citizen, number)
    form = ReasonForm(request.POST if request.method == "POST" else None, reasons=shown.reasons)
    if not form.is_valid():
        return _page(request, shown, form, status=400 if form.is_bound else 200)
    try:
        said = Said(entry=number, **form.cleaned_data)
        objections.make(citizen.leave, said, municipality=citizen.municipality, now=timezone.now())
    except TooManyError:
        return _page(request, shown, form, status=HTTPStatus.TOO_MANY_REQUESTS)
    return redirect("objection", number)


def _page(request: HttpRequest, shown: EntryView, form: ReasonForm, *, status: int) -> HttpResponse:
    told = pages.objection(shown, form, too_many=status == HTTPStatus.TOO_MANY_REQUESTS)
    return render(request, "citizen/objection.html", told, status=status)


def _read(request: HttpRequest, citizen: CitizenIdentity, number: int) -> EntryView:
    try:
        return who_has_seen.entry_of(
            citizen.leave,
            number,
            municipality=citizen.municipality,
            language=language_of(request),
            now=timezone.localtime(),
        )
    except UnknownEntryError:
        raise Http404 from None
