-- Who may read a citizen's rows is decided by a grant: a random token of which only the hash is kept (docs/adr/0010).
-- Roles are the cluster's, not the database's: another database beside this one may have made them already.
DO $$
DECLARE role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['borgerblik_web', 'borgerblik_sync'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', role);
        END IF;
    END LOOP;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;  -- another migration makes them at this moment
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The roles borgerblik_web and borgerblik_sync are missing and cannot be made by this role. '
            'As a superuser run: CREATE ROLE borgerblik_web LOGIN NOINHERIT; CREATE ROLE borgerblik_sync LOGIN NOINHERIT;';
END $$;

-- Whom the token of this transaction opens. The caller can set the token, and look neither into this nor into the table.
CREATE FUNCTION granted_citizen() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT citizen_id FROM public.indexes_accessgrant
    WHERE token_hash = sha256(convert_to(current_setting('borgerblik.grant', true), 'UTF8')) AND expires > now()
$$;

-- A grant for the citizen with one of these fingerprints: it takes the CPR number and the key to make one, not an id.
CREATE FUNCTION open_grant(
    fingerprints bytea[], token_hash bytea, actor text, organisation text, system text, purpose text, lasts interval
) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO public.indexes_accessgrant (token_hash, citizen_id, actor, organisation, system, purpose, made, expires)
    SELECT open_grant.token_hash, id, actor, organisation, system, purpose, now(), now() + lasts
    FROM public.indexes_citizen WHERE cpr_hmac = ANY (fingerprints)
    ORDER BY array_position(fingerprints, cpr_hmac) LIMIT 1
    RETURNING citizen_id
$$;

CREATE FUNCTION close_grant(closed_hash bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM public.indexes_accessgrant WHERE token_hash = closed_hash
$$;

REVOKE ALL ON FUNCTION granted_citizen(), open_grant(bytea[], bytea, text, text, text, text, interval), close_grant(bytea)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION granted_citizen(), close_grant(bytea) TO borgerblik_web;
GRANT EXECUTE ON FUNCTION open_grant(bytea[], bytea, text, text, text, text, interval) TO borgerblik_web;

ALTER TABLE indexes_citizen ENABLE ROW LEVEL SECURITY;
ALTER TABLE indexes_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE indexes_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE indexes_payment ENABLE ROW LEVEL SECURITY;
ALTER TABLE indexes_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE indexes_quarantined ENABLE ROW LEVEL SECURITY;

-- In a subquery the function is asked once a statement, not once a row.
CREATE POLICY web_reads_what_is_granted ON indexes_citizen FOR SELECT TO borgerblik_web
    USING (id = (SELECT granted_citizen()));
CREATE POLICY web_reads_what_is_granted ON indexes_case FOR SELECT TO borgerblik_web
    USING (citizen_id = (SELECT granted_citizen()));
CREATE POLICY web_reads_what_is_granted ON indexes_grant FOR SELECT TO borgerblik_web
    USING (citizen_id = (SELECT granted_citizen()));
CREATE POLICY web_reads_what_is_granted ON indexes_payment FOR SELECT TO borgerblik_web
    USING (citizen_id = (SELECT granted_citizen()));
CREATE POLICY web_reads_what_is_granted ON indexes_plan FOR SELECT TO borgerblik_web
    USING (citizen_id = (SELECT granted_citizen()));
CREATE POLICY web_reads_what_is_granted ON indexes_quarantined FOR SELECT TO borgerblik_web
    USING (citizen_id = (SELECT granted_citizen()));

CREATE POLICY sync_reads_and_writes ON indexes_citizen TO borgerblik_sync USING (true) WITH CHECK (true);
CREATE POLICY sync_reads_and_writes ON indexes_case TO borgerblik_sync USING (true) WITH CHECK (true);
CREATE POLICY sync_reads_and_writes ON indexes_grant TO borgerblik_sync USING (true) WITH CHECK (true);
CREATE POLICY sync_reads_and_writes ON indexes_payment TO borgerblik_sync USING (true) WITH CHECK (true);
CREATE POLICY sync_reads_and_writes ON indexes_plan TO borgerblik_sync USING (true) WITH CHECK (true);
CREATE POLICY sync_reads_and_writes ON indexes_quarantined TO borgerblik_sync USING (true) WITH CHECK (true);

GRANT USAGE ON SCHEMA public TO borgerblik_web, borgerblik_sync;
GRANT SELECT ON indexes_case, indexes_grant, indexes_payment, indexes_plan, indexes_sourcestate TO borgerblik_web;
-- never the number, sealed or not, nor a message
GRANT SELECT (id, answered) ON indexes_citizen TO borgerblik_web;
GRANT SELECT (citizen_id, uuid, source, last_seen) ON indexes_quarantined TO borgerblik_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    indexes_citizen, indexes_case, indexes_grant, indexes_payment, indexes_plan, indexes_quarantined,
    indexes_sourcestate, indexes_syncrun, indexes_defectcount
TO borgerblik_sync;
GRANT USAGE ON SEQUENCE indexes_sourcestate_id_seq, indexes_syncrun_id_seq, indexes_defectcount_id_seq,
    indexes_quarantined_id_seq TO borgerblik_sync;
