-- What citizens wrote about what is wrong, for the authority that answers. May be run again and again; runs after every
-- migrate. Who may call which: borgerblik/rights.py.

-- An entry of a citizen's access log: an employee of an authority reads what they wrote. Others below call this.
CREATE OR REPLACE FUNCTION log_answering(of_citizen uuid, staff_key text, organisation text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO public.borgerblik_accessentry (at, citizen, actor, organisation, system, what, purpose)
    VALUES (clock_timestamp(), of_citizen, 'employee ' || staff_key, organisation, 'console', 'report', 'report')
$$;

-- The part of a report that tells of the citizen, and in the same statement the entry of their access log that says who read
-- it. The console's role can read it in no other way, nor learn here whose it is. Nulls: there is no such report.
CREATE OR REPLACE FUNCTION read_report(
    of_receipt text, of_authority text, staff_key text, organisation text,
    OUT item uuid, OUT part text, OUT part_title text, OUT number text, OUT day date, OUT words text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE told public.borgerblik_itemreport;
BEGIN
    SELECT * INTO told FROM public.borgerblik_itemreport AS report
    WHERE report.receipt = of_receipt AND report.owner_cvr = of_authority;
    IF FOUND THEN
        PERFORM public.log_answering(told.citizen, staff_key, organisation);
        item := told.item;
        part := told.part;
        part_title := told.part_title;
        number := told.number;
        day := told.day;
        words := told.words;
    END IF;
END $$;

-- The same of an objection to an entry of the log: what the citizen wrote. Null: there is no such objection.
CREATE OR REPLACE FUNCTION read_objection(
    of_receipt text, of_municipality text, staff_key text, organisation text, OUT words text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE told public.borgerblik_accessobjection;
BEGIN
    SELECT * INTO told FROM public.borgerblik_accessobjection AS objection
    WHERE objection.receipt = of_receipt AND objection.municipality = of_municipality;
    IF FOUND THEN
        PERFORM public.log_answering(told.citizen, staff_key, organisation);
        words := told.words;
    END IF;
END $$;
