"""A block says by ids which entries it covers, no longer by transaction numbers, which begin anew in a restored cluster.

Blocks that stand are kept: their ids are looked up and their seals made anew, over roots that stay as they were. A block
whose seal of then does not fit, or that does not follow from the one before, keeps it, and fits no better now. So what
was changed before is found as before.
"""

from hashlib import sha256
from typing import Any

import django.contrib.postgres.constraints
import orjson
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import borgerblik.seals.ids
from borgerblik.seals.ids import ids_of, parts_of
from borgerblik.seals.tree import FIRST, Sealed

COVERED = """
SELECT id FROM borgerblik_accessentry WHERE tx >= %s::text::xid8 AND tx < %s::text::xid8 ORDER BY id
"""


def seal_of_then(block: Any) -> bytes:
    numbers = [block.number, block.from_tx, block.to_tx, block.entries]
    return sha256(orjson.dumps(numbers) + bytes(block.root) + bytes(block.previous)).digest()


def name_the_entries(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    before_then, before = FIRST, FIRST  # the seal of the block before, as it was and as it is now
    with schema_editor.connection.cursor() as cursor:
        for block in apps.get_model("borgerblik", "AccessBlock").objects.order_by("number"):
            cursor.execute(COVERED, [str(block.from_tx), str(block.to_tx)])
            # where all entries of a block were removed, an id that nobody has: the block does not fit, as before
            block.ids = ids_of([entry for (entry,) in cursor.fetchall()] or [-block.number])
            fits = (bytes(block.previous), bytes(block.seal)) == (before_then, seal_of_then(block))
            before_then = bytes(block.seal)
            if fits:
                block.previous = before
                told = Sealed(
                    number=block.number,
                    parts=parts_of(block.ids),
                    root=bytes(block.root),
                    previous=before,
                    at=block.sealed,
                )
                block.seal = told.seal
            block.save()
            before = bytes(block.seal)


class Migration(migrations.Migration):
    dependencies = [("borgerblik", "0004_read_logged")]

    operations = [
        migrations.AddField("accessblock", "ids", borgerblik.seals.ids.IdsField(null=True)),  # type: ignore[misc]  # until they are looked up, below
        migrations.RunPython(name_the_entries),
        migrations.RemoveConstraint("accessblock", "one_block_after_each"),
        migrations.RemoveConstraint("accessblock", "block_holds_something"),
        migrations.RemoveField("accessblock", "entries"),
        migrations.RemoveField("accessblock", "from_tx"),
        migrations.RemoveField("accessblock", "to_tx"),
        migrations.AlterField(
            "accessblock", "ids", borgerblik.seals.ids.IdsField(default=None), preserve_default=False
        ),
        migrations.AddIndex(
            "accessblock",
            models.Index(
                models.Func("ids", function="upper", output_field=models.BigIntegerField()), name="block_reaches"
            ),
        ),
        migrations.AddConstraint(
            "accessblock",
            models.CheckConstraint(
                condition=models.Q(
                    models.Func("ids", function="isempty", output_field=models.BooleanField()), _negated=True
                ),
                name="block_holds_something",
            ),
        ),
        migrations.AddConstraint(
            "accessblock",
            django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("ids", "&&")], name="no_entry_is_in_two_blocks"
            ),
        ),
        migrations.RunSQL("DROP INDEX borgerblik_accessentry_tx"),
    ]
