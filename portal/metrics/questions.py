"""What the database is asked when Prometheus scrapes: one cheap statement a part, never one that reads citizens' rows.

An authority is told by its code, and only while it is on Borgerblik: what nobody reads any more must ring no alarm.
Every value is a gauge. Times are seconds since 1970; 0 is never.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

AUTHORITY: Final = "authority"  # the label whose value comes as a CVR number


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A statement whose rows hold the labels and then a number for each gauge, in this order; no number: no sample.

    It may name ``about``: each source and authority that is read (``ABOUT``).
    """

    part: str
    labels: tuple[str, ...]
    gauges: Mapping[str, str]  # name, without what all begin with -> what it is
    sql: LiteralString


ABOUT: Final[LiteralString] = (
    "WITH about AS (SELECT * FROM unnest(%(sources)s::text[], %(cvrs)s::text[]) AS pair (source, cvr)) "
)

STATES: Final = Question(
    part="states",
    labels=("source", AUTHORITY),
    gauges={
        "source_last_success_timestamp_seconds": "When the index was last read in full for the authority.",
        "source_failing": "1 while the index fails for the authority, or its last reading was not believed.",
        "source_failed_since_timestamp_seconds": "Since when it has been failing; no sample while it does not.",
        "source_rows": "Rows held of the authority from the index after the last complete reading.",
    },
    sql="""SELECT about.source, cvr, coalesce(extract(epoch FROM last_success), 0),
        coalesce(failed_since IS NOT NULL, false)::int, extract(epoch FROM failed_since), coalesce(rows, 0)
    FROM about LEFT JOIN indexes_sourcestate AS state
        ON state.source = about.source AND state.authority_cvr = cvr""",
)
FAILING: Final = Question(
    part="failing",
    labels=("source", "error"),
    gauges={"sources_failing": "Authorities that an index fails for now, by why."},
    sql="""SELECT about.source, error, count(*) FROM about JOIN indexes_sourcestate AS state
        ON state.source = about.source AND state.authority_cvr = cvr
    WHERE failed_since IS NOT NULL GROUP BY about.source, error""",
)
PACE: Final = Question(
    part="pace",
    labels=("source",),
    gauges={
        "source_pace": "How fast bulk readings ask an index, of what the settings allow (1).",
        "source_paused": "1 while an index is not asked: it failed several calls in a row, or asked for it.",
        "source_slowed_timestamp_seconds": "When that was last lowered; no sample if it never was.",
        "source_page_seconds": "How long a full page of it usually takes.",
        "source_left_alone": "Authorities that it is not read for until it is time to try again.",
    },
    sql="""SELECT source, share, coalesce(paused_until > now(), false)::int, extract(epoch FROM slowed_at), usual, (
            SELECT count(*) FROM about JOIN indexes_sourcestate AS state
                ON state.source = about.source AND state.authority_cvr = cvr
            WHERE about.source = pace.source AND try_after > now()
        )
    FROM indexes_sourcepace AS pace""",
)
RUNS: Final = Question(
    part="runs",
    labels=("source", "outcome"),
    gauges={"runs_last_day": "Bulk readings begun in the last 24 hours, by how they ended."},
    sql="""SELECT about.source, outcome, count(*) FROM about JOIN indexes_syncrun AS run
        ON run.source = about.source AND run.authority_cvr = cvr AND started >= now() - interval '1 day'
    GROUP BY about.source, outcome""",
)
RUNNING: Final = Question(
    part="running",
    labels=("source", AUTHORITY),
    gauges={
        "run_running_since_timestamp_seconds": "When the bulk reading that runs now began; no sample while none does.",
        "run_seconds": "How long the newest bulk reading took; no sample while it runs.",
    },
    sql="""SELECT source, cvr, CASE outcome WHEN 'running' THEN extract(epoch FROM started) END,
        extract(epoch FROM ended - started)
    FROM about CROSS JOIN LATERAL (
        SELECT started, ended, outcome FROM indexes_syncrun AS run
        WHERE run.source = about.source AND run.authority_cvr = cvr ORDER BY started DESC LIMIT 1
    ) AS newest""",
)
BROUGHT: Final = Question(
    part="brought",
    labels=("source", "what"),
    gauges={"run_items": "Items of the newest complete bulk reading of each authority, by what came of them."},
    sql="""SELECT source, what, sum(CASE jsonb_typeof(told) WHEN 'number' THEN told::bigint
        ELSE (SELECT coalesce(sum(one::bigint), 0) FROM jsonb_each_text(told) AS each (kind, one)) END)
    FROM about CROSS JOIN LATERAL (
        SELECT counts FROM indexes_syncrun AS run
        WHERE run.source = about.source AND run.authority_cvr = cvr AND outcome = 'succeeded'
        ORDER BY started DESC LIMIT 1
    ) AS newest CROSS JOIN LATERAL jsonb_each(counts) AS count (what, told)
    GROUP BY source, what""",
)
QUARANTINE: Final = Question(
    part="quarantine",
    labels=("source", "reason"),
    gauges={
        "quarantined": "Messages that cannot be used, by why: each is a record that a citizen does not see.",
        "quarantined_times": "How often an index has sent them.",
    },
    sql="SELECT source, reason, count(*), sum(times) FROM indexes_quarantined GROUP BY source, reason",
)

REMOVALS: Final = Question(
    part="removals",
    labels=("kind", "cause"),
    gauges={"removals_last_day": "Rows of citizens that were taken away in the last 24 hours, by kind and why."},
    sql="""SELECT kind, cause, sum(rows) FROM indexes_removal
    WHERE hour >= now() - interval '1 day' GROUP BY kind, cause""",
)
EVENTS: Final = Question(
    part="events",
    labels=("source", "fate"),
    gauges={
        "events_lately": "Events of this hour and the one before, by what became of them.",
        "events_again_lately": "Those of them that had come before.",
    },
    sql="""SELECT source, fate, sum(events), sum(again) FROM indexes_eventcount
    WHERE hour >= date_trunc('hour', now()) - interval '1 hour' GROUP BY source, fate""",
)
NEWEST: Final = Question(
    part="events_newest",
    labels=("source",),
    gauges={
        "events_newest_timestamp_seconds": "The hour of an index's newest events; no sample where none are counted."
    },
    sql="""SELECT source, extract(epoch FROM (SELECT max(hour) FROM indexes_eventcount AS counted
        WHERE counted.source = about.source))
    FROM (SELECT DISTINCT source FROM about) AS about""",
)
ON_THEIR_WAY: Final = Question(
    part="events_on_their_way",
    labels=("within",),
    gauges={"events_within_lately": "Events of this hour and the one before that took no more than so many seconds."},
    sql="""SELECT coalesce(within::text, 'more'), sum(sum(events)) OVER (ORDER BY within NULLS LAST)
    FROM indexes_eventcount WHERE hour >= date_trunc('hour', now()) - interval '1 hour' GROUP BY within""",
)
DONE: Final = Question(
    part="done",
    labels=("task",),
    gauges={"done_timestamp_seconds": "When what the clock calls for last ended well."},
    sql="SELECT task, extract(epoch FROM at) FROM borgerblik_done",
)
CLEANINGS: Final = Question(
    part="cleanings",
    labels=("work",),
    gauges={
        "cleanings_waiting": "Pieces of cleaning that somebody has asked for and that have not ended.",
        "cleaning_oldest_timestamp_seconds": "When the oldest of them was asked for.",
    },
    sql="""SELECT work, count(*), extract(epoch FROM min(asked)) FROM borgerblik_cleaning
    WHERE ended IS NULL GROUP BY work""",
)
SEALS: Final = Question(
    part="seals",
    labels=("log",),
    gauges={
        "unsealed_entries": "Entries of a log that no seal covers yet.",
        "oldest_unsealed_timestamp_seconds": "When the oldest of them was written; no sample while there is none.",
    },
    # What stands above the last seal: what came later than its neighbours is for ``seals.verifying`` to find.
    sql="""SELECT 'access', count(*), extract(epoch FROM min(at)) FROM borgerblik_accessentry
    WHERE id >= coalesce((SELECT upper(ids) FROM borgerblik_accessblock ORDER BY upper(ids) DESC LIMIT 1), 0)
    UNION ALL
    SELECT 'settings', count(*), extract(epoch FROM min(at)) FROM borgerblik_settingchange
    WHERE id >= coalesce((SELECT upper(ids) FROM borgerblik_settingblock ORDER BY upper(ids) DESC LIMIT 1), 0)""",
)
TABLES: Final = Question(
    part="tables",
    labels=("table",),
    gauges={
        "table_bytes": "Bytes on disk of a table with its indexes.",
        "table_rows": "Rows of a table, as PostgreSQL estimates them.",
        "table_dead_rows": "Rows of a table that a vacuum has yet to clear away.",
    },
    sql="""SELECT stat.relname, pg_total_relation_size(stat.relid), greatest(class.reltuples, 0), stat.n_dead_tup
    FROM pg_stat_user_tables AS stat JOIN pg_class AS class ON class.oid = stat.relid
    WHERE stat.schemaname = current_schema()""",
)
CONNECTIONS: Final = Question(
    part="connections",
    labels=("role",),
    gauges={"database_connections": "Connections to the database, by the role that they log in as."},
    sql="""SELECT usename, count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename IS NOT NULL GROUP BY usename""",
)
SERVER: Final = Question(
    part="server",
    labels=(),
    gauges={
        "database_connections_max": "Connections that the database server takes in all.",
        "wal_archiving": "1 when the server archives its log, so that one can restore to any moment.",
        "wal_archived_timestamp_seconds": "When a piece of that log was last archived.",
        "wal_archive_failing": "1 while the newest attempt to archive has failed.",
    },
    sql="""SELECT current_setting('max_connections')::int, (current_setting('archive_mode') <> 'off')::int,
        coalesce(extract(epoch FROM last_archived_time), 0),
        (coalesce(last_failed_time, '-infinity') > coalesce(last_archived_time, '-infinity'))::int
    FROM pg_stat_archiver""",
)

QUESTIONS: Final = (
    *(STATES, FAILING, PACE, RUNS, RUNNING, BROUGHT),
    *(QUARANTINE, REMOVALS, EVENTS, NEWEST, ON_THEIR_WAY, DONE, CLEANINGS),
    *(SEALS, TABLES, CONNECTIONS, SERVER),
)


def samples(question: Question, rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """Name of a gauge, labels and number of each sample in the answer."""
    known = len(question.labels)
    for row in rows:
        labels = tuple(map(str, row[:known]))
        for name, number in zip(question.gauges, row[known:], strict=True):
            if number is not None:
                yield name, labels, float(number)
