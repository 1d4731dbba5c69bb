"""What an administrator may send: Django's forms, with the console's own words for what is wrong."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from borgerblik.policy import AreaRule, TitleChoice
from borgerblik.settings_store import digest
from indexes.records import RefusalReason, Source
from portal.municipality.words import say

DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"]  # a browser's date field, and how people write
EVERY, SOME = "every", "some"


def _date(message: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d")  # the one form that a browser's date field takes
    return forms.DateField(
        required=False, input_formats=DATE_FORMATS, widget=widget, error_messages={"invalid": message}
    )


class SwitchForm(forms.Form):
    """A switch: what it shall stand at, not that it shall turn, so that sending it twice equals sending it once."""

    on = forms.TypedChoiceField(
        choices=[("1", "on"), ("0", "off")],
        coerce=lambda value: value == "1",
        error_messages={"required": say("error.switch"), "invalid_choice": say("error.switch")},
    )


class SinceForm(forms.Form):
    """From which day the authority is on Borgerblik; empty takes it off."""

    since = _date(say("since.unreadable"))


class AreaForm(forms.Form):
    """One authority's decision about one area. ``opened`` is the digest of the rule that stood when it was opened."""

    opened = forms.CharField(widget=forms.HiddenInput, error_messages={"required": say("error.opened")})
    shown = forms.BooleanField(required=False)
    from_date = _date(say("error.from_date"))
    active_regardless = forms.BooleanField(required=False)
    title = forms.ChoiceField(
        choices=[(choice.value, say(f"field.title_{choice.value}")) for choice in TitleChoice],
        error_messages={"required": say("error.unknown"), "invalid_choice": say("error.unknown")},
    )
    fagsystem_choice = forms.ChoiceField(
        choices=[(EVERY, say("field.fagsystem_every")), (SOME, say("field.fagsystem_some"))],
        error_messages={"required": say("error.unknown"), "invalid_choice": say("error.unknown")},
    )
    document_titles = forms.BooleanField(required=False)

    def __init__(self, *args: Any, systems: Iterable[str], today: dt.date, **kwargs: Any) -> None:
        """``systems``: the fagsystemer that can be chosen."""
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["fagsystemer"] = forms.MultipleChoiceField(
            required=False,
            choices=[(name, name) for name in systems],
            error_messages={"invalid_choice": say("error.unknown")},
        )

    def titles(self) -> list[tuple[str, str, str]]:
        """The choices of a case's title: (value, words, what the citizen then sees)."""
        return [(c.value, say(f"field.title_{c.value}"), say(f"field.title_{c.value}_help")) for c in TitleChoice]

    def clean_from_date(self) -> dt.date | None:
        """KOMBIT's rule for Borgerblikket: a from-date lies at the latest on 31 December of this year."""
        value: dt.date | None = self.cleaned_data["from_date"]
        if value is not None and value.year > self.today.year:
            raise forms.ValidationError(say("error.from_date_late", year=self.today.year))
        return value

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("fagsystem_choice") == SOME and "fagsystemer" in cleaned and not cleaned["fagsystemer"]:
            self.add_error("fagsystemer", say("error.fagsystemer"))
        return cleaned

    def rule(self) -> AreaRule:
        """The decision of a valid form."""
        given = self.cleaned_data
        return AreaRule(
            shown=given["shown"],
            from_date=given["from_date"],
            active_regardless=given["active_regardless"],
            title=TitleChoice(given["title"]),
            fagsystemer=frozenset(given["fagsystemer"]) if given["fagsystem_choice"] == SOME else None,
            document_titles=given["document_titles"],
        )


class MessagesForm(forms.Form):
    """Which messages in quarantine: those of one group, as the page shows them."""

    source = forms.ChoiceField(choices=[(source.value, source.value) for source in Source])
    kind = forms.CharField(max_length=10)
    reason = forms.ChoiceField(choices=[(reason.value, reason.value) for reason in RefusalReason])
    what = forms.CharField(strip=False)

    def which(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**given, "source": Source(given["source"]), "reason": RefusalReason(given["reason"])}


class RetireForm(forms.Form):
    """That a fagsystem is no longer used: its name, typed by whoever has seen what goes with it."""

    typed = forms.CharField(error_messages={"required": say("error.fagsystem_name")})

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed != self.name:
            raise forms.ValidationError(say("error.fagsystem_name"))
        return typed


def initial(rule: AreaRule) -> dict[str, object]:
    """A decision as the form's fields."""
    return {
        "opened": digest(rule),
        "shown": rule.shown,
        "from_date": rule.from_date,
        "active_regardless": rule.active_regardless,
        "title": rule.title.value,
        "fagsystem_choice": EVERY if rule.fagsystemer is None else SOME,
        "fagsystemer": sorted(rule.fagsystemer or ()),
        "document_titles": rule.document_titles,
    }
