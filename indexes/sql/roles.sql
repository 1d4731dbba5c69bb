-- The roles that the services log in as. They are the cluster's, not the database's: another database beside this one may
-- have made them already. Passwords are the operator's to set (.env.example).
DO $$
DECLARE role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['borgerblik_web', 'borgerblik_sync', 'borgerblik_console'] LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = role);
        BEGIN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', role);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another database's migration makes it just now
        END;
    END LOOP;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'The roles of the services are missing and cannot be made by this role, so nobody could be served. '
        'As a superuser run: CREATE ROLE borgerblik_web LOGIN NOINHERIT; CREATE ROLE borgerblik_sync LOGIN NOINHERIT; '
        'CREATE ROLE borgerblik_console LOGIN NOINHERIT;';
END $$;
GRANT USAGE ON SCHEMA public TO borgerblik_web, borgerblik_sync, borgerblik_console;

-- The pages and the console make nothing here, not even for a while: a temporary table would stand before ours of the same
-- name for all that later uses the connection. Where the database is another's, it is theirs to take away, and this only warns.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
-- But sync reads the indexes in bulk by way of temporary tables, on a connection that nobody else uses.
DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO borgerblik_sync', current_database()); END $$;
