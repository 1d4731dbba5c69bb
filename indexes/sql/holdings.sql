-- The indexes that have sent something about a citizen that could not be used, and of which nothing newer has come. Few have
-- any, so it is asked by itself.
CREATE OR REPLACE FUNCTION unusable_of(of_citizen uuid) RETURNS json
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
    SELECT json_agg(DISTINCT source)
    FROM indexes_quarantined AS refused JOIN indexes_citizen AS citizen ON citizen.id = refused.citizen_id
    WHERE refused.citizen_id = of_citizen
        AND last_seen >= coalesce((citizen.answered ->> source)::timestamptz, '-infinity')
        -- of a record that is held, it was an older version: the newest, unreadable, would have taken it away
        AND NOT EXISTS (SELECT FROM indexes_case AS held WHERE citizen_id = of_citizen AND held.uuid = refused.uuid)
        AND NOT EXISTS (SELECT FROM indexes_grant AS held WHERE citizen_id = of_citizen AND held.uuid = refused.uuid)
        AND NOT EXISTS (SELECT FROM indexes_payment AS held WHERE citizen_id = of_citizen AND held.uuid = refused.uuid)
        AND NOT EXISTS (SELECT FROM indexes_plan AS held WHERE citizen_id = of_citizen AND held.uuid = refused.uuid)
$$;

-- Everything held of one citizen, newest first, and how the indexes stand for the authorities concerned: those near, and any
-- other that owns a row. With the rights of whoever asks: row-level security holds inside. The order of the columns is the
-- one that indexes/revive.py unpacks. A connection that planned this while the tables were empty must not read all of them
-- ever after; and as the plan is the same for everybody, it is made once, which PostgreSQL without statistics does not see.
CREATE OR REPLACE FUNCTION holdings_of(of_citizen uuid, near text[]) RETURNS text
LANGUAGE plpgsql STABLE SECURITY INVOKER
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
RETURN (
SELECT json_build_object(
    'cases', cases.told,
    'grants', grants.told,
    'payments', payments.told,
    'plans', plans.told,
    'states', (
        SELECT json_agg(json_build_array(source, authority_cvr, last_attempt, last_success, failed_since, error))
        FROM indexes_sourcestate
        WHERE authority_cvr = ANY (near || cases.others || grants.others || payments.others || plans.others)
    ),
    'answered', (SELECT answered FROM indexes_citizen WHERE id = of_citizen),
    'unusable', CASE
        WHEN EXISTS (SELECT FROM indexes_quarantined WHERE citizen_id = of_citizen) THEN unusable_of(of_citizen)
    END
)::text
FROM (
    SELECT json_agg(json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        kle, facet, fagsystem, sensitivity, hidden, opened, facts
    ) ORDER BY opened DESC NULLS LAST) AS told, array_agg(owner_cvr) FILTER (WHERE owner_cvr <> ALL (near)) AS others
    FROM indexes_case WHERE citizen_id = of_citizen
) AS cases,
(
    SELECT json_agg(json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        case_uuid, fagsystem, sensitivity, starts, ends, facts
    ) ORDER BY starts DESC NULLS LAST) AS told, array_agg(owner_cvr) FILTER (WHERE owner_cvr <> ALL (near)) AS others
    FROM indexes_grant WHERE citizen_id = of_citizen
) AS grants,
(
    SELECT json_agg(json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        fagsystem, available, facts
    ) ORDER BY available DESC) AS told, array_agg(owner_cvr) FILTER (WHERE owner_cvr <> ALL (near)) AS others
    FROM indexes_payment WHERE citizen_id = of_citizen
) AS payments,
(
    SELECT json_agg(json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        kle, facts
    ) ORDER BY registered DESC) AS told, array_agg(owner_cvr) FILTER (WHERE owner_cvr <> ALL (near)) AS others
    FROM indexes_plan WHERE citizen_id = of_citizen
) AS plans
);
END
$$;
