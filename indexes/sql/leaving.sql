-- What a fagsystem holds of an authority, and what would go with it: numbers and never a person, for whoever may see no rows.
-- Without a fagsystem: all that the authority owns. With the owner's rights, so each is given to the few who may ask.
CREATE OR REPLACE FUNCTION fagsystems_of(of_owner text)
RETURNS TABLE (fagsystem text, kind text, held bigint, newest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT fagsystem, 'case', count(*), max(registered) FROM indexes_case
    WHERE owner_cvr = of_owner AND fagsystem IS NOT NULL AND NOT hidden GROUP BY fagsystem
    UNION ALL
    SELECT fagsystem, 'grant', count(*), max(registered) FROM indexes_grant
    WHERE owner_cvr = of_owner AND fagsystem IS NOT NULL GROUP BY fagsystem
    UNION ALL
    SELECT fagsystem, 'payment', count(*), max(registered) FROM indexes_payment
    WHERE owner_cvr = of_owner AND fagsystem IS NOT NULL GROUP BY fagsystem
$$;

CREATE OR REPLACE FUNCTION leaving_with(of_owner text, of_fagsystem text) RETURNS json
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
WITH going AS MATERIALIZED (
    SELECT 'case' AS kind, citizen_id, uuid, opened AS day, ended IS NULL AS active
    FROM indexes_case
    WHERE owner_cvr = of_owner AND (of_fagsystem IS NULL OR (fagsystem = of_fagsystem AND NOT hidden))
    UNION ALL
    SELECT 'grant', citizen_id, uuid, starts, coalesce(ends >= current_date, true)
    FROM indexes_grant WHERE owner_cvr = of_owner AND (of_fagsystem IS NULL OR fagsystem = of_fagsystem)
    UNION ALL
    SELECT 'payment', citizen_id, uuid, available, available > current_date
    FROM indexes_payment WHERE owner_cvr = of_owner AND (of_fagsystem IS NULL OR fagsystem = of_fagsystem)
    UNION ALL
    SELECT 'plan', citizen_id, uuid, registered::date, true
    FROM indexes_plan WHERE owner_cvr = of_owner AND of_fagsystem IS NULL
), people AS MATERIALIZED (
    SELECT DISTINCT citizen_id FROM going
)
SELECT json_build_object(
    'kinds', (
        SELECT json_object_agg(kind, json_build_object('rows', rows, 'active', active)) FROM (
            SELECT kind, count(*) AS rows, count(*) FILTER (WHERE active) AS active FROM going GROUP BY kind
        ) AS counted
    ),
    'years', (
        SELECT json_agg(json_build_array(year, kind, rows) ORDER BY year, kind) FROM (
            SELECT extract(year FROM day)::int AS year, kind, count(*) AS rows FROM going GROUP BY 1, 2
        ) AS counted
    ),
    'citizens', (SELECT count(*) FROM people),
    'left_with_nothing', (
        SELECT count(*) FROM people
        WHERE NOT EXISTS (
            SELECT FROM indexes_case AS held WHERE held.citizen_id = people.citizen_id
            AND (owner_cvr <> of_owner
                OR (of_fagsystem IS NOT NULL AND (hidden OR fagsystem IS DISTINCT FROM of_fagsystem)))
        ) AND NOT EXISTS (
            SELECT FROM indexes_grant AS held WHERE held.citizen_id = people.citizen_id
            AND (owner_cvr <> of_owner OR (of_fagsystem IS NOT NULL AND fagsystem IS DISTINCT FROM of_fagsystem))
        ) AND NOT EXISTS (
            SELECT FROM indexes_payment AS held WHERE held.citizen_id = people.citizen_id
            AND (owner_cvr <> of_owner OR (of_fagsystem IS NOT NULL AND fagsystem IS DISTINCT FROM of_fagsystem))
        ) AND NOT EXISTS (
            SELECT FROM indexes_plan AS held WHERE held.citizen_id = people.citizen_id
            AND (owner_cvr <> of_owner OR of_fagsystem IS NOT NULL)
        )
    ),
    'hidden', (
        SELECT count(*) FROM indexes_case WHERE owner_cvr = of_owner AND fagsystem = of_fagsystem AND hidden
    ),
    -- shown with a case or a grant that goes, and no longer shown without it
    'leaning_grants', (
        SELECT count(*) FROM going JOIN indexes_grant AS held
            ON held.citizen_id = going.citizen_id AND held.case_uuid = going.uuid
        WHERE going.kind = 'case'
            AND (owner_cvr <> of_owner OR (of_fagsystem IS NOT NULL AND fagsystem IS DISTINCT FROM of_fagsystem))
    ),
    'leaning_payments', (
        SELECT count(DISTINCT (held.citizen_id, held.uuid)) FROM going JOIN indexes_payment AS held
            ON held.citizen_id = going.citizen_id
            AND held.facts -> 'lines' @> jsonb_build_array(jsonb_build_object('grant_uuid', going.uuid::text))
        WHERE going.kind = 'grant'
            AND (owner_cvr <> of_owner OR (of_fagsystem IS NOT NULL AND fagsystem IS DISTINCT FROM of_fagsystem))
    )
)
$$;
