-- Everything held of one citizen, newest first, and how the indexes stand for the authorities concerned. With the rights of
-- whoever asks: row-level security holds inside. The order of the columns is the one that indexes/revive.py unpacks.
CREATE OR REPLACE FUNCTION holdings_of(of_citizen uuid, near text[]) RETURNS text
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
RETURN (
WITH held_case AS MATERIALIZED (
    SELECT uuid, owner_cvr, opened, json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        kle, facet, fagsystem, sensitivity, hidden, opened, facts
    ) AS record
    FROM indexes_case WHERE citizen_id = of_citizen
), held_grant AS MATERIALIZED (
    SELECT uuid, owner_cvr, starts, json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        case_uuid, fagsystem, sensitivity, starts, ends, facts
    ) AS record
    FROM indexes_grant WHERE citizen_id = of_citizen
), held_payment AS MATERIALIZED (
    SELECT uuid, owner_cvr, available, json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        fagsystem, available, facts
    ) AS record
    FROM indexes_payment WHERE citizen_id = of_citizen
), held_plan AS MATERIALIZED (
    SELECT uuid, owner_cvr, registered, json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        kle, facts
    ) AS record
    FROM indexes_plan WHERE citizen_id = of_citizen
), held AS (
    SELECT uuid FROM held_case UNION ALL SELECT uuid FROM held_grant
    UNION ALL SELECT uuid FROM held_payment UNION ALL SELECT uuid FROM held_plan
), owners AS (
    SELECT unnest(near::text[]) AS cvr
    UNION SELECT owner_cvr FROM held_case UNION SELECT owner_cvr FROM held_grant
    UNION SELECT owner_cvr FROM held_payment UNION SELECT owner_cvr FROM held_plan
)
SELECT json_build_object(
    'cases', (SELECT json_agg(record ORDER BY opened DESC NULLS LAST) FROM held_case),
    'grants', (SELECT json_agg(record ORDER BY starts DESC NULLS LAST) FROM held_grant),
    'payments', (SELECT json_agg(record ORDER BY available DESC) FROM held_payment),
    'plans', (SELECT json_agg(record ORDER BY registered DESC) FROM held_plan),
    'states', (
        SELECT json_agg(json_build_array(source, authority_cvr, last_attempt, last_success, failed_since, error))
        FROM indexes_sourcestate WHERE authority_cvr IN (SELECT cvr FROM owners)
    ),
    'answered', (SELECT answered FROM indexes_citizen WHERE id = of_citizen),
    'unusable', (
        SELECT json_agg(DISTINCT source)
        FROM indexes_quarantined AS refused JOIN indexes_citizen AS citizen ON citizen.id = refused.citizen_id
        WHERE refused.citizen_id = of_citizen
            AND last_seen >= coalesce((citizen.answered ->> source)::timestamptz, '-infinity')
            -- of a record that is held, it was an older version: the newest, unreadable, would have taken it away
            AND NOT EXISTS (SELECT FROM held WHERE held.uuid = refused.uuid)
    )
)::text
);
END
$$;
