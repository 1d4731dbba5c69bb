-- Reading by a power of attorney: a helper who is signed in opens the rows of the citizen who has given it, while it lasts
-- (docs/adr/0020). May be run again and again; runs after every migrate. Who may call which: borgerblik/rights.py.

-- Who signed in for this token themselves; null: nobody, for it opens nothing, or a system made it.
CREATE OR REPLACE FUNCTION signed_in(token text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT citizen_id FROM public.borgerblik_accessgrant
    WHERE token_hash = sha256(convert_to(token, 'UTF8')) AND expires > now() AND actor = 'citizen'
$$;

-- Who has opened the rows that this transaction may read; null: nobody has.
CREATE OR REPLACE FUNCTION opening_actor() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF public.opened_citizen() IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT actor FROM public.borgerblik_accessentry WHERE id = current_setting('borgerblik.entry')::bigint);
END $$;

-- Whom this transaction has opened, if it is the citizen themselves who reads: neither a helper nor a system gives or ends a
-- power of attorney in somebody's name, or sees who else helps them.
CREATE OR REPLACE FUNCTION opened_by_themselves() RETURNS uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN public.opening_actor() = 'citizen' THEN public.opened_citizen() END
$$;

-- Whose log this transaction may read: of whom it has opened, unless a helper has. Who else looks is not theirs to know.
CREATE OR REPLACE FUNCTION opened_log() RETURNS uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN public.opening_actor() NOT LIKE 'helper %' THEN public.opened_citizen() END
$$;

-- What somebody who is signed in has been offered, by the hash of the code that they were given; no row when it fits nothing.
CREATE OR REPLACE FUNCTION offered_power(
    token text, offered bytea, OUT giver_name text, OUT areas text[], OUT until timestamptz
) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT power.giver_name, power.areas, power.until FROM public.borgerblik_powerofattorney AS power
    WHERE power.code_hash = offered AND power.offered_until > now() AND power.giver_id <> signed_in(token)
$$;

-- Take on what is offered: from now on whoever is signed in is its helper, and is called as their sign-in calls them. That
-- it was taken on stands in the giver's access log. Null: the code fits nothing, or somebody was faster.
CREATE OR REPLACE FUNCTION accept_power(token text, offered bytea, called text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE taken public.borgerblik_powerofattorney;
BEGIN
    UPDATE public.borgerblik_powerofattorney AS power
    SET helper_id = signed_in(token), helper_name = called, accepted = now(), code_hash = NULL
    WHERE power.code_hash = offered AND power.offered_until > now() AND power.giver_id <> signed_in(token)
    RETURNING * INTO taken;
    IF FOUND THEN
        INSERT INTO public.borgerblik_accessentry (at, citizen, actor, organisation, system, what, purpose)
        VALUES (
            clock_timestamp(), taken.giver_id, 'helper ' || taken.id, taken.helper_name, 'borgerblik', 'power', 'power'
        );
    END IF;
    RETURN taken.id;
END $$;

-- Whom a power of attorney opens to the helper who is signed in, after writing down that their data are read; null: it is
-- over, or somebody else's.
CREATE OR REPLACE FUNCTION use_power(token text, power uuid, what text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held public.borgerblik_powerofattorney;
BEGIN
    SELECT * INTO held FROM public.borgerblik_powerofattorney AS given
    WHERE given.id = power AND given.helper_id = signed_in(token) AND given.ended IS NULL AND given.until > now();
    IF FOUND THEN
        PERFORM public.open_citizen(
            held.giver_id, 'helper ' || held.id, held.helper_name, 'borgerblik', what, 'power'
        );
    END IF;
    RETURN held.giver_id;
END $$;

-- As read_granted, by a power of attorney. Who else has looked is not a helper's to know.
CREATE OR REPLACE FUNCTION read_power(
    token text, power uuid, near text[], what text, OUT held text, OUT decisions text, OUT looked text
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_citizen uuid := use_power(token, power, what);
BEGIN
    IF of_citizen IS NOT NULL THEN
        held := holdings_of(of_citizen, near);
        decisions := decisions_called();
    END IF;
END $$;

-- What helpers are told of a giver follows what their sign-in says: where they live now, and what they are called.
CREATE OR REPLACE FUNCTION powers_follow(token text, called text, called_first text, lives_in text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE public.borgerblik_powerofattorney
    SET giver_name = called, giver_given_name = called_first, municipality = lives_in
    WHERE giver_id = signed_in(token) AND ended IS NULL
        AND (giver_name, giver_given_name, municipality) IS DISTINCT FROM (called, called_first, lives_in)
$$;
