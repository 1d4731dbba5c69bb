-- A consumer's call that reads, in one statement: whether its token still counts, and what it asks for. The pages' process
-- has verified the token before and remembers it; only the database knows whether it, or its consumer's registration, has
-- been changed or revoked since (portal/api/standing.py). May be run again and again; runs after every migrate.

-- Which versions of its rows a token rests on; null when it has ended, is not known, or its consumer has been revoked.
CREATE OR REPLACE FUNCTION standing_of(checksum text) RETURNS text
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT concat_ws(' ', token.xmin, token.ctid, application.xmin, application.ctid, consumer.xmin, consumer.ctid)
    FROM oauth2_provider_accesstoken AS token
    JOIN oauth2_provider_application AS application ON application.id = token.application_id
    JOIN portal_consumer AS consumer ON consumer.application_id = application.id
    WHERE token.token_checksum = checksum AND token.expires > now() AND consumer.revoked IS NULL
$$;

-- As read_number, while the token stands as it did; else nothing is held, for nothing is read.
CREATE OR REPLACE FUNCTION read_standing(
    checksum text, stood text,
    fingerprints bytea[], near text[], actor text, organisation text, system text, what text, purpose text,
    OUT held text, OUT decisions text, OUT looked text
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF standing_of(checksum) IS NOT DISTINCT FROM stood THEN
        SELECT * INTO held, decisions, looked
        FROM read_number(fingerprints, near, actor, organisation, system, what, purpose);
    END IF;
END $$;

-- As use_number, in the same way: whether the token stands, and whose rows were opened.
CREATE OR REPLACE FUNCTION use_standing(
    checksum text, stood text, fingerprints bytea[], actor text, organisation text, system text, what text, purpose text,
    OUT stands boolean, OUT of_citizen uuid
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    stands := standing_of(checksum) IS NOT DISTINCT FROM stood;
    IF stands THEN
        of_citizen := use_number(fingerprints, actor, organisation, system, what, purpose);
    END IF;
END $$;
