"""What is sealed: tables to which rows are only ever added. Each has a chain of blocks of its own."""

from dataclasses import dataclass
from typing import Final, LiteralString

from psycopg.sql import SQL, Composed, Identifier

from borgerblik.models import AccessBlock, Block, SettingBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A table, what of a row is sealed, and where its blocks are.

    Attributes:
        called: what an operator calls it.
        columns: SQL of what a leaf of the tree is made of; first the id and when the row was written.
        lock: sealing's own number among PostgreSQL's advisory locks.
        last_given, forget_block: functions of the database (``sql/seals.sql``).
    """

    called: str
    entries: LiteralString
    columns: LiteralString
    blocks: type[Block]
    lock: int
    last_given: LiteralString
    forget_block: LiteralString

    def asked(self, statement: LiteralString) -> Composed:
        """A statement about these tables."""
        return SQL(statement).format(
            entries=Identifier(self.entries),
            blocks=Identifier(self.blocks._meta.db_table),  # noqa: SLF001 - Django documents it
            columns=SQL(self.columns),
            last_given=Identifier(self.last_given),
            forget_block=Identifier(self.forget_block),
        )


ACCESS: Final = Log(
    called="access log",
    entries="borgerblik_accessentry",
    columns="id, at, citizen, actor, organisation, system, what, purpose",
    blocks=AccessBlock,
    lock=7_470_301,
    last_given="last_entry",
    forget_block="forget_block",
)
SETTINGS: Final = Log(
    called="history of settings",
    entries="borgerblik_settingchange",
    columns="id, at, authority_id, staff_key, what, before::text, after::text",
    blocks=SettingBlock,
    lock=7_470_302,
    last_given="last_change",
    forget_block="forget_changes",
)
