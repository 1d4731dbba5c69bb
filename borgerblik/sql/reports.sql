-- What a citizen wrote about a record of theirs, for the authority that owns it. May be run again and again; runs after
-- every migrate. Who may call it: borgerblik/rights.py.

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
        INSERT INTO public.borgerblik_accessentry (at, citizen, actor, organisation, system, what, purpose)
        VALUES (
            clock_timestamp(), told.citizen, 'employee ' || read_report.staff_key, read_report.organisation,
            'console', 'report', 'report'
        );
        item := told.item;
        part := told.part;
        part_title := told.part_title;
        number := told.number;
        day := told.day;
        words := told.words;
    END IF;
END $$;
