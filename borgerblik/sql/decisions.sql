-- A new name for the decisions as they stand after every change of them, whoever makes it (models.PolicyVersion). A name and
-- not a number: one that was rolled back must not come again for something else.
CREATE OR REPLACE FUNCTION name_decisions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.borgerblik_policyversion (id, version) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET version = excluded.version;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION decisions_called() RETURNS text
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT version::text FROM public.borgerblik_policyversion
$$;
CREATE OR REPLACE TRIGGER decisions_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON borgerblik_authoritysettings
    FOR EACH STATEMENT EXECUTE FUNCTION name_decisions();
CREATE OR REPLACE TRIGGER decisions_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON borgerblik_areasetting
    FOR EACH STATEMENT EXECUTE FUNCTION name_decisions();
