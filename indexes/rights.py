"""What each of the services' roles may do in the database. Given anew after every ``migrate``, so that nothing drifts.

The roles are the database's: the pages and REST log in as ``web``, what reads the indexes as ``sync``, the console as
``console``; the owner makes tables and is none of them. What is not named for a role it may not do. Whose rows ``web``
sees is row-level security's to say (``borgerblik/rights.py``).
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql


class Role(StrEnum):
    """The roles that services log in as; their names are part of every installation."""

    WEB = "borgerblik_web"
    SYNC = "borgerblik_sync"
    CONSOLE = "borgerblik_console"


Tables = Mapping[str, Mapping[Role, str]]  # table -> role -> privileges, as GRANT spells them, columns included
Functions = Mapping[str, Sequence[Role]]  # function -> who may call it; nobody: for other functions alone
Policies = Mapping[str, Mapping[str, str]]  # table -> policy -> what CREATE POLICY says of it

SQL: Final = Path(__file__).with_name("sql")
READ: Final = "SELECT"
ALL: Final = "SELECT, INSERT, UPDATE, DELETE"


# Of a message in quarantine, what is wrong with it and its shape: never whose it is, nor the message.
QUARANTINE_TOLD: Final = (
    *("id", "source", "authority_cvr", "kind", "reason", "what", "sample"),
    *("first_seen", "last_seen", "times"),
)
_RECORDS: Final = {Role.WEB: READ, Role.SYNC: ALL}

# By the names of the tables and not of the models: an app that gives rights is there before its models are.
TABLES: Final[Tables] = {
    # never the number, sealed or not, nor a message
    "indexes_citizen": {Role.WEB: "SELECT (id, answered)", Role.SYNC: ALL},
    "indexes_keymark": {Role.WEB: READ, Role.SYNC: "SELECT, INSERT, DELETE"},
    "indexes_quarantined": {
        Role.WEB: "SELECT (citizen_id, uuid, source, last_seen)",
        Role.SYNC: ALL,
        Role.CONSOLE: f"SELECT ({', '.join(QUARANTINE_TOLD)})",
    },
    "indexes_case": _RECORDS,
    "indexes_grant": _RECORDS,
    "indexes_payment": _RECORDS,
    "indexes_plan": _RECORDS,
    "indexes_tombstone": {Role.SYNC: ALL},
    "indexes_eventcount": {Role.SYNC: ALL, Role.CONSOLE: READ},
    "indexes_eventtaken": {Role.SYNC: ALL},
    "indexes_sourcepace": {Role.WEB: READ, Role.SYNC: ALL, Role.CONSOLE: READ},
    "indexes_sourcestate": {Role.WEB: READ, Role.SYNC: ALL, Role.CONSOLE: READ},
    "indexes_syncrun": {Role.SYNC: ALL, Role.CONSOLE: READ},
    "indexes_defectcount": {Role.SYNC: ALL, Role.CONSOLE: READ},
    "indexes_removal": {Role.SYNC: ALL, Role.CONSOLE: READ},
    # how far a reading is, never which records it brought
    "indexes_load": {Role.SYNC: ALL, Role.CONSOLE: READ},
    "indexes_portion": {Role.SYNC: ALL, Role.CONSOLE: 'SELECT (id, load_id, kind, first, "end", done, told, tries)'},
}
FUNCTIONS: Final[Functions] = {
    "holdings_of": [Role.WEB, Role.SYNC],
    "unusable_of": [Role.WEB, Role.SYNC],
    "fagsystems_of": [Role.SYNC, Role.CONSOLE],
    "leaving_with": [Role.SYNC, Role.CONSOLE],
}


def after_migrate(give: Callable[[CursorWrapper], None]) -> Callable[..., None]:
    """A receiver of Django's signal ``post_migrate`` that gives rights, all at once.

    Not when tables were only emptied (there is no ``plan`` then), nor after ``migrate`` of a single app or backwards:
    tables that the rights are about may not be there.
    """

    def receiver(using: str, plan: object = None, **_: Any) -> None:
        executor = MigrationExecutor(connections[using])
        if plan is None or executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            give(cursor)

    return receiver


def run(cursor: CursorWrapper, file: Path) -> None:
    """Run a file of SQL that may be run again and again."""
    cursor.execute(file.read_text("utf-8"))


def give_tables(cursor: CursorWrapper, declared: Tables) -> None:
    """Let each role do with these tables what is declared, and nothing else."""
    for name, roles in declared.items():
        of = sql.Identifier(name)
        cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(of, _everyone()))
        for role, privileges in roles.items():
            what = sql.SQL(privileges)
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(what, of, sql.Identifier(role)))


def give_functions(cursor: CursorWrapper, declared: Functions) -> None:
    """Let each role call the functions that are declared for it; PostgreSQL lets everybody call a new one."""
    for name, roles in declared.items():
        of = sql.Identifier(name)
        cursor.execute(sql.SQL("REVOKE ALL ON FUNCTION {} FROM {}").format(of, _everyone()))
        for role in roles:
            cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(of, sql.Identifier(role)))


def guard(cursor: CursorWrapper, declared: Policies) -> None:
    """Put the tables under row-level security by these policies and no other: one more would only open more.

    One that is there stays: making it anew would lock its table. Whoever changes one gives it another name.
    """
    for name, policies in declared.items():
        of = sql.Identifier(name)
        cursor.execute("SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = %s", [name])
        there = {policy for (policy,) in cursor.fetchall()}
        for policy in there - policies.keys():
            cursor.execute(sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(policy), of))
        for policy in policies.keys() - there:
            what = sql.SQL(policies[policy])
            cursor.execute(sql.SQL("CREATE POLICY {} ON {} {}").format(sql.Identifier(policy), of, what))
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [name])
        if not cursor.fetchone()[0]:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(of))


def give(cursor: CursorWrapper) -> None:
    """The roles, this room's functions and its tables."""
    for name in ("roles.sql", "holdings.sql", "leaving.sql"):
        run(cursor, SQL / name)
    give_tables(cursor, TABLES)
    give_functions(cursor, FUNCTIONS)


def _everyone() -> sql.Composed:
    return sql.SQL(", ").join([sql.SQL("PUBLIC"), *map(sql.Identifier, Role)])


give_after_migrate: Final = after_migrate(give)
