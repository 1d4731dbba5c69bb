"""How many citizens could use each kind of page, in which language: counters of all authorities together."""

import datetime as dt
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from borgerblik import languages
from portal.citizen.usefulness import Answers, answers
from portal.municipality.access import Administrator, administrators_only
from portal.municipality.views import page_of
from portal.municipality.words import say

DAYS: Final = 90


@require_safe
@administrators_only
def index(request: HttpRequest, me: Administrator) -> HttpResponse:
    """The answers of the last months, where a page is of least use first."""
    found = answers(timezone.localdate() - dt.timedelta(days=DAYS))
    page = page_of(
        me,
        me.authority(request.GET.get("kommune")),
        told=[_told(one) for one in found],
        intro=say("useful.intro", days=DAYS),
        page="useful",
    )
    return render(request, "municipality/useful.html", page)


def _told(one: Answers) -> dict[str, object]:
    known = languages.load().get(one.language)
    return {
        "page": say(f"useful.page_{one.page}"),
        "language": known.name if known else one.language,
        "tag": known.tag if known else "",
        "yes": one.yes,
        "no": one.no,
        "share": say("useful.percent", share=one.share),
    }
