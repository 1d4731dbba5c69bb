"""The one question at the foot of a page: whether it was of use. Answers are counted, and nothing else is kept.

A counter for each kind of page, language and day; nobody's. A visit counts once for each kind of page: that it has
answered is known to the store of the throttle alone, by a mark of the session, until the session is over.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django import forms
from django.db import connections, router
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_POST, require_safe

from borgerblik import contacts
from indexes import authorities
from portal.access import citizens_only
from portal.language import language_of
from portal.login.identity import CitizenIdentity
from portal.login.throttle import is_first
from portal.models import Usefulness

# The names of the addresses whose pages ask.
ASKED: Final = ("overview", "cases", "case", "money", "year", "plan", "areas", "access_log", "your_data")
YES, NO = "ja", "nej"
_COUNT: Final = """
INSERT INTO portal_usefulness (page, language, day, yes, no) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (page, language, day)
DO UPDATE SET yes = portal_usefulness.yes + excluded.yes, no = portal_usefulness.no + excluded.no
"""


class AnswerForm(forms.Form):
    side = forms.ChoiceField(choices=[(page, page) for page in ASKED])
    svar = forms.ChoiceField(choices=[(YES, YES), (NO, NO)])


@citizens_only
@require_POST
def useful(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:  # noqa: ARG001 - whoever it is
    """Count an answer and say thanks; what is no answer of ours is a page that does not exist."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Http404
    page, yes = form.cleaned_data["side"], form.cleaned_data["svar"] == YES
    if is_first("useful", page, _mark(request)):
        count(page, language_of(request), timezone.localdate(), yes=yes)
    return redirect("useful_thanks", form.cleaned_data["svar"])


@citizens_only
@require_safe
def thanks(request: HttpRequest, citizen: CitizenIdentity, answer: str) -> HttpResponse:
    """Thanks; and for whom the page was of no use, where there is help."""
    if answer not in (YES, NO):
        raise Http404
    authority = authorities.by_code[citizen.municipality]
    page = {"of_use": answer == YES, "contact": contacts.of(authority.code, authority.name)}
    return render(request, "citizen/thanks.html", page)


def count(page: str, language: str, day: dt.date, *, yes: bool) -> None:
    """One answer more."""
    with connections[router.db_for_write(Usefulness)].cursor() as cursor:
        cursor.execute(_COUNT, [page, language, day, int(yes), int(not yes)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How many have answered what about a kind of page in a language."""

    page: str
    language: str
    yes: int
    no: int

    @property
    def share(self) -> int:
        """Of a hundred answers, how many are yes."""
        return round(100 * self.yes / (self.yes + self.no))


def answers(since: dt.date) -> Sequence[Answers]:
    """What has been answered from that day on: where the page is of least use first."""
    rows = Usefulness.objects.filter(day__gte=since, page__in=ASKED).values("page", "language")
    found = [Answers(**row) for row in rows.annotate(yes=Sum("yes"), no=Sum("no")) if row["yes"] + row["no"]]
    return sorted(found, key=lambda one: (one.share, one.page, one.language))


def _mark(request: HttpRequest) -> str:
    """What tells this visit from others, without the session's key."""
    key = request.session.session_key or ""
    return salted_hmac("portal.citizen.usefulness", key, algorithm="sha256").hexdigest()
