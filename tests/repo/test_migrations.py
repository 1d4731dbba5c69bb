"""A release works with the database of the one after it, so that pages need not stop while it is put in step."""

import ast

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, AlterField
from django.db.migrations.operations.base import Operation

from tests.repo.test_rules import ROOT
from tests.scale.large import BY_CITIZEN, WHOLE

TAKING_AWAY = {"RemoveField", "RenameField", "DeleteModel", "RenameModel", "AlterModelTable"}
NO_RELEASE_USED_IT = {  # what was taken away, and why nothing that runs could miss it
    "borgerblik/0005_blocks_name_their_entries",  # before the first release
    "indexes/0006_access_grants_move",  # before the first release
    "indexes/0013_portions_say_what_they_met",  # of a table that came with 0011, in the same release
}


def test_a_migration_adds_and_what_is_taken_away_goes_a_release_later() -> None:
    """What no released code uses any more may go: name its migration above, and say why nothing misses it."""
    found = set()
    for file in sorted(ROOT.glob("*/migrations/0*.py")):
        called = {
            node.func.attr
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        if called & TAKING_AWAY:
            found.add(f"{file.parent.parent.name}/{file.stem}")
    assert found == NO_RELEASE_USED_IT


LARGE = BY_CITIZEN.keys() | WHOLE.keys()
SMALL_THEN = {"indexes/0002_quarantined_of_whom", "borgerblik/0008_who_else_looked"}  # before the first release


def _holds_everybody_up(operation: Operation, app: str) -> bool:
    """Whether it reads or writes the whole of a large table while nobody may write to it."""
    if f"{app}_{getattr(operation, 'model_name', '')}".lower() not in LARGE:
        return False
    match operation:
        case AddIndexConcurrently() | AddConstraintNotValid():
            return False
        case AddIndex() | AddConstraint() | AlterField():
            return True
        case AddField(field=field):
            return bool(getattr(field, "db_index", False) or field.unique or field.remote_field)
    return False


def test_a_migration_keeps_nobody_from_a_large_table_while_it_reads_the_whole() -> None:
    """Indexes there are made CONCURRENTLY, constraints NOT VALID and validated by a migration of their own."""
    ours = {key: one for key, one in MigrationLoader(None).disk_migrations.items() if (ROOT / key[0]).is_dir()}
    assert len(ours) > 40
    found = {
        f"{app}/{name}"
        for (app, name), migration in ours.items()
        if not migration.initial
        for operation in migration.operations
        if _holds_everybody_up(operation, app)
    }
    assert found == SMALL_THEN
