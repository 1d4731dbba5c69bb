"""How long an authority's cases of a topic take, counted from all it has sent us. No personal data comes out of it.

The pages see one citizen's rows only, so it is counted by whoever reads the indexes, each time an authority's cases
have been read, into a table that the pages may read (``models.UsualTime``).

Of each person one case of a topic is counted, the one that was decided last in the year: else the numbers of somebody
with many would be theirs. Nothing secret is counted.

Counted are the cases that were decided this year or last. Of older ones some have been deleted and some have not, those
that ended early first, so that what is left of a year would seem to have taken longer than it did.
"""

from datetime import date
from typing import Final

from django.db import connection, transaction

from borgerblik import models
from borgerblik.overview.usual import FEWEST_CASES, UsualTime
from indexes.records import CaseStatus, Outcome, Sensitivity

_COUNT: Final = """
WITH known AS (
    SELECT of_one.citizen_id, of_one.uuid, of_one.kle, step.decided,
        step.decided - coalesce(of_one.opened, step.began) AS days
    FROM indexes_case AS of_one CROSS JOIN LATERAL (
        SELECT min(start) AS began, min(start) FILTER (WHERE status = %(decided)s) AS decided
        FROM (
            SELECT told ->> 'status' AS status,
                ((told #>> '{period,start}')::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date AS start
            FROM jsonb_array_elements(of_one.facts -> 'progress') AS told
        ) AS steps
    ) AS step
    WHERE of_one.owner_cvr = %(owner)s AND NOT of_one.hidden
        AND (of_one.ended IS NULL OR of_one.ended >= %(since)s)  -- most have ended before, and need not be looked into
        AND of_one.sensitivity <> ALL (%(secret)s)
        AND of_one.facts ->> 'outcome' IS DISTINCT FROM %(annulled)s
),
of_each AS (
    SELECT DISTINCT ON (kle, extract(year FROM decided), citizen_id)
        kle, extract(year FROM decided)::smallint AS year, days
    FROM known
    WHERE decided BETWEEN %(since)s AND %(today)s AND days >= 0
    ORDER BY kle, extract(year FROM decided), citizen_id, decided DESC, uuid
),
counted AS (
    SELECT kle, year, count(*) AS cases, percentile_cont(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY days) AS quartiles
    FROM of_each
    GROUP BY 1, 2 HAVING count(*) >= %(fewest)s
),
gone AS (
    DELETE FROM borgerblik_usualtime AS old WHERE old.owner_cvr = %(owner)s
        AND NOT EXISTS (SELECT FROM counted WHERE (counted.kle, counted.year) = (old.kle, old.year))
)
INSERT INTO borgerblik_usualtime (owner_cvr, kle, year, cases, low, high)
SELECT %(owner)s, kle, year, cases, round(quartiles[1]), round(quartiles[2]) FROM counted
ON CONFLICT (owner_cvr, kle, year) DO UPDATE SET (cases, low, high) = (excluded.cases, excluded.low, excluded.high)
"""


def count(owner_cvr: str, *, today: date) -> None:
    """Count anew how long the authority's cases take."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "owner": owner_cvr,
                "decided": CaseStatus.DECIDED.value,
                "annulled": Outcome.ANNULLED.value,
                "secret": [Sensitivity.VIP.value, Sensitivity.UNKNOWN.value],
                "since": date(today.year - 1, 1, 1),
                "today": today,
                "fewest": FEWEST_CASES,
            },
        )


def of(owner_cvr: str, kle: str) -> tuple[UsualTime, ...]:
    """What is counted of an authority's cases of a topic, newest year first."""
    rows = models.UsualTime.objects.filter(owner_cvr=owner_cvr, kle=kle).order_by("-year")
    return tuple(UsualTime(**row) for row in rows.values("year", "cases", "low", "high"))
