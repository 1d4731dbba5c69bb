-- Whose rows a transaction of the pages may read: those of the citizen whom it has written into the access log that it
-- reads, and nobody's before it has (docs/adr/0010, 0011). May be run again and
-- again; runs after every migrate. Who may call which function, and the policies: borgerblik/rights.py.

-- The entry of this transaction, if it has written one. The caller can set the number, not write an entry: an older entry,
-- or another transaction's, opens nothing. The time keeps out entries of a cluster whose transaction numbers began anew. A
-- connection that planned this while the log was empty would else read all of it for every table, ever slower.
CREATE OR REPLACE FUNCTION opened_citizen() RETURNS uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
    SELECT citizen FROM public.borgerblik_accessentry
    WHERE id = CASE
            WHEN current_setting('borgerblik.entry', true) ~ '^[0-9]{1,18}$'
            THEN current_setting('borgerblik.entry', true)::bigint
        END
        AND tx = pg_current_xact_id_if_assigned()
        AND at > now() - interval '1 minute'
$$;

-- Write down who reads what of whom, and open that citizen's rows to the rest of the transaction. No service may call this:
-- the functions below do, once they know that the caller may read.
CREATE OR REPLACE FUNCTION open_citizen(
    of_citizen uuid, actor text, organisation text, system text, what text, purpose text
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE entry bigint;
BEGIN
    INSERT INTO public.borgerblik_accessentry (at, citizen, actor, organisation, system, what, purpose)
    VALUES (clock_timestamp(), of_citizen, actor, organisation, system, what, purpose)
    RETURNING id INTO entry;
    PERFORM set_config('borgerblik.entry', entry::text, true);
END $$;

-- A grant for the citizen with one of these fingerprints: it takes the CPR number and the key to make one, not an id. Whom
-- we have never met becomes a citizen now, with the row that the caller brings.
CREATE OR REPLACE FUNCTION open_grant(
    fingerprints bytea[], newcomer uuid, cpr_sealed bytea, key_id text,
    token_hash bytea, actor text, organisation text, system text, purpose text, lasts interval
) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_citizen uuid;
BEGIN
    SELECT id INTO of_citizen FROM public.indexes_citizen AS known WHERE known.cpr_hmac = ANY (fingerprints)
    ORDER BY array_position(fingerprints, known.cpr_hmac) LIMIT 1;
    IF of_citizen IS NULL THEN
        INSERT INTO public.indexes_citizen AS known (id, cpr_hmac, cpr_sealed, key_id, answered)
        VALUES (newcomer, fingerprints[1], open_grant.cpr_sealed, open_grant.key_id, '{}')
        ON CONFLICT (cpr_hmac) DO UPDATE SET cpr_hmac = excluded.cpr_hmac  -- the sync has just met them too
        RETURNING known.id INTO of_citizen;
    END IF;
    INSERT INTO public.borgerblik_accessgrant
        (token_hash, citizen_id, actor, organisation, system, purpose, made, expires)
    VALUES (
        open_grant.token_hash, of_citizen, actor, organisation, system, purpose,
        now(), now() + least(lasts, interval '1 day')  -- a session is over long before
    );
    RETURN of_citizen;
END $$;

CREATE OR REPLACE FUNCTION close_grant(closed_hash bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM public.borgerblik_accessgrant WHERE token_hash = closed_hash
$$;

-- Whom a token opens, after writing down that their data are read; null when it opens nobody.
CREATE OR REPLACE FUNCTION use_grant(token text, what text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held public.borgerblik_accessgrant;
BEGIN
    SELECT * INTO held FROM public.borgerblik_accessgrant
    WHERE token_hash = sha256(convert_to(token, 'UTF8')) AND expires > now();
    IF FOUND THEN
        PERFORM public.open_citizen(held.citizen_id, held.actor, held.organisation, held.system, what, held.purpose);
    END IF;
    RETURN held.citizen_id;
END $$;

-- The same for a consumer's call, which brings the CPR number's fingerprints. Of somebody we have never met null comes
-- back; that they were asked for is written down too.
CREATE OR REPLACE FUNCTION use_number(
    fingerprints bytea[], actor text, organisation text, system text, what text, purpose text
) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_citizen uuid;
BEGIN
    SELECT id INTO of_citizen FROM public.indexes_citizen WHERE cpr_hmac = ANY (fingerprints)
    ORDER BY array_position(fingerprints, cpr_hmac) LIMIT 1;
    PERFORM public.open_citizen(of_citizen, actor, organisation, system, what, purpose);
    RETURN of_citizen;
END $$;

-- What is held of whom the token opens, what the decisions about showing it are called, and what others have read of it;
-- nothing is held when it opens nobody. One statement, one round trip: open, log, read. With the rights of whoever asks:
-- row-level security holds inside. In columns: a text inside an array is written twice.
CREATE OR REPLACE FUNCTION read_granted(
    token text, near text[], what text, OUT held text, OUT decisions text, OUT looked text
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_citizen uuid := use_grant(token, what);
BEGIN
    IF of_citizen IS NOT NULL THEN
        held := holdings_of(of_citizen, near);
        decisions := decisions_called();
        looked := looked_of(of_citizen, visit_began(token));
    END IF;
END $$;

CREATE OR REPLACE FUNCTION read_number(
    fingerprints bytea[], near text[], actor text, organisation text, system text, what text, purpose text,
    OUT held text, OUT decisions text, OUT looked text
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_citizen uuid := use_number(fingerprints, actor, organisation, system, what, purpose);
BEGIN
    held := holdings_of(of_citizen, near);
    decisions := decisions_called();
END $$;

-- When the first entry of all was written: since then the log is complete.
CREATE OR REPLACE FUNCTION logged_since() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT at FROM public.borgerblik_accessentry ORDER BY id LIMIT 1
$$;

-- When the visit began that a token was made for.
CREATE OR REPLACE FUNCTION visit_began(token text) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT made FROM public.borgerblik_accessgrant
    WHERE token_hash = sha256(convert_to(token, 'UTF8')) AND expires > now()
$$;

-- What others than the citizen have read: how often, the newest five times, and since when that is known; when the citizen was
-- last here before this visit, and how often others have read since; and when what the citizen has said is wrong was last
-- answered. The front page tells of it. Row-level security holds inside.
CREATE OR REPLACE FUNCTION looked_of(of_citizen uuid, visit timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
    WITH before AS (
        SELECT max(at) AS at FROM borgerblik_accessentry
        WHERE citizen = of_citizen AND actor = 'citizen' AND at < visit
    )
    SELECT json_build_object(
        'since', logged_since(),
        'times', (SELECT count(*) FROM borgerblik_accessentry WHERE citizen = of_citizen AND actor <> 'citizen'),
        'last_visit', (SELECT at FROM before),
        'times_since', (
            SELECT count(*) FROM borgerblik_accessentry
            WHERE citizen = of_citizen AND actor <> 'citizen' AND at > (SELECT at FROM before)
        ),
        'newest', (
            SELECT json_agg(json_build_array(id, at, actor, organisation, what, purpose)) FROM (
                SELECT * FROM borgerblik_accessentry WHERE citizen = of_citizen AND actor <> 'citizen'
                ORDER BY at DESC, id DESC LIMIT 5
            ) AS newest
        ),
        'report', (SELECT max(answered) FROM borgerblik_itemreport WHERE citizen = of_citizen),
        'objection', (SELECT max(answered) FROM borgerblik_accessobjection WHERE citizen = of_citizen)
    )::text
$$;
