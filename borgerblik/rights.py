"""What the services' roles may do with the tables of this room, and whose rows of any room the pages may see.

Row-level security holds for ``web`` on every table of a citizen: it sees the rows of whom the transaction has opened by
a grant, a power of attorney or a consumer's call, which writes the access log (``sql/guard.sql``, ``sql/powers.sql``,
docs/adr/0010, 0020).
"""

from pathlib import Path
from typing import Final

from django.db.backends.utils import CursorWrapper

from indexes import rights
from indexes.rights import READ, Functions, Policies, Role, Tables

SQL: Final = Path(__file__).with_name("sql")
_DECIDED: Final = {Role.WEB: READ, Role.SYNC: READ, Role.CONSOLE: "SELECT, INSERT, UPDATE"}
_SEALS: Final = {Role.SYNC: "SELECT, INSERT"}
_KLE: Final = {Role.WEB: READ, Role.SYNC: READ, Role.CONSOLE: READ}

# Of an objection, all but whose it is, which entry it is about, and what they wrote (``read_objection``).
OBJECTION_TOLD: Final = (
    *("id", "receipt", "municipality", "reason", "made"),
    *("at", "yours", "organisation", "what", "purpose"),
    *("answer", "answered", "answered_by"),
)
# Of a report, all but what tells of the citizen: whose it is, which record, and what they wrote (``read_report``).
REPORT_TOLD: Final = (
    *("id", "receipt", "owner_cvr", "kind", "kle", "fagsystem", "reason", "made"),
    *("taken", "taken_by", "answer", "answered", "answered_by"),
)

# Of a power of attorney, all but the hash of its code.
POWER_TOLD: Final = (
    *("id", "giver_id", "giver_name", "giver_given_name", "municipality", "helper_id", "helper_name", "areas"),
    *("made", "offered_until", "accepted", "until", "ended", "ended_by"),
)

TABLES: Final[Tables] = {
    "borgerblik_authoritysettings": _DECIDED,
    "borgerblik_areasetting": _DECIDED,
    "borgerblik_retiredfagsystem": {Role.SYNC: "SELECT, INSERT, UPDATE", Role.CONSOLE: "SELECT, INSERT, UPDATE"},
    "borgerblik_cleaning": {Role.SYNC: rights.ALL, Role.CONSOLE: "SELECT, INSERT"},
    "borgerblik_policyversion": {Role.WEB: READ, Role.CONSOLE: READ},  # written by triggers
    "borgerblik_settingchange": {Role.CONSOLE: READ, Role.SYNC: READ},  # written by triggers
    "borgerblik_kleedition": _KLE,
    "borgerblik_kletopic": _KLE,
    # made and resolved by functions alone; those that are over are deleted each night, and a lock asks for a column
    "borgerblik_accessgrant": {Role.SYNC: "SELECT, DELETE, UPDATE (made)"},
    "borgerblik_accessentry": {Role.WEB: READ, Role.SYNC: READ},  # written by functions alone
    # the console never sees whose it is
    "borgerblik_accessobjection": {
        Role.WEB: "SELECT, INSERT",
        Role.SYNC: "SELECT, DELETE, UPDATE (made)",  # a lock asks for a column
        Role.CONSOLE: f"SELECT ({', '.join(OBJECTION_TOLD)}), UPDATE (answer, answered, answered_by)",
    },
    "borgerblik_itemreport": {
        Role.WEB: "SELECT, INSERT",
        Role.SYNC: "SELECT, DELETE, UPDATE (made)",  # as above
        Role.CONSOLE: (f"SELECT ({', '.join(REPORT_TOLD)}), UPDATE (taken, taken_by, answer, answered, answered_by)"),
    },
    # the pages never read the hash of a code
    "borgerblik_powerofattorney": {
        Role.WEB: f"SELECT ({', '.join(POWER_TOLD)}), INSERT, UPDATE (ended, ended_by, code_hash)",
        Role.SYNC: "SELECT, DELETE, UPDATE (made)",  # as above
    },
    "borgerblik_usualtime": {Role.WEB: READ, Role.SYNC: rights.ALL},
    "borgerblik_done": {Role.SYNC: "SELECT, INSERT, UPDATE"},
    "borgerblik_accessblock": _SEALS,
    "borgerblik_settingblock": _SEALS,
}
FUNCTIONS: Final[Functions] = {
    "name_decisions": [],
    "write_change": [],
    "write_area_change": [],
    "write_authority_change": [],
    "write_retirement_change": [],
    "decisions_called": [Role.WEB],
    "opened_citizen": [Role.WEB],
    "open_citizen": [],
    "open_grant": [Role.WEB],
    "close_grant": [Role.WEB],
    "use_grant": [Role.WEB],
    "use_number": [Role.WEB],
    "looked_of": [Role.WEB],
    "visit_began": [Role.WEB],
    "read_granted": [Role.WEB],
    "read_number": [Role.WEB],
    "signed_in": [],
    "opening_actor": [],
    "opened_by_themselves": [Role.WEB],
    "opened_log": [Role.WEB],
    "offered_power": [Role.WEB],
    "accept_power": [Role.WEB],
    "use_power": [Role.WEB],
    "read_power": [Role.WEB],
    "powers_follow": [Role.WEB],
    "log_answering": [],
    "read_report": [Role.CONSOLE],
    "read_objection": [Role.CONSOLE],
    "logged_since": [Role.WEB],
    "last_entry": [Role.SYNC],
    "last_change": [Role.SYNC],
    "forget_oldest": [],
    "forget_block": [Role.SYNC],
    "forget_changes": [Role.SYNC],
}

# In a subquery the function is asked once a statement, not once a row.
_OPENED: Final = "FOR SELECT TO borgerblik_web USING ({} = (SELECT opened_citizen()))"
# What citizens have said of themselves is read by nobody in their place.
_THEIR_OWN: Final = "FOR SELECT TO borgerblik_web USING (citizen = (SELECT opened_by_themselves()))"
_HELD: Final = {
    "web_reads_what_is_opened": _OPENED.format("citizen_id"),
    "sync_reads_and_writes": "TO borgerblik_sync USING (true) WITH CHECK (true)",
}
# By the citizen themselves, to an entry of theirs, told as it stands in the log: row-level security holds inside too.
_OBJECTING: Final = """FOR INSERT TO borgerblik_web WITH CHECK (
    citizen = (SELECT opened_by_themselves()) AND EXISTS (
        SELECT FROM borgerblik_accessentry AS logged
        WHERE logged.id = borgerblik_accessobjection.entry AND logged.citizen = borgerblik_accessobjection.citizen
            AND (logged.at, logged.actor = 'citizen', logged.organisation, logged.what, logged.purpose) = (
                borgerblik_accessobjection.at, yours, borgerblik_accessobjection.organisation,
                borgerblik_accessobjection.what, borgerblik_accessobjection.purpose
            )
    )
)"""
# By the citizen themselves, about a record of theirs, owned by whom it says, told as it stands, and new.
_HOLDS: Final = """EXISTS (
        SELECT FROM {table} AS held
        WHERE held.citizen_id = borgerblik_itemreport.citizen AND held.uuid = borgerblik_itemreport.item
            AND held.owner_cvr = borgerblik_itemreport.owner_cvr AND borgerblik_itemreport.kle = {kle} AND {more}
    )"""
_ORDINARY: Final = "held.sensitivity NOT IN ('vip', 'unknown')"  # no page shows what is either (``visibility``)
_SHOWN_CASE: Final = f"NOT held.hidden AND {_ORDINARY}"
_REPORTING: Final = f"""FOR INSERT TO borgerblik_web WITH CHECK (
    citizen = (SELECT opened_by_themselves()) AND taken IS NULL AND answered IS NULL AND CASE kind
        WHEN 'case' THEN {_HOLDS.format(table="indexes_case", kle="ARRAY[held.kle]", more=_SHOWN_CASE)}
        WHEN 'payment' THEN {_HOLDS.format(table="indexes_payment", kle="held.kle", more="true")}
        WHEN 'grant' THEN {_HOLDS.format(table="indexes_grant", kle="held.kle", more=_ORDINARY)}
        WHEN 'plan' THEN {_HOLDS.format(table="indexes_plan", kle="ARRAY[held.kle]", more="true")}
        ELSE false
    END
)"""
_OF_THE_TWO: Final = "(SELECT opened_by_themselves()) IN (giver_id, helper_id)"
POLICIES: Final[Policies] = {
    **dict.fromkeys(["indexes_case", "indexes_grant", "indexes_payment", "indexes_plan"], _HELD),
    "indexes_quarantined": {**_HELD, "console_reads": "FOR SELECT TO borgerblik_console USING (true)"},
    "indexes_citizen": {**_HELD, "web_reads_what_is_opened": _OPENED.format("id")},
    "borgerblik_accessobjection": {
        "web_reads_its_own": _THEIR_OWN,
        "web_objects_to_its_own": _OBJECTING,
        "console_reads": "FOR SELECT TO borgerblik_console USING (true)",
        "console_answers_once": "FOR UPDATE TO borgerblik_console USING (answered IS NULL) WITH CHECK (true)",
        "sync_reads_and_deletes": "TO borgerblik_sync USING (true)",
    },
    "borgerblik_itemreport": {
        "web_reads_its_own": _THEIR_OWN,
        "web_reports_its_own": _REPORTING,
        "console_reads": "FOR SELECT TO borgerblik_console USING (true)",
        "console_answers_once": "FOR UPDATE TO borgerblik_console USING (answered IS NULL) WITH CHECK (true)",
        "sync_reads_and_deletes": "TO borgerblik_sync USING (true)",
    },
    # by the citizen themselves: who reads by one, or by a consumer's call, gives, sees and ends none
    "borgerblik_powerofattorney": {
        "web_reads_its_own": f"FOR SELECT TO borgerblik_web USING ({_OF_THE_TWO})",
        "web_offers_from_now": (
            "FOR INSERT TO borgerblik_web WITH CHECK (giver_id = (SELECT opened_by_themselves()) "
            "AND helper_id IS NULL AND ended IS NULL AND code_hash IS NOT NULL "
            "AND made < now() + interval '1 minute')"  # what clocks may differ: its time is counted from there
        ),
        "web_ends_as_itself": (
            f"FOR UPDATE TO borgerblik_web USING (ended IS NULL AND {_OF_THE_TWO}) "
            "WITH CHECK (ended IS NOT NULL AND code_hash IS NULL AND (SELECT opened_by_themselves()) = "
            "CASE ended_by WHEN 'giver' THEN giver_id WHEN 'helper' THEN helper_id END)"
        ),
        "sync_reads_and_deletes": "TO borgerblik_sync USING (true)",
    },
    "borgerblik_accessentry": {
        "web_reads_no_log_as_a_helper": "FOR SELECT TO borgerblik_web USING (citizen = (SELECT opened_log()))",
        "sync_reads": "FOR SELECT TO borgerblik_sync USING (true)",
    },
}


def give(cursor: CursorWrapper) -> None:
    for name in ("guard.sql", "seals.sql", "decisions.sql", "reports.sql", "powers.sql"):
        rights.run(cursor, SQL / name)
    rights.give_tables(cursor, TABLES)
    rights.give_functions(cursor, FUNCTIONS)
    rights.guard(cursor, POLICIES)


give_after_migrate: Final = rights.after_migrate(give)
