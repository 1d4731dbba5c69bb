"""How often something is untidy: ``data/rates.toml``, read and rolled for."""

from collections.abc import Sequence
from dataclasses import dataclass

from indexes.mock.dice import Dice
from indexes.mock.tables import read_toml

_WHOLE = 1_000_000
_EXAMPLES = ("numbers", "instants", "titles", "names", "dates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    name: str
    of: str  # what the share is a share of
    share: float
    what: str
    examples: tuple[str, ...]  # what it looks like, where that has to be chosen


class Group:
    """Rates of which at most one happens at a time, so that each happens exactly as often as it says."""

    __slots__ = ("_limits",)

    def __init__(self, rates: Sequence[Rate]) -> None:
        self._limits: list[tuple[float, Rate]] = []
        reached = 0.0
        for rate in rates:
            reached += rate.share * _WHOLE
            self._limits.append((reached, rate))

    def roll(self, dice: Dice) -> Rate | None:
        """The one that happens, or None."""
        number = dice.number(_WHOLE)
        if number >= self._limits[-1][0]:
            return None
        return next(rate for limit, rate in self._limits if number < limit)


@dataclass(frozen=True, slots=True)
class Rates:
    table: dict[str, Rate]

    def group(self, *names: str) -> Group:
        return Group([self.table[name] for name in names])

    def happens(self, name: str, dice: Dice) -> bool:
        return dice.chance(self.table[name].share)

    def example(self, name: str, dice: Dice) -> str | None:
        """One of the examples of what it looks like when it happens, None when it does not."""
        return dice.pick(self.table[name].examples) if self.happens(name, dice) else None

    def described(self) -> str:
        """The table for people, in percent."""
        width = max(map(len, self.table))
        rows = [f"{rate.name:{width}}  {rate.share:6.1%}  {rate.of:12}  {rate.what}" for rate in self.table.values()]
        return "\n".join([f"{'name':{width}}  {'share':>6}  {'of':12}  what", *rows])


def load_rates() -> Rates:
    """The table of ``data/rates.toml``."""
    return Rates(
        {
            name: Rate(
                name=name,
                of=entry["of"],
                share=entry["share"],
                what=entry["what"],
                examples=tuple(next((entry[key] for key in _EXAMPLES if key in entry), ())),
            )
            for name, entry in read_toml("rates.toml").items()
        }
    )
