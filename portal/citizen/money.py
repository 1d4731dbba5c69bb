"""What the money pages show, picked out of the overview: each payment and grant with what belongs to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from borgerblik.overview.closer import Figures, GrantCloser
from borgerblik.overview.shapes import GrantView, LadderStep, Overview, PaymentView
from borgerblik.words import Words, load
from portal.citizen import chart

Page = dict[str, object]
STEPS = ("after_tax", "sent", "paid")  # what follows the amount before tax


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step of a payment, from gross to paid; ``step`` None: the index has not told it."""

    label: str
    step: LadderStep | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCard:
    view: PaymentView
    figures: Figures
    ladder: tuple[Rung, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantCard:
    view: GrantView
    closer: GrantCloser


def payment_cards(shown: Overview, views: Iterable[PaymentView]) -> tuple[PaymentCard, ...]:
    views = tuple(views)
    words, figures = load(shown.language), shown.money.figures_of({view.uuid for view in views})
    return tuple(_card(view, figures[view.uuid], words) for view in views)


def _card(view: PaymentView, figures: Figures, words: Words) -> PaymentCard:
    first, *others = view.ladder
    known = {step.label: step for step in others}
    told = {words(f"payment/ladder/{name}"): getattr(figures, name) for name in STEPS}
    return PaymentCard(
        view=view,
        figures=figures,
        ladder=(
            Rung(label=first.label, step=first),
            # of what is free of tax there is no step "after tax"
            *(
                Rung(label=each, step=known.get(each))
                for each, amount in told.items()
                if each in known or amount is None
            ),
        ),
    )


def grant_cards(shown: Overview, views: Iterable[GrantView]) -> tuple[GrantCard, ...]:
    closer = shown.money.closer()
    return tuple(GrantCard(view=view, closer=closer[view.uuid]) for view in views)


def summary(shown: Overview) -> Page:
    """The chart; what comes on the next day on which money comes, and what else is on its way."""
    coming = payment_cards(shown, shown.money.coming)
    soon = shown.money.next.when if shown.money.next else None
    return {
        "chart": chart.draw(shown.money.chart, shown.language),
        "next_now": tuple(card for card in coming if card.view.when == soon),
        "next_later": tuple(card for card in coming if card.view.when != soon),
    }
