"""CPR numbers of the synthetic citizens: a number for each citizen and back, all of them impossible dates.

The day is 61 to 91 and the month 13 to 32, so none can be anyone's. Serial numbers from 9000 belong to the demo people.
"""

_DAYS, _MONTHS, _YEARS, _SERIALS = 31, 20, 80, 9000
_FIRST_DAY, _FIRST_MONTH, _FIRST_YEAR = 61, 13, 1928

CAPACITY = _DAYS * _MONTHS * _YEARS * _SERIALS  # more citizens than Denmark has

# Multiplying by a number without common factors is a bijection: it spreads neighbours over all days and years.
_FACTOR, _SHIFT = 287_654_321, 123_456_789
_BACK = pow(_FACTOR, -1, CAPACITY)


def cpr_of(citizen: int) -> str:
    """The CPR number of a citizen, 0 up to CAPACITY."""
    rest, serial = divmod((citizen * _FACTOR + _SHIFT) % CAPACITY, _SERIALS)
    rest, year = divmod(rest, _YEARS)
    day, month = divmod(rest, _MONTHS)
    return f"{_FIRST_DAY + day:02d}{_FIRST_MONTH + month:02d}{(_FIRST_YEAR + year) % 100:02d}{serial:04d}"


def citizen_of(cpr: str) -> int | None:
    """The citizen with a CPR number, or None for one that no synthetic citizen can have."""
    day, month = int(cpr[:2]) - _FIRST_DAY, int(cpr[2:4]) - _FIRST_MONTH
    year, serial = (int(cpr[4:6]) - _FIRST_YEAR) % 100, int(cpr[6:])
    if not (0 <= day < _DAYS and 0 <= month < _MONTHS and year < _YEARS and serial < _SERIALS):
        return None
    number = ((day * _MONTHS + month) * _YEARS + year) * _SERIALS + serial
    return (number - _SHIFT) * _BACK % CAPACITY


def is_female(cpr: str) -> bool:
    """Even numbers are women's (CPR-kontoret's rule)."""
    return int(cpr[-1]) % 2 == 0
