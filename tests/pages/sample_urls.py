"""Addresses for the tests of the pages: every page of the citizen, of every sample, without a database.

``/proeve/<sample>/<page>/?sprog=en`` renders the same templates from the same picks as the views do. All other
addresses are the portal's own, so that links and forms have somewhere to point.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.defaults import page_not_found, permission_denied, server_error

from borgerblik import contacts
from borgerblik.overview.access import Entry, Log, Objection, access_log_view, entry_view
from borgerblik.overview.material import Person
from borgerblik.overview.powers import Party, Power, area_names, power_view
from borgerblik.overview.reports import ItemKind, Report, item_in, report_view
from borgerblik.overview.shapes import AccessLogView, CaseView, GrantView, Overview, PaymentView
from borgerblik.overview.usual import UsualTime
from borgerblik.powers import MONTHS, Held, Offered, Powers
from borgerblik.reports import ItemPage
from borgerblik.words import load
from borgerblik.your_data import rows
from portal import errors
from portal.access import public
from portal.citizen import pages
from portal.citizen.accessibility import COMPLAINTS
from portal.citizen.forms import ItemForm, PowerForm, ReasonForm
from portal.declared import EVERYWHERE
from portal.language import language_of
from portal.login import clock
from portal.login.failures import Reason
from portal.login.helping import begin_helping
from portal.login.identity import hold
from portal.retention import days
from portal.urls import urlpatterns as portals
from tests.pages.sessions import a_citizen
from tests.sample_overview import SAMPLES
from tests.sample_records import uuid

Pick = Callable[[Overview, HttpRequest], pages.Page | None]


def usually(_owner_cvr: str, _kle: str) -> tuple[UsualTime, ...]:
    """How long every kind of case takes in the samples."""
    return (UsualTime(year=2026, cases=134, low=21, high=48), UsualTime(year=2025, cases=211, low=1, high=9))


def _first_case(shown: Overview, request: HttpRequest) -> pages.Page | None:
    """The case asked for by ``?sag=``, else the first."""
    wanted = request.GET.get("sag")
    first = (*shown.cases.open, *shown.cases.closed)[0]
    return pages.case(shown, str(uuid(wanted)) if wanted else first.uuid, usually)


AT = datetime(2026, 11, 24, 7, 45, tzinfo=UTC)
OWN = Entry(number=1, at=AT, actor="citizen", organisation="", what="overview", purpose="own_page")
THEIRS = replace(OWN, number=2, actor="x", organisation="Digitaliseringsstyrelsen", purpose="consumer")
OBJECTED = Objection(entry=THEIRS, receipt="483920175664", reason="unknown", words="<Hvem> & hvorfor?", made=AT)
ANSWERED = replace(OBJECTED, answer="Det var <en fejl>.", answered=AT)


def _log_of(shown: Overview) -> AccessLogView:
    """Somebody's log: their own visits and a system's, and an objection; nobody has looked at Ole."""
    nobody = shown.name.startswith("Ole")
    entries = [replace(one, at=AT - timedelta(days=day)) for day in range(40) for one in (OWN, OWN, THEIRS)]
    log = Log(
        entries=[] if nobody else entries,
        objections=[] if nobody else [ANSWERED],
        since=None if nobody else entries[-1].at,
    )
    return access_log_view(log, authority=shown.authority, words=load(shown.language), today=AT.date())


def _entry_of(shown: Overview, request: HttpRequest) -> pages.Page:
    """An entry and the form about it, as somebody has sent it with ``?sendt=``; ``?meldt=`` what came of it."""
    made = OBJECTED if "meldt" in request.GET else None
    entry = entry_view(THEIRS, made, authority=shown.authority, words=load(shown.language), today=AT.date())
    form = ReasonForm({"words": "x" * 1001} if "sendt" in request.GET else None, reasons=entry.reasons)
    return pages.objection(entry, form, too_many="sendt" in request.GET)


REPORTED = Report(
    receipt="483920175664",
    kind=ItemKind.CASE,
    topics=("Hjælp til huslejen",),
    part="",
    day=None,
    reason="facts",
    words="<Navnet> & datoen",
    authority="Randers Kommune",
    made=AT,
    taken=None,
    answer="",
    answered=None,
)
REPLIED = replace(REPORTED, kind=ItemKind.PAYMENT, day=AT.date(), reason="amount", answer="Du <har> ret.", answered=AT)


def _item_of(shown: Overview, request: HttpRequest) -> pages.Page | None:
    """What somebody sees first of ``?slags=``, and the form about it, as sent with ``?sendt=``.

    ``?meldt=`` and ``?svar=`` show what came of it.
    """
    words = load(shown.language)
    first: dict[ItemKind, Sequence[CaseView | PaymentView | GrantView]] = {
        ItemKind.CASE: shown.cases.open + shown.cases.closed,
        ItemKind.PAYMENT: shown.money.coming + shown.money.payments,
        ItemKind.GRANT: shown.money.grants,
    }
    kind = ItemKind(request.GET.get("slags", "case"))
    uuid_of = shown.plan.plan.uuid if kind is ItemKind.PLAN and shown.plan.plan else first[kind][0].uuid
    item = item_in(shown, kind, uuid_of, words)
    assert item is not None
    made = REPLIED if "svar" in request.GET else REPORTED if "meldt" in request.GET else None
    told = ItemPage(
        authority=shown.authority,
        reports=(report_view(made, words, AT.date()),) if made else (),
        waits="meldt" in request.GET,
    )
    answers = {"words": "x" * 1001} if "sendt" in request.GET else None
    form = ItemForm(answers, reasons=item.reasons, parts=item.parts)
    return pages.report(shown, item, told, form, part="", too_many="sendt" in request.GET)


def _reports_of(shown: Overview, _: HttpRequest) -> pages.Page:
    """What somebody has said is wrong; Ole has said nothing."""
    of_plan = replace(REPORTED, kind=ItemKind.PLAN, reason="goal", part="Jeg får mere energi i hverdagen", taken=AT)
    told = [] if shown.name.startswith("Ole") else [REPORTED, of_plan, REPLIED]
    return pages.reports([report_view(one, load(shown.language), AT.date()) for one in told])


POWER = Power(
    id=str(uuid("power")),
    mine=Party.GIVER,
    name="Karen Ågård",
    areas=["kontante_ydelser", "sundhed"],
    offered_until=AT + timedelta(days=7),
    accepted=None,
    until=AT.date() + timedelta(days=180),
    ended=None,
    ended_by=None,
)
TAKEN = replace(POWER, accepted=AT, name="Sofie <Lund>")


def _helpers_of(shown: Overview, request: HttpRequest) -> pages.Page:
    """Somebody's powers of attorney: with ``?tom=`` none, with ``?kode=`` the code of the newest, else one of each."""
    words = load(shown.language)
    ended = replace(TAKEN, ended=AT, ended_by=Party.HELPER)
    found = Powers(
        given=() if "tom" in request.GET else tuple(power_view(one, words, AT) for one in (POWER, TAKEN, ended)),
        held=() if "tom" in request.GET else (power_view(replace(TAKEN, mine=Party.HELPER), words, AT),),
    )
    made = {"id": POWER.id, "code": "483920175664"} if "kode" in request.GET else None
    told = {"wrong": "sendt" in request.GET, "over": "slut" in request.GET}
    return {**pages.helpers(found, shown.authority, made), **told, "too_often": False, "no_birthday": False}


def _giving(shown: Overview, request: HttpRequest) -> pages.Page:
    """The form that gives one; as sent with nothing in it with ``?sendt=``."""
    areas = pages.areas_to_give(shown)
    form = PowerForm({"day": "31"} if "sendt" in request.GET else None, areas=[key for key, _ in areas])
    return {"overview": shown, "form": form, "areas": areas, "months": MONTHS, "too_many": "sendt" in request.GET}


def _offered(shown: Overview, _: HttpRequest) -> pages.Page:
    """What a helper is asked."""
    words = load(shown.language)
    offered = Offered(giver_name="Bo Hansen", areas=area_names(POWER.areas, words), until=POWER.until)
    return {"offered": offered, "day": words.day(POWER.until, today=AT.date()), "code": "483920175664"}


HELD = rows(EVERYWHERE, days=days(), words=load("da"))
PAGES: dict[str, tuple[str, Pick]] = {
    "overview": ("citizen/overview.html", lambda shown, _: pages.overview(shown)),
    "cases": ("citizen/cases.html", lambda shown, request: pages.cases(shown, request.GET)),
    "case": ("citizen/case.html", _first_case),
    "money": ("citizen/money.html", lambda shown, request: pages.money(shown, request.GET)),
    "year": ("citizen/year.html", lambda shown, request: pages.year(shown, int(request.GET.get("aar", AT.year)))),
    "plan": ("citizen/plan.html", lambda shown, _: pages.plan(shown)),
    "areas": ("citizen/areas.html", lambda shown, _: pages.areas(shown)),
    "fridge": ("citizen/fridge.html", lambda shown, _: pages.fridge(shown)),
    "access_log": (
        "citizen/access_log.html",
        lambda shown, request: pages.access_log(_log_of(shown), request.GET, others="vis" in request.GET),
    ),
    "objection": ("citizen/objection.html", _entry_of),
    "report": ("citizen/report.html", _item_of),
    "reports": ("citizen/reports.html", _reports_of),
    "helpers": ("citizen/helpers.html", _helpers_of),
    "power_give": ("citizen/power_give.html", _giving),
    "power_offer": ("citizen/power_offer.html", _offered),
    "own_only": ("citizen/own_only.html", lambda _shown, _: {}),
    "helped": ("citizen/overview.html", lambda shown, _: pages.overview(shown)),
}
STATEMENT: pages.Page = {
    "post": "https://post.borger.dk/",
    "complaints": COMPLAINTS,
    "contact": None,
    "made": "27. november 2026",
}
OTHERS: dict[str, tuple[str, pages.Page]] = {
    "accessibility": ("citizen/accessibility.html", STATEMENT),
    "accessibility_signed_in": (
        "citizen/accessibility.html",
        {**STATEMENT, "contact": contacts.of("0730", "Randers Kommune")},
    ),
    "your_data": ("citizen/your_data.html", {"rows": HELD, "may_fetch": False}),
    "your_data_signed_in": ("citizen/your_data.html", {"rows": HELD, "may_fetch": True}),
    "sign_in": ("login/start.html", {"begin": "/log-ind/start/", "only_for": None, "over": False}),
    "sign_in_over": ("login/start.html", {"begin": "/log-ind/start/", "only_for": None, "over": True}),
    "thanks": ("citizen/thanks.html", {"of_use": True}),
    "thanks_no": ("citizen/thanks.html", {"of_use": False, "contact": contacts.of("0730", "Randers Kommune")}),
    **{f"failed_{reason}": ("login/failed.html", {"reason": reason.value}) for reason in Reason},
    "signed_out": ("login/signed_out.html", {"only_here": False}),
    "signed_out_only_here": ("login/signed_out.html", {"only_here": True}),
    "csrf": ("403_csrf.html", {}),
    "button_only": ("405.html", {}),
}
HELPED = {"own_only", "helped"}  # seen by a helper
BROKEN = {"400": 400, "500": 500, "503": 503}


def pages_of(shown: Overview) -> list[str]:
    """The pages this citizen has: no case page without a case, no sheet without a plan, no year without money."""
    missing = {"case", "report"} if not (shown.cases.open or shown.cases.closed) else set()
    missing |= {"fridge"} if shown.plan.plan is None else set()
    missing |= {"year"} if AT.year not in shown.money.years() else set()
    return [page for page in PAGES if page not in missing]


def every_page() -> list[str]:
    """Every page there is, as the end of its address: of each sample, and those that are about nobody."""
    return [
        *(f"{name}/{page}" for name, make in SAMPLES.items() for page in pages_of(make("da"))),
        *(*OTHERS, *BROKEN, "403", "404"),
    ]


@public
def sample(request: HttpRequest, name: str, page: str) -> HttpResponse:
    """A page of a made-up citizen, who is signed in for as long as it takes, and was seen ``?brugt=`` seconds ago."""
    shown = SAMPLES[name](language_of(request))
    template, pick = PAGES[page]
    picked = pick(shown, request)
    if picked is None:
        raise Http404
    given = shown.name.split()[0]
    if request.resolver_match:
        request.resolver_match.url_name = page  # so that the menu shows where we are
    if page in HELPED:
        giver = Person(name="Bo Hansen", given_name="Bo", birth_date=None, municipality="0730")
        begin_helping(request, Held(id=uuid("power"), giver=giver, areas=frozenset(), until=POWER.until))
    hold(request, uuid(name), a_citizen("", name=shown.name, given_name=given))
    request.session[clock.SEEN] -= int(request.GET.get("brugt", 0))
    request.session_left = clock.left(request.session, timezone.now())  # type: ignore[attr-defined]  # as limits.py does
    return render(request, template, picked)


@public
def other(request: HttpRequest, page: str) -> HttpResponse:
    """A page that is about nobody."""
    if page in BROKEN:
        return errors.page(request, BROKEN[page])
    if page == "404":
        return page_not_found(request, Http404())
    if page == "403":
        return permission_denied(request, PermissionError())
    template, context = OTHERS[page]
    return render(request, template, context)


urlpatterns = [
    path("proeve/<name>/<page>/", sample),
    path("proeve/<page>/", other),
    *portals,
]
handler500 = server_error
