"""What is the same of all that citizens have told is wrong: by when it is to be answered, and the answer."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.utils import timezone

from borgerblik.models import Told
from borgerblik.overview.access import answer_due
from borgerblik.receipts import LONGEST
from portal.municipality.words import day, say


class AnswerForm(forms.Form):
    """One answer."""

    words = forms.CharField(max_length=LONGEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """By when it is to be answered, in words; ``late``: that was before today, and it is not."""

    words: str
    late: bool


def due_of(one: Told, today: dt.date) -> Due:
    due = answer_due(timezone.localtime(one.made).date())
    late = one.answered is None and due < today
    return Due(words=say("objection.late" if late else "objection.due", day=day(due)), late=late)


def answered_words(one: Told) -> str:
    """When it was answered; nothing while it is not."""
    return say("objection.told", day=day(timezone.localtime(one.answered))) if one.answered else ""
