"""Citizens behind the guard: two with a row of every kind, and a token for each."""

import datetime as dt

from borgerblik.grants import Reader, open_grant
from indexes.store import save
from tests.indexes.makers import BO, METTE, NOW, WANTED, case, grant, parsed, payment, plan

OF_CITIZENS = ("indexes_case", "indexes_grant", "indexes_payment", "indexes_plan")
READER = Reader(actor="citizen", organisation="Randers Kommune", system="Mit Overblik", purpose="Du så dit overblik.")
HOUR = dt.timedelta(hours=1)


def tokens_of_two() -> dict[str, str]:
    """CPR number -> the token that opens its rows, which are made here."""
    for cpr in (METTE, BO):
        records = (case(f"case {cpr}", cpr=cpr), grant(f"grant {cpr}", cpr=cpr), payment(f"payment {cpr}", cpr=cpr))
        save(parsed(*records, plan(f"plan {cpr}", cpr=cpr)), wanted=WANTED, now=NOW)
        open_grant(cpr, READER, token=f"token of {cpr}", lasts=HOUR)
    return {cpr: f"token of {cpr}" for cpr in (METTE, BO)}
