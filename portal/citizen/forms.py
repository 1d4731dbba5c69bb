"""What a citizen fills in: to say that something is wrong, to give a power of attorney, to take one on."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils import timezone

from borgerblik.overview.reports import PartGroup
from borgerblik.powers import DIGITS, LONGEST_NAME, MONTHS
from borgerblik.receipts import LONGEST
from indexes.cpr_numbers import INVISIBLE

OLDEST: Final = 1900  # the year of birth of anybody alive is later


class ReasonForm(forms.Form):
    """What is wrong, chosen from a list. The template says what is wrong with the answers, in the reader's language."""

    reason = forms.ChoiceField()
    words = forms.CharField(required=False, max_length=LONGEST)

    def __init__(self, *args: object, reasons: Sequence[tuple[str, str]]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # Django's own parameters
        self.fields["reason"] = forms.ChoiceField(choices=reasons)


class ItemForm(ReasonForm):
    """And which part of an item that has parts; nothing chosen is all of it."""

    part = forms.ChoiceField(required=False)

    def __init__(self, *args: object, reasons: Sequence[tuple[str, str]], parts: Sequence[PartGroup]) -> None:
        super().__init__(*args, reasons=reasons)
        known = [key for group in parts for key, _ in group.parts]
        self.fields["part"] = forms.ChoiceField(required=False, choices=[(key, key) for key in known])


class PowerForm(forms.Form):
    """Who may see what, and for how long. ``born``, when all is right, is the helper's birthday."""

    name = forms.CharField(max_length=LONGEST_NAME)
    day = forms.IntegerField()
    month = forms.IntegerField()
    year = forms.IntegerField()
    areas = forms.MultipleChoiceField()
    months = forms.TypedChoiceField(coerce=int, choices=[(number, number) for number in MONTHS])

    def __init__(self, *args: object, areas: Sequence[str]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # Django's own parameters
        self.fields["areas"] = forms.MultipleChoiceField(choices=[(key, key) for key in areas])

    def clean_name(self) -> str:
        """What can be read of it.

        Raises:
            forms.ValidationError: nothing can.
        """
        name = INVISIBLE.sub("", self.cleaned_data["name"]).strip()
        if not name:
            raise forms.ValidationError("")
        return name

    @property
    def is_born_wrong(self) -> bool:
        """Whether any of the three numbers is missing or makes no day."""
        return any(self.has_error(part) for part in ("day", "month", "year"))

    def clean(self) -> dict[str, Any]:
        """The three numbers as one day, which is no day to come."""
        given = super().clean() or {}
        if not self.is_born_wrong:
            given["born"] = self._day(given["year"], given["month"], given["day"])
        return given

    def _day(self, year: int, month: int, day: int) -> dt.date | None:
        try:
            born = dt.date(year, month, day)
        except (ValueError, OverflowError):  # there is no such day, or no such number
            born = None
        if born is None or born.year <= OLDEST or born > timezone.localdate():
            self.add_error("day", "")
        return born


class CodeForm(forms.Form):
    """The code of a power of attorney; spaces and hyphens are no part of it."""

    code = forms.CharField(max_length=40)

    def clean_code(self) -> str:
        """Its digits.

        Raises:
            forms.ValidationError: there are not as many as a code has.
        """
        digits = "".join(letter for letter in self.cleaned_data["code"] if letter.isascii() and letter.isdigit())
        if len(digits) != DIGITS:
            raise forms.ValidationError("")
        return digits
