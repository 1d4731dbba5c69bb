"""What the console's pure parts are tested with: a municipality, Udbetaling Danmark, and one day in November 2026."""

from datetime import date

from borgerblik import areas, words
from borgerblik.areas import Owner
from borgerblik.policy import AreaRule, Policy
from indexes.authorities import Authority, by_code
from portal.municipality.consequences import After
from portal.municipality.kle_in_use import KleInUse
from portal.municipality.matrix import Desk, Matrix, Row

TODAY = date(2026, 11, 24)
RANDERS, UDBETALING = by_code["0730"], by_code["UDK"]
SHOWN = AreaRule(shown=True)


def policy(
    authority: Authority = RANDERS,
    *,
    since: date | None = date(2020, 6, 1),
    etaper: tuple[int, ...] = (1, 2, 3),
    **rules: AreaRule,
) -> Policy:
    owner = Owner.UDK if authority is UDBETALING else Owner.KOMMUNE
    return Policy(authority=authority.code, owner=owner, since=since, etaper=frozenset(etaper), rules=rules)


def desk(own: Policy, *, udk: Policy | None = None, kle: KleInUse | None = None) -> Desk:
    return Desk(
        areas=areas.load(),
        policy=own,
        udk=udk or policy(UDBETALING),
        kle=kle or KleInUse(),
        words=words.load("da"),
        today=TODAY,
    )


def after(own: Policy) -> After:
    authority = by_code[own.authority]
    return After(authority=authority, policy=own, areas=areas.load(), words=words.load("da"), today=TODAY)


def row(matrix: Matrix, key: str) -> Row:
    return next(row for group in matrix.groups for row in group.rows if row.key == key)
