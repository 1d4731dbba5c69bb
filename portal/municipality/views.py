"""The console's pages. Each view translates in, makes one call, and translates out."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from borgerblik import areas, settings_store
from borgerblik.areas import Area
from borgerblik.models import SettingChange
from borgerblik.settings_store import OvertakenError, digest
from borgerblik.words import Words
from borgerblik.words import load as load_words
from indexes.authorities import UDK, Authority
from portal.login.reach import Reach
from portal.municipality import changes as history
from portal.municipality import deciding, kle_in_use
from portal.municipality.access import Administrator, administrators_only
from portal.municipality.forms import AreaForm, SinceForm, SwitchForm, initial
from portal.municipality.matrix import ETAPER, Desk, build, decidable
from portal.municipality.words import listed, say, tables

CHANGES_ON_A_PAGE = 50


def _back(authority: Authority, anchor: str) -> HttpResponse:
    """To the matrix, at the place that was changed."""
    return redirect(f"{reverse('console')}?{urlencode({'kommune': authority.code})}#{anchor}")


def _tell(request: HttpRequest, saved: deciding.Saved) -> None:
    if saved.changed:
        messages.success(request, saved.words)
    else:
        messages.info(request, f"{say('saved.nothing')} {saved.words}")


def _decide(
    request: HttpRequest, authority: Authority, form: Form, save: Callable[..., deciding.Saved], anchor: str
) -> HttpResponse:
    """One decision made in the matrix: save what the form holds, or say what is wrong with it, and go back there."""
    if form.is_valid():
        _tell(request, save(**form.cleaned_data))
    for errors in form.errors.values():
        messages.error(request, " ".join(map(str, errors)))
    return _back(authority, anchor)


def page_of(me: Administrator, authority: Authority, **more: object) -> dict[str, object]:
    """What every page of the console is given."""
    all_of_it = me.reaches[authority].whole
    whole = all_of_it and authority.code != UDK  # where citizens live, and all of it
    told = {"words": tables(), "mine": me.authorities, "authority": authority, "whole": whole, "all_of_it": all_of_it}
    return {**told, **more}


def _desk(authority: Authority, reach: Reach) -> Desk:
    policies = settings_store.policies([authority.code, UDK])
    return Desk(
        areas=areas.load(),
        policy=policies.get(authority.code) or settings_store.undecided(authority.code),
        udk=policies.get(UDK) or settings_store.undecided(UDK),
        kle=kle_in_use.load(areas.load()),
        words=load_words("da"),
        today=timezone.localdate(),
        reach=reach,
    )


def limited(me: Administrator, authority: Authority, page: str) -> str:
    """What a page says of a role that reaches a part of the authority; nothing of one that reaches all of it."""
    kle = me.reaches[authority].kle
    return "" if kle is None else say(f"limited.{page}", authority=authority.name, numbers=listed(sorted(kle)))


def _heading(area: Area, words: Words) -> dict[str, object]:
    """What the page about one area says on top."""
    return {
        "title": say("area.title", area=words.area(area.key)),
        "where": say("area.etape", etape=area.etape, year=say(f"etape.year_{area.etape}"), numbers=listed(area.kle)),
    }


def _overtaken(authority: Authority, area: Area, error: OvertakenError) -> dict[str, object]:
    """What the page about an area says when a colleague was quicker. Saved once more, it is saved knowingly."""
    words = load_words("da")
    return {
        "opened": digest(error.stands),
        "overtaken": say("overtaken.text", area=words.area(area.key)),
        "overtaken_by": history.views(list(error.changes), words),
        "holds": deciding.what_holds(authority, area),
    }


@require_safe
@administrators_only
def matrix(request: HttpRequest, me: Administrator) -> HttpResponse:
    """What the authority's citizens can see, area by area and etape by etape."""
    authority = me.authority(request.GET.get("kommune"))
    desk = _desk(authority, me.reaches[authority])
    search, wanted = request.GET.get("soeg", ""), request.GET.get("etape", "")
    etape = int(wanted) if wanted in map(str, ETAPER) else None
    page = page_of(
        me,
        authority,
        intro=say("page.intro_udk" if authority.code == UDK else "page.intro", authority=authority.name),
        matrix=build(desk, search=search, etape=etape),
        since=desk.policy.since,
        since_help=say("since.help", authority=authority.name),
        figures_label=say("figure.label", authority=authority.name),
        search=search,
        etape=etape,
        limited=limited(me, authority, "matrix"),
        page="matrix",
    )
    return render(request, "municipality/matrix.html", page)


@require_POST
@administrators_only
def switch_area(request: HttpRequest, me: Administrator, code: str, key: str) -> HttpResponse:
    """Show or hide one area."""
    authority = me.authority(code)
    save = partial(deciding.switch_area, authority, me.area(authority, key), staff=me.staff)
    return _decide(request, authority, SwitchForm(request.POST), save, f"omraade-{key}")


@require_POST
@administrators_only
def switch_etape(request: HttpRequest, me: Administrator, code: str, etape: int) -> HttpResponse:
    """Put an etape on or off."""
    authority = me.whole_authority(code)
    if not decidable(etape, areas.load(), settings_store.owner_of(code)):
        raise Http404
    save = partial(deciding.switch_etape, authority, etape, staff=me.staff)
    return _decide(request, authority, SwitchForm(request.POST), save, f"etape-{etape}")


@require_POST
@administrators_only
def since(request: HttpRequest, me: Administrator, code: str) -> HttpResponse:
    """Set from which day the authority is on Borgerblik."""
    authority = me.whole_authority(code)
    save = partial(deciding.set_since, authority, staff=me.staff)
    return _decide(request, authority, SinceForm(request.POST), save, "siden")


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def area(request: HttpRequest, me: Administrator, code: str, key: str) -> HttpResponse:
    """How one area is shown: from-date, titles, fagsystemer, documents."""
    authority = me.authority(code)
    decided = me.area(authority, key)
    rule = settings_store.policy(code).rule(decided)
    form = AreaForm(
        request.POST if request.method == "POST" else None,
        initial=initial(rule),
        systems=deciding.fagsystemer(authority, rule),
        today=timezone.localdate(),
    )
    page = page_of(me, authority, form=form, opened=form["opened"].value(), **_heading(decided, load_words("da")))
    if form.is_bound and form.is_valid():
        opened = form.cleaned_data["opened"]
        try:
            _tell(request, deciding.save_rule(authority, decided, form.rule(), opened=opened, staff=me.staff))
        except OvertakenError as overtaken:
            page |= _overtaken(authority, decided, overtaken)
            return render(request, "municipality/area.html", page, status=409)
        return _back(authority, f"omraade-{key}")
    return render(request, "municipality/area.html", page, status=400 if form.errors else 200)


@require_safe
@administrators_only
def changes(request: HttpRequest, me: Administrator) -> HttpResponse:
    """Who changed what, when, for one authority."""
    authority = me.authority(request.GET.get("kommune"))
    rows = SettingChange.objects.filter(history.within(me.reaches[authority]), authority_id=authority.code)
    found = Paginator(rows, CHANGES_ON_A_PAGE).get_page(request.GET.get("side"))
    page = page_of(
        me,
        authority,
        changes=history.views(list(found), load_words("da")),
        found=found,
        intro=say("changes.intro", authority=authority.name),
        limited=limited(me, authority, "changes"),
        page="changes",
        position=say("changes.page", number=found.number, total=found.paginator.num_pages),
    )
    return render(request, "municipality/changes.html", page)
