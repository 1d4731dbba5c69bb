"""The mock indexes: an authority's cases page by page, as whole answers, against the rate that is demanded of them.

The one limit that is not measured here: it is the demanded rate, 10,000 cases a second or better on one core.
Our own rate is measured in this run; below a ratio of 1 the mock itself would slow a bulk reading down.
"""

import time

from indexes import authorities
from indexes.mock.__main__ import arguments_of, build
from indexes.mock.answers import Source
from indexes.parse.roles import SdiRoles
from indexes.requests import SdiRequests
from tests.bench.measure import Line, rates, seconds

DEMANDED = 10_000  # cases a second
CITIZENS, CASES, PAGE = 40_000, 6000, 1000  # in Copenhagen there are more than 6,000 cases of 40,000 citizens


def mock_line() -> Line:
    """Everything from a request's bytes to the answer's; the connection is not in it.

    The warming round also counts the cases of all the authority's citizens, which a reading does once.
    """
    answerer = build(arguments_of([f"--citizens={CITIZENS}", "--seed=2030"])).answerer
    requests, cvr = SdiRequests(SdiRoles()), authorities.by_code["0101"].cvr
    pages = [requests.by_owner(cvr, first=first, most=PAGE) for first in range(0, CASES, PAGE)]
    found = sum(answerer.answer(Source.SDI, page).count(b"<sdi:SagFiltreretOejebliksbillede>") for page in pages)
    if found != CASES:
        raise RuntimeError(f"The mock gave {found} cases, not {CASES}. Give it more citizens.")

    def ours() -> None:
        for page in pages:
            answerer.answer(Source.SDI, page)

    return rates(
        "mock",
        unit="cases/s of one core",
        n=CASES,
        limit=lambda: CASES / DEMANDED,
        ours=lambda: seconds(ours, time.process_time),
    )
