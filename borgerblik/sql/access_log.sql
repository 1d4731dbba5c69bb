-- Every read of a citizen's rows is written down by the statement that reads, so that neither can happen alone.

-- Which transaction wrote an entry; migration 0005 takes the column away again.
ALTER TABLE borgerblik_accessentry ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX borgerblik_accessentry_tx ON borgerblik_accessentry (tx);

CREATE FUNCTION read_logged(
    of_citizen uuid, near text[], actor text, organisation text, system text, what text, purpose text
) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO borgerblik_accessentry (at, citizen, actor, organisation, system, what, purpose)
    VALUES (clock_timestamp(), of_citizen, actor, organisation, system, what, purpose);
    RETURN holdings_of(of_citizen, near);
END;
$$;
REVOKE ALL ON FUNCTION read_logged(uuid, text[], text, text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION read_logged(uuid, text[], text, text, text, text, text) TO borgerblik_web;

-- Insert-only, whatever the services do; a citizen reads their own entries by the grant that opens their rows.
GRANT INSERT (at, citizen, actor, organisation, system, what, purpose) ON borgerblik_accessentry TO borgerblik_web;
GRANT USAGE ON SEQUENCE borgerblik_accessentry_id_seq TO borgerblik_web;
GRANT SELECT ON borgerblik_accessentry TO borgerblik_web;
ALTER TABLE borgerblik_accessentry ENABLE ROW LEVEL SECURITY;
CREATE POLICY web_writes ON borgerblik_accessentry FOR INSERT TO borgerblik_web WITH CHECK (true);
CREATE POLICY web_reads_what_is_granted ON borgerblik_accessentry FOR SELECT TO borgerblik_web
    USING (citizen = (SELECT granted_citizen()));
