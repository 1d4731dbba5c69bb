"""What the money pages show, picked out of the overview: each payment and grant with what belongs to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from borgerblik.overview.closer import Figures, GrantCloser
from borgerblik.overview.shapes import GrantView, Overview, PaymentView
from portal.citizen import chart

Page = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCard:
    view: PaymentView
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantCard:
    view: GrantView
    closer: GrantCloser


def payment_cards(shown: Overview, views: Iterable[PaymentView]) -> tuple[PaymentCard, ...]:
    figures = {one.uuid: one for one in shown.money.figures()}
    return tuple(PaymentCard(view=view, figures=figures[view.uuid]) for view in views)


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
