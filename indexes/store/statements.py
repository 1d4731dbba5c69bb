"""The SQL of the store, made once for each kind of record. All names come from ``tables``, none from outside."""

from collections.abc import Mapping
from functools import cache
from typing import Final, LiteralString

from psycopg.sql import SQL, Composed, Identifier, Literal

from indexes.store.tables import Table

_MAKE_INCOMING = SQL("CREATE TEMPORARY TABLE {incoming} ON COMMIT DROP AS TABLE {table} WITH NO DATA")
_COPY_INCOMING = SQL("COPY {incoming} ({columns}) FROM STDIN (FORMAT BINARY)")
_DROP_INCOMING = SQL("DROP TABLE {incoming}")

_MERGE = SQL("""
WITH met AS MATERIALIZED (
    SELECT uuid, incoming.citizen_id,
        CASE
            WHEN count(held.citizen_id) = 0 THEN 'new'
            WHEN max(held.registered) > incoming.registered THEN 'older'
            WHEN bool_and(
                held.citizen_id = incoming.citizen_id
                AND held.registered = incoming.registered
                AND held.digest = incoming.digest
            ) THEN 'unchanged'
            ELSE 'changed'
        END AS fate
    FROM {incoming} AS incoming LEFT JOIN {table} AS held USING (uuid)
    GROUP BY uuid, incoming.citizen_id, incoming.registered
), former_party AS (
    DELETE FROM {table} AS held USING met
    WHERE met.fate = 'changed' AND held.uuid = met.uuid AND held.citizen_id <> met.citizen_id
), written AS (
    INSERT INTO {table} AS held ({columns})
    SELECT {columns} FROM {incoming} JOIN met USING (uuid, citizen_id) WHERE fate IN ('new', 'changed')
    ON CONFLICT (citizen_id, uuid) DO UPDATE SET {changes}
    WHERE held.registered < excluded.registered
        OR (held.registered = excluded.registered AND held.digest <> excluded.digest)
), renewed AS (
    UPDATE {table} AS held SET fingerprint = incoming.fingerprint, defects = incoming.defects
    FROM {incoming} AS incoming JOIN met USING (uuid, citizen_id)
    WHERE met.fate = 'unchanged' AND held.citizen_id = incoming.citizen_id AND held.uuid = incoming.uuid
    AND incoming.fingerprint IS NOT NULL AND held.fingerprint IS DISTINCT FROM incoming.fingerprint
)
SELECT fate, count(*) FROM met GROUP BY fate
""")

_REMOVE = SQL("""
DELETE FROM {table} AS held USING unnest(%b::uuid[], %b::timestamptz[]) AS gone (uuid, registered)
WHERE held.uuid = gone.uuid AND (gone.registered IS NULL OR held.registered <= gone.registered)
""")

_REMOVE_SHOWN = SQL("{remove} AND NOT held.hidden")
_TELL = SQL("{remove} RETURNING held.uuid, held.owner_cvr")

_KNOWN = SQL("""
SELECT held.uuid, held.registered, {sensitivity}, held.fagsystem, held.defects,
    substring(held.fingerprint FROM length(sent.fingerprint) + 1)
FROM unnest(%b::uuid[], %b::bytea[]) AS sent (uuid, fingerprint)
CROSS JOIN LATERAL (SELECT * FROM {table} AS held WHERE held.uuid = sent.uuid OFFSET 0) AS held
WHERE substring(held.fingerprint FOR length(sent.fingerprint)) = sent.fingerprint AND held.owner_cvr = %s
""")

_OF_OWNER = "FROM {table} AS held WHERE owner_cvr = %s"
# What was registered and stored within the hour before the reading began (``tombstones.SETTLED``) waits for the next:
# an event brought it, and the index may not have heard of it when it was asked.
_NOT_SEEN = f"""
{_OF_OWNER} AND greatest(stored_at, least(stored_at, registered) + interval '1 hour') < %s
AND NOT EXISTS (SELECT FROM seen WHERE seen.kind = {{kind}} AND seen.uuid = held.uuid)
"""
_COUNT_OF_OWNER = SQL(f"SELECT count(*) {_OF_OWNER}")
_COUNT_NOT_SEEN = SQL(f"SELECT count(*) {_NOT_SEEN}")
_REMOVE_NOT_SEEN = SQL(f"DELETE {_NOT_SEEN}")

# What is held of the same citizen and is shown only with this record: a grant with its case, a payment with its grant.
# ``about`` is the record.
NEEDED_BY: Final[Mapping[str, LiteralString]] = {
    "case": """EXISTS (
        SELECT FROM indexes_grant AS leaning
        WHERE leaning.citizen_id = about.citizen_id AND leaning.case_uuid = about.uuid
    )""",
    "grant": """EXISTS (
        SELECT FROM indexes_payment AS leaning WHERE leaning.citizen_id = about.citizen_id
        AND leaning.facts -> 'lines' @> jsonb_build_array(jsonb_build_object('grant_uuid', about.uuid::text))
    )""",
    "payment": "false",
    "plan": "false",
}
_NEEDED = """
SELECT about.uuid FROM unnest(%b::uuid[], %b::uuid[]) AS about (citizen_id, uuid)
WHERE EXISTS (SELECT FROM {table} AS held WHERE held.uuid = about.uuid) OR {needed}
"""

_KEY = {"citizen_id", "uuid"}


def _named(statement: SQL, table: Table) -> Composed:
    return statement.format(
        table=Identifier(table.name),
        incoming=Identifier(f"incoming_{table.kind}"),
        kind=Literal(table.kind),
        columns=SQL(", ").join(map(Identifier, table.columns)),
        changes=SQL(", ").join(
            SQL("{name} = excluded.{name}").format(name=Identifier(name)) for name in table.columns if name not in _KEY
        ),
    )


@cache
def make_incoming(table: Table) -> Composed:
    return _named(_MAKE_INCOMING, table)


@cache
def copy_incoming(table: Table) -> Composed:
    return _named(_COPY_INCOMING, table)


@cache
def drop_incoming(table: Table) -> Composed:
    return _named(_DROP_INCOMING, table)


@cache
def merge(table: Table) -> Composed:
    """One statement that takes in what is new or changed, and answers how many met which fate.

    A record is found by its uuid alone, since it may have changed citizen: the former party's row then goes. Rows that
    change nothing are not even locked, so a reading that brings nothing new writes nothing; but what they were read
    from is noted when that has changed, for ``known``.
    """
    return _named(_MERGE, table)


@cache
def remove(table: Table) -> Composed:
    """Remove rows by uuid, unless we hold a newer registration than the one given; null is newer than all.

    Answers which were removed, and whose they were.
    """
    return _TELL.format(remove=_named(_REMOVE, table))


@cache
def remove_shown(table: Table) -> Composed:
    """As ``remove``, but a case exempt from view stays.

    It is bare and shows nothing; what it does is hide its grants and payments. Removed for a message that was withdrawn
    or could not be used, it would let them be shown. It goes when a complete reading finds that the index no longer has
    it (``sweep``), or when a message that can be read says that it is exempt no more.
    """
    if "hidden" not in table.own:
        return remove(table)
    return _TELL.format(remove=_REMOVE_SHOWN.format(remove=_named(_REMOVE, table)))


@cache
def count_of_owner(table: Table) -> Composed:
    return _named(_COUNT_OF_OWNER, table)


@cache
def count_not_seen(table: Table) -> Composed:
    return _named(_COUNT_NOT_SEEN, table)


@cache
def remove_not_seen(table: Table) -> Composed:
    return _named(_REMOVE_NOT_SEEN, table)


@cache
def known(table: Table) -> Composed:
    """Which records (uuids, fingerprints) of an owner are held as read from that, with what ``records.Known`` says.

    The fingerprint of what else a record was read from stands behind its own.
    """
    sensitivity = SQL("held.sensitivity" if "sensitivity" in table.own else "'ordinary'")
    return _KNOWN.format(table=Identifier(table.name), sensitivity=sensitivity)


@cache
def needed(table: Table) -> Composed:
    """Which of some records (citizens, uuids) are held, or needed by what is."""
    return SQL(_NEEDED).format(table=Identifier(table.name), needed=SQL(NEEDED_BY[table.kind]))
