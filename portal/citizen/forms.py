"""What a citizen fills in to say that something is wrong."""

from collections.abc import Sequence

from django import forms

from borgerblik.overview.reports import PartGroup
from borgerblik.receipts import LONGEST


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
