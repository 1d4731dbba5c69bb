"""A release works with the database of the one after it, so that pages need not stop while it is put in step."""

import ast

from tests.repo.test_rules import ROOT

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
