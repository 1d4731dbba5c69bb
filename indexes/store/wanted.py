"""Which KLE numbers are kept at all. What belongs to no area of any etape is not stored, only counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from indexes import authorities
from indexes.keeping import Keeping

PREFIX_LENGTHS = (2, 5, 8)  # KLE: main group NN, group NN.NN, topic NN.NN.NN


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """For each kind of record the KLE prefixes (``32``, ``32.06`` or ``32.06.04``) that some area holds.

    ``udk`` is what is wanted of Udbetaling Danmark, whose areas are its own; None: the same as of a municipality.
    ``keeping`` is how long what has ended is kept; None: as long as the index sends it.
    ``retired`` are fagsystemer that an authority (CVR number) no longer uses: nothing of theirs is kept.
    ``left`` are authorities that are on Borgerblik no more: nobody reads them, and what one citizen's own reading
    brings of theirs is left alone.
    """

    case: frozenset[str]
    grant: frozenset[str]
    payment: frozenset[str]
    plan: frozenset[str]
    udk: "Wanted | None" = None
    keeping: Keeping | None = None
    retired: frozenset[tuple[str, str]] = frozenset()
    left: frozenset[str] = frozenset()

    def kinds(self) -> tuple[object, ...]:
        """What decides whether a record is kept at all; not how long, which is for ``purge`` of what is held."""
        own = [sorted(each) for each in (self.case, self.grant, self.payment, self.plan, self.retired, self.left)]
        return (*own, self.udk and self.udk.kinds())

    def wants(self, kind: str, numbers: Iterable[str], *, owner_cvr: str) -> bool:
        """Whether one of the record's KLE numbers is wanted: a payment is kept whole for the sake of one line."""
        of_owner = self.udk if self.udk and owner_cvr == authorities.by_code[authorities.UDK].cvr else self
        prefixes: frozenset[str] = getattr(of_owner, kind)
        return any(number[:length] in prefixes for number in numbers for length in PREFIX_LENGTHS)

    def is_over(self, ended: date | None, numbers: Iterable[str]) -> bool:
        """Whether a record of these numbers that ended then is not to be taken in any more."""
        return self.keeping is not None and self.keeping.is_over(ended, numbers)

    def is_retired(self, owner_cvr: str, fagsystem: str | None) -> bool:
        """Whether its authority no longer uses the fagsystem. What names none is of none."""
        return fagsystem is not None and (owner_cvr, fagsystem) in self.retired
