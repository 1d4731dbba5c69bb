-- What whoever seals and verifies needs of the tables that are only ever added to (borgerblik/seals). May be run again and
-- again; runs after every migrate.

-- The last number that a row was given. Whoever verifies asks: one above it was put in by hand.
CREATE OR REPLACE FUNCTION last_entry() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT last_value FROM public.borgerblik_accessentry_id_seq
$$;
CREATE OR REPLACE FUNCTION last_change() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT last_value FROM public.borgerblik_settingchange_id_seq
$$;

-- Let go of the rows of the oldest block that still has any, if it was sealed before: all at once, so that nobody who
-- verifies sees half a block gone. Nothing younger than half a year goes, whoever asks: not by what the block says, which the
-- asker may have written, but by when each row was. How long is right: docs/privacy. No service may call this: the functions
-- below do, each for its own table.
CREATE OR REPLACE FUNCTION forget_oldest(of_entries regclass, of_blocks regclass, before timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE forgotten bigint;
BEGIN
    EXECUTE format(
        'WITH oldest AS (
            SELECT part FROM %2$s CROSS JOIN LATERAL unnest(ids) AS part
            WHERE ids @> (SELECT min(id) FROM %1$s) AND sealed < least($1, now() - interval ''180 days'')
        ), gone AS (
            DELETE FROM %1$s AS entry USING oldest
            WHERE entry.id >= lower(part) AND entry.id < upper(part)
                AND NOT EXISTS (
                    SELECT FROM oldest AS any_part JOIN %1$s AS young
                        ON young.id >= lower(any_part.part) AND young.id < upper(any_part.part)
                    WHERE young.at >= now() - interval ''180 days''
                )
            RETURNING 1
        ) SELECT count(*) FROM gone', of_entries, of_blocks
    ) INTO forgotten USING before;
    RETURN forgotten;
END $$;
CREATE OR REPLACE FUNCTION forget_block(before timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT forget_oldest('public.borgerblik_accessentry', 'public.borgerblik_accessblock', before)
$$;
CREATE OR REPLACE FUNCTION forget_changes(before timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT forget_oldest('public.borgerblik_settingchange', 'public.borgerblik_settingblock', before)
$$;
