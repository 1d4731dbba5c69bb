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

-- Every decision is written into the history by the statement that makes it, and by nothing else: no service may add to it.
-- Who decided is what whoever decides has said of themselves; nobody: the role that logged in. What the owner puts there
-- without a name is no decision (a demo's beginning). Of a row that is deleted nothing is written: no service may.
CREATE OR REPLACE FUNCTION write_change(of_authority text, about text, was jsonb, becomes jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE who text := nullif(current_setting('borgerblik.staff', true), '');
BEGIN
    IF was IS DISTINCT FROM becomes AND (who IS NOT NULL OR session_user <> current_user) THEN
        INSERT INTO public.borgerblik_settingchange (authority_id, staff_key, what, before, after)
        VALUES (of_authority, coalesce(who, session_user), about, was, becomes);
    END IF;
END $$;

-- An area that nothing was decided about is hidden: policy.AreaRule as it is made without values.
CREATE OR REPLACE FUNCTION write_area_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    whose text[] := '{id,authority_id,area}';
    was jsonb := '{"shown": false, "from_date": null, "active_regardless": false, "title": "kle", "fagsystemer": null,
        "document_titles": false}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := to_jsonb(OLD) - whose;
    END IF;
    PERFORM write_change(NEW.authority_id, 'area ' || NEW.area, was, to_jsonb(NEW) - whose);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER decision_is_written AFTER INSERT OR UPDATE ON borgerblik_areasetting
    FOR EACH ROW EXECUTE FUNCTION write_area_change();

CREATE OR REPLACE FUNCTION write_authority_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    since_before date := NULL;
    on_before smallint[] := '{}';
    etape smallint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        since_before := OLD.since;
        on_before := OLD.etaper;
    END IF;
    PERFORM write_change(
        NEW.code, 'since', jsonb_build_object('since', since_before), jsonb_build_object('since', NEW.since)
    );
    FOREACH etape IN ARRAY '{1,2,3,4}'::smallint[] LOOP
        PERFORM write_change(
            NEW.code, 'etape ' || etape,
            jsonb_build_object('on', etape = ANY (on_before)), jsonb_build_object('on', etape = ANY (NEW.etaper))
        );
    END LOOP;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER decision_is_written AFTER INSERT OR UPDATE ON borgerblik_authoritysettings
    FOR EACH ROW EXECUTE FUNCTION write_authority_change();

-- A fagsystem that is retired, or used again.
CREATE OR REPLACE FUNCTION write_retirement_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE since_before date := NULL;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        since_before := OLD.since;
    END IF;
    PERFORM write_change(
        NEW.authority_id, 'fagsystem',
        jsonb_build_object('fagsystem', NEW.fagsystem, 'retired', since_before),
        jsonb_build_object('fagsystem', NEW.fagsystem, 'retired', NEW.since)
    );
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER decision_is_written AFTER INSERT OR UPDATE ON borgerblik_retiredfagsystem
    FOR EACH ROW EXECUTE FUNCTION write_retirement_change();
