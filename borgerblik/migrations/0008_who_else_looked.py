"""The front page tells who else has looked: an index that finds it, and a function that answers with it.

A function cannot be replaced by one that answers something else. It goes here; every ``migrate`` makes it anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("borgerblik", "0007_objections")]

    operations = [
        migrations.AddIndex(
            model_name="accessentry",
            index=models.Index(
                condition=models.Q(("actor", "citizen"), _negated=True),
                fields=["citizen", "-at", "-id"],
                name="entries_by_others",
            ),
        ),
        migrations.RunSQL("DROP FUNCTION IF EXISTS read_granted(text, text[], text)"),
    ]
