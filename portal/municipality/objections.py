"""What citizens have found wrong in the list of who has looked, and the municipality's answers.

For those who administer a whole municipality: an objection is about no area. Nobody here learns whose it is.
"""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from borgerblik import objections
from borgerblik.models import AccessObjection
from borgerblik.overview.access import STANDARD_PURPOSES, grouped
from borgerblik.receipts import LONGEST
from borgerblik.words import Words
from borgerblik.words import load as load_words
from indexes.authorities import Authority
from portal.municipality.access import Administrator, administrators_only
from portal.municipality.answering import AnswerForm, answered_words, due_of
from portal.municipality.views import page_of
from portal.municipality.words import moment, say

# The codes of an entry.
WHAT = ("overview", "cases", "payments", "plan", "log", "export", "reports", "report", "powers", "power")
WHY = ("own_page", "consumer", "report", "power", *STANDARD_PURPOSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An objection in finished words."""

    number: str
    receipt: str
    entry: str
    reason: str
    due: str
    late: bool
    answer: str
    answered: str


@require_safe
@administrators_only
def index(request: HttpRequest, me: Administrator) -> HttpResponse:
    """All objections to one municipality, those to be answered first."""
    authority = me.whole_authority(request.GET.get("kommune") or _first(me).code)
    told = [_told(one, load_words("da"), timezone.localdate()) for one in objections.for_municipality(authority.code)]
    waiting = [one for one in told if not one.answer]
    page = page_of(
        me,
        authority,
        mine=_whole(me),
        waiting=waiting,
        answered=[one for one in told if one.answer],
        intro=say("objection.intro", authority=authority.name),
        open_title=say("objection.open", number=len(waiting)),
        page="objections",
    )
    return render(request, "municipality/objections.html", page)


@require_safe
@administrators_only
def objection(request: HttpRequest, me: Administrator, code: str, receipt: str) -> HttpResponse:
    """One objection with what the citizen wrote. That it was opened stands in the citizen's access log."""
    authority = me.whole_authority(code)
    one = objections.one_of_municipality(code, receipt)
    words = objections.words_of(code, receipt, staff_key=me.staff.key)
    if one is None or words is None:
        raise Http404
    told = _told(one, load_words("da"), timezone.localdate())
    page = page_of(me, authority, one=told, wrote=words, longest=LONGEST, page="objections")
    return render(request, "municipality/objection.html", page)


@require_POST
@administrators_only
def answer(request: HttpRequest, me: Administrator, code: str, receipt: str) -> HttpResponse:
    """Answer one objection, once."""
    authority = me.whole_authority(code)
    form, told = AnswerForm(request.POST), grouped(receipt)
    if not form.is_valid():
        messages.error(request, say("objection.answer_missing"))
        return redirect("console_objection", code, receipt)
    if objections.answer(code, receipt, words=form.cleaned_data["words"], staff_key=me.staff.key, now=timezone.now()):
        messages.success(request, say("objection.sent", receipt=told))
    else:
        messages.error(request, say("objection.gone", receipt=told))
    return redirect(f"{reverse('console_objections')}?kommune={authority.code}")


def _whole(me: Administrator) -> list[Authority]:
    """The authorities that are this administrator's as a whole."""
    return [authority for authority, reach in me.reaches.items() if reach.whole]


def _first(me: Administrator) -> Authority:
    """The first of them.

    Raises:
        Http404: there is none.
    """
    found = _whole(me)
    if not found:
        raise Http404
    return found[0]


def _told(one: AccessObjection, words: Words, today: dt.date) -> Told:
    due = due_of(one, today)
    return Told(
        number=one.receipt,
        receipt=say("objection.receipt", receipt=grouped(one.receipt)),
        entry=_entry(one, words),
        reason=words(f"access/reason/{one.reason}"),
        due=due.words,
        late=due.late,
        answer=one.answer,
        answered=answered_words(one),
    )


def _entry(one: AccessObjection, words: Words) -> str:
    """The entry as the citizen met it, told to somebody else. What is no code is a consumer's own Danish words."""
    return say(
        "objection.entry_words",
        who=say("objection.citizen") if one.yours else one.organisation or words("access/unknown"),
        what=say(f"objection.what_{one.what}") if one.what in WHAT else one.what,
        at=moment(timezone.localtime(one.at)),
        why=say(f"objection.why_{one.purpose}") if one.purpose in WHY else one.purpose.partition("\n")[0],
    )
